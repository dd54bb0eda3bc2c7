package metrics

// tiles divide a width x height area evenly into pieces of parallel work, of at most
// a given size. They depend on the area alone, not on the machine, so that sums over
// tiles do too.
type tiles struct{ width, height, columns, lines int }

func newTiles(width, height, tileWidth, tileHeight int) tiles {
	return tiles{width, height, (width + tileWidth - 1) / tileWidth, (height + tileHeight - 1) / tileHeight}
}

func (t tiles) count() int { return t.columns * t.lines }

// bounds returns the corners of tile i; (x1, y1) is outside.
func (t tiles) bounds(i int) (x0, y0, x1, y1 int) {
	column, line := i%t.columns, i/t.columns
	return t.width * column / t.columns, t.height * line / t.lines,
		t.width * (column + 1) / t.columns, t.height * (line + 1) / t.lines
}
