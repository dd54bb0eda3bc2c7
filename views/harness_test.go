package views

import (
	"context"
	"errors"
	"image"
	"math"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"codecworkbench/app/report"
	"codecworkbench/app/sweep"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/kit"
)

// coarse keeps the q highest bits of each sample, raw, behind one byte.
type coarse struct{ id string }

func (c coarse) Info() codecs.Info {
	return codecs.Info{ID: c.id, Name: strings.ToUpper(c.id), Version: 1, Summary: "Drops low bits.",
		Quality: &codecs.Quality{Min: 1, Max: 7, Step: 1, Default: 4},
		Params: []codecs.Param{
			{Name: "mode", Label: "Mode", Kind: codecs.Choice, Choices: []string{"plain", "odd"}, Default: "plain"},
			{Name: "fine", Label: "Fine", Kind: codecs.Bool, Default: "false"},
			{Name: "effort", Label: "Effort", Kind: codecs.Int, Min: 0, Max: 9, Default: "3"},
		}}
}

func (c coarse) Encode(_ context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	if o.Params.Q() == 7 {
		return nil, errors.New("no room for seven bits")
	}
	shift := 8 - o.Params.Int("q")
	out := []byte{byte(shift)}
	pix := p.RGB8().Pix
	for i := 0; i < len(pix); i += max(shift, 1) { // fewer bytes at lower quality
		out = append(out, pix[i]>>shift<<shift)
	}
	return &codecs.Stream{Codec: c.id, Width: p.Width(), Height: p.Height(), Sections: []container.Section{{Kind: 1, Payload: out}}}, nil
}

func (c coarse) Decode(_ context.Context, s *codecs.Stream, _ codecs.DecodeOptions) (*codecs.Result, error) {
	data, _ := s.Section(1, 0)
	img := image.NewNRGBA(image.Rect(0, 0, s.Width, s.Height))
	step := max(int(data[0]), 1)
	for i := range img.Pix {
		img.Pix[i] = data[1+i/step]
	}
	p, err := picture.New(img, false, false, picture.Source{})
	return &codecs.Result{Picture: p}, err
}

type psnr struct{ id string }

func (m psnr) Info() metrics.Info {
	return metrics.Info{ID: m.id, Name: strings.ToUpper(m.id), Unit: "dB"}
}

func (m psnr) Compare(_ context.Context, p *metrics.Pair) (float64, error) {
	ref, dist := p.Ref(), p.Dist()
	var sum float64
	for i, v := range ref.RGB8().Pix {
		d := float64(v) - float64(dist.RGB8().Pix[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255*float64(len(ref.RGB8().Pix))/sum), nil
}

// where is a metric with maps: how far the red samples are from the original's.
type where struct{ fail *atomic.Bool }

func (where) Info() metrics.Info {
	return metrics.Info{ID: "where", Name: "Where", Lower: true, Summary: "Shows where.", Range: "0 up"}
}

func (where) Compare(context.Context, *metrics.Pair) (float64, error) { return 0.5, nil }

func (where) MapKinds() []metrics.MapKind {
	return []metrics.MapKind{{ID: "red", Name: "Red", Good: 0, Bad: 100}, {ID: "likeness", Name: "Likeness", Good: 1, Bad: 0}}
}

func (w where) Map(_ context.Context, p *metrics.Pair, kind string) (*metrics.Map, error) {
	if w.fail.Load() {
		return nil, &metrics.Undefined{Reason: "this picture is flat"}
	}
	m := &metrics.Map{Width: p.Width(), Height: p.Height(), Step: 1, Values: make([]float32, p.Width()*p.Height())}
	for i := range m.Values {
		d := math.Abs(float64(p.Ref().RGB8().Pix[4*i]) - float64(p.Dist().RGB8().Pix[4*i]))
		if kind == "likeness" {
			d = 1 - d/100
		}
		m.Values[i] = float32(d)
	}
	return m, nil
}

// harness runs a window under Fyne's test driver, with the posted functions pumped
// by the test.
type harness struct {
	*Window
	t     *testing.T
	queue chan func()
	noMap *atomic.Bool // the metric "where" has no map now
}

func newHarness(t *testing.T, paths ...string) *harness {
	t.Helper()
	app := test.NewTempApp(t)
	h := &harness{t: t, queue: make(chan func(), 10000), noMap: new(atomic.Bool)}
	registry, err := codecs.NewRegistry([]codecs.Codec{coarse{"one"}, coarse{"two"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	measures, err := metrics.NewRegistry([]metrics.Metric{psnr{"psnr-rgb"}, psnr{"ms-ssim-rgb"}, where{h.noMap}})
	if err != nil {
		t.Fatal(err)
	}
	wb, err := workbench.New(workbench.Config{
		Tools:     sweep.Tools{Codecs: registry, Metrics: measures, Models: codecs.NewModels(os.DirFS(t.TempDir()))},
		Post:      func(f func()) { h.queue <- f },
		Published: func() ([]report.PublishedCurve, error) { return []report.PublishedCurve{published()}, nil },
		Samples:   []workbench.Sample{{Name: "first", Open: func() (*picture.Picture, error) { return sample(60, 40), nil }}},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Window = New(app, wb)
	t.Cleanup(h.win.Close)
	wb.Start(paths)
	h.settle()
	return h
}

// published is a curve over a data set, twice as good as any codec here.
func published() report.PublishedCurve {
	c := report.PublishedCurve{ID: "great", Name: "great", Dataset: "Kodak (24 images)", Source: "a paper", Caveats: "measured by eye", Curve: rd.Curve{Name: "great"}}
	for i := range 5 {
		c.Curve.Points = append(c.Curve.Points, rd.Point{Q: float64(i), Values: map[string]float64{
			rd.KeyBPP: float64(i+1) / 4, "psnr-rgb": 20 + 5*float64(i), "ms-ssim-rgb": 20 + 5*float64(i)}})
	}
	return c
}

func sample(w, h int) *picture.Picture {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i*i/7 + i/3)
	}
	p, err := picture.New(img, false, false, picture.Source{Name: "first.png"})
	if err != nil {
		panic(err)
	}
	return p
}

func (h *harness) settle() {
	h.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		select {
		case f := <-h.queue:
			f()
			continue
		default:
		}
		if h.wb.Idle() {
			return
		}
		select {
		case f := <-h.queue:
			f()
		case <-time.After(2 * time.Millisecond):
		case <-limit:
			h.t.Fatal("the window never came to rest")
		}
	}
}

// texts returns everything that can be read on the canvas.
func (h *harness) texts() string {
	var all []string
	for _, o := range test.LaidOutObjects(h.win.Content()) {
		switch v := o.(type) {
		case *kit.Text:
			all = append(all, v.Value())
		case *kit.Button:
			all = append(all, v.Text())
		}
	}
	return strings.Join(all, "\n")
}

func (h *harness) wantText(parts ...string) {
	h.t.Helper()
	text := h.texts()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			h.t.Errorf("%q is not to be read in the window; there is:\n%s", p, text)
		}
	}
}

// objects lists what is on the canvas of one type.
func objects[T fyne.CanvasObject](root fyne.CanvasObject) []T {
	var out []T
	for _, o := range test.LaidOutObjects(root) {
		if v, ok := o.(T); ok {
			out = append(out, v)
		}
	}
	return out
}
