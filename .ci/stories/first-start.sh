# The first start: a picture with a divider, a curve and a sentence, and three hints that go.
newcomer
begin
until_ 'a picture of many colours' colors "$stage" 5000
session 'slot(2)["codec"] == "jpeg" and slot(3)["codec"] == "webp" and s["match"]["On"]'
until_ 'a sentence below the curve' colors "$sentence" 12
session 'slot(3)["params"]["q"] != "10"' # it was matched
shot start
drag 471 300 300 300
session 's["window"]["dividers"][0][0] < 0.4'
click 210 646 # the card stands at the foot of the divider
until_ 'the second hint' grep -q '"hints":1' "$HOME/fyne/io.codecworkbench.app/preferences.json"
shot hint
command_ 'show the hints'
until_ 'the hints anew' grep -q '"hints":0' "$HOME/fyne/io.codecworkbench.app/preferences.json"
finish
