# A watched folder: new pictures join the list, a changed one is read again; it is left and watched anew by undo.
small ', "watched": ["../../pictures"]'
begin
settled
session 'len(s["pictures"]) == 1'
shot before
head -c 2000 sample_images/scenes/apples.png >"$HOME/pictures/new.part"
convert sample_images/scenes/apples.png -crop 384x256+100+100 +repage "$HOME/new.png"
mv "$HOME/new.png" "$HOME/pictures/new.png"
session 'len(s["pictures"]) == 2 and s["pictures"][1]["path"].endswith("new.png")'
convert sample_images/scenes/apples.png -crop 384x256+100+100 +repage "$HOME/pictures/marbles.png"
until_ 'the changed picture' changed before "$stage" 100000
shot reloaded
key Next
session 's["current"] == 1'
command_ 'stop watching pictures'
session 'not s.get("watched")'
key ctrl+z
session 'len(s["watched"]) == 1'
finish
