# A blind test from its start to its votes as CSV: X is recognized by its pixels, so guessing is ruled out.
small ', "blind": {"setup": {"Kind": "abx", "Candidates": [2, 3], "Terms": "rate", "Trials": 5, "SameView": true, "Seed": 7}}'
begin
settled
shot compare
key F5
until_ 'the form' changed compare "$whole" 50000
key Return
until_ 'a trial in place of the window' changed compare 1280x40+0+0 2000
picture=1000x560+140+40
trial=0
while [ $trial -lt 5 ]; do
	trial=$((trial + 1))
	until_ "the pictures of trial $trial" colors $picture 3000
	key 1
	sleep 0.3
	shot a
	key 3
	sleep 0.3
	if same a $picture; then key Left; else key Right; fi
	key Return
	[ $trial -lt 5 ] || break
	session "len(s['blind']['tests'][-1]['votes']) == $trial"
done
session 'len(s["blind"]["tests"][-1]["votes"]) == 5'
until_ 'the result' changed a 1280x40+0+0 2000
shot result
command_ 'export blind test'
sleep 0.5
key ctrl+a
text "$HOME/votes.csv"
key Return
until_ 'the answers as CSV' test -s "$HOME/votes.csv"
[ "$(grep -c ',1,[0-9]*,[0-9.]*,[0-9]*,0.03125$' "$HOME/votes.csv")" = 5 ] || fail 'not all of five answers are right, or their p-value is not 1/32'
finish
