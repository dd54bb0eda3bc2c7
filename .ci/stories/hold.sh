# Holding space shows the original in place of both.
small
begin
settled
shot both
xdotool keydown --window "$id" space
until_ 'the original at the left' changed both 400x500+20+120 20000
until_ 'the original at the right' changed both 400x500+500+120 20000
shot original
xdotool keyup --window "$id" space
until_ 'both candidates again' same both 400x400+20+120
finish
