package inside

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/views/kit"
)

// tileGrid shows a codebook's tiles as large as they fit, dimmed where unused; the one
// under the mouse, or where the keys are, is framed.
type tileGrid struct {
	board
	raster *canvas.Raster
	book   codecs.Codebook
	chosen int
	at     int // that is read; -1: none
	pitch  float32
	column int
	fixed  float32 // side of a tile in Fyne units; 0: as large as they fit
	OnPick func(tile int)
	// OnRead is called with the tile that is read; -1: none.
	OnRead func(tile int)
	// arranged, where set, is called when tiles lie otherwise.
	arranged func()
}

func newTileGrid() *tileGrid {
	g := &tileGrid{chosen: -1, at: -1, column: 1, pitch: 1}
	g.raster = canvas.NewRaster(g.generate)
	g.walk, g.leave = g.step, func() { g.show(-1) }
	g.pick = func() {
		if g.at >= 0 && g.OnPick != nil {
			g.OnPick(g.at)
		}
	}
	g.start(g, g.raster)
	return g
}

func (g *tileGrid) set(b codecs.Codebook, chosen int) {
	g.book, g.chosen = b, chosen
	g.arrange()
	g.Refresh()
}

// arrange finds the largest tiles that all fit.
func (g *tileGrid) arrange() {
	n := max(len(g.book.Tiles), 1)
	s := g.Size()
	if g.fixed > 0 {
		g.pitch = g.fixed
		g.column = max(int(s.Width/g.pitch), 1)
		return
	}
	g.pitch = 4
	for p := float32(96); p > 4; p -= 0.5 {
		across := int(s.Width / p)
		if across > 0 && float32((n+across-1)/across)*p <= s.Height {
			g.pitch = p
			break
		}
	}
	g.column = max(int(s.Width/g.pitch), 1)
}

// Resize implements fyne.CanvasObject.
func (g *tileGrid) Resize(s fyne.Size) {
	was := g.column
	g.board.Resize(s)
	g.arrange()
	g.raster.Refresh()
	if g.arranged != nil && g.column != was {
		g.arranged()
	}
}

// MinSize implements fyne.CanvasObject.
func (g *tileGrid) MinSize() fyne.Size {
	if g.fixed == 0 {
		return fyne.NewSize(80, 40)
	}
	across := max(int(g.Size().Width/g.fixed), 1)
	return fyne.NewSize(80, float32((len(g.book.Tiles)+across-1)/across)*g.fixed)
}

func (g *tileGrid) generate(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	scale := float64(w) / math.Max(float64(g.Size().Width), 1)
	side := float64(g.pitch) * scale
	accent, warn := theme.Color(theme.ColorNamePrimary), theme.Color(theme.ColorNameForeground)
	for i, tile := range g.book.Tiles {
		x, y := int(float64(i%g.column)*side), int(float64(i/g.column)*side)
		if y > h {
			break
		}
		inner := image.Rect(x+1, y+1, x+max(int(side)-1, 2), y+max(int(side)-1, 2))
		unused := i < len(g.book.Uses) && g.book.Uses[i] == 0
		if i == g.chosen || i == g.at {
			c := accent
			if i != g.chosen {
				c = warn
			}
			frame := inner.Inset(-1)
			for py := frame.Min.Y; py < frame.Max.Y; py++ {
				for px := frame.Min.X; px < frame.Max.X; px++ {
					img.Set(px, py, c)
				}
			}
			inner = inner.Inset(1)
		}
		drawTile(img, inner, tile, unused)
	}
	return img
}

// drawTile draws a tile, the nearest pixels magnified, into a rectangle.
func drawTile(img *image.RGBA, r image.Rectangle, tile *picture.Picture, faint bool) {
	if tile == nil || r.Empty() {
		return
	}
	src := tile.RGB8()
	panel, _ := color.NRGBAModel.Convert(theme.Color(kit.ColorPanel)).(color.NRGBA)
	ground := [3]uint8{panel.R, panel.G, panel.B}
	for y := r.Min.Y; y < min(r.Max.Y, img.Rect.Max.Y); y++ {
		for x := r.Min.X; x < min(r.Max.X, img.Rect.Max.X); x++ {
			from := src.Pix[src.PixOffset((x-r.Min.X)*tile.Width()/r.Dx(), (y-r.Min.Y)*tile.Height()/r.Dy()):]
			to := img.Pix[img.PixOffset(x, y):]
			for c := range 3 {
				to[c] = from[c]
				if faint {
					to[c] = uint8((int(from[c]) + 3*int(ground[c])) / 4)
				}
			}
			to[3] = 255
		}
	}
}

func (g *tileGrid) tileAt(pos fyne.Position) int {
	x, y := int(pos.X/g.pitch), int(pos.Y/g.pitch)
	i := y*g.column + x
	if x < 0 || y < 0 || x >= g.column || i >= len(g.book.Tiles) {
		return -1
	}
	return i
}

// Tapped implements fyne.Tappable.
func (g *tileGrid) Tapped(ev *fyne.PointEvent) {
	if i := g.tileAt(ev.Position); i >= 0 {
		g.at = i
		g.focus()
		g.pick()
	}
}

// point frames a tile, without telling; -1: none.
func (g *tileGrid) point(tile int) {
	if g.at != tile {
		g.at = tile
		g.raster.Refresh()
	}
}

// show reads a tile.
func (g *tileGrid) show(tile int) {
	g.point(tile)
	if g.OnRead != nil {
		g.OnRead(tile)
	}
}

// step goes on from the tile that is read, or the chosen one.
func (g *tileGrid) step(dx, dy int) {
	if n := len(g.book.Tiles); n > 0 {
		from := max(g.at, 0)
		if g.at < 0 {
			from = max(g.chosen, 0)
		}
		to := from + dx + dy*g.column
		if dy*dy == 1 && (to < 0 || to >= n) {
			to = from // there is no such row
		}
		g.show(min(max(to, 0), n-1))
	}
}

// reading says what a tile is and how often it is used.
func (g *tileGrid) reading(tile int) string {
	if tile < 0 || tile >= len(g.book.Tiles) {
		return ""
	}
	text := fmt.Sprintf("Entry %d", tile)
	if tile < len(g.book.Uses) {
		text += fmt.Sprintf(", used %s", workbench.Plural(g.book.Uses[tile], "time"))
		if n := sum(g.book.Uses); g.book.Uses[tile] > 0 {
			text += fmt.Sprintf(", %s of all", percent(float64(g.book.Uses[tile])/float64(n)))
		}
	}
	return text
}

func sum(v []int) (n int) {
	for _, x := range v {
		n += x
	}
	return n
}

// MouseIn implements desktop.Hoverable.
func (g *tileGrid) MouseIn(ev *desktop.MouseEvent) { g.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (g *tileGrid) MouseMoved(ev *desktop.MouseEvent) {
	if i := g.tileAt(ev.Position); i != g.at {
		g.show(i)
	}
}

// MouseOut implements desktop.Hoverable.
func (g *tileGrid) MouseOut() {
	g.show(-1)
}

// tiles offers a codebook's entries for an index to be replaced by.
type tiles struct {
	root    *fyne.Container
	caption *kit.Text
	grid    *tileGrid
	scroll  *container.Scroll
	OnPick  func(tile int)
}

const (
	tileSide    = 22
	tilesHeight = 64 // at least
)

// tilesHint says what the tiles are for.
const tilesHint = "Click an entry to put it in the index's place."

func newTiles() *tiles {
	t := &tiles{caption: kit.Muted(tilesHint).Small(), grid: newTileGrid()}
	t.grid.OnRead = func(i int) { t.caption.Set(cmp.Or(t.grid.reading(i), tilesHint)) }
	t.grid.fixed = tileSide
	t.grid.OnPick = func(i int) { t.OnPick(i) }
	t.scroll = container.NewVScroll(t.grid)
	t.grid.arranged = t.reveal
	t.root = container.NewBorder(t.caption, nil, nil, nil, kit.Fixed(0, tilesHeight, t.scroll))
	t.root.Hide()
	return t
}

func (t *tiles) hide() { t.root.Hide() }

// reveal scrolls the chosen tile into view.
func (t *tiles) reveal() {
	row, y, h := float32(t.grid.chosen/t.grid.column)*tileSide, t.scroll.Offset.Y, t.scroll.Size().Height
	if t.grid.chosen >= 0 && (row < y || row+tileSide > y+h) {
		t.scroll.ScrollToOffset(fyne.NewPos(0, row-h/2))
	}
}

// show offers the codebook that a place's symbols are indices of.
func (t *tiles) show(in workbench.Inside, s codecs.Symbols, values []int, chosen int, replaced map[int]int) {
	if s.Codebook == "" || chosen >= len(values) {
		t.root.Hide()
		return
	}
	value := values[chosen]
	if v, ok := replaced[chosen]; ok {
		value = v
	}
	for _, p := range in.Panels {
		if b, ok := p.Data.(codecs.Codebook); ok && p.ID == s.Codebook {
			t.root.Show()
			was := t.grid.chosen
			t.grid.set(b, value>>s.Shift)
			if t.grid.chosen != was {
				t.reveal()
			}
			return
		}
	}
	t.root.Hide()
}
