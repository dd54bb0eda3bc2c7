package refine

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
)

// Any number of iterations lowers what it says it lowers, measured by whole pictures.
func TestLowersTheCost(t *testing.T) {
	for _, name := range []string{"tiny", "tiny-gdn"} {
		m := loadModel(t, "../hyperprior/testdata/"+name+".safetensors")
		for _, size := range [][2]int{{1, 1}, {17, 31}, {130, 70}, {40, 3}} {
			for _, gray := range []bool{false, true} {
				for _, n := range []int{1, 12} {
					p := m.problem(t, size[0], size[1], gray)
					before := m.cost(t, p)
					if err := Run(context.Background(), m.decoder, p, Options{Iterations: n}); err != nil {
						t.Fatal(err)
					}
					if after := m.cost(t, p); after > before || n == 12 && size[0] == 130 && after > 0.97*before {
						t.Errorf("%s, %v, gray %v, %d iterations: J is %g after %g", name, size, gray, n, after, before)
					}
				}
			}
		}
	}
}

// Where symbols tell how others are coded, what Run leaves is what an encoder codes: each
// latent at a distance from its mean that is a whole number, the means those of its symbols.
func TestLowersTheCostWithContexts(t *testing.T) {
	m := newTiny(t)
	for _, width := range []int{130, 1050} {
		p := m.problem(t, width, 400, false)
		m.leftTells(p)
		if err := p.predict(context.Background(), p.Layout.Whole()); err != nil {
			t.Fatal(err)
		}
		before := m.cost(t, p)
		o := Options{Iterations: 6}
		if err := Run(context.Background(), m.decoder, p, o); err != nil {
			t.Fatal(err)
		}
		if after := m.cost(t, p); after > 0.995*before {
			t.Errorf("%d wide: J is %g after %g", width, after, before)
		}
		for i, v := range p.Y.Data {
			means, tables := p.At(i/m.channels%p.Y.W, i/m.channels/p.Y.W)
			d := float64(v) - float64(means[i%m.channels])/MeanUnit
			if !p.Skip[tables[i%m.channels]] && math.Abs(d-math.Round(d)) > 1e-4 {
				t.Fatalf("%d wide: latent %d is %g from its mean", width, i, d)
			}
		}
	}
}

// Windows of a large picture add up: what each believes to have gained is what the picture
// has gained.
func TestWindowsAddUp(t *testing.T) {
	m := newTiny(t)
	m.windowsAddUp(t, m.problem(t, 2*512+50, 400, false))
}

func (m *tiny) windowsAddUp(t *testing.T, p *Problem) {
	t.Helper()
	s := newState(m.decoder)
	s.begin(p)
	all := windows(p.Layout, m.decoder.reach)
	if len(all) != 3 {
		t.Fatalf("%d windows, expected 3", len(all))
	}
	total := m.cost(t, p)
	for _, w := range all {
		if err := s.enter(context.Background(), w); err != nil {
			t.Fatal(err)
		}
		before := s.best
		if err := s.descend(context.Background(), Options{Iterations: 3}, 0, 9); err != nil {
			t.Fatal(err)
		}
		after := m.cost(t, p)
		if gain := before - s.best; !near(total-gain, after) || gain <= 0 {
			t.Errorf("a window gains %g, the picture %g", gain, total-after)
		}
		total = after
	}
}

func TestSameBitsOnAnyCores(t *testing.T) {
	m := newTiny(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var want []float32
	for _, cores := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(cores)
		p := m.problem(t, 130, 70, false)
		if err := Run(context.Background(), m.decoder, p, Options{Iterations: 9}); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = p.Y.Data
		} else if !slices.Equal(want, p.Y.Data) {
			t.Errorf("latents on %d cores differ from those on one", cores)
		}
	}
}

// A run that is told to finish ends soon and has gained; progress and improvements are told.
func TestFinish(t *testing.T) {
	m := newTiny(t)
	p := m.problem(t, 130, 70, false)
	before := m.cost(t, p)
	finish := make(chan struct{})
	calls, better := 0, 0
	o := Options{Iterations: 1000, Finish: finish,
		On: func(done, total int) {
			if calls++; done != calls || total != 1000 {
				t.Errorf("call %d: %d of %d", calls, done, total)
			}
			if done == 20 {
				close(finish)
			}
		},
		Better: func() error {
			better++
			if j := m.cost(t, p); j >= before {
				t.Errorf("told of better latents with J %g after %g", j, before)
			} else {
				before = j
			}
			return nil
		}}
	if err := Run(context.Background(), m.decoder, p, o); err != nil {
		t.Fatal(err)
	}
	if calls != 20+finishing || better == 0 {
		t.Errorf("%d iterations and %d improvements after a finish at 20", calls, better)
	}
}

func TestCancelKeepsTheBest(t *testing.T) {
	m := newTiny(t)
	p := m.problem(t, 130, 70, false)
	before := m.cost(t, p)
	ctx, cancel := context.WithCancel(context.Background())
	o := Options{Iterations: 100, On: func(done, _ int) {
		if done == 10 {
			cancel()
		}
	}}
	if err := Run(ctx, m.decoder, p, o); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run ends with %v", err)
	}
	if j := m.cost(t, p); j >= before {
		t.Errorf("J %g before and %g after a cancelled run of ten iterations", before, j)
	}
}

// Latents that are no numbers, or huge, come from broken models: they cost, but don't hurt.
func TestStrangeLatents(t *testing.T) {
	m := newTiny(t)
	p := m.problem(t, 40, 40, false)
	for i := range p.Y.Data {
		switch i % 7 {
		case 0:
			p.Y.Data[i] = float32(math.NaN())
		case 1:
			p.Y.Data[i] = float32(math.Inf(1 - i%2*2))
		case 2:
			p.Y.Data[i] = 1e30
		}
	}
	if err := Run(context.Background(), m.decoder, p, Options{Iterations: 3}); err != nil {
		t.Fatal(err)
	}
}

func TestRefusesWhatDoesNotFit(t *testing.T) {
	m := newTiny(t)
	for name, spoil := range map[string]func(p *Problem){
		"latents": func(p *Problem) { p.Y = nn.NewTensor(1, 1, m.channels) },
		"picture": func(p *Problem) { p.Picture = scene(t, 8, 8, false) },
		"gain":    func(p *Problem) { p.Gain = 0 },
		"lambda":  func(p *Problem) { p.Lambda = math.NaN() },
		"tables":  func(p *Problem) { p.Skip = p.Skip[1:] },
		"map":     func(p *Problem) { p.Map = &latent.Map{Q: []int{500}, Index: make([]uint8, 3)} },
	} {
		p := m.problem(t, 40, 40, false)
		spoil(p)
		if err := Run(context.Background(), m.decoder, p, Options{Iterations: 1}); err == nil {
			t.Errorf("%s that don't fit are taken", name)
		}
	}
	if _, err := NewDecoder(m.analysis, 3); err == nil {
		t.Error("an analysis is taken for a synthesis")
	}
}
