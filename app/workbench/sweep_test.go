package workbench

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"codecworkbench/app/sweep"
)

// twoPictures opens two small pictures and a plan of two curves on them.
func twoPictures(t *testing.T, delay time.Duration) *bench {
	t.Helper()
	dir := t.TempDir()
	writePNG(t, filepath.Join(dir, "a.png"), gradient(40, 40))
	writePNG(t, filepath.Join(dir, "b.png"), gradient(30, 20))
	failing := &bits{id: "bad", fail: func(q float64) error {
		if q > 6 {
			return errBroken
		}
		return nil
	}}
	b := newBench(t, Config{}, &bits{id: "one", delay: delay}, failing)
	b.StopCurves(true)
	b.Start([]string{dir})
	b.settle()
	return b
}

func (b *bench) specs() string { return strings.Join(b.Sweep().Plan.Specs, " ") }

// Curves of a plan change their range and their place.
func TestSweepPlan(t *testing.T) {
	b := twoPictures(t, 0)
	b.SetSweepRange(0, 6, 2, 3)
	if q, values, ok := b.SweepRange(0); !ok || q.Max != 8 || !slices.Equal(values, []float64{2, 4, 6}) {
		t.Errorf("the range is %v of %v, %t", values, q, ok)
	}
	b.MoveSweepRow(0, 1)
	if got := b.specs(); got != "bad one:2-6/3" {
		t.Errorf("after a move: %s", got)
	}
	if rows := b.Sweep().Rows; rows[1].Name != "one" || len(rows[1].Cells) != 3 {
		t.Errorf("rows %+v", rows)
	}
	b.MoveSweepRow(1, 1) // there is nothing below
	b.ReplaceSweepSpec(0, "one@invert=true:5")
	if got := b.specs(); got != "one@invert=true:5 one:2-6/3" {
		t.Errorf("after a change: %s", got)
	}
	b.ReplaceSweepSpec(0, "one:900")
	if m, _ := b.Message(); !m.Error {
		t.Error("a quality outside the range is taken")
	}
	b.LeaveSweepRow(0)
	if got := b.specs(); got != "one:2-6/3" {
		t.Errorf("after taking one out: %s", got)
	}
}

// A paused sweep begins nothing; its rows keep the order that they are given, and its
// curves grow on the screen Curves before it ends.
func TestSweepSteered(t *testing.T) {
	b := twoPictures(t, 20*time.Millisecond)
	b.SetSweepByRow(true)
	b.MoveSweepRow(1, -1)
	b.StartSweep()
	b.until("progress", func() bool { return b.Sweep().Done > 0 })
	b.MoveSweepRow(0, 1)
	b.PauseSweep(true)
	b.until("the running jobs' end", func() bool { return len(b.Sweep().Now) == 0 })
	done := b.Sweep().Done
	time.Sleep(60 * time.Millisecond)
	b.until("a look", func() bool { return true })
	if s := b.Sweep(); !s.Paused || !s.Running || s.Done > done || s.Rows[0].Name != "one" {
		t.Errorf("in a pause: %d done of %d before, rows %s first", s.Done, done, s.Rows[0].Name)
	}
	b.PauseSweep(false)
	grew := false
	b.until("the end", func() bool {
		grew = grew || b.Sweep().Running && len(b.Extras()) > 0
		return !b.Sweep().Running
	})
	s := b.Sweep()
	if s.Done != s.Total || s.Done != 32 || s.Rows[0].Name != "one" || s.Rows[1].Cells[7].Failed != 2 {
		t.Errorf("%d of %d done, rows %+v", s.Done, s.Total, s.Rows)
	}
	if !grew {
		t.Error("curves came only at the end")
	}
}

// Failures of one reason are one sentence, which names the picture; leaving a curve or a
// picture out shortens what is left.
func TestSweepLeavesOut(t *testing.T) {
	b := twoPictures(t, 20*time.Millisecond)
	b.StartSweep()
	b.until("rows", func() bool { return b.Sweep().Done > 0 })
	for i, r := range b.Sweep().Rows {
		if r.Name == "one" {
			b.LeaveSweepRow(i)
		}
	}
	b.until("the end", func() bool { return !b.Sweep().Running })
	s := b.Sweep()
	if s.Done != s.Total || s.Total >= 32 || s.Total < 16 {
		t.Errorf("%d of %d done", s.Done, s.Total)
	}
	if len(s.Failures) != 1 || !strings.Contains(s.Failures[0].Text, "bad at 2 qualities on 2 pictures") || s.Failures[0].Curve != "bad" {
		t.Fatalf("failures %+v", s.Failures)
	}
	b.LeaveSweepCurve("bad")
	if got := b.specs(); got != "one" {
		t.Errorf("without what fails: %s", got)
	}
	b.LeaveSweepPicture(s.Plan.Pictures[0])
	if p := b.Sweep().Plan.Pictures; len(p) != 1 || filepath.Base(p[0]) != "b.png" {
		t.Errorf("pictures %v", p)
	}
}

// Failures of one picture alone name it; those of several say how many.
func TestGroupFailures(t *testing.T) {
	q := func(v float64) *float64 { return &v }
	got := group([]sweep.Failure{
		{Spec: "a", Q: q(1), Image: "x", Message: "m"}, {Spec: "a", Q: q(2), Image: "x", Message: "m"},
		{Spec: "a", Q: q(1), Image: "y", Message: "m"}, {Spec: "b", Image: "x", Message: "m"}, {Spec: "b", Image: "y", Message: "m"},
		{Message: "gone"}, {Message: "gone"}})
	var said []string
	for _, f := range got {
		said = append(said, f.spec+f.at+" "+strings.Join(f.images, "+"))
	}
	if want := "a at 2 qualities x, a q 1 y, b x+y,  "; strings.Join(said, ", ") != want {
		t.Errorf("%q", said)
	}
}

// A plan is there again at the next start; what the program no longer has is left out.
func TestSweepPlanIsKept(t *testing.T) {
	config := Config{Folder: t.TempDir()}
	b := newBench(t, config, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	b.SetSweepRange(0, 2, 4, 2)
	b.SetSweepByRow(true)
	b.ToggleSweepMetric("third")
	b.Close()
	again := newBench(t, config, &bits{id: "one"})
	again.Start(nil)
	again.settle()
	s := again.Sweep()
	if got := strings.Join(s.Plan.Specs, " "); got != "one:2-4/2" || !s.ByRow || !s.FromWindow || !slices.Contains(s.Plan.Metrics, "third") {
		t.Errorf("the plan is %s, %+v", got, s.Plan)
	}
}

// The plan is taken back by undo, step by step; of a running sweep it stays.
func TestSweepPlanUndo(t *testing.T) {
	b := twoPictures(t, 0)
	first := b.Sweep().Plan
	b.SetSweepRange(0, 6, 2, 3)
	b.MoveSweepRow(0, 1)
	b.ToggleSweepMetric("third")
	b.SetSweepPictures(first.Pictures[:1])
	for i, want := range []func(s Sweep) bool{
		func(s Sweep) bool { return s.FromWindow && len(s.Plan.Pictures) == 2 },
		func(s Sweep) bool { return slices.Equal(s.Plan.Metrics, first.Metrics) },
		func(s Sweep) bool { return strings.Join(s.Plan.Specs, " ") == "one:2-6/3 bad" },
		func(s Sweep) bool { return slices.Equal(s.Plan.Specs, first.Specs) },
	} {
		b.Undo()
		if s := b.Sweep(); !want(s) {
			t.Errorf("undo %d gives %+v", i, s.Plan)
		}
	}
	b.Redo()
	if got := b.specs(); got != "one:2-6/3 bad" {
		t.Errorf("redo gives %s", got)
	}
	b.StartSweep()
	b.Undo()
	if got := b.specs(); got != "one:2-6/3 bad" {
		t.Errorf("undo during a sweep gives %s", got)
	}
	b.until("the end", func() bool { return !b.Sweep().Running })
	b.MoveSweepRow(0, 1)
	if s := b.Sweep(); s.Done == 0 || s.Rows[1].Name != "one" {
		t.Errorf("another order forgets what is done: %+v", s.Rows)
	}
}

// A finished cell opens its setting: of the candidate that has it, or of a new one.
func TestOpenSweepCell(t *testing.T) {
	b := twoPictures(t, 0)
	b.AddSweepSpec("one@invert=true:3+5")
	b.StartSweep()
	b.until("the end", func() bool { return !b.Sweep().Running })
	if !b.OpenSweepCell(0, 4) {
		t.Fatal("a cell does not open")
	}
	if s, _ := b.Slot(b.Setup().Active); s.Number != 2 || s.Params["q"] != b.Sweep().Rows[0].Cells[4].Q {
		t.Errorf("it opens %+v", s)
	}
	if !b.OpenSweepCell(2, 1) {
		t.Fatal("a curve with parameters does not open")
	}
	if s, _ := b.Slot(b.Setup().Active); s.Number != 4 || s.Params["invert"] != "true" || s.Params["q"] != "5" {
		t.Errorf("it opens %+v", s)
	}
	if b.OpenSweepCell(9, 0) || b.OpenSweepCell(0, 99) {
		t.Error("a cell that is not there opens")
	}
}
