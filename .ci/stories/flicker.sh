# Flicker changes the pictures by itself, with grey between them, and holding space stops it.
small
begin
settled
key f
session 's["mode"] == "flicker"'
shot one
until_ 'the other picture' changed one "$stage" 20000
command_ 'flicker with grey'
session 's["flicker"]["grey"] > 0'
command_ 'flicker by hand'
session 's["flicker"]["every"] == 0'
sleep 0.5
shot right
xdotool keydown --window "$id" space
until_ 'the left picture while space is held' changed right "$stage" 20000
xdotool keyup --window "$id" space
until_ 'the right one again' same right 600x400+100+150
finish
