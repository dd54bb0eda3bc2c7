// Package workbench is the model behind the window: the opened pictures, the
// candidates (a codec at some setting, or a compressed file), their runs and
// measurements, the curves of the current picture, undo and the saved session.
// It knows no window toolkit.
//
// All methods of Workbench belong to one thread, the interface's. Encoding,
// decoding, measuring, reading and writing happen on other goroutines, which
// hand their results back through Config.Post; observers are then told what
// changed.
package workbench

import (
	"errors"
	"io/fs"
	"time"

	"codecworkbench/app/report"
	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// Config is what a Workbench needs from its program.
type Config struct {
	Tools   sweep.Tools
	Samples []Sample
	// Post runs f later on the interface's thread, in order; callable from any goroutine.
	Post func(f func())
	// Folder keeps the session between starts; empty: nothing is kept.
	Folder string
	// Program names the program with its version, for exported results.
	Program string
	// Published reads the published curves; nil: there are none.
	Published func() ([]report.PublishedCurve, error)
	// CacheDir keeps the results of sweeps between starts; empty: they are not kept.
	CacheDir string
	// Presets are the program's own presets, files at its top; nil: there are none.
	Presets fs.FS
	// PresetDir is the folder of the user's presets; empty: there is none.
	PresetDir string
	// CacheBytes bounds the memory of recent results; 0: 256 MiB.
	CacheBytes int64
}

// Sample is a picture that comes with the program.
type Sample struct {
	Name string
	Note string // what it is good for, in a few words
	Open func() (*picture.Picture, error)
}

// Change says what an observer has to look at again.
type Change uint

// The parts of the state that observers are told about.
const (
	Pictures   Change = 1 << iota // the list of pictures, or the current one
	Slots                         // candidates, their settings, which two are shown
	Results                       // the result of a candidate
	Curves                        // points of a curve
	Progress                      // how far running work has come
	View                          // mode, gain and map of the picture view
	Maps                          // a metric's map that is shown
	Messages                      // what is to be told to the user
	Sweeps                        // the sweep's plan or progress
	Insides                       // what the active candidate's file holds
	Placed                        // another session was opened: where the window was in it
	Blinds                        // the blind test
	Everything Change = 1<<iota - 1
)

// Mode is how pictures are shown together.
type Mode string

// The modes of the picture view.
const (
	Split   Mode = "split"   // dividers between them
	Side    Mode = "side"    // next to each other
	Flicker Mode = "flicker" // two, one after the other in place
	Diff    Mode = "diff"    // their difference to the original or to each other, amplified
	Mapped  Mode = "map"     // where a metric sees their errors, in colour
)

// Modes lists all modes in the order of the controls.
func Modes() []Mode { return []Mode{Split, Side, Flicker, Diff, Mapped} }

// Workbench is the state behind the window.
type Workbench struct {
	config Config // never written again: work on other goroutines reads it
	state
}

// state is all that the interface's thread alone reads and writes.
type state struct {
	observers []func(Change)

	pictures pictureList
	setup    Setup
	history  history
	view     ViewSettings
	messages []Message

	runs       map[int]*Run // by slot number, for the current picture
	cache      *cache[*Result]
	parked     *cache[*Result] // whose pictures are to be decoded again
	table      []string        // ids of the metrics of the table of measurements
	maps       mapping
	lane       lane
	curves     map[curveKey]*Curve
	curve      curveSettings
	library    library
	sweeping   sweeping
	inspecting inspecting
	matching   matching
	painting   painting
	blinding   blinding
	opening    int // files being read
	saver      keeper
	absent     absent
	watching   watching
	window     WindowState
	recent     []string // nil: not read yet
	closed     bool
}

// defaultCacheBytes holds some thirty decoded pictures of two megapixels.
const defaultCacheBytes = 256 << 20

// New returns a workbench without pictures; Start fills it.
func New(config Config) (*Workbench, error) {
	if config.Post == nil {
		return nil, errors.New("workbench: Config.Post is missing")
	}
	if config.Tools.Codecs == nil || config.Tools.Metrics == nil {
		return nil, errors.New("workbench: Config.Tools is missing")
	}
	if config.CacheBytes == 0 {
		config.CacheBytes = defaultCacheBytes
	}
	w := &Workbench{config: config, state: state{
		view:     defaultView(),
		runs:     map[int]*Run{},
		cache:    newCache[*Result](config.CacheBytes),
		parked:   newCache[*Result](parkedBytes),
		maps:     newMapping(),
		curves:   map[curveKey]*Curve{},
		matching: matching{last: map[int]matchGoal{}, problems: map[int]matchProblem{}},
	}}
	w.curve.metrics = w.defaultCurveMetrics()
	w.table = w.defaultTableMetrics()
	w.view.Map = w.defaultMapView()
	w.setup = Setup{Slots: []Slot{{Number: Original}}, Left: Original, Right: Original, Active: Original}
	return w, nil
}

// Observe calls f after every change, on the interface's thread.
func (w *Workbench) Observe(f func(Change)) { w.observers = append(w.observers, f) }

func (w *Workbench) notify(c Change) {
	if w.closed {
		return
	}
	for _, f := range w.observers {
		f(c)
	}
}

// Tools returns the codecs, metrics and models of the program.
func (w *Workbench) Tools() sweep.Tools { return w.config.Tools }

// Post runs f later on the interface's thread; it may be called from any goroutine.
func (w *Workbench) Post(f func()) { w.config.Post(f) }

// Samples lists the pictures that come with the program.
func (w *Workbench) Samples() []Sample { return w.config.Samples }

// touched tells observers about a change that the session keeps, and looks for
// work that follows from it.
func (w *Workbench) touched(c Change) {
	w.notify(c)
	w.keepSession()
	w.schedule()
}

// later posts f after a while, unless the workbench was closed meanwhile.
func (w *Workbench) later(d time.Duration, f func()) {
	time.AfterFunc(d, func() {
		w.config.Post(func() {
			if !w.closed {
				f()
			}
		})
	})
}

// Close cancels all work and saves the session; the workbench does nothing more.
func (w *Workbench) Close() {
	if w.closed {
		return
	}
	w.leaveFolder()
	w.closed = true
	if w.lane.task != nil {
		w.lane.task.cancel()
	}
	w.StopSweep()
	if w.inspecting.cancel != nil {
		w.inspecting.cancel()
	}
}

// codecOf returns the codec of a slot; nil for the original.
func (w *Workbench) codecOf(s Slot) codecs.Codec {
	if s.Codec == "" {
		return nil
	}
	c, err := w.config.Tools.Codecs.Codec(s.Codec)
	if err != nil {
		return nil
	}
	return c
}
