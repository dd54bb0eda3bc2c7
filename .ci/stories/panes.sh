# Four pictures side by side, zoomed in step.
small
begin
command_ 'add candidate: jpeg'
session 'slot(4)["codec"] == "jpeg"'
key b
key w
key w
session 's["panes"] == 4 and s["mode"] == "side"'
settled
shot four
for pane in 400x250+30+100 400x250+500+100 400x250+30+420 400x250+500+420; do
	until_ "a picture in the pane at $pane" colors $pane 1000
done
key z
key plus
session 's["window"]["scale"] == 1.5'
for pane in 400x250+30+100 400x250+500+420; do
	until_ "a larger picture at $pane" changed four $pane 5000
done
finish
