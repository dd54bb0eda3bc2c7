package curves

import (
	"fmt"
	"hash/fnv"
	"image"
	"image/draw"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/report"
	"codecworkbench/app/report/figure"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/kit"
)

// Screen is the screen Curves: the candidates' curves at full size, of one picture or
// over several, together with opened and published ones, and what separates them in
// numbers.
type Screen struct {
	Root fyne.CanvasObject
	wb   *workbench.Workbench

	plot    *Plot
	tools   *toolBar
	list    *curveList
	foot    *foot
	deltas  *deltaTable
	main    *fyne.Container
	plotted []workbench.Plotted
	drawn   string // what the figure was made of
	axes    string // what its axes show

	Actions Actions
}

// Actions are what the screen asks of the window.
type Actions struct {
	OpenResults, PasteResults                       func() // results of others
	ExportPlot, ExportTable, ExportData, ExportHTML func()
	Compare                                         func() // show the screen Compare
}

// NewScreen builds the screen; call Changed after every change of the workbench.
func NewScreen(wb *workbench.Workbench, tips *kit.Tips) *Screen {
	s := &Screen{wb: wb}
	s.tools = newToolBar(s, tips)
	s.plot = NewPlot("background", s.tools.heads[0], s.tools.heads[1])
	s.plot.OnOver, s.plot.OnPick = s.card, s.pick
	s.foot = newFoot(wb, tips)
	s.list = newCurveList(wb, tips, s.plot.StandOut)
	s.deltas = newDeltaTable(wb, tips, s.plot.StandOut)
	s.main = container.New(mainLayout{s}, s.tools.root, s.plot, s.foot.root, s.deltas.root)
	// The toolkit clears the window with a colour that is not quite the theme's.
	s.Root = container.NewStack(kit.NewGround("background", 0, 0, 0, nil),
		container.New(screenLayout{}, s.list.root, kit.NewGround(kit.ColorLine, 0, 0, 0, nil), s.main))
	return s
}

// Changed follows the model.
func (s *Screen) Changed(c workbench.Change) {
	if c == workbench.Everything {
		s.wb.LoadPublished()
	}
	if c&(workbench.Curves|workbench.Pictures|workbench.Slots|workbench.Results) != 0 {
		s.plotted = s.wb.Plotted()
		s.figure()
		s.list.changed(s.plotted)
		s.table()
		s.plot.SetSpots(s.spots())
		s.plot.Again()
		s.tools.changed()
	}
	if s.foot.changed(s.plotted) {
		s.main.Refresh()
	}
}

// table fills the table of deltas, and makes room for it.
func (s *Screen) table() {
	height := s.deltas.root.MinSize().Height
	s.deltas.changed(s.plotted)
	if s.deltas.root.MinSize().Height != height {
		s.main.Refresh()
	}
}

// figure draws the curves where they are others than last time. With other axes, all of
// them is shown again.
func (s *Screen) figure() {
	v := s.wb.CurveView()
	axes := fmt.Sprint(s.wb.CurveMetrics(), v.X, v.Log, v.Most)
	key := axes + fmt.Sprint(v.Scope, v.Spread, v.Front, v.Convention()) + fingerprint(s.plotted)
	if key == s.drawn {
		return
	}
	if axes != s.axes {
		s.plot.Forget()
	}
	s.drawn, s.axes = key, axes
	f := s.wb.Figure(s.plotted)
	s.plot.SetHint("Points appear here as they are measured.")
	if len(s.plotted) == 0 && len(s.wb.Extras()) > 0 {
		s.plot.SetHint("All curves are hidden: choose some at the left.")
	}
	s.plot.SetFigure(f)
}

// fingerprint changes with what is plotted.
func fingerprint(list []workbench.Plotted) string {
	h := fnv.New64a()
	add := func(points []rd.Point) {
		for _, p := range points {
			sum := p.Q
			for k, v := range p.Values { // in any order
				sum += v * float64(len(k)+1)
			}
			fmt.Fprint(h, len(p.Values), math.Float64bits(sum), " ")
		}
	}
	for _, p := range list {
		fmt.Fprint(h, p.Curve.Name, p.Slot, p.Published, len(p.Curve.Images), "\n")
		add(p.Curve.Points)
		for _, i := range p.Curve.Images {
			add(i.Points)
		}
	}
	return fmt.Sprintf("%x", h.Sum64())
}

// ShownFigure is the figure as the screen shows it, for files; nil while there is
// nothing to draw.
func (s *Screen) ShownFigure() *figure.Figure {
	s.plotted = s.wb.Plotted()
	s.figure()
	return s.plot.Shown()
}

// ZoomReset shows all of the plot, Zoom a smaller or larger part of it.
func (s *Screen) ZoomReset() { s.plot.Reset() }

// Zoom scales what is shown by a factor: below 1, a smaller part is shown.
func (s *Screen) Zoom(factor float64) { s.plot.ZoomAround(nil, fyne.Position{}, factor) }

// spots are the present settings on the axes that are shown; means have none.
func (s *Screen) spots() []Spot {
	if s.wb.CurveView().Scope != workbench.OnePicture {
		return nil
	}
	var out []Spot
	for _, p := range Spots(s.wb) {
		x, ok := s.wb.AxisValue(p.Number)
		if ok && s.wb.CurveShown(p.Number) {
			p.X = x
			out = append(out, p)
		}
	}
	return out
}

// target is what a series of the figure stands for: one of the plotted curves, or a
// picture of it.
func (s *Screen) target(series int) (p workbench.Plotted, curve rd.Curve, image rd.ImageCurve, ok bool) {
	f := s.plot.whole
	if f == nil || series >= len(f.Series) {
		return p, curve, image, false
	}
	shown := f.Series[series]
	i := slices.IndexFunc(s.plotted, func(p workbench.Plotted) bool { return p.Curve.Name == shown.Name })
	if i < 0 {
		return p, curve, image, false
	}
	if len(shown.Images) == 1 {
		image = shown.Images[0]
	}
	return s.plotted[i], shown.Curve, image, true
}

// pick opens the setting of a measured point in Compare.
func (s *Screen) pick(series, index int) {
	p, curve, image, ok := s.target(series)
	if ok && index < len(curve.Points) && s.wb.OpenPoint(p, curve.Points[index].Q, image) && s.Actions.Compare != nil {
		s.wb.EndPeek()
		s.Actions.Compare()
	}
}

// card tells about a measured point.
func (s *Screen) card(series, index int) *Card {
	p, curve, image, ok := s.target(series)
	if !ok || index >= len(curve.Points) {
		return nil
	}
	at := curve.Points[index]
	c := &Card{Name: curve.Name, Ink: inkOfSlot(p.Slot)}
	if at.Q == at.Q {
		c.Name += " q " + codecs.FormatNumber(at.Q)
	}
	c.Lines = append(c.Lines, s.values(at)...)
	if enc, ok := at.Values[rd.KeyEncode]; ok {
		line := "encode " + workbench.FormatMS(1000*enc)
		if dec, ok := at.Values[rd.KeyDecode]; ok {
			line += " · decode " + workbench.FormatMS(1000*dec)
		}
		c.Muted = append(c.Muted, line+" ms")
	}
	of := s.pointOf(p, image)
	if of != "" {
		c.Muted = append(c.Muted, of)
	}
	if p.Published {
		c.Muted = append(c.Muted, "only its numbers were published")
	}
	if !s.wb.CanOpen(p) {
		return c
	}
	c.Action = "Click: open in Compare"
	if len(p.Curve.Images) == 1 && p.Number != 0 {
		image = rd.ImageCurve{} // the current picture
	}
	shot, comes := s.wb.Peek(p, at.Q, image)
	if shot != nil {
		c.Picture = centre(shot, s.plot.pixels())
	}
	c.Waiting = comes
	return c
}

// pointOf says of what a point of a curve is.
func (s *Screen) pointOf(p workbench.Plotted, image rd.ImageCurve) string {
	n := len(p.Curve.Images)
	here := ""
	if pic := s.wb.Picture(); pic != nil {
		here = pic.Source().Name
	}
	switch on := s.wb.MeasuredOn(p); {
	case n > 1 && image.Name != "":
		return image.Name
	case n > 1 && p.Number != 0 && here != "":
		return "mean of " + workbench.Plural(n, "picture") + "; here " + here
	case n > 1:
		return "mean of " + workbench.Plural(n, "picture")
	case p.Published:
		set, _, _ := strings.Cut(p.From, " (")
		return "published, " + set
	case p.Extra && p.From != "":
		return "from " + p.From
	case on == workbench.ThisPicture && here != "":
		return here
	default:
		return on
	}
}

// values writes a point's values: the axis, then what the panels show.
func (s *Screen) values(at rd.Point) []string {
	var out []string
	axis := s.wb.CurveAxis()
	if v, ok := at.Values[rd.KeyBPP]; ok && v > 0 {
		out = append(out, fmt.Sprintf("%.3f bpp · %.1f:1", v, 24/v))
	}
	if v, ok := at.Values[axis.ID]; ok && axis.ID != rd.KeyBPP && !strings.HasSuffix(axis.ID, "_ms") {
		out = append(out, fmt.Sprintf("%.4g %s", v, axis.Unit))
	}
	for _, id := range s.wb.CurveMetrics() {
		m := report.Describe(s.wb.Tools().Metrics, id)
		if v, ok := at.Values[id]; ok {
			out = append(out, strings.TrimSpace(fmt.Sprintf("%.4g %s", m.Display(v), m.DisplayUnit()))+" "+m.Name)
		}
	}
	return out
}

// centre is the middle of a picture at its own size, as many pixels as a card has.
func centre(p *picture.Picture, scale float32) *image.RGBA {
	w, h := int(cardWidth*scale), int(cardHeight*scale)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, image.Black, image.Point{}, draw.Src)
	src := p.RGB8()
	at := image.Pt((src.Rect.Dx()-w)/2, (src.Rect.Dy()-h)/2)
	draw.Draw(out, out.Rect, src, at, draw.Src)
	return out
}

// screenLayout: the list of curves at the left, the figure beside it.
type screenLayout struct{}

const listWidth = 244

func (screenLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(listWidth+500, 400) }

func (screenLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(listWidth, s.Height))
	o[1].Move(fyne.NewPos(listWidth-1, 0))
	o[1].Resize(fyne.NewSize(1, s.Height))
	o[2].Move(fyne.NewPos(listWidth+kit.Wide, kit.Wide))
	o[2].Resize(fyne.NewSize(s.Width-listWidth-2*kit.Wide, s.Height-2*kit.Wide))
}

// mainLayout: tools, figure, a foot, and the table as high as it needs.
type mainLayout struct{ s *Screen }

func (mainLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(500, 400) }

func (l mainLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	put := func(o fyne.CanvasObject, y, h float32) {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, h))
	}
	tools, foot := l.s.tools.height(s.Width), l.s.foot.height()
	l.s.deltas.setWidth(s.Width)
	table := min(o[3].MinSize().Height, s.Height*0.42)
	put(o[0], 0, tools)
	put(o[1], tools+kit.Gap, s.Height-tools-foot-table-2*kit.Gap-kit.Space)
	put(o[2], s.Height-table-foot-kit.Space, foot)
	put(o[3], s.Height-table, table)
}

// Search searches the library.
func (s *Screen) Search(text string) { s.list.find(text) }
