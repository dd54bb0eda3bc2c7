# Inside learned codecs: every byte in a part; latents switched off, another codeword picked, and the picture follows.
small
sed -i 's/"codec": "jpeg", "params": {"q": "30"}/"codec": "mlic", "params": {"q": "4"}/; s/"codec": "webp", "params": {"q": "30"}/"codec": "vq", "params": {"q": "5"}/' "$HOME/codecworkbench/session/session.json"
"$program" encode --codec mlic --set q=4 "$HOME/pictures/marbles.png" -o "$HOME/file.cwb" >>"$here/messages.log"
"$program" inspect "$HOME/file.cwb" --json | /usr/bin/python3 -c '
import json, os, sys
parts = json.load(sys.stdin)["sections"]
sys.exit(sum(p["bytes"] for p in parts) != os.path.getsize(sys.argv[1]))' "$HOME/file.cwb" || fail 'the parts are not the file'
begin
settled
key 2 F3
session 's["window"]["screen"] == "inside"'
session 's["active"] == 2'
until_ 'panels' colors 1200x600+40+100 1000
settled
shot whole

# Without its latents the picture is what z predicts; undo brings them back.
picture=546x364+38+232
click 40 731
session 'slot(2)["changes"]["off"] == ["y"]'
until_ 'a picture of the means alone' changed whole "$picture" 50000
shot means
key ctrl+z
session 'not slot(2).get("changes")'
until_ 'the picture as it was' same whole "$picture"

# Keys walk the parts; a part's place is lit.
click 800 555
key Home Down
until_ 'another chosen part' changed whole 620x110+636+540 500
shot parts

# Another codeword for one block.
key 3
session 's["active"] == 3'
settled
click 500 400
until_ 'a codebook to pick from' colors 600x80+640+690 50
settled
shot place
click 700 730
session 'len(slot(3)["changes"]["symbols"]) == 1'
until_ 'another picture' changed place "$picture" 200
shot codeword
key ctrl+z
session 'not slot(3).get("changes")'
key F1
session 's["window"]["screen"] == "compare"'
finish
