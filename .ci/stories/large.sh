# A picture of 24 megapixels at full size, in less than a gigabyte: the overview takes to a place.
small
convert sample_images/scenes/marbles.png -sample 6000x4000 "$HOME/large.ppm"
sed -i 's|../../pictures/marbles.png|../../large.ppm|; s|"left": 2, "right": 3|"left": 1, "right": 2|; s|, {"number": 3[^]]*||' "$HOME/codecworkbench/session/session.json"
begin
command_ 'go on filling'
key z
session 's["window"]["scale"] == 1 and s["pictures"][0]["path"].endswith("large.ppm")'
settled
shot middle
click 30 610
session 's["window"]["x"] < 1800 and s["window"]["y"] < 1400'
until_ 'the top left corner' changed middle "$stage" 50000
key d
session 's["mode"] == "diff"'
settled
shot difference
peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status")
[ "$peak" -lt 976000 ] || fail "it took $peak KiB"
finish
