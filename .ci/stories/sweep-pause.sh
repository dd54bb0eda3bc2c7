# A sweep is paused, stands still, goes on to its end; its plan is changed, undone and redone.
small ', "sweep": {"specs": ["hyperprior:0-10/11"], "metrics": ["psnr-rgb"]}'
begin
command_ 'go on filling'
key F4
session 's["window"]["screen"] == "sweep"'
until_ 'the plan' colors 500x100+20+60 20
cell() { # cell N: the Nth cell is filled, green
	look
	[ "$(convert "$here/now.ppm" -crop "30x6+$((134 + 54 * $1))+318" +repage -scale '1x1!' -format '%[fx:g>0.4&&r<0.3]' info:)" = 1 ]
}
key ctrl+Return ctrl+p
settled # nothing moves any more
shot paused
! cell 11 || fail 'the sweep was done before it was paused'
key ctrl+p
until_ 'the last result' cell 11
shot done
click 440 86
text 'jpeg:20-80/3'
key Return
session 's["sweep"]["specs"] == ["hyperprior:0-10/11", "jpeg:20-80/3"]'
click 480 720
key ctrl+z
session 's["sweep"]["specs"] == ["hyperprior:0-10/11"]'
key ctrl+y
session 'len(s["sweep"]["specs"]) == 2'
finish
