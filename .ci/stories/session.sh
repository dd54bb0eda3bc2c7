# A session is saved beside its pictures, moves with them, and what is missing is told.
small
mkdir "$HOME/project"
mv "$HOME/pictures/marbles.png" "$HOME/project"
sed -i 's|../../pictures/|../../project/|' "$HOME/codecworkbench/session/session.json"
begin
key d
command_ 'save session'
sleep 0.5
key ctrl+a
text "$HOME/project/mine.cwsession"
key Return
until_ 'the file' test -s "$HOME/project/mine.cwsession"
until_ 'its name in the title' sh -c "xdotool getwindowname $id | grep -q mine"
key ctrl+Up
until_ 'the file to follow' grep -q '"q": "31"' "$HOME/project/mine.cwsession"
! grep -q "$HOME" "$HOME/project/mine.cwsession" || fail 'the session names places of this machine'
finish
mv "$HOME/project" "$HOME/moved"
begin "$HOME/moved/mine.cwsession"
until_ 'the moved session' sh -c "xdotool getwindowname $id | grep -q 'marbles.png – mine'"
session 's["mode"] == "diff" and slot(3)["params"]["q"] == "31" and s["pictures"][0]["path"].endswith("moved/marbles.png")'
finish
rm "$HOME/moved/marbles.png"
begin
session 's["pictures"][-1]["path"].endswith("marbles.png") and slot(3)["params"]["q"] == "31"'
until_ 'a sentence about the missing picture' colors 900x30+20+52 20
shot missing
finish
