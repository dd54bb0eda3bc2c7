# Three candidates under two dividers, and keys that choose them.
small
begin
key w
session 's["panes"] == 3'
until_ 'white lines at two thirds' white 2x40+314+150
until_ 'white lines at two thirds' white 2x40+628+150
shot three
key 1
key 3
session 's["active"] == 3'
key alt+3
session 's["left"] == 3'
key x
session 's["right"] == 3'
finish
