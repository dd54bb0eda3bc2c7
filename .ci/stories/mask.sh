# A mask is painted for a codec that takes one, kept as a file, and undone by strokes.
small
begin
command_ 'add candidate: roi'
session 'slot(4)["codec"] == "roi"'
key p
drag 250 300 400 420
session 'slot(4)["params"]["mask"].startswith("./masks/mask-")'
[ "$(ls "$HOME/codecworkbench/session/masks" | wc -l)" = 1 ] || fail 'there is not one mask'
shot painted
key ctrl+z
session 'slot(4)["params"]["mask"] == ""'
key Escape
session 'slot(4)["codec"] == "roi"'
finish
