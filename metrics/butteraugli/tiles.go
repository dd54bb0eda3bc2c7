package butteraugli

// Work is done in tiles, for which a worker keeps about 2 MB of rows. A wide tile has
// longer rows to go through at once, and less of a halo; a narrow one stays in the cache.
const (
	widest      = 1024 // columns looked at for a tile
	rowsPerTile = 256
)

// A tile is the part of a picture that one piece of work computes: rows y0 to y1 of the
// columns x0 to x1, for which the columns from x on are looked at.
type tile struct{ x, x0, x1, y0, y1 int }

// tiles cuts a picture into tiles that look at n columns each. They depend on its size
// alone, and so does the order in which what was summed over them is added up.
func tiles(width, height int) (list []tile, n int) {
	columns, n := 1, width
	if inner := widest - 2*halo; width > widest {
		columns = (width - 2*halo + inner - 1) / inner
		n = (width-2*halo+columns-1)/columns + 2*halo
		n = min((n+7)&^7, width)
	}
	lines := max(1, (height+rowsPerTile/2)/rowsPerTile)
	for i := range lines {
		t := tile{y0: i * height / lines, y1: (i + 1) * height / lines}
		for k := range columns {
			t.x0 = t.x1
			if t.x, t.x1 = 0, width; k > 0 {
				t.x = k * (width - n) / (columns - 1)
			}
			if k == 0 {
				t.x0 = 0
			}
			if k < columns-1 {
				t.x1 = t.x + n - halo
			}
			list = append(list, t)
		}
	}
	return list, n
}
