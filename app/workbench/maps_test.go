package workbench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/metrics"
)

// differs is a metric whose maps take as long as a test wants.
type differs struct {
	rmse
	lower   bool
	calls   *atomic.Int32 // of Compare
	maps    *atomic.Int32
	stopped *atomic.Int32 // maps that were cancelled
	wait    *atomic.Int64 // nanoseconds a map
	fail    error
}

func newDiffers(id string) *differs {
	return &differs{rmse: rmse{id}, calls: new(atomic.Int32), maps: new(atomic.Int32), stopped: new(atomic.Int32), wait: new(atomic.Int64)}
}

func (d *differs) Info() metrics.Info {
	info := d.rmse.Info()
	info.Lower = d.lower
	return info
}

func (d *differs) Compare(ctx context.Context, p *metrics.Pair) (float64, error) {
	d.calls.Add(1)
	return d.rmse.Compare(ctx, p)
}

func (d *differs) MapKinds() []metrics.MapKind {
	return []metrics.MapKind{{ID: "first", Name: "First", Good: 0, Bad: 9}, {ID: "second", Name: "Second", Good: 1, Bad: 0}}
}

func (d *differs) Map(ctx context.Context, p *metrics.Pair, kind string) (*metrics.Map, error) {
	d.maps.Add(1)
	if wait := d.wait.Load(); wait > 0 {
		select {
		case <-time.After(time.Duration(wait)):
		case <-ctx.Done():
			d.stopped.Add(1)
			return nil, ctx.Err()
		}
	}
	if d.fail != nil {
		return nil, d.fail
	}
	m := &metrics.Map{Width: p.Width(), Height: p.Height(), Step: 1, Values: make([]float32, p.Width()*p.Height())}
	a, b := p.Ref().RGB8().Pix, p.Dist().RGB8().Pix
	for i := range m.Values {
		m.Values[i] = float32(int(a[4*i]) - int(b[4*i]))
	}
	return m, nil
}

func mapBench(t *testing.T, d *differs, list ...codecs.Codec) *bench {
	t.Helper()
	b := newBench(t, Config{Tools: sweep.Tools{Metrics: registryOf(t, rmse{"psnr-rgb"}, rmse{"ms-ssim-rgb"}, d)}}, list...)
	b.Start(nil)
	b.SetMatch(Match{})
	b.settle()
	return b
}

// Maps are computed only in their mode, for both shown candidates, and kept: going
// back to a setting, another kind or another mode computes nothing again.
func TestMaps(t *testing.T) {
	d := newDiffers("where")
	b := mapBench(t, d, &bits{id: "one"}, &bits{id: "two"})
	if d.maps.Load() != 0 {
		t.Error("a map was computed that nobody looks at")
	}
	if v := b.ViewSettings().Map; v.Metric != "where" || v.Kind != "first" {
		t.Fatalf("the chosen map is %+v", v)
	}
	b.SetMode(Mapped)
	b.settle()
	for _, n := range []int{2, 3} {
		m, ok := b.Map(n)
		if !ok || !m.Fresh || m.Err != "" || m.Kind.ID != "first" || m.Under != b.Run(n).Result.Decoded {
			t.Fatalf("slot %d: %+v %v", n, m, ok)
		}
		want := int(b.Picture().RGB8().Pix[4*7]) - int(m.Under.RGB8().Pix[4*7])
		if v, _ := m.At(7, 0); v != float32(want) {
			t.Errorf("slot %d: value %v at 7,0, want %d", n, v, want)
		}
	}
	if _, ok := b.Map(Original); ok {
		t.Error("the original has a map")
	}
	b.SetParam(3, "q", "6")
	b.settle()
	b.NextMap(1)
	b.settle()
	if m, _ := b.Map(3); m.Kind.ID != "second" {
		t.Errorf("the next kind is %q", m.Kind.ID)
	}
	computed := d.maps.Load()
	b.SetMap("where", "first")
	b.SetParam(3, "q", "2")
	b.SetMode(Split)
	b.SetMode(Mapped)
	b.settle()
	if m, ok := b.Map(3); !ok || !m.Fresh || d.maps.Load() != computed {
		t.Errorf("going back computed %d maps", d.maps.Load()-computed)
	}
}

// The map that is shown is saved as a picture with its legend or as numbers.
func TestSaveMap(t *testing.T) {
	d := newDiffers("where")
	b := mapBench(t, d, &bits{id: "one"})
	if _, err := b.SaveName(2, SaveMap); err == nil {
		t.Error("a map can be saved that is not shown")
	}
	b.SetMode(Mapped)
	b.settle()
	name, err := b.SaveName(2, SaveMap)
	if err != nil || !strings.HasSuffix(name, "-where-first.png") {
		t.Fatalf("proposed %q, %v", name, err)
	}
	dir := t.TempDir()
	for _, file := range []string{name, "map.npy"} {
		path := filepath.Join(dir, file)
		b.Save(2, SaveMap, path)
		b.settle()
		if info, err := os.Stat(path); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", file, err)
		}
	}
	b.Save(2, SaveMap, filepath.Join(dir, "map.xls"))
	b.settle()
	if m, _ := b.Message(); !m.Error || !strings.Contains(m.Text, ".npy") {
		t.Errorf("an unknown ending says %q", m.Text)
	}
}

// While a setting moves, the older map stays, the one for an earlier setting is
// cancelled, and the newest wins.
func TestStaleMapIsCancelled(t *testing.T) {
	d := newDiffers("where")
	b := mapBench(t, d, &bits{id: "one"}, &bits{id: "two"})
	b.SetMode(Mapped)
	b.settle()
	old, _ := b.Map(3)
	d.wait.Store(int64(time.Minute))
	b.SetParam(3, "q", "7")
	before := d.maps.Load()
	b.until("the slow map to start", func() bool { return d.maps.Load() > before })
	if running, _ := b.Mapping(3); !running {
		t.Error("a running map is not told")
	}
	if m, ok := b.Map(3); !ok || m.Fresh || m.Map != old.Map {
		t.Error("the older map does not stay until the new comes")
	}
	d.wait.Store(0)
	b.SetParam(3, "q", "5")
	b.until("the stale map to be cancelled", func() bool { return d.stopped.Load() == 1 })
	b.settle()
	if m, _ := b.Map(3); !m.Fresh || m.Under != b.Run(3).Result.Decoded {
		t.Error("the newest map did not win")
	}
}

// Another metric's map never stands under the new one's legend; leaving the mode
// cancels what runs.
func TestMapModeEnds(t *testing.T) {
	d := newDiffers("where")
	b := mapBench(t, d, &bits{id: "one"})
	b.SetMode(Mapped)
	b.settle()
	b.SetMap("where", "second")
	if _, ok := b.Map(2); ok {
		t.Error("a map of the kind before is shown as the present one")
	}
	b.settle()
	d.wait.Store(int64(time.Minute))
	b.SetParam(2, "q", "8")
	before := d.maps.Load()
	b.until("the slow map to start", func() bool { return d.maps.Load() > before })
	b.SetMode(Split)
	b.until("the map to be cancelled", func() bool { return d.stopped.Load() == 1 })
	b.settle()
}

func TestNoMapSaysWhy(t *testing.T) {
	d := newDiffers("where")
	d.fail = &metrics.Undefined{Reason: "needs sides of at least 99 pixels"}
	b := mapBench(t, d, &bits{id: "one"})
	b.SetMode(Mapped)
	b.settle()
	if m, ok := b.Map(2); !ok || m.Map != nil || m.Err != "Needs sides of at least 99 pixels." {
		t.Errorf("%+v", m)
	}
	if n := d.maps.Load(); n != 1 {
		t.Errorf("the hopeless map was tried %d times", n)
	}
	d.fail = errors.New("broken")
	b.SetParam(2, "q", "5")
	b.settle()
	if m, _ := b.Map(2); !strings.Contains(m.Err, "broken") {
		t.Errorf("a failure says %q", m.Err)
	}
	if b.Run(2).Phase != Done {
		t.Error("the candidate itself failed")
	}
	b.SetMap("psnr-rgb", "")
	if m, _ := b.Message(); !m.Error || b.ViewSettings().Map.Metric != "where" {
		t.Error("a metric without maps was chosen")
	}
}

// A metric is computed once it is chosen, not before, and only where it is seen.
func TestMetricsOnDemand(t *testing.T) {
	d := newDiffers("where")
	b := mapBench(t, d, &bits{id: "one"}, &bits{id: "two"})
	b.Add("one")
	b.settle()
	if d.calls.Load() != 0 || !slices.Equal(b.TableMetrics(), []string{"psnr-rgb", "ms-ssim-rgb"}) {
		t.Fatalf("%d measurements with a metric that nobody chose; the table has %v", d.calls.Load(), b.TableMetrics())
	}
	if !b.ToggleTableMetric("where") {
		t.Fatal("the metric was not taken in")
	}
	b.settle()
	if n := d.calls.Load(); n != 2 {
		t.Errorf("%d measurements for two shown candidates", n)
	}
	if _, ok := b.Run(3).Result.Values["where"]; ok {
		t.Error("a candidate that is not shown was measured")
	}
	b.Show(3)
	b.settle()
	if n := d.calls.Load(); n != 3 || b.Run(3).Phase != Done {
		t.Errorf("%d measurements once the third is shown", n)
	}
	b.SetTableMetrics("where", "nonsense", "psnr-rgb")
	if !slices.Equal(b.TableMetrics(), []string{"psnr-rgb", "where"}) {
		t.Errorf("the table has %v", b.TableMetrics())
	}
}

// A match by a metric that nothing shows measures the two with it.
func TestMatchByAnyMetric(t *testing.T) {
	d := newDiffers("where")
	b := mapBench(t, d, &bits{id: "one"}, &bits{id: "two"})
	b.SetParam(3, "q", "7")
	b.settle()
	b.SetMatch(Match{On: true, Metric: "where"})
	b.settle()
	left, right := b.Run(2).Result.Values["where"], b.Run(3).Result.Values["where"]
	if s, _ := b.Slot(3); s.Params["q"] != "2" || left != right || !left.Finite() {
		t.Errorf("q %s: %v beside %v", s.Params["q"], left, right)
	}
}

// Curves over another metric keep what they have, measure what they lack, and code no
// setting again that is at hand.
func TestCurvesKeepTheirValues(t *testing.T) {
	d := newDiffers("where")
	c := &bits{id: "one"}
	b := mapBench(t, d, c)
	b.SetCurveMetrics("psnr-rgb", "where")
	b.settle()
	encodes := c.encodes.Load()
	if n := d.calls.Load(); n != 8 { // the present setting lies on the curve: once for both
		t.Errorf("%d measurements for 8 points", n)
	}
	b.SetCurveMetrics("psnr-rgb", "ms-ssim-rgb")
	b.SetCurveMetrics("where", "psnr-rgb")
	b.settle()
	if c.encodes.Load() != encodes {
		t.Errorf("%d encodes for values that were there", c.encodes.Load()-encodes)
	}
	for _, p := range b.Curve(2).Finished() {
		if len(p.Values) != 7 { // two rates, two times, three metrics
			t.Errorf("a point has %v", p.Values)
		}
	}
}

// A metric that breaks down leaves the candidate and the other metrics alone.
func TestBrokenMetric(t *testing.T) {
	b := newBench(t, Config{Tools: sweep.Tools{Metrics: registryOf(t, broken{rmse{"psnr-rgb"}}, rmse{"ms-ssim-rgb"})}}, &bits{id: "one"})
	b.Start(nil)
	b.settle()
	r := b.Run(2)
	if v := r.Result.Values["psnr-rgb"]; r.Phase != Done || v.Finite() || !strings.Contains(v.Note, "Internal error") {
		t.Errorf("phase %v, value %+v", r.Phase, v)
	}
	if v := r.Result.Values["ms-ssim-rgb"]; !v.Finite() {
		t.Errorf("the other metric says %+v", v)
	}
}

type broken struct{ rmse }

func (broken) Compare(context.Context, *metrics.Pair) (float64, error) { panic("index out of range") }

func TestSessionKeepsChoices(t *testing.T) {
	d := newDiffers("where")
	d.lower = true
	config := Config{Folder: t.TempDir(), Tools: sweep.Tools{Metrics: registryOf(t, rmse{"psnr-rgb"}, rmse{"ms-ssim-rgb"}, d)}}
	b := newBench(t, config, &bits{id: "one"})
	b.Start(nil)
	b.SetMode(Mapped)
	b.SetMap("where", "second")
	b.SetMapStrength(40)
	b.SetMapSide(true)
	b.StepMapReach(-1)
	if _, kind, _ := b.MapChosen(); kind.Good != 1 || kind.Bad != 0.5 {
		t.Errorf("half the reach of 1 to 0 is %v to %v", kind.Good, kind.Bad)
	}
	b.SetTableMetrics("where")
	b.SetCurveMetrics("where", "psnr-rgb")
	b.Close()

	again := newBench(t, config, &bits{id: "one"})
	again.Start(nil)
	if v := again.ViewSettings(); v.Mode != Mapped || v.Map != (MapView{Metric: "where", Kind: "second", Strength: 40, Reach: 0.5, Side: true}) {
		t.Errorf("the view is %+v", v)
	}
	if !slices.Equal(again.TableMetrics(), []string{"where"}) || !slices.Equal(again.CurveMetrics(), []string{"where", "psnr-rgb"}) {
		t.Errorf("table %v, curves %v", again.TableMetrics(), again.CurveMetrics())
	}
	again.settle()
	for _, row := range again.Table() {
		if strings.HasPrefix(row.Name, "where") && (row.Name != "where dB ↓" || !strings.Contains(row.Help, "Lower is better.")) {
			t.Errorf("row %+v", row)
		}
	}

	// A program without that metric starts with its own choice.
	config.Tools.Metrics = nil
	other := newBench(t, config, &bits{id: "one"})
	other.Start(nil)
	if len(other.TableMetrics()) != 2 || other.CurveMetrics()[0] != "psnr-rgb" || other.ViewSettings().Map.Metric != "" {
		t.Errorf("table %v, curves %v, map %+v", other.TableMetrics(), other.CurveMetrics(), other.ViewSettings().Map)
	}
}
