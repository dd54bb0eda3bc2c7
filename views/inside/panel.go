package inside

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// panelView shows one panel of a Trace, chosen by title.
type panelView struct {
	root   *kit.Ground
	pick   *kit.Picker
	legend *kit.Text
	help   *widget.Label
	body   *fyne.Container

	panels  []codecs.Panel
	symbols []codecs.Symbols
	id      string            // of the shown panel
	shown   fyne.CanvasObject // what shows it
	rest    string            // the legend while nothing is read
	board   *board            // of what is shown; nil: keys can't walk it

	loading bool
	// OnPlace is called with the place in the picture of the value that is read (empty:
	// none), OnPlaces with all places that have it (none: there are none, or nothing is
	// read), OnPick with a pixel of the one that was tapped.
	OnPlace  func(cell image.Rectangle)
	OnPlaces func(places []image.Rectangle)
	OnPick   func(x, y int)
}

func newPanelView(tips *kit.Tips) *panelView {
	v := &panelView{legend: kit.Muted("").Clipped(), help: widget.NewLabel(""), body: container.NewStack()}
	v.help.Wrapping = fyne.TextWrapWord
	v.help.Importance = widget.LowImportance
	v.pick = kit.NewPicker(v.options, func(id string) {
		v.id = id
		v.show()
	}).Strong()
	v.pick.SetTip(tips, "Choose what this panel shows")
	v.root = kit.Card(container.NewBorder(kit.Column(kit.Gap, v.pick, container.New(flush{}, v.help)), v.legend, nil, nil, v.body))
	return v
}

func (v *panelView) options() []kit.Option {
	var out []kit.Option
	for _, p := range v.panels {
		out = append(out, kit.Option{ID: p.ID, Name: p.Title})
	}
	return out
}

// set takes a file's panels; where the chosen one is not among them, the first that
// first accepts is shown, else the first of all.
func (v *panelView) set(in workbench.Inside, first func(codecs.Panel) bool) {
	panels := in.Panels
	same := v.shown != nil && len(panels) > 0 && len(panels) == len(v.panels) && &panels[0] == &v.panels[0]
	v.panels, v.symbols, v.loading = panels, in.Symbols, in.Loading
	if same {
		return // what is read stays
	}
	if v.find(v.id) < 0 {
		v.id = ""
		for _, p := range panels {
			if v.id == "" && first(p) {
				v.id = p.ID
			}
		}
		if v.id == "" && len(panels) > 0 {
			v.id = panels[0].ID
		}
	}
	v.show()
}

func (v *panelView) find(id string) int {
	for i, p := range v.panels {
		if p.ID == id {
			return i
		}
	}
	return -1
}

func (v *panelView) show() {
	i := v.find(v.id)
	focused := v.board != nil && v.board.focused
	v.board = nil
	if i < 0 {
		if focused {
			kit.Unfocus(v.root)
		}
		v.shown = nil
		v.pick.Put("Nothing to show", "")
		v.pick.SetDisabled(true)
		v.help.SetText("This codec shows nothing of its inside but the parts of its file.")
		if v.loading {
			v.pick.Put("Looking inside …", "")
			v.help.SetText("")
		}
		v.legend.Set("")
		v.body.Objects = nil
		v.body.Refresh()
		return
	}
	p := v.panels[i]
	v.pick.SetDisabled(false)
	v.pick.Put(p.Title, "")
	v.help.SetText(p.Help)
	v.shown, v.rest = v.content(p)
	v.read("")
	v.body.Objects = []fyne.CanvasObject{v.shown}
	v.root.Refresh()
	switch {
	case focused && v.board != nil:
		v.board.focusBeside(v.root) // the keys stay in the panel
	case focused:
		kit.Unfocus(v.root)
	}
}

// content makes the objects that show a panel, and a line about its scale.
func (v *panelView) content(p codecs.Panel) (o fyne.CanvasObject, legend string) {
	switch d := p.Data.(type) {
	case codecs.Plane:
		return v.planeOf(d)
	case codecs.Codebook:
		return v.bookOf(p.ID, d)
	case codecs.Table:
		return v.tableOf(d)
	case codecs.Histogram:
		return v.diagramOf(func() (lines, error) { return histogram(d) }), histogramLegend(d)
	case codecs.Series:
		return v.diagramOf(func() (lines, error) { return series(d) }), "Read the lines with the mouse or the arrow keys"
	}
	return kit.Muted(fmt.Sprintf("a panel of an unknown kind, %T", p.Data)), ""
}

func (v *panelView) diagramOf(build func() (lines, error)) fyne.CanvasObject {
	o := newDiagram(build, func(text string) { v.read(text) })
	if d, ok := o.(*diagram); ok {
		d.turn, v.board = v.Turn, &d.board
	}
	return o
}

// read shows what is under the mouse, or where the keys are; empty: what stands there at rest.
func (v *panelView) read(text string) { v.legend.Set(cmp.Or(text, v.rest)) }

// planeOf shows a plane; the value that is read stands below it, and its place is framed in
// the picture.
func (v *panelView) planeOf(d codecs.Plane) (fyne.CanvasObject, string) {
	if d.Width < 1 || d.Height < 1 || len(d.Values) != d.Width*d.Height {
		return kit.Muted("nothing to draw"), ""
	}
	s := heatmap.NewValues(d)
	out := newPlaneView(d, s)
	out.turn, v.board = v.Turn, &out.board
	out.OnRead = func(x, y int, ok bool) {
		if !ok {
			v.read("")
			v.OnPlace(image.Rectangle{})
			return
		}
		text, place := readPlane(d, x, y)
		v.read(text)
		v.OnPlace(place)
	}
	out.OnPick = func(x, y int) {
		if _, place := readPlane(d, x, y); !place.Empty() {
			v.OnPick(place.Min.X, place.Min.Y)
		}
	}
	return out, planeLegend(d, s)
}

// readPlane says what a value of a plane is, and where in the picture it belongs.
func readPlane(d codecs.Plane, x, y int) (text string, place image.Rectangle) {
	value := float64(d.Values[y*d.Width+x])
	if math.IsNaN(value) {
		return "", place
	}
	name := fmt.Sprintf("%s %d, %d", cmp.Or(d.Cell, "value"), x, y)
	switch {
	case d.Where != nil:
		name, place = d.Where(x, y)
	case d.Scale > 0:
		place = image.Rect(x*d.Scale, y*d.Scale, (x+1)*d.Scale, (y+1)*d.Scale)
	}
	text = strings.TrimSpace(heatmap.Number(value)+" "+d.Unit) + "  ·  " + name
	if !place.Empty() {
		text += fmt.Sprintf("  ·  pixels from %d, %d", place.Min.X, place.Min.Y)
	}
	return text, place
}

// bookOf shows a codebook; the places that use the entry that is read are lit in the
// picture.
func (v *panelView) bookOf(id string, d codecs.Codebook) (fyne.CanvasObject, string) {
	g := newTileGrid()
	g.set(d, -1)
	g.turn, v.board = v.Turn, &g.board
	g.OnRead = func(tile int) {
		v.read(g.reading(tile))
		v.OnPlaces(usesOf(v.symbols, id, tile))
	}
	return g, fmt.Sprintf("%s of %d × %d pixels; faint: not used", workbench.Plural(len(d.Tiles), "entry"), d.Tile, d.Tile)
}

// Bounds of what is looked through for a codebook's entry, and of what is lit.
const (
	searchedPlaces = 1 << 16
	litPlaces      = 1 << 12
)

// usesOf lists the places whose indices use a tile of a codebook.
func usesOf(symbols []codecs.Symbols, book string, tile int) (places []image.Rectangle) {
	for _, s := range symbols {
		if s.Codebook != book || tile < 0 || s.Width*s.Height > searchedPlaces {
			continue
		}
		for i := range s.Width * s.Height {
			x, y := i%s.Width, i/s.Width
			if len(places) < litPlaces && slices.ContainsFunc(s.At(x, y), func(index int) bool { return index>>s.Shift == tile }) {
				places = append(places, image.Rect(x*s.Scale, y*s.Scale, (x+1)*s.Scale, (y+1)*s.Scale))
			}
		}
	}
	return places
}

// point marks what the shown panel has of a pixel of the picture.
func (v *panelView) point(x, y int, ok bool) {
	switch o := v.shown.(type) {
	case *planeView:
		if d := o.plane; d.Scale > 0 {
			at := image.Pt(min(max(x/d.Scale, 0), d.Width-1), min(max(y/d.Scale, 0), d.Height-1))
			o.point(at, ok)
			text := ""
			if ok {
				text, _ = readPlane(d, at.X, at.Y)
			}
			v.read(text)
		}
	case *tileGrid:
		tile := -1
		for _, s := range v.symbols {
			if s.Codebook == v.id && ok {
				if indices := s.At(min(x/s.Scale, s.Width-1), min(y/s.Scale, s.Height-1)); len(indices) > 0 {
					tile = indices[0] >> s.Shift
				}
			}
		}
		o.point(tile)
		v.read(o.reading(tile))
	}
}

// Turn shows the next panel (1), or the one before (-1).
func (v *panelView) Turn(by int) {
	if n := len(v.panels); n > 0 {
		v.id = v.panels[(max(v.find(v.id), 0)+by+n)%n].ID
		v.show()
	}
}

func planeLegend(d codecs.Plane, s *heatmap.Values) string {
	lo, hi := s.Ends()
	text := fmt.Sprintf("dark %s … bright %s", lo, hi)
	if d.Signed {
		text = fmt.Sprintf("blue %s … dark 0 … orange %s", lo, hi)
	}
	if d.Scale > 1 {
		text += fmt.Sprintf(", one value for %d × %d pixels", d.Scale, d.Scale)
	}
	return text
}

// histogramLegend says how many bits a symbol the prior takes for what was coded, and how
// few a code made for it would.
func histogramLegend(d codecs.Histogram) string {
	if d.Prior == nil {
		return "Heights are logarithmic"
	}
	total, entropy, cross := sum(d.Counts), 0., 0.
	for i, n := range d.Counts {
		if n > 0 && i < len(d.Prior) {
			share := float64(n) / float64(total)
			entropy -= share * math.Log2(share)
			cross -= share * math.Log2(math.Max(d.Prior[i], 1e-12))
		}
	}
	if total == 0 {
		return "Nothing was coded"
	}
	return fmt.Sprintf("Entropy %.3f bits per %s; the prior's code takes %.3f (%+.1f %%)", entropy, d.Noun.Or(symbolNoun).One, cross, 100*(cross/math.Max(entropy, 1e-9)-1))
}
