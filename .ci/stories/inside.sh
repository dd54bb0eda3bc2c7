# Inside: the file by its parts; a damaged part changes the picture, and undo mends it.
small
begin
settled
key F3
session 's["window"]["screen"] == "inside"'
until_ 'panels' colors 1200x600+40+100 1000
settled
shot whole
command_ 'damage the chosen'
until_ 'a changed picture' changed whole "$whole" 5000
shot damaged
key ctrl+z
until_ 'the picture as it was' changed damaged "$whole" 5000
key F1
session 's["window"]["screen"] == "compare"'
finish
