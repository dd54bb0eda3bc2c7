# Curves as the mean of three pictures, with a band, and of each of them; undone step by step.
small
for place in 0+0 300+200; do
	convert sample_images/scenes/apples.png -crop 192x128+$place +repage "$HOME/pictures/apples$place.png"
done
sed -i 's|"pictures": \[|&{"path": "../../pictures/apples0+0.png"}, {"path": "../../pictures/apples300+200.png"}, |' "$HOME/codecworkbench/session/session.json"
begin
session 'len(s["pictures"]) == 3'
at_curves
shot one
command_ 'curves: mean over'
session 's["library"]["view"]["scope"] == "mean"'
until_ 'other curves' changed one 900x460+300+140 500
settled
shot mean
command_ 'curves: bootstrap band'
session 's["library"]["view"]["spread"] == "bootstrap"'
until_ 'a band' changed mean 900x460+300+140 2000
shot band
command_ 'curves: every open'
session 's["library"]["view"]["scope"] == "each"'
key ctrl+z ctrl+z
session 's["library"]["view"]["scope"] == "mean" and not s["library"]["view"].get("spread")'
until_ 'the mean without a band' same mean 900x460+300+140
finish
