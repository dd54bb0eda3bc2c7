package compare

import (
	"context"
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs/picture"
	"codecworkbench/views/kit"
	"codecworkbench/views/viewport"
)

// stage is the pane with everything that lies over it: the dividers, the pictures'
// labels, the modes' controls, the legend, the zoom box and the pixel readout.
type stage struct {
	wb       *workbench.Workbench
	pane     *Pane
	pyramids *pyramids
	root     *fyne.Container

	dividers [2]*divider
	labels   [workbench.MaxPanes]*cornerLabel
	bars     *modeBars
	mapBar   *mapBar
	legend   *legend
	zoom     *zoomBox
	ring     *canvas.Rectangle // the brush
	readout  *readout
	hint     *kit.Ground
	hintText *kit.Text

	shown          []*viewport.Pyramid // by place
	numbers        []int               // of the slots that were shown last
	flicker        flickerClock
	follow, point  eachTick // of the view and of the mouse
	onMoved        func()   // tells that zoom, place or a divider changed
	hoverX, hoverY int
	hoverPlace     int
	hovering       bool
	shownKind      pyramidKind // of what was shown last
	shownDiff      workbench.DiffKind
}

// parked is outside the window: overlays are moved there instead of hidden, since
// objects that are hidden when the window is laid out are not painted later.
var parked = fyne.NewPos(-10000, -10000)

// park takes away what comes and goes while the window is not laid out anew. It has a
// size even there: the toolkit's painter of tests cannot draw rounded corners without one.
func park(o fyne.CanvasObject) {
	o.Resize(o.MinSize())
	o.Move(parked)
}

// lift hides what belongs to another mode: what is not seen costs time in every frame. It
// may only be called for what changes together with the picture, which draws all again.
func lift(o fyne.CanvasObject) {
	if o.Visible() {
		park(o)
		o.Hide()
	}
}

// put shows an object at a place in its least size.
func put(o fyne.CanvasObject, at fyne.Position) {
	if !o.Visible() {
		o.Show()
	}
	o.Resize(o.MinSize())
	o.Move(at)
}

func newStage(wb *workbench.Workbench, tips *kit.Tips) *stage {
	s := &stage{wb: wb, pane: NewPane(), bars: newModeBars(wb, tips)}
	s.pyramids = &pyramids{post: wb.Post, ready: s.pictures, pending: map[pyramidKey]context.CancelFunc{}}
	s.mapBar, s.legend = newMapBar(wb, tips), newLegend(wb)
	s.zoom = newZoomBox(s.pane, tips)
	s.readout = newReadout()
	s.ring = canvas.NewRectangle(color.Transparent)
	s.ring.Resize(fyne.NewSize(8, 8))
	s.ring.StrokeColor, s.ring.StrokeWidth = color.White, 1.5
	s.hintText = kit.NewText("")
	s.hint = kit.NewGround(kit.ColorVeil, kit.Corner, kit.Wide, kit.Space, s.hintText)
	s.follow = eachTick{post: wb.Post, do: s.moved}
	s.point = eachTick{post: wb.Post, do: s.inspect}
	s.pane.OnView = s.follow.run
	s.pane.OnHover = s.hover
	s.flicker = flickerClock{post: wb.Post, show: s.flick}
	objects := []fyne.CanvasObject{s.pane}
	for i := range s.dividers {
		s.dividers[i] = newDivider()
		objects = append(objects, s.dividers[i].objects()...)
	}
	objects = append(objects, s.ring)
	for i := range s.labels {
		s.labels[i] = newCornerLabel()
		s.labels[i].OnTapped = func() {
			if panes := wb.Panes(); i < len(panes) {
				wb.Show(panes[i])
			}
		}
		objects = append(objects, s.labels[i])
	}
	objects = append(objects, s.bars.objects()...)
	objects = append(objects, s.mapBar.root, s.legend.root, s.zoom.root, s.readout.root, s.hint)
	s.root = container.New(stageLayout{s}, objects...)
	return s
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
	s.bars.update()
	if c&pictures != 0 {
		s.pictures()
		s.mapBar.update(v.Mode == workbench.Mapped)
		s.legend.update()
	}
	s.brush()
	s.name()
	s.flicker.set(v)
	s.zoom.update()
	s.place()
	s.inspect()
}

// pictures hands the pane the pyramids of what is shown; where one is still being
// built, the older one of the same slot stays.
func (s *stage) pictures() {
	numbers := s.wb.Panes()
	var keys []pyramidKey
	kind, diff := s.kind(), s.wb.ViewSettings().Diff.Kind
	if kind != s.shownKind || kind != ofPictures && diff != s.shownDiff || kind == ofPair && !slices.Equal(s.numbers, numbers) {
		s.shown = nil // values of another meaning
	}
	s.shownKind, s.shownDiff = kind, diff
	if kind == ofPair {
		keys = append(keys, s.pairKey(numbers[0], numbers[len(numbers)-1], kind))
	} else {
		for _, n := range numbers {
			keys = append(keys, s.key(n, kind))
		}
	}
	shown := make([]*viewport.Pyramid, len(keys))
	for i, key := range keys {
		var old *viewport.Pyramid
		if i < len(s.shown) && i < len(s.numbers) && s.numbers[i] == numbers[i] {
			old = s.shown[i]
		}
		shown[i] = s.built(key, old)
	}
	var original *viewport.Pyramid
	if p := s.wb.Picture(); p != nil {
		key := pyramidKey{a: p}
		keys = append(keys, key)
		original = s.built(key, nil)
	}
	s.shown, s.numbers = shown, numbers
	for _, n := range numbers { // the way back from a difference or a map is short
		if p := s.wb.Shown(n); p != nil && p.Pixels() <= wayBack {
			keys = append(keys, pyramidKey{a: p})
		}
	}
	s.pyramids.want(keys...)
	s.pane.SetPictures(shown, numbers, original, kind == ofPair)
}

// wayBack is the size in pixels up to which the pyramids of pictures stay while their
// difference or a map is shown; larger ones take too much memory for that.
const wayBack = 16 << 20

// rest frees the pyramids of a large picture.
func (s *stage) rest() {
	if p := s.wb.Picture(); p == nil || p.Pixels() <= wayBack || s.shown == nil {
		return
	}
	blank := make([]*viewport.Pyramid, len(s.shown))
	s.shown = nil
	s.pyramids.want()
	s.pyramids.kept = nil
	s.pane.SetPictures(blank, s.numbers, nil, s.kind() == ofPair)
}

// pyramidKind is what the pane's pyramids are of.
type pyramidKind int

const (
	ofPictures pyramidKind = iota
	ofDifferences
	ofPair // one difference, of the left and the right one
)

func (s *stage) kind() pyramidKind {
	switch {
	case s.wb.ViewSettings().Mode != workbench.Diff:
		return ofPictures
	case s.wb.DiffsPair():
		return ofPair
	}
	return ofDifferences
}

// key is what is to be seen of a slot; its picture is nil where that is nothing.
func (s *stage) key(number int, kind pyramidKind) pyramidKey {
	if kind == ofDifferences {
		return s.pairKey(number, workbench.Original, kind)
	}
	p := s.meanwhile(number, s.wb.Shown(number))
	if p == nil || !s.fits(p) {
		return pyramidKey{}
	}
	return s.mapped(number, pyramidKey{a: p})
}

// pairKey is the difference of two slots' pictures.
func (s *stage) pairKey(a, b int, kind pyramidKind) pyramidKey {
	l, r := s.wb.Shown(a), s.wb.Shown(b)
	if l == nil || r == nil || !s.fits(l) || !s.fits(r) {
		return pyramidKey{}
	}
	return pyramidKey{a: l, b: r, diff: s.wb.ViewSettings().Diff.Kind}
}

// built returns the pyramid of a key, or the one that stands in for it until it is there.
func (s *stage) built(key pyramidKey, old *viewport.Pyramid) *viewport.Pyramid {
	if key.a == nil {
		return nil
	}
	if p := s.pyramids.get(key); p != nil {
		return p
	}
	if old != nil && (old.Width() != key.a.Width() || old.Height() != key.a.Height() || old.Mapped() && key.m == nil) {
		return nil
	}
	return old
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

// name names what is seen in each place.
func (s *stage) name() {
	flickers := s.wb.ViewSettings().Mode == workbench.Flicker
	active := s.wb.Setup().Active
	for i, number := range s.wb.Panes() {
		s.labels[i].show(s.wb, number, active == number)
		s.labels[i].dim(flickers && s.pane.flickers() != i)
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

// flick shows one of the two pictures, or grey, in flicker mode.
func (s *stage) flick(place int) {
	s.pane.Flick(place)
	s.name()
}

// hold shows the original alone while it is on; in flicker mode, the left one.
func (s *stage) hold(on bool) {
	s.pane.Hold(on)
	s.flicker.pause(on)
	s.name()
	s.place()
}

// moved follows zoom, place and dividers.
func (s *stage) moved() {
	s.zoom.update()
	s.place()
	if s.onMoved != nil {
		s.onMoved()
	}
}

// hover notes which pixel is under the mouse.
func (s *stage) hover(x, y, place int, ok bool) {
	s.hoverX, s.hoverY, s.hoverPlace, s.hovering = x, y, place, ok
	s.point.run()
}

// inspect shows the values of the pixel under the mouse.
func (s *stage) inspect() {
	s.readout.show(s.wb, s.hoverX, s.hoverY, s.hovering)
	s.pointOut()
	s.placeReadout()
	s.placeRing()
	s.placeDividers(s.pane.Size())
}

// pointOut marks the value under the mouse on the legend.
func (s *stage) pointOut() {
	panes := s.wb.Panes()
	number := panes[min(s.hoverPlace, len(panes)-1)]
	switch s.wb.ViewSettings().Mode {
	case workbench.Mapped:
		value, has := float32(0), false
		if m, ok := s.wb.Map(number); ok && m.Map != nil && s.hovering {
			value, has = m.At(s.hoverX, s.hoverY)
		}
		s.legend.point(float64(value), has)
	case workbench.Diff:
		a, b := number, workbench.Original
		if s.kind() == ofPair {
			a, b = panes[0], panes[len(panes)-1]
		}
		value, has := 0, false
		if l, r := s.wb.Shown(a), s.wb.Shown(b); s.hovering && l != nil && r != nil && s.fits(l) && s.fits(r) {
			value, has = largest(difference(pixel(l, s.hoverX, s.hoverY), pixel(r, s.hoverX, s.hoverY))), true
		}
		if s.wb.ViewSettings().Diff.Kind != workbench.DiffSigned && value < 0 {
			value = -value
		}
		s.legend.point(float64(value), has)
	}
}
