package workbench

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// bits keeps the q highest bits of each sample and deflates them: a small real
// codec with whatever delay or failure a test wants.
type bits struct {
	id      string
	delay   time.Duration
	fail    func(q float64) error
	panics  bool
	encodes atomic.Int32
	ends    atomic.Int32 // encodes that were cancelled
}

func (b *bits) Info() codecs.Info {
	return codecs.Info{ID: b.id, Name: b.id, Version: 1, Native: "." + b.id,
		Quality: &codecs.Quality{Min: 1, Max: 8, Step: 1, Default: 4},
		Params:  []codecs.Param{{Name: "invert", Kind: codecs.Bool, Default: "false"}}}
}

func (b *bits) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	b.encodes.Add(1)
	if b.panics {
		panic("index out of range")
	}
	select {
	case <-time.After(b.delay):
	case <-ctx.Done():
		b.ends.Add(1)
		return nil, ctx.Err()
	}
	if b.fail != nil {
		if err := b.fail(o.Params.Q()); err != nil {
			return nil, err
		}
	}
	shift := 8 - o.Params.Int("q")
	var out bytes.Buffer
	f, err := flate.NewWriter(&out, 6)
	if err != nil {
		return nil, err
	}
	pix := bytes.Clone(p.RGB8().Pix)
	for i := range pix {
		pix[i] = pix[i] >> shift
	}
	if _, err := f.Write(pix); err != nil {
		return nil, err
	}
	f.Close()
	payload := append([]byte{byte(shift)}, out.Bytes()...)
	return codecs.NativeStream(b.id, p.Width(), p.Height(), payload), nil
}

func (b *bits) Decode(ctx context.Context, s *codecs.Stream, _ codecs.DecodeOptions) (*codecs.Result, error) {
	data, err := s.Native()
	if err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, s.Width, s.Height))
	if _, err := io.ReadFull(flate.NewReader(bytes.NewReader(data[1:])), img.Pix); err != nil {
		return nil, err
	}
	shift := data[0]
	for i := range img.Pix {
		v := int(img.Pix[i]) << shift
		if shift > 0 {
			v += 1 << (shift - 1)
		}
		img.Pix[i] = uint8(v)
	}
	p, err := picture.New(img, false, false, picture.Source{})
	return &codecs.Result{Picture: p}, err
}

// rmse is a metric that needs nothing else.
type rmse struct{ id string }

func (m rmse) Info() metrics.Info {
	return metrics.Info{ID: m.id, Name: m.id, Unit: "dB"}
}

func (m rmse) Compare(ctx context.Context, p *metrics.Pair) (float64, error) {
	ref, dist := p.Ref(), p.Dist()
	var sum float64
	a, b := ref.RGB8().Pix, dist.RGB8().Pix
	for i := range a {
		d := float64(a[i]) - float64(b[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255*float64(len(a))/sum), ctx.Err()
}

func registryOf(t *testing.T, list ...metrics.Metric) *metrics.Registry {
	t.Helper()
	r, err := metrics.NewRegistry(list)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// bench is a workbench whose posted functions run when the test pumps them.
type bench struct {
	*Workbench
	t     *testing.T
	queue chan func()
	seen  Change
}

func gradient(w, h int) *picture.Picture {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i*i/97 + i/5)
	}
	p, err := picture.New(img, false, false, picture.Source{Name: fmt.Sprintf("sample-%dx%d.png", w, h)})
	if err != nil {
		panic(err)
	}
	return p
}

func newBench(t *testing.T, config Config, list ...codecs.Codec) *bench {
	t.Helper()
	b := &bench{t: t, queue: make(chan func(), 10000)}
	registry, err := codecs.NewRegistry(list, nil)
	if err != nil {
		t.Fatal(err)
	}
	if config.Tools.Metrics == nil {
		config.Tools.Metrics = registryOf(t, rmse{"psnr-rgb"}, rmse{"ms-ssim-rgb"}, rmse{"third"})
	}
	config.Tools.Codecs = registry
	config.Post = func(f func()) { b.queue <- f }
	if config.Samples == nil {
		config.Samples = []Sample{
			{Name: "a", Open: func() (*picture.Picture, error) { return gradient(64, 48), nil }},
			{Name: "b", Open: func() (*picture.Picture, error) { return gradient(31, 17), nil }},
		}
	}
	if b.Workbench, err = New(config); err != nil {
		t.Fatal(err)
	}
	b.Observe(func(c Change) { b.seen |= c })
	t.Cleanup(b.Close)
	return b
}

// until pumps the queue until a condition holds.
func (b *bench) until(what string, ok func() bool) {
	b.t.Helper()
	limit := time.After(20 * time.Second)
	for !ok() {
		select {
		case f := <-b.queue:
			f()
		case <-time.After(5 * time.Millisecond): // conditions may change off the thread
		case <-limit:
			b.t.Fatalf("never came: %s", what)
		}
	}
}

func (b *bench) settle() {
	b.t.Helper()
	b.until("rest", b.Idle)
}

var errBroken = errors.New("broken on purpose")
