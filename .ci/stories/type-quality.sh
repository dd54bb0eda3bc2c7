# A quality that is typed, one that can't be, and one after another by keys.
small
begin
settled
shot before
click 1236 128
key ctrl+a
text 77
key Return
session 'slot(3)["params"]["q"] == "77"'
until_ 'another picture' changed before 400x500+500+120 20000
click 1236 128
key ctrl+a
text ninety
key Return
key Escape
settled
shot refused
session 'slot(3)["params"]["q"] == "77"'
key ctrl+z
session 'slot(3)["params"]["q"] == "30"'
finish
