# A loupe follows the mouse over every picture, and the readout tells the pixel.
small
begin
settled
shot without
key l
session 's["loupe"]'
xdotool mousemove 300 300 sleep 0.2 mousemove 310 305
until_ 'enlarged details' changed without "$stage" 8000
until_ 'the pixel in figures' changed without 600x24+325+694 200
shot loupe
key l
session 'not s.get("loupe")'
finish
