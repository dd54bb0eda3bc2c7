package sweep

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// fakeCodec drops the low bits of every sample: q bits are kept, raw.
type fakeCodec struct {
	encodes *atomic.Int64
	lossy   bool
	version int
	fail    func(*picture.Picture) error
}

func (f fakeCodec) Info() codecs.Info {
	i := codecs.Info{ID: "fake", Name: "Fake", Family: "test", Version: f.version, Lossless: !f.lossy,
		Accepts: codecs.Accepts{MaxSide: 50}}
	if f.lossy {
		i.Quality = &codecs.Quality{Min: 1, Max: 8, Step: 1, Default: 4, Ladder: []float64{2, 4, 8}}
	}
	return i
}

func (f fakeCodec) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	f.encodes.Add(1)
	if f.fail != nil {
		if err := f.fail(p); err != nil {
			return nil, err
		}
	}
	q := 8
	if f.lossy {
		q = o.Params.Int("q")
	}
	data := []byte{byte(q)}
	for i, v := range p.RGB8().Pix {
		if i%4 != 3 && i%8 < q {
			data = append(data, v)
		}
	}
	s := codecs.NativeStream("fake", p.Width(), p.Height(), data)
	s.Sections[0].Payload = append(s.Sections[0].Payload, p.RGB8().Pix...)
	return s, nil
}

func (f fakeCodec) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	data, err := s.Native()
	if err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, s.Width, s.Height))
	copy(img.Pix, data[len(data)-len(img.Pix):])
	mask := byte(0xff) << (8 - data[0])
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] &= mask
		}
	}
	p, err := picture.New(img, false, false, picture.Source{})
	return &codecs.Result{Picture: p}, err
}

// mse is a metric whose computations are counted.
type mse struct{ runs *atomic.Int64 }

func (m mse) Info() metrics.Info { return metrics.Info{ID: "mse", Version: 1, Lower: true} }

func (m mse) Compare(_ context.Context, p *metrics.Pair) (float64, error) {
	a, b := p.Ref(), p.Dist()
	m.runs.Add(1)
	var sum float64
	for i, v := range a.RGB8().Pix {
		d := float64(v) - float64(b.RGB8().Pix[i])
		sum += d * d
	}
	return sum / float64(len(a.RGB8().Pix)), nil
}

func testTools(t *testing.T, c codecs.Codec, list ...metrics.Metric) Tools {
	t.Helper()
	r, err := codecs.NewRegistry([]codecs.Codec{c}, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := metrics.NewRegistry(list)
	if err != nil {
		t.Fatal(err)
	}
	return Tools{Codecs: r, Metrics: m, Models: codecs.NewModels(os.DirFS(t.TempDir()))}
}

func testImages(t *testing.T, sizes ...[2]int) []Image {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for n, s := range sizes {
		img := image.NewNRGBA(image.Rect(0, 0, s[0], s[1]))
		for i := range img.Pix {
			img.Pix[i] = byte(i*7 + n)
		}
		p, err := picture.New(img, false, false, picture.Source{})
		if err != nil {
			t.Fatal(err)
		}
		data, err := p.EncodePNG()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fmt.Sprintf("img%d.png", n))
		if err := picture.WriteFile(path, data); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	images, failures, err := LoadImages(context.Background(), paths, nil)
	if err != nil || len(failures) > 0 {
		t.Fatal(failures, err)
	}
	return images
}

func mustSpecs(t *testing.T, text string) []Spec {
	t.Helper()
	specs, err := ParseSpecs(text)
	if err != nil {
		t.Fatal(err)
	}
	return specs
}

func TestSweepMeasuresCachesAndResumes(t *testing.T) {
	var encodes, runs atomic.Int64
	tools := testTools(t, fakeCodec{encodes: &encodes, lossy: true, version: 1}, mse{&runs})
	plan := Plan{Specs: mustSpecs(t, "fake"), Images: testImages(t, [2]int{16, 8}, [2]int{5, 5}), Metrics: []string{"mse"}}
	cache, err := OpenCache(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run := func(tools Tools, stopAfter int) (*Result, Event, error) {
		t.Helper()
		r, err := tools.Prepare(plan)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var last Event
		err = r.Run(ctx, &Local{Tools: tools, Images: plan.Images, Cache: cache}, 1, func(e Event) {
			last = e
			if e.Done == stopAfter {
				cancel()
			}
		})
		return r, last, err
	}
	// Stopped after two of six jobs, it goes on from there.
	if _, _, err := run(tools, 2); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled sweep returned %v", err)
	}
	done := encodes.Load()
	r, last, err := run(tools, 0)
	if err != nil || last.Done != 6 || last.Total != 6 || last.Failed != 0 {
		t.Fatalf("%+v, %v", last, err)
	}
	if encodes.Load() != 6 || last.Cached != int(done) {
		t.Errorf("%d encodes of 6 in all, %d cached of %d done", encodes.Load(), last.Cached, done)
	}
	curve := r.Curves("test 1")[0]
	if len(curve.Points) != 3 || curve.Points[2].Values["mse"] != 0 || !(curve.Points[0].Values["mse"] > curve.Points[1].Values["mse"]) {
		t.Errorf("points %+v", curve.Points)
	}
	for i, img := range curve.Images {
		for q, p := range img.Points {
			want := 8 * float64(r.Rows[0].Cells[q][i].Bytes) / float64(plan.Images[i].Width*plan.Images[i].Height)
			if math.Abs(p.Values["bpp"]-want) > 1e-12 {
				t.Errorf("%s point %d: bpp %g, want %g", img.Name, q, p.Values["bpp"], want)
			}
		}
	}
	// A second metric needs decodes, not encodes; a new codec version needs both.
	before := encodes.Load()
	more := testTools(t, fakeCodec{encodes: &encodes, lossy: true, version: 1}, mse{&runs}, other{mse{&runs}})
	plan.Metrics = []string{"mse", "other"}
	if _, _, err := run(more, 0); err != nil || encodes.Load() != before {
		t.Errorf("a further metric cost %d encodes, %v", encodes.Load()-before, err)
	}
	raised := testTools(t, fakeCodec{encodes: &encodes, lossy: true, version: 2}, mse{&runs}, other{mse{&runs}})
	if _, _, err := run(raised, 0); err != nil || encodes.Load() != before+6 {
		t.Errorf("a raised version cost %d encodes of 6, %v", encodes.Load()-before, err)
	}
}

type other struct{ mse }

func (other) Info() metrics.Info { return metrics.Info{ID: "other", Version: 1} }

func TestOneFailureLeavesTheRest(t *testing.T) {
	var encodes, runs atomic.Int64
	images := testImages(t, [2]int{8, 8}, [2]int{9, 9}, [2]int{60, 4}, [2]int{7, 7})
	tools := testTools(t, fakeCodec{encodes: &encodes, lossy: true, version: 1, fail: func(p *picture.Picture) error {
		switch p.Width() {
		case 9:
			return errors.New("out of luck")
		case 7:
			panic("a bug")
		}
		return nil
	}}, mse{&runs})
	r, err := tools.Prepare(Plan{Specs: mustSpecs(t, "fake:4"), Images: images, Metrics: []string{"mse"}})
	if err != nil {
		t.Fatal(err)
	}
	var last Event
	if err := r.Run(context.Background(), &Local{Tools: tools, Images: images}, 2, func(e Event) { last = e }); err != nil {
		t.Fatal(err)
	}
	if last.Done != 4 || last.Failed != 2 || len(r.Failures) != 3 {
		t.Fatalf("%+v, failures %v", last, r.Failures)
	}
	for _, f := range r.Failures {
		wantNA := f.Image == "img2.png"
		if f.NotApplicable != wantNA || f.Message == "" || !strings.Contains(f.String(), f.Image) {
			t.Errorf("failure %+v", f)
		}
	}
	if r.Rows[0].Cells[0][0] == nil {
		t.Error("the good picture has no result")
	}
}

// big is a metric for pictures of 10 pixels a side and more.
type big struct{ mse }

func (big) Info() metrics.Info { return metrics.Info{ID: "big", Version: 1, MinSide: 10} }

// TestUndefinedMetricsAreListed holds that a metric which a picture is too small for
// is told, and that the results say so.
func TestUndefinedMetricsAreListed(t *testing.T) {
	var encodes, runs atomic.Int64
	images := testImages(t, [2]int{8, 8}, [2]int{12, 12})
	tools := testTools(t, fakeCodec{encodes: &encodes, lossy: true, version: 1}, mse{&runs}, big{mse{&runs}})
	r, err := tools.Prepare(Plan{Specs: mustSpecs(t, "fake"), Images: images, Metrics: []string{"mse", "big"}})
	if err != nil {
		t.Fatal(err)
	}
	// More workers than jobs must cost nothing.
	if err := r.Run(context.Background(), &Local{Tools: tools, Images: images}, 1<<40, nil); err != nil {
		t.Fatal(err)
	}
	list := r.Undefined()
	if len(r.Failures) != 0 || len(list) != 1 || list[0].Image != "img0.png" || !list[0].NotApplicable || !strings.Contains(list[0].String(), "big on img0.png") {
		t.Errorf("failures %v, undefined %v", r.Failures, list)
	}
	meta := r.Curves("test 1")[0].Meta
	if text := fmt.Sprint(meta["notes"]); !strings.Contains(text, "big: 3 values") || strings.Contains(text, "mse") {
		t.Errorf("notes %s", text)
	}
	if p, ok := meta["parameters"].(codecs.Params); !ok || p["q"] != "" {
		t.Errorf("parameters %v", meta["parameters"])
	}
	if n := r.Jobs(); n != 6 {
		t.Errorf("%d jobs", n)
	}
}

func TestLosslessIsHeldToItsWord(t *testing.T) {
	var encodes, runs atomic.Int64
	images := testImages(t, [2]int{8, 8})
	for _, bad := range []bool{false, true} {
		var c codecs.Codec = fakeCodec{encodes: &encodes, version: 1}
		if bad {
			c = flipped{c}
		}
		tools := testTools(t, c, mse{&runs})
		r, err := tools.Prepare(Plan{Specs: mustSpecs(t, "fake"), Images: images, Metrics: []string{"mse"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Run(context.Background(), &Local{Tools: tools, Images: images}, 1, nil); err != nil {
			t.Fatal(err)
		}
		if failed := len(r.Failures) == 1; failed != bad {
			t.Errorf("bad codec %v: failures %v", bad, r.Failures)
		}
	}
}

// flipped changes one pixel of what a codec decodes.
type flipped struct{ codecs.Codec }

func (f flipped) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	r, err := f.Codec.Decode(ctx, s, o)
	if err != nil {
		return nil, err
	}
	img := *r.Picture.RGB8()
	img.Pix = append([]byte(nil), img.Pix...)
	img.Pix[0] ^= 1
	p, err := picture.New(&img, false, false, picture.Source{})
	return &codecs.Result{Picture: p}, err
}

func TestSearch(t *testing.T) {
	var encodes, runs atomic.Int64
	c := fakeCodec{encodes: &encodes, lossy: true, version: 1}
	img := testImages(t, [2]int{32, 32})[0]
	p, err := picture.Open(img.Path)
	if err != nil {
		t.Fatal(err)
	}
	var all []*Run
	for q := 1; q <= 8; q++ {
		r, err := EncodePicture(context.Background(), c, p, codecs.EncodeOptions{Params: codecs.Params{}.WithQ(float64(q))})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	limit := all[5].BPP
	run, params, err := Search(context.Background(), c, p, nil, Target{BPP: limit + 0.001}, nil)
	if err != nil || run.BPP > limit+0.001 || run.Bytes != all[5].Bytes || run.Decoded == nil {
		t.Errorf("at most %g bpp: %v %v %v", limit, params, run, err)
	}
	_, _, err = Search(context.Background(), c, p, nil, Target{BPP: 0.01}, nil)
	if err == nil || !strings.Contains(err.Error(), "smallest file") {
		t.Errorf("unreachable rate: %v", err)
	}
	run, params, err = Search(context.Background(), c, p, nil, Target{Metric: mse{&runs}, Value: 30}, nil)
	if err != nil || params["q"] == "8" {
		t.Fatalf("mse 30: %v %v", params, err)
	}
	pair, err := metrics.NewPair(run.Reference, run.Decoded)
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := (mse{&runs}).Compare(context.Background(), pair); v > 30 {
		t.Errorf("mse 30 was asked for, %g came", v)
	}
}
