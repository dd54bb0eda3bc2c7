package compare

import (
	"context"
	"fmt"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs/picture"
	"codecworkbench/views/kit"
	"codecworkbench/views/viewport"
)

// stage is the pane with everything that lies over it: the divider, the two corner
// labels, the mode switch, the zoom box and the pixel readout.
type stage struct {
	wb       *workbench.Workbench
	pane     *Pane
	pyramids *pyramids
	root     *fyne.Container

	edge, line  *canvas.Rectangle
	knob        *canvas.Circle
	arrows      *canvas.Text
	left, right *cornerLabel
	modes       *kit.Segmented
	modeBox     *kit.Ground
	gains       *kit.Segmented
	gainBox     *kit.Ground
	mapBar      *mapBar
	legend      *mapLegend
	zoom        *zoomBox
	readout     *readout
	hint        *kit.Ground
	hintText    *kit.Text

	shownLeft, shownRight, shownDiff *viewport.Pyramid
	ticking                          int // number of the flicker's clock; others stop
	hoverX, hoverY                   int
	hovering, hoverRight             bool
}

// parked is outside the window: overlays are moved there instead of hidden, since
// objects that are hidden when the window is laid out are not painted later.
var parked = fyne.NewPos(-10000, -10000)

func newStage(wb *workbench.Workbench, tips *kit.Tips) *stage {
	s := &stage{wb: wb, pane: NewPane(),
		edge: canvas.NewRectangle(color.NRGBA{0, 0, 0, 0x60}), line: canvas.NewRectangle(color.White),
		knob: canvas.NewCircle(color.White), arrows: canvas.NewText("⇔", color.NRGBA{0x30, 0x30, 0x30, 255})}
	s.pyramids = &pyramids{post: wb.Post, ready: s.pictures, pending: map[pyramidKey]context.CancelFunc{}}
	s.arrows.TextSize, s.arrows.Alignment = 15, fyne.TextAlignCenter
	s.left, s.right = newCornerLabel(), newCornerLabel()
	s.modes = kit.NewSegmented([]kit.Option{
		{ID: string(workbench.Split), Name: "Split"}, {ID: string(workbench.Side), Name: "Side"},
		{ID: string(workbench.Flicker), Name: "Flicker"}, {ID: string(workbench.Diff), Name: "Diff"},
		{ID: string(workbench.Mapped), Name: "Map"},
	}, func(id string) { wb.SetMode(workbench.Mode(id)) }).Bare()
	s.modeBox = kit.NewGround(kit.ColorVeil, kit.Corner, 4, 4, s.modes)
	s.gains = kit.NewSegmented(gainOptions(), func(id string) {
		var gain int
		if _, err := fmt.Sscan(id, &gain); err == nil {
			wb.SetGain(gain)
		}
	}).Bare()
	s.gains.SetTip(tips, "Differences are multiplied by this to be seen")
	s.gainBox = kit.NewGround(kit.ColorVeil, kit.Corner, 4, 4, s.gains)
	s.mapBar, s.legend = newMapBar(wb, tips), newMapLegend(wb)
	s.zoom = newZoomBox(s.pane, tips)
	s.readout = newReadout()
	s.hintText = kit.NewText("")
	s.hint = kit.NewGround(kit.ColorVeil, kit.Corner, kit.Wide, kit.Space, s.hintText)
	s.pane.OnView = s.moved
	s.pane.OnHover = s.hover
	s.left.OnTapped = func() { wb.Show(wb.Setup().Left) }
	s.right.OnTapped = func() { wb.Show(wb.Setup().Right) }
	s.root = container.New(stageLayout{s}, s.pane, s.edge, s.line, s.knob, s.arrows, s.left, s.right,
		s.modeBox, s.gainBox, s.mapBar.root, s.legend.root, s.zoom.root, s.readout.root, s.hint)
	return s
}

func gainOptions() []kit.Option {
	var out []kit.Option
	for _, g := range []int{1, 4, 8, 16, 32} {
		out = append(out, kit.Option{ID: fmt.Sprint(g), Name: fmt.Sprintf("×%d", g)})
	}
	return out
}

// changed follows the model.
func (s *stage) changed(c workbench.Change) {
	const pictures = workbench.Pictures | workbench.Slots | workbench.Results | workbench.View | workbench.Maps
	if c&(pictures|workbench.Progress) == 0 {
		return
	}
	if p := s.wb.Picture(); p != nil {
		s.pane.SetPicture(p.Width(), p.Height())
	}
	v := s.wb.ViewSettings()
	s.pane.SetSettings(v)
	s.modes.Select(string(v.Mode))
	s.gains.Select(fmt.Sprint(v.Gain))
	if c&pictures != 0 {
		s.pictures()
		s.mapBar.update(v.Mode == workbench.Mapped)
		if v.Mode == workbench.Mapped {
			s.legend.update()
		}
	}
	s.labels()
	s.flicker(v.Mode == workbench.Flicker)
	s.place()
	s.hover(s.hoverX, s.hoverY, s.hoverRight, s.hovering)
}

// pictures hands the pane the pyramids of what is shown; where one is still being
// built, the older one stays.
func (s *stage) pictures() {
	setup := s.wb.Setup()
	l, r := s.wb.Shown(setup.Left), s.wb.Shown(setup.Right)
	var keys []pyramidKey
	pick := func(number int, p *picture.Picture, old *viewport.Pyramid) *viewport.Pyramid {
		p = s.meanwhile(number, p)
		if p == nil || !s.fits(p) {
			return nil
		}
		key := s.mapped(number, pyramidKey{a: p})
		keys = append(keys, key)
		if built := s.pyramids.get(key); built != nil {
			return built
		}
		if old != nil && (old.Width() != p.Width() || old.Height() != p.Height() || old.Mapped() && key.m == nil) {
			return nil
		}
		return old
	}
	s.shownLeft, s.shownRight = pick(setup.Left, l, s.shownLeft), pick(setup.Right, r, s.shownRight)
	if s.wb.ViewSettings().Mode == workbench.Diff {
		s.shownDiff = s.difference(l, r, &keys)
	}
	s.pyramids.want(keys...)
	s.pane.SetPictures(s.shownLeft, s.shownRight, s.shownDiff)
}

// mapped puts the chosen map over a slot's picture, in the mode that shows maps.
// Where there is none yet, the picture is seen as it is.
func (s *stage) mapped(number int, key pyramidKey) pyramidKey {
	if s.wb.ViewSettings().Mode != workbench.Mapped {
		return key
	}
	if m, ok := s.wb.Map(number); ok && m.Map != nil && s.fits(m.Under) {
		return pyramidKey{a: m.Under, m: m.Map, scale: heatmap.ScaleOf(m.Kind)}
	}
	return key
}

// meanwhile is what is seen of a slot: the original until its first result comes, so
// that a large picture is there at once. Its label says so.
func (s *stage) meanwhile(number int, p *picture.Picture) *picture.Picture {
	if p == nil && awaited(s.wb, number) {
		return s.wb.Picture()
	}
	return p
}

// fits reports whether a decoded picture has the current picture's size.
func (s *stage) fits(p *picture.Picture) bool {
	cur := s.wb.Picture()
	return cur != nil && p.Width() == cur.Width() && p.Height() == cur.Height()
}

func (s *stage) difference(l, r *picture.Picture, keys *[]pyramidKey) *viewport.Pyramid {
	if l == nil || r == nil || !s.fits(l) || !s.fits(r) {
		return nil
	}
	key := pyramidKey{a: l, b: r}
	*keys = append(*keys, key)
	if built := s.pyramids.get(key); built != nil {
		return built
	}
	if s.shownDiff != nil && (s.shownDiff.Width() != l.Width() || s.shownDiff.Height() != l.Height()) {
		return nil
	}
	return s.shownDiff
}

// labels names what is seen at the left and at the right.
func (s *stage) labels() {
	setup := s.wb.Setup()
	mode := s.wb.ViewSettings().Mode
	s.left.show(s.wb, setup.Left, setup.Active == setup.Left)
	s.right.show(s.wb, setup.Right, setup.Active == setup.Right)
	if mode == workbench.Flicker {
		s.left.dim(s.pane.flick)
		s.right.dim(!s.pane.flick)
	} else {
		s.left.dim(false)
		s.right.dim(false)
	}
	switch {
	case s.wb.Picture() == nil && s.wb.Opening():
		s.hintText.Set("Opening …")
	case s.wb.Picture() == nil:
		s.hintText.Set("Drop a picture here, or open one with Ctrl+O")
	default:
		s.hintText.Set("")
	}
}

// flickerEvery is the time that each picture is seen.
const flickerEvery = 400 * time.Millisecond

// flicker starts or stops the clock that changes the pictures.
func (s *stage) flicker(on bool) {
	if on == (s.ticking > 0) {
		return
	}
	if !on {
		s.ticking = 0
		return
	}
	s.ticking = 1
	s.tick()
}

func (s *stage) tick() {
	time.AfterFunc(flickerEvery, func() {
		s.wb.Post(func() {
			if s.ticking > 0 {
				s.pane.Flick()
				s.labels()
				s.tick()
			}
		})
	})
}

// moved follows zoom, place and divider.
func (s *stage) moved() {
	s.zoom.update()
	s.place()
}

// hover shows the values of the pixel under the mouse.
func (s *stage) hover(x, y int, right, ok bool) {
	s.hoverX, s.hoverY, s.hoverRight, s.hovering = x, y, right, ok
	s.readout.show(s.wb, x, y, ok)
	s.pointOut()
	s.placeReadout()
	s.placeDivider(s.pane.Size())
}

// pointOut marks the map's value under the mouse on the legend.
func (s *stage) pointOut() {
	if s.wb.ViewSettings().Mode != workbench.Mapped {
		return
	}
	number := s.wb.Setup().Left
	if s.hoverRight {
		number = s.wb.Setup().Right
	}
	value, has := float32(0), false
	if m, ok := s.wb.Map(number); ok && m.Map != nil && s.hovering {
		value, has = m.At(s.hoverX, s.hoverY)
	}
	s.legend.point(float64(value), has)
}
