# A preset of all candidates is saved, found by its name, and opened as a file; undo takes it back.
small
begin
settled
command_ 'save all candidates as a preset'
sleep 0.5
key ctrl+a
text "$HOME/codecworkbench/presets/Mine.cwpreset"
key Return
until_ 'the preset' grep -q '"q": "30"' "$HOME/codecworkbench/presets/Mine.cwpreset"
key ctrl+Up ctrl+Up
key Delete
session 'slot(3) is None'
command_ 'preset: mine'
session 'any(x.get("codec") == "webp" and x["params"]["q"] == "30" for x in s["slots"])'
key ctrl+z
session 'not any(x.get("codec") == "webp" for x in s["slots"])'
finish
begin "$HOME/codecworkbench/presets/Mine.cwpreset"
session 'any(x.get("codec") == "webp" and x["params"]["q"] == "30" for x in s["slots"])'
settled
shot opened
finish
