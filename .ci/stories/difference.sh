# Differences: signed, in false colours with their legend, and between the two sides.
small
begin
settled
shot split
key d
session 's["mode"] == "diff"'
until_ 'the difference' changed split "$stage" 50000
shot absolute
key e
session 's["diff"]["kind"] == "signed"'
until_ 'another difference' changed absolute "$stage" 50000
key e
session 's["diff"]["kind"] == "color"'
until_ 'a legend' changed absolute 250x40+20+620 300
shot color
key r
session 's["diff"]["pair"]'
until_ 'another pair' changed color "$stage" 20000
finish
