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
# message: its card's colour lies where messages are told.
message() {
	look
	[ "$(convert "$here/now.ppm" -crop 560x26+190+648 +repage -fill black +opaque '#212327' -fill white -opaque '#212327' -format '%[fx:mean>0.5]' info:)" = 1 ]
}
until_ 'the message' message
shot back
key ctrl+z
key ctrl+Down
session 'slot(3)["params"]["q"] == "31"'
finish
begin
shot calm
! message || fail 'a message after a proper end'
finish
