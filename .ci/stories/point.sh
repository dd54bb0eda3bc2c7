# Curves: a card for the point under the mouse, a click that opens it in Compare, a box that zooms.
small
begin
settled
at_curves
shot curves
drag 330 300 700 560
until_ 'a part of the curves' changed curves 900x500+260+120 2000
shot zoomed
xdotool mousemove 1110 780
key 0
until_ 'all of them again' same curves 900x460+300+140
xdotool mousemove 1209 160 sleep 0.2 mousemove 1210 164
until_ 'a card with the picture as it is coded there' colors 960x440+262+120 3000
shot card
xdotool click 1
session 's["window"]["screen"] == "compare"'
session 'slot(s["active"])["codec"] == "jpeg" and float(slot(s["active"])["params"]["q"]) > 90'
key ctrl+z
session 'not any(x.get("codec") == "jpeg" and float(x["params"]["q"]) > 90 for x in s["slots"])'
finish
