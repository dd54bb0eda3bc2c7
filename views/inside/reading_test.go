package inside

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/views/kit"
)

// panelOf shows one panel in a window; lit is what it lights in the picture.
type panelOf struct {
	*panelView
	cell image.Rectangle
	lit  []image.Rectangle
}

func showPanel(t *testing.T, symbols []codecs.Symbols, panels ...codecs.Panel) *panelOf {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	p := &panelOf{panelView: newPanelView(kit.NewTips(func(func()) {}))}
	p.OnPlace = func(cell image.Rectangle) { p.cell = cell }
	p.OnPlaces = func(places []image.Rectangle) { p.lit = places }
	p.OnPick = func(int, int) {}
	w := test.NewTempWindow(t, p.root)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(510, 270))
	p.set(workbench.Inside{Panels: panels, Symbols: symbols}, func(codecs.Panel) bool { return true })
	return p
}

func (p *panelOf) key(names ...fyne.KeyName) {
	for _, n := range names {
		p.shown.(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func (p *panelOf) reads(t *testing.T, want string) {
	t.Helper()
	if got := p.legend.Value(); got != want {
		t.Errorf("the line reads %q, want %q", got, want)
	}
}

func at(x, y float32) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}}
}

// A value of a plane is read with its unit and its place, by mouse and by keys, and its
// place in the picture is framed; what the mouse is over in the picture is marked too.
func TestReadPlane(t *testing.T) {
	d := codecs.Plane{Width: 4, Height: 2, Values: []float32{0, 1, 2, 3, 4, 5, 6, 7.25}, Unit: "bits", Scale: 16, Cell: "block"}
	p := showPanel(t, nil, codecs.Panel{ID: "bits", Title: "Bits", Data: d})
	v := p.shown.(*planeView)
	origin, side := v.grid()
	v.MouseMoved(at(origin.X+3.5*side, origin.Y+1.5*side))
	p.reads(t, "7.25 bits  ·  block 3, 1  ·  pixels from 48, 16")
	if p.cell != image.Rect(48, 16, 64, 32) || v.mark.Hidden {
		t.Errorf("%v is framed", p.cell)
	}
	v.MouseOut()
	p.reads(t, "dark 0 … bright 7.25 bits, one value for 16 × 16 pixels")
	if !p.cell.Empty() || !v.mark.Hidden {
		t.Error("the mark stays")
	}
	v.at = image.Point{}
	v.focus()
	p.key(fyne.KeyRight, fyne.KeyDown, fyne.KeyDown)
	p.reads(t, "5 bits  ·  block 1, 1  ·  pixels from 16, 16")
	if v.ring.Hidden {
		t.Error("nothing shows where the keys are")
	}
	p.key(fyne.KeyEnd)
	p.reads(t, "7.25 bits  ·  block 3, 1  ·  pixels from 48, 16")
	v.FocusLost()
	p.point(20, 3, true)
	p.reads(t, "1 bits  ·  block 1, 0  ·  pixels from 16, 0")
	p.point(0, 0, false)
	if !v.mark.Hidden {
		t.Error("the mark of the picture's mouse stays")
	}
}

// A plane that is no map says what its values are, and where they belong.
func TestReadSheet(t *testing.T) {
	d := codecs.Plane{Width: 2, Height: 1, Values: []float32{1, -2}, Unit: "steps", Signed: true,
		Where: func(x, _ int) (string, image.Rectangle) { return "channel 7", image.Rect(8*x, 0, 8*x+8, 8) }}
	text, place := readPlane(d, 1, 0)
	if text != "-2 steps  ·  channel 7  ·  pixels from 8, 0" || place != image.Rect(8, 0, 16, 8) {
		t.Errorf("%q at %v", text, place)
	}
}

// An entry of a codebook is read with its uses, and lights the places that use it.
func TestReadCodebook(t *testing.T) {
	tile := waves(8, 8)
	book := codecs.Codebook{Tile: 8, Tiles: []*picture.Picture{tile, tile, tile}, Uses: []int{2, 0, 2}}
	symbols := codecs.Symbols{ID: "indices", Width: 2, Height: 2, Scale: 8, Codebook: "book", Shift: 1, Max: 5,
		At: func(x, y int) []int { return [][]int{{0}, {5, 1}, nil, {4}}[2*y+x] }}
	p := showPanel(t, []codecs.Symbols{symbols}, codecs.Panel{ID: "book", Title: "Codebook", Data: book}, codecs.Panel{ID: "other", Title: "Other", Data: codecs.Table{Head: []string{"a"}}})
	g := p.shown.(*tileGrid)
	g.MouseMoved(at(2.5*g.pitch, 2))
	p.reads(t, "Entry 2, used 2 times, 50.0 % of all")
	if len(p.lit) != 2 || p.lit[0] != image.Rect(8, 0, 16, 8) || p.lit[1] != image.Rect(8, 8, 16, 16) {
		t.Errorf("%v is lit", p.lit)
	}
	p.key(fyne.KeyLeft)
	p.reads(t, "Entry 1, used 0 times")
	if len(p.lit) != 0 {
		t.Errorf("%v is lit for an entry without uses", p.lit)
	}
	p.point(9, 9, true)
	p.reads(t, "Entry 2, used 2 times, 50.0 % of all")
	g.focus()
	p.key(fyne.KeyPageDown)
	if p.id != "other" || !p.board.focused {
		t.Errorf("PgDn shows %q, and has the keys: %v", p.id, p.board.focused)
	}
	p.Turn(1)
	if p.id != "book" || !p.board.focused {
		t.Errorf("the panel after the last is %q, and has the keys: %v", p.id, p.board.focused)
	}
	shown := p.shown
	p.set(workbench.Inside{Panels: p.panels, Symbols: p.symbols}, func(codecs.Panel) bool { return true })
	if p.shown != shown {
		t.Error("the same panels again take the keys' place away")
	}
}

// A bar is read under the mouse and by keys, which begin at the highest.
func TestReadHistogram(t *testing.T) {
	d := codecs.Histogram{First: -1, Counts: []int{10, 80, 10}, Prior: []float64{.2, .6, .2}, Noun: codecs.Noun{One: "index", Many: "indices"}}
	p := showPanel(t, nil, codecs.Panel{ID: "h", Title: "Histogram", Data: d})
	v := p.shown.(*diagram)
	v.generate(int(v.Size().Width), int(v.Size().Height))
	v.MouseMoved(at(float32(v.area.share(1))*v.Size().Width, 20))
	p.reads(t, "1: 10 indices, 10.0 %; prior 20.0 %")
	pos, size, ok := v.column()
	if mid := float32(v.area.share(1)) * v.Size().Width; !ok || mid < pos.X || mid > pos.X+size.Width || v.mark.Hidden {
		t.Errorf("the mark is at %v, %v", pos, size)
	}
	v.MouseMoved(at(2, 20))
	if !strings.HasPrefix(p.legend.Value(), "Entropy 0.922 bits per index") {
		t.Errorf("beside the bars the line reads %q", p.legend.Value())
	}
	v.last = v.lines.first
	v.focus()
	p.reads(t, "0: 80 indices, 80.0 %; prior 60.0 %")
	p.key(fyne.KeyLeft, fyne.KeyLeft)
	p.reads(t, "-1: 10 indices, 10.0 %; prior 20.0 %")
}

// Lines are read at the abscissas that they have.
func TestReadSeries(t *testing.T) {
	d := codecs.Series{Lines: []codecs.Line{{Name: "y", X: []float64{1, 2, 3}, Y: []float64{30, 20, 10}}, {Name: "z", X: []float64{1, 2}, Y: []float64{5, 4}}}}
	p := showPanel(t, nil, codecs.Panel{ID: "s", Title: "Series", Data: d})
	p.shown.(*diagram).focus()
	p.reads(t, "at 1: y 30, z 5")
	p.key(fyne.KeyEnd)
	p.reads(t, "at 3: y 10")
}

// A table's cells are read in full, and walked.
func TestReadTable(t *testing.T) {
	d := codecs.Table{Head: []string{"channel", "bytes"}, Rows: [][]string{{"3", "772"}, {"5", "507"}}}
	p := showPanel(t, nil, codecs.Panel{ID: "t", Title: "Table", Data: d})
	v, ok := p.shown.(*container.Scroll).Content.(*tableView)
	if !ok {
		t.Fatalf("%T", p.shown)
	}
	x, w := v.layout.column(1)
	v.MouseMoved(at(x+w/2, 2.5*rowHeight))
	p.reads(t, "channel 5, bytes: 507")
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	p.reads(t, "channel 3, bytes: 772")
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	p.reads(t, "channel 3")
	v.MouseMoved(at(x, rowHeight/2))
	p.reads(t, "")
}

// Keys walk the parts, in the strip and in the list, and light their places; in the
// picture they walk from block to block.
func TestKeysWalk(t *testing.T) {
	s := newStage(t)
	s.lower.parts.keys.focus()
	s.lower.parts.keys.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if s.part != 0 || s.strip.chosen != 0 || !strings.Contains(s.picture.reading.Value(), "no place in the picture") {
		t.Errorf("part %d, %q", s.part, s.picture.reading.Value())
	}
	s.lower.parts.keys.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	s.strip.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if s.part != 2 || s.lower.parts.chosen != 2 {
		t.Errorf("two keys lead to part %d", s.part)
	}
	s.strip.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	s.strip.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if p := s.wb.Inside().Parts; s.part != len(p)-2 || len(s.picture.pane.lit) != 1 {
		t.Errorf("part %d of %d lights %v", s.part, len(p), s.picture.pane.lit)
	}
	pane := s.picture.pane
	pane.focus()
	if s.lower.tabs.Selected() != tabParts {
		t.Error("the focus alone opens a table")
	}
	for _, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeyRight, fyne.KeyUp} {
		pane.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if pane.cell != image.Rect(56, 24, 64, 32) || s.lower.tabs.Selected() != tabHere {
		t.Errorf("the keys lead to %v", pane.cell)
	}
	if h := s.lower.here; h.name.Value() != "Coefficient 0" || h.empty.Value() != "" {
		t.Errorf("a number is called %q", h.name.Value())
	}
}

// What is counted is called by the codec's word, one or many.
func TestNouns(t *testing.T) {
	in := workbench.Inside{Symbols: []codecs.Symbols{{Noun: codecs.Noun{One: "index", Many: "indices"}, Axis: "channel"}}}
	one, two := codecs.Edit{Value: 1}, codecs.Edit{X: 1}
	if got := remark(in, workbench.Changes{Edits: []codecs.Edit{one}}); got != "1 index replaced" {
		t.Error(got)
	}
	if got := remark(in, workbench.Changes{Edits: []codecs.Edit{one, two}}); got != "2 indices replaced" {
		t.Error(got)
	}
	if got := remark(workbench.Inside{}, workbench.Changes{Edits: []codecs.Edit{one, two}}); got != "2 numbers replaced" {
		t.Error(got)
	}
	if got := numberName(in.Symbols[0], 4); got != "Index of channel 4" {
		t.Error(got)
	}
}
