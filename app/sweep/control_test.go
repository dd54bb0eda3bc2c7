package sweep

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// noted is an executor that notes what it is given, and may wait.
type noted struct {
	mu   sync.Mutex
	jobs []string
	gate chan struct{} // nil: it does not wait
	name map[string]string
}

func (n *noted) Execute(ctx context.Context, job Job) (*Outcome, error) {
	n.mu.Lock()
	n.jobs = append(n.jobs, n.name[job.Image]+" "+job.Spec)
	n.mu.Unlock()
	if n.gate != nil {
		select {
		case <-n.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return &Outcome{Bytes: 1}, nil
}

func (n *noted) list() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.jobs)
}

// plannedRun has two curves of two points on two pictures, a and b.
func plannedRun() (*Result, *noted) {
	r := &Result{Plan: Plan{Images: []Image{{Name: "a", Hash: "1", Width: 2, Height: 2}, {Name: "b", Hash: "2", Width: 2, Height: 2}}}}
	for _, id := range []string{"x", "y"} {
		row := Row{Spec: Spec{Codec: id}, Qualities: []float64{1, 2}}
		for range 2 {
			row.Cells = append(row.Cells, make([]*Outcome, 2))
		}
		r.Rows = append(r.Rows, row)
	}
	return r, &noted{name: map[string]string{"1": "a", "2": "b"}}
}

func TestControlOrder(t *testing.T) {
	for _, test := range []struct {
		rows  []int
		byRow bool
		want  string
	}{
		{nil, false, "a x:1, a x:2, a y:1, a y:2, b x:1, b x:2, b y:1, b y:2"},
		{[]int{1}, false, "a y:1, a y:2, a x:1, a x:2, b y:1, b y:2, b x:1, b x:2"},
		{[]int{1, 0}, true, "a y:1, a y:2, b y:1, b y:2, a x:1, a x:2, b x:1, b x:2"},
		{[]int{7, 0}, true, "a x:1, a x:2, b x:1, b x:2, a y:1, a y:2, b y:1, b y:2"},
	} {
		r, ex := plannedRun()
		k := &Control{}
		k.SetOrder(test.rows, test.byRow)
		if err := r.Steered(t.Context(), ex, 1, k, nil); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(ex.list(), ", "); got != test.want {
			t.Errorf("rows %v, by row %t: %s", test.rows, test.byRow, got)
		}
	}
}

func TestControlLeavesOut(t *testing.T) {
	r, ex := plannedRun()
	k := &Control{}
	var last Event
	err := r.Steered(t.Context(), ex, 1, k, func(e Event) {
		last = e
		if e.Done == 1 {
			go k.LeaveImage(1) // events hold the lock of the count, which it needs too
			for left := k.left(); left > 3; left = k.left() {
				time.Sleep(time.Millisecond)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ex.list(), ", "); got != "a x:1, a x:2, a y:1, a y:2" || last.Done != 4 || k.Total() != 4 {
		t.Errorf("%s; the last event is %+v", got, last)
	}
}

// left is how many jobs have not begun.
func (k *Control) left() (n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, list := range k.pending {
		n += len(list)
	}
	return n
}

func TestControlPause(t *testing.T) {
	r, ex := plannedRun()
	ex.gate = make(chan struct{})
	k := &Control{}
	began := make(chan struct{}, 100)
	k.OnChange = func() { began <- struct{}{} }
	ended := make(chan error, 1)
	go func() { ended <- r.Steered(t.Context(), ex, 2, k, nil) }()
	<-began
	<-began
	if n := len(k.Running()); n != 2 {
		t.Errorf("%d jobs run", n)
	}
	k.Pause(true)
	close(ex.gate) // the two that run end
	for len(k.Running()) > 0 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond)
	if n := len(ex.list()); n != 2 || !k.Paused() {
		t.Errorf("%d jobs began before and in a pause", n)
	}
	k.Pause(false)
	if err := <-ended; err != nil || len(ex.list()) != 8 {
		t.Errorf("after the pause: %v, %d jobs", err, len(ex.list()))
	}
}

// A pause does not keep a cancelled sweep from ending.
func TestControlPauseCancel(t *testing.T) {
	r, ex := plannedRun()
	k := &Control{}
	k.Pause(true)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Steered(ctx, ex, 2, k, nil) }()
	cancel()
	if err := <-ended; err == nil || len(ex.list()) != 0 {
		t.Errorf("a cancelled pause ends with %v after %d jobs", err, len(ex.list()))
	}
}

// What cached results took says how long others of their curve will take; a curve of
// which nothing is known makes the estimate unsure.
func TestClock(t *testing.T) {
	r, _ := plannedRun()
	cells := r.order()
	k := newClock(r, cells, 1)
	k.done(cell{0, 0, 0}, 2*time.Second, &Outcome{})
	if all, _, unsure := k.remaining(); !unsure || all != 14*time.Second {
		t.Errorf("%v left, unsure %t", all, unsure)
	}
	k.done(cell{1, 0, 0}, time.Millisecond, &Outcome{Cached: true, EncodeMS: 900, DecodeMS: 100})
	all, rows, unsure := k.remaining()
	if unsure || all != 9*time.Second || rows[0] != 6*time.Second || rows[1] != 3*time.Second {
		t.Errorf("%v left, %v, unsure %t", all, rows, unsure)
	}
}
