# On a display of twice the pixels, 100 % is one pixel of the picture on one of the display, and labels are drawn in its pixels.
# scale 2
small
begin
settled
key alt+1 # the original at the left
key z
session 's["left"] == 1'
shot one
# The picture, 384 x 256, lies in the middle of the area, 1888 x 1364 from (0, 88): its left half is the original's.
at=$((1888 / 2 - 192)) top=$((88 + 1364 / 2 - 128))
exact() {
	look
	[ "$(compare -metric AE -extract 150x256+$at+$top "$here/now.ppm" "$here/left.png" null: 2>&1)" = 0 ]
}
convert "$HOME/pictures/marbles.png" -crop 150x256+0+0 +repage -alpha off "$here/left.png"
until_ 'the picture, pixel by pixel' exact
# Letters that were drawn small and enlarged would have all their pixels in pairs.
convert "$here/now.ppm" -crop 600x80+20+4 +repage -colorspace gray "$here/words.png"
convert "$here/words.png" -filter box -resize 50% -filter point -resize 200% "$here/pairs.png"
[ "$(compare -metric AE "$here/words.png" "$here/pairs.png" null: 2>&1 || true)" -gt 1500 ] || fail 'the menus are enlarged'
finish
