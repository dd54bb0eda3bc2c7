# Settings are copied to the other side, undone and redone; a file is saved and decodes.
small
begin
settled
key ctrl+shift+c
session 'slot(2)["codec"] == "webp"'
key ctrl+z
session 'slot(2)["codec"] == "jpeg"'
key ctrl+y
session 'slot(2)["codec"] == "webp"'
settled
key ctrl+s
key ctrl+a
text "$HOME/saved.cwb"
key Return
until_ 'a compressed file' test -s "$HOME/saved.cwb"
"$program" decode "$HOME/saved.cwb" -o "$HOME/saved.png" >>"$here/messages.log" 2>&1 || fail 'the saved file does not decode'
[ "$(identify -format %wx%h "$HOME/saved.png")" = 384x256 ] || fail 'the saved file has another size'
finish
