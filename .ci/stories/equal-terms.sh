# Equal terms: all candidates follow one of them, then a rate that was typed.
small
begin
command_ 'add candidate: jpeg'
session 'slot(4)["codec"] == "jpeg"'
command_ 'equal terms for all'
command_ 'lock equal terms'
session 's["match"]["On"] and s["match"]["All"]'
session 'slot(3)["params"]["q"] == "24"' # at the rate of jpeg at q 30
key 3
key ctrl+Up ctrl+Up
session 's["match"]["Lead"] == 3 and slot(3)["params"]["q"] == "26"'
session 'slot(4)["params"]["q"] == slot(2)["params"]["q"] != "30"'
shot led
click 1000 223
key ctrl+a
text 0.4
key Return
session 's["match"].get("Fixed") and s["match"]["Target"] == 0.4'
session 'slot(2)["params"]["q"] == slot(4)["params"]["q"] != "30" and slot(3)["params"]["q"] != "26"'
finish
