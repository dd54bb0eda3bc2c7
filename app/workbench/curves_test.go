package workbench

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecworkbench/app/report/figure"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// The rate axis ends where the user says, unless that would hide all or nothing.
func TestUpTo(t *testing.T) {
	f := &figure.Figure{Series: []figure.Series{{Curve: rd.Curve{Points: []rd.Point{
		{Values: map[string]float64{rd.KeyBPP: 0.2}}, {Values: map[string]float64{rd.KeyBPP: 4.5}}}}}}}
	for most, want := range map[float64]figure.Range{0: {}, 1: {Max: 1}, 5: {}, 0.1: {}} {
		if got := upTo(most, f); got != want {
			t.Errorf("up to %v bpp the axis is %v, not %v", most, got, want)
		}
	}
	f.Log = true
	if got := upTo(1, f); got.Min <= 0 || got.Min >= 0.2 {
		t.Errorf("a logarithmic axis begins at %v", got.Min)
	}
}

// folderBench opens three pictures with two candidates.
func folderBench(t *testing.T, config Config) *bench {
	t.Helper()
	dir := t.TempDir()
	for i, name := range []string{"a.png", "b.png", "c.png"} {
		writePNG(t, filepath.Join(dir, name), gradient(40+8*i, 32))
	}
	b := newBench(t, config, &bits{id: "one"}, &bits{id: "two"})
	b.Start([]string{dir})
	b.settle()
	return b
}

func (b *bench) info(id string) metrics.Info {
	b.t.Helper()
	m, err := b.Tools().Metrics.Metric(id)
	if err != nil {
		b.t.Fatal(err)
	}
	return m.Info()
}

// A mean is over all open pictures, of the same ones for every candidate, and is taken
// back by undo.
func TestMeanOfSet(t *testing.T) {
	b := folderBench(t, Config{})
	if p := b.CurveProgress(); p.Set != 1 || p.Done != p.Total {
		t.Errorf("before: %+v", p)
	}
	one := b.Plotted()[0].Curve
	b.ChangeCurveView(func(v *CurveView) { v.Scope = MeanOfSet })
	if p := b.CurveProgress(); p.Set != 3 || p.Ready != 1 || p.Total != 3*2*8 {
		t.Errorf("while it fills: %+v", p)
	}
	b.settle()
	if p := b.CurveProgress(); p.Ready != 3 || p.Done != p.Total {
		t.Errorf("after: %+v", p)
	}
	list := b.Plotted()
	if len(list) != 2 || len(list[0].Curve.Images) != 3 || list[0].Curve.Images[1].Name != "b.png" {
		t.Fatalf("the mean is over %+v", list[0].Curve.Images)
	}
	mean, _ := rd.Mean(list[0].Curve.Images, rd.MeanOptions{})
	if got, want := list[0].Curve.Points[3].Values["psnr-rgb"], mean[3].Values["psnr-rgb"]; got != want || got == one.Points[3].Values["psnr-rgb"] {
		t.Errorf("mean %v, want %v", got, want)
	}
	if on := b.MeasuredOn(list[0]); on != "3 pictures" {
		t.Errorf("measured on %q", on)
	}
	b.Undo()
	if b.CurveView().Scope != OnePicture || len(b.Plotted()[0].Curve.Images) != 1 {
		t.Error("undo leaves the mean")
	}
	b.Redo()
	if b.CurveView().Scope != MeanOfSet {
		t.Error("redo does not bring the mean back")
	}
	if encodes := b.CurveProgress(); encodes.Done != encodes.Total {
		t.Errorf("the points were forgotten: %+v", encodes)
	}
}

// A picture that can't be read leaves the mean of the others.
func TestMeanWithoutOne(t *testing.T) {
	b := folderBench(t, Config{})
	entries, _ := b.Entries()
	if err := os.WriteFile(entries[2].Path, []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	b.ChangeCurveView(func(v *CurveView) { v.Scope = MeanOfSet })
	b.settle()
	if p := b.CurveProgress(); p.Set != 2 || p.Ready != 2 {
		t.Errorf("%+v", p)
	}
	if n := len(b.Plotted()[0].Curve.Images); n != 2 {
		t.Errorf("the mean is over %d pictures", n)
	}
}

// Numbers over several pictures have an interval, which comes later and once.
func TestIntervals(t *testing.T) {
	b := folderBench(t, Config{})
	b.ChangeCurveView(func(v *CurveView) { v.Scope = MeanOfSet })
	b.SetParam(3, "invert", "true")
	b.settle()
	d := b.Deltas(b.info("psnr-rgb"))
	if len(d) != 1 || !d[0].Waiting || d[0].Images != 0 {
		t.Fatalf("at first: %+v", d)
	}
	b.until("the interval", func() bool { return !b.Deltas(b.info("psnr-rgb"))[0].Waiting })
	if d = b.Deltas(b.info("psnr-rgb")); d[0].Images != 3 || !(d[0].Low <= d[0].Percent && d[0].Percent <= d[0].High) {
		t.Errorf("then: %+v", d[0].Delta)
	}
	text := Plain(b.CurveSentence(b.info("psnr-rgb"), d))
	if !strings.HasPrefix(text, "For equal psnr-rgb two") || !strings.Contains(text, "95 % interval") {
		t.Errorf("sentence %q", text)
	}
}

// A convention changes the numbers, and what it changes is told.
func TestConventions(t *testing.T) {
	b := folderBench(t, Config{})
	const theirs = `[{"name":"a","results":{"bpp":[1,2,4,8],"psnr-rgb":[30,33,36,39],"payload_bpp":[0.5,1,2,4]}},
		{"name":"b","results":{"bpp":[1,2,4,8],"psnr-rgb":[31,34,37,40]}}]`
	if !b.PasteResults(theirs) {
		m, _ := b.Message()
		t.Fatal(m.Text)
	}
	b.ShowCurve(2, false)
	b.ShowCurve(3, false)
	usual := b.Deltas(b.info("psnr-rgb"))
	if len(usual) != 1 || !math.IsNaN(usual[0].Usual) || !(usual[0].Percent < 0) {
		t.Fatalf("by the usual convention: %+v", usual)
	}
	b.ChangeCurveView(func(v *CurveView) { v.Payload = true })
	d := b.Deltas(b.info("psnr-rgb"))
	if d[0].Usual != usual[0].Percent || !(d[0].Percent > d[0].Usual) || !strings.Contains(d[0].Note, "payload is not known") {
		t.Errorf("by payload: %+v", d[0])
	}
	b.ChangeCurveView(func(v *CurveView) { v.Payload, v.Method = false, rd.Cubic })
	if d := b.Deltas(b.info("psnr-rgb")); d[0].Method != rd.Cubic {
		t.Errorf("method %q", d[0].Method)
	}
	for _, p := range b.Plotted() {
		if p.Slot < 3 {
			t.Errorf("%s has the colour of a candidate: %d", p.Curve.Name, p.Slot)
		}
	}
}

// Text in any form becomes curves; other text says what is wrong with it.
func TestPaste(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"})
	b.Start(nil)
	b.settle()
	for _, c := range []struct {
		text   string
		curves int
	}{
		{"bpp = [0.1, 0.2]\npsnr = [30, 31]", 1},
		{"codec,bpp,psnr\nx,1,30\nx,2,31\ny,1,30\ny,2,33", 2},
		{"   ", 0},
		{"hello world", 0},
	} {
		before := len(b.Extras())
		if ok := b.PasteResults(c.text); ok != (c.curves > 0) || len(b.Extras()) != before+c.curves {
			t.Errorf("%q: %v, %d curves", c.text, ok, len(b.Extras())-before)
		}
	}
	if m, _ := b.Message(); !m.Error {
		t.Error("a wrong text says nothing")
	}
	names := map[string]bool{}
	for _, p := range b.Plotted() {
		if p.Curve.Name == "" || names[p.Curve.Name] {
			t.Errorf("a curve is called %q", p.Curve.Name)
		}
		names[p.Curve.Name] = true
	}
}

// What is shown and opened is there again after a start.
func TestCurvesInSession(t *testing.T) {
	folder := t.TempDir()
	b := newBench(t, Config{Folder: folder}, &bits{id: "one"})
	b.Start(nil)
	b.settle()
	file := filepath.Join(t.TempDir(), "theirs.csv")
	if err := os.WriteFile(file, []byte("codec,bpp,psnr\nx,1,30\nx,2,31\ny,1,30\ny,2,33\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	b.OpenPaths([]string{file})
	b.settle()
	b.PasteResults("bpp = [0.1, 0.2]\npsnr = [30, 31]")
	b.ShowExtra(b.Extras()[0].ID, false)
	b.ChangeCurveView(func(v *CurveView) { v.Log, v.X, v.Front, v.Method = true, "ratio", true, rd.Akima })
	b.SetCurveMetrics("third")
	want := b.CurveView()
	b.Close()

	again := newBench(t, Config{Folder: folder}, &bits{id: "one"})
	again.Start(nil)
	again.settle()
	got := again.CurveView()
	want.Metrics, got.Metrics = nil, nil
	if !sameView(got, want) || !slices.Equal(again.CurveMetrics(), []string{"third"}) {
		t.Errorf("shown: %+v over %v, want %+v", got, again.CurveMetrics(), want)
	}
	var names, before []string
	for _, p := range again.Plotted() {
		names = append(names, p.Curve.Name)
	}
	for _, p := range b.Plotted() {
		before = append(before, p.Curve.Name)
	}
	slices.Sort(names)
	slices.Sort(before)
	if !slices.Equal(names, before) {
		t.Errorf("plotted %v, before %v", names, before)
	}
}

// A point that the mouse is on is coded without becoming a candidate's setting, and a
// click makes it one.
func TestPeekAndOpen(t *testing.T) {
	c := &bits{id: "one"}
	b := newBench(t, Config{CacheBytes: 20 << 10}, c, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	setup := b.Setup()
	n := c.encodes.Load()
	if shot, comes := b.Peek(b.Plotted()[0], 7, rd.ImageCurve{}); shot != nil || !comes {
		t.Fatal("the picture is there at once, or will not come")
	}
	there := func(p Plotted, image rd.ImageCurve) func() bool {
		return func() bool { shot, _ := b.Peek(p, 7, image); return shot != nil }
	}
	b.until("the picture", there(b.Plotted()[0], rd.ImageCurve{}))
	if c.encodes.Load() != n+1 || b.Setup().Slots[1].Params["q"] != setup.Slots[1].Params["q"] {
		t.Errorf("%d encodes, setting %v", c.encodes.Load()-n, b.Setup().Slots[1].Params)
	}
	if !b.OpenPoint(b.Plotted()[0], 7, rd.ImageCurve{}) || b.Setup().Slots[1].Params["q"] != "7" || b.Setup().Active != 2 {
		t.Errorf("after the click: %+v", b.Setup())
	}
	b.addResults("sweep", []rd.Curve{{Name: "one@invert=true", Points: []rd.Point{{Q: 3, Values: map[string]float64{rd.KeyBPP: 1}}}},
		{Name: "unknown", Points: []rd.Point{{Values: map[string]float64{rd.KeyBPP: 1}}}}})
	list := b.Plotted()
	if !b.CanOpen(list[2]) || b.CanOpen(list[3]) {
		t.Errorf("%s opens: %v, %s: %v", list[2].Curve.Name, b.CanOpen(list[2]), list[3].Curve.Name, b.CanOpen(list[3]))
	}
	b.until("the picture of a sweep's point", there(list[2], rd.ImageCurve{}))
	if _, comes := b.Peek(list[2], 7, rd.ImageCurve{Name: "elsewhere.png"}); comes {
		t.Error("a picture that is not open comes")
	}
	if _, comes := b.Peek(list[3], 7, rd.ImageCurve{}); comes {
		t.Error("an unknown codec's picture comes")
	}
	if !b.OpenPoint(list[2], 3, rd.ImageCurve{}) {
		t.Fatal("a sweep's point opens nothing")
	}
	s, _ := b.Slot(b.Setup().Active)
	if s.Codec != "one" || s.Params["invert"] != "true" || s.Params["q"] != "3" {
		t.Errorf("it opens %+v", s)
	}
	if b.OpenPoint(list[3], 3, rd.ImageCurve{}) {
		t.Error("an unknown codec's point opens something")
	}
}

// Where every picture has a curve, a point shows its own picture, also one that was not
// read yet.
func TestPeekOfEach(t *testing.T) {
	b := folderBench(t, Config{})
	p := b.Plotted()[0]
	entries, _ := b.Entries()
	for _, e := range entries {
		var shot *picture.Picture
		b.until("the picture of "+e.Name, func() bool {
			shot, _ = b.Peek(p, 7, rd.ImageCurve{Name: e.Name})
			return shot != nil
		})
		want, err := picture.Open(e.Path)
		if err != nil {
			t.Fatal(err)
		}
		if shot.Width() != want.Width() || shot.Height() != want.Height() {
			t.Errorf("%s: the point shows a picture of %d x %d", e.Name, shot.Width(), shot.Height())
		}
	}
}

// The curve of an opened file that is of the current picture is shown of it alone.
func TestScopedExtra(t *testing.T) {
	b := folderBench(t, Config{})
	c := rd.Curve{Name: "theirs"}
	for i, name := range []string{"a.png", "z.png"} {
		c.Images = append(c.Images, rd.ImageCurve{Name: name, Points: []rd.Point{{Q: 1, Values: map[string]float64{rd.KeyBPP: 1 + float64(i), "psnr-rgb": 30}}}})
	}
	c.Points, _ = rd.Mean(c.Images, rd.MeanOptions{})
	b.addResults("x.json", []rd.Curve{c})
	find := func() Plotted { list := b.Plotted(); return list[len(list)-1] }
	if p := find(); p.Curve.Points[0].Values[rd.KeyBPP] != 1 || b.MeasuredOn(p) != ThisPicture {
		t.Errorf("of this picture: %+v on %s", p.Curve.Points, b.MeasuredOn(p))
	}
	b.ChangeCurveView(func(v *CurveView) { v.Scope = MeanOfSet })
	if p := find(); p.Curve.Points[0].Values[rd.KeyBPP] != 1.5 || b.MeasuredOn(p) != "2 pictures" {
		t.Errorf("as a mean: %+v on %s", p.Curve.Points, b.MeasuredOn(p))
	}
}

// Every picture's curve stands behind the means, and the axes are those asked for.
func TestFigure(t *testing.T) {
	b := folderBench(t, Config{})
	b.ChangeCurveView(func(v *CurveView) { v.Scope, v.Spread, v.Front = EachOfSet, rd.Bootstrap, true })
	b.settle()
	f := b.Figure(b.Plotted())
	if len(f.Series) != 2+6 || !f.Series[2].Faint || len(f.Series[0].Bands["psnr-rgb"]) != 8 || !f.Front {
		t.Errorf("%d series, %v", len(f.Series), f.Series[0].Bands)
	}
	for _, x := range CurveAxes() {
		b.ChangeCurveView(func(v *CurveView) { v.X = x.ID })
		if _, err := b.Figure(b.Plotted()).SVG(); err != nil {
			t.Errorf("over %s: %v", x.ID, err)
		}
	}
}

// A report is one file with the drawing, the numbers, the pictures and the sources.
func TestReport(t *testing.T) {
	b := folderBench(t, Config{Program: "program 1"})
	b.PasteResults("bpp = [1, 2, 4]\npsnr = [20, 30, 36]")
	b.settle()
	data, err := b.Report(b.Figure(b.Plotted()))()
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for _, want := range []string{"<svg", "program 1", "one, two, pasted", "For equal psnr-rgb", "BD-rate", "data:image/png;base64,", "Where the other curves come from",
		"codecworkbench sweep --codecs one,two", "a.png", "clipPath"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	for _, outside := range []string{"src=\"http", "href=\"http", "url(http", "ZgotmplZ"} {
		if strings.Contains(page, outside) {
			t.Errorf("the report has %q", outside)
		}
	}
	for _, ending := range TableEndings() {
		if data, err := b.BDTable(ending)(); err != nil || !strings.Contains(string(data), "two") {
			t.Errorf("%s: %v\n%s", ending, err, data)
		}
	}
	if _, err := b.BDTable(".doc")(); err == nil {
		t.Error("a table of an unknown ending")
	}
}

// Undo of other steps leaves what was opened shown, and closing takes a whole file away.
func TestOpenedAndUndo(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"})
	b.Start(nil)
	b.settle()
	b.SetParam(2, "q", "7")
	b.PasteResults("codec,bpp,psnr\nx,1,30\nx,2,31\ny,1,30\ny,2,33")
	b.Undo()
	if n := len(b.Plotted()); n != 3 {
		t.Errorf("after undo %d curves are shown", n)
	}
	b.CloseResults(b.Extras()[0].ID)
	if len(b.Extras()) != 0 || len(b.Plotted()) != 1 {
		t.Errorf("%d curves stay in the library", len(b.Extras()))
	}
	if s := b.saveLibrary(); len(s.Pasted) != 0 {
		t.Error("the session keeps what was closed")
	}
}

// An export does not wait for the window: intervals that are not there are computed.
func TestTableHasIntervals(t *testing.T) {
	b := folderBench(t, Config{})
	b.SetParam(3, "invert", "true")
	b.ChangeCurveView(func(v *CurveView) { v.Scope = MeanOfSet })
	b.settle()
	data, err := b.BDTable(".csv")()
	if err != nil || !strings.Contains(string(data), ",0.95,3,") {
		t.Errorf("%v\n%s", err, data)
	}
}
