# Zoomed to single pixels with their values; a restart shows the same place.
small
begin
settled
key z
session 's["window"]["scale"] == 1'
key plus plus plus plus plus plus plus plus plus plus
session 's["window"]["scale"] == 32'
settled
shot values
key g
session 's["no_grid"]'
until_ 'pixels without their values' changed values "$stage" 10000
key Left
session 's["window"]["x"] != 192'
shot place
finish
begin
until_ 'the same place after a restart' same place 600x400+100+150
session 's["window"]["scale"] == 32'
finish
