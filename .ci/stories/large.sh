# A large picture at full size: the overview takes to a place.
fresh
convert sample_images/scenes/marbles.png -sample 3000x2000 "$HOME/large.png"
begin "$HOME/large.png"
command_ 'go on filling'
key m z
session 's["window"]["scale"] == 1 and s["pictures"][0]["path"].endswith("large.png")'
settled
shot middle
click 30 610
session 's["window"]["x"] < 900 and s["window"]["y"] < 700'
until_ 'the top left corner' changed middle "$stage" 50000
finish
