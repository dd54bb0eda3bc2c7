# After a kill everything is back, and it says so once without standing in the way.
small
begin
key b
key ctrl+Up ctrl+Up
session 's["mode"] == "side" and slot(3)["params"]["q"] == "32"'
kill -9 "$pid"
was=$pid pid=
until_ 'its end' gone "$was"
begin
session 's["mode"] == "side" and slot(3)["params"]["q"] == "32"'
until_ 'the message' colors 700x26+20+50 20
shot back
key ctrl+z
key ctrl+Down
session 'slot(3)["params"]["q"] == "31"'
finish
begin
shot calm
[ "$(convert "$here/calm.png" -crop 80x4+200+46 +repage -format %k info:)" = 1 ] || fail 'a message after a proper end'
finish
