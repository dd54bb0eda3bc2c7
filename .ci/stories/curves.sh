# Curves: pasted results, rates of the payload, exported figure, data and report, kept over a restart.
small
begin
settled
key F2
session 's["window"]["screen"] == "curves"'
until_ 'a plot' colors 850x600+300+100 40
shot curves
printf 'codec,bpp,psnr\ntheirs,0.5,30\ntheirs,1,33\ntheirs,2,37\n' | xclip -selection clipboard -i 2>/dev/null
key ctrl+v
session '"theirs" in s["library"]["pasted"][0]["text"]'
until_ 'another curve' changed curves 850x600+300+100 300
command_ 'curves: rates of the payload'
session 's["library"]["view"]["payload"]'
command_ 'curves: the usual conv'
session 'not s["library"]["view"].get("payload")'
for file in plot.pdf plot.svg; do
	key ctrl+e
	sleep 0.5
	key ctrl+a
	text "$HOME/$file"
	key Return
	until_ "$file" test -s "$HOME/$file"
done
pdftotext "$HOME/plot.pdf" - | grep -q theirs || fail 'the PDF does not name the pasted curve'
key ctrl+h
sleep 0.5
key ctrl+a
text "$HOME/report.html"
key Return
until_ 'a report' grep -q '</html>' "$HOME/report.html"
grep -q theirs "$HOME/report.html" || fail 'the report does not name the pasted curve'
! grep -q 'src="http\|href="http' "$HOME/report.html" || fail 'the report needs a network'
finish
begin
session 's["window"]["screen"] == "curves"'
until_ 'the pasted curve after a restart' changed curves 850x600+300+100 300
finish
