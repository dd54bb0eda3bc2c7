package butteraugli

// Work is done in tiles. For each, a worker keeps some rows of every band, as long as the
// tile is wide: longer ones are faster to go through, and leave less of a halo to compute
// twice, as long as few of them fill the first-level cache.
const (
	widest  = 1024 // columns looked at for a tile
	tallest = 512  // rows of a tile
)

// A tile is the part of a picture that one piece of work computes: rows y0 to y1 of the
// columns x0 to x1, for which the columns from x on are looked at. What lies beside those
// is taken for the end of the picture; where it is not, x0 and x1 are a halo away.
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
	lines := tileLines(columns, height)
	for i := range lines {
		x0 := 0
		for k := range columns {
			t := tile{x0: x0, x1: width, y0: i * height / lines, y1: (i + 1) * height / lines}
			if columns > 1 {
				t.x = k * (width - n) / (columns - 1)
			}
			if k < columns-1 {
				t.x1 = t.x + n - halo
			}
			list = append(list, t)
			x0 = t.x1
		}
	}
	return list, n
}

// tileLines is how many tiles there are from top to bottom. A few cores get work also
// where the picture is small, at the price of a few more rows in the halo.
func tileLines(columns, height int) int {
	needed := (height + tallest - 1) / tallest
	forFour := min((4+columns-1)/columns, height/(tallest/2))
	forTwo := min((2+columns-1)/columns, height/(tallest/4))
	return max(needed, forFour, forTwo)
}
