package workbench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// Phase is what a candidate's run is doing.
type Phase int

// The phases of a run, in order.
const (
	Waiting Phase = iota // for its turn
	Coding               // encoding and decoding
	Matching
	Measuring
	Done
	Failed
	Cancelled // by the user, until a setting changes
)

// Run is the state of one candidate on the current picture.
type Run struct {
	Phase       Phase
	Done, Total int   // of the codec's own steps, or of the metrics; 0, 0: unknown
	Err         error // of a failed run
	// Result is the newest there is. Fresh says that it belongs to the present
	// setting; otherwise it is of an earlier one and only shown until the new comes.
	Result *Result
	Fresh  bool
	// Preview is what an encoder that works on for long has reached so far.
	Preview *picture.Picture

	notBefore time.Time // do not start earlier: the setting may still move
}

// reset marks the result as one of an earlier setting.
func (r *Run) reset() {
	r.Phase, r.Done, r.Total, r.Err, r.Fresh, r.Preview = Waiting, 0, 0, nil, false, nil
	r.notBefore = time.Time{}
}

// Result is what one candidate at one setting gave on one picture. Values grows on
// the interface's thread while metrics come in; the rest never changes.
type Result struct {
	Stream    *codecs.Stream
	Decoded   *picture.Picture
	Reference *picture.Picture // what Decoded is measured against
	Bytes     int              // of the file that holds it
	BPP       float64          // bits a pixel
	EncodeMS  float64          // 0 for compressed files
	DecodeMS  float64
	Beside    bool // the times were taken beside other work of this program
	Notes     []string
	Values    map[string]metrics.Value // by metric id

	key string

	pairOnce sync.Once
	pair     *metrics.Pair
	pairErr  error
}

// Pair returns what metrics compare; it keeps what they share.
func (r *Result) Pair() (*metrics.Pair, error) {
	r.pairOnce.Do(func() { r.pair, r.pairErr = metrics.NewPair(r.Reference, r.Decoded) })
	return r.pair, r.pairErr
}

// Ratio is how many times smaller the file is than 8-bit samples of the picture's
// channels (three, one for grey, one more with alpha).
func (r *Result) Ratio() float64 {
	channels := 3
	if r.Reference.Gray() {
		channels = 1
	}
	if r.Reference.Alpha() {
		channels++
	}
	return float64(r.Reference.Pixels()*channels) / float64(r.Bytes)
}

func (r *Result) cacheKey() string { return r.key }

// size is the memory that the cache counts for a result.
func (r *Result) size() int64 {
	n := int64(1024)
	if r.Decoded != nil {
		n += int64(4 * r.Decoded.Pixels())
	}
	for _, s := range r.Stream.Sections {
		n += int64(len(s.Payload))
	}
	return n
}

// slow reports whether the codec can't follow a slider.
func (r *Result) slow() bool { return r.EncodeMS+r.DecodeMS > 400 }

// Run returns the state of a candidate's run; never nil.
func (w *Workbench) Run(number int) *Run {
	if r := w.runs[number]; r != nil {
		return r
	}
	return &Run{}
}

// Shown returns the picture to show for a slot: the original, the newest decoded
// picture, or nil where there is none yet.
func (w *Workbench) Shown(number int) *picture.Picture {
	if number == Original {
		return w.pictures.pic
	}
	r := w.Run(number)
	switch {
	case r.Preview != nil:
		return r.Preview
	case r.Result != nil:
		return r.Result.Decoded
	}
	return nil
}

// resultKey identifies all that a result depends on.
func (w *Workbench) resultKey(s Slot) string {
	if w.pictures.pic == nil {
		return ""
	}
	return w.resultKeyOn(w.pictures.pic.Hash(), s)
}

// resultKeyOn is the key of a slot's result on a picture.
func (w *Workbench) resultKeyOn(hash picture.Hash, s Slot) string {
	parts := []string{hash.String()}
	if s.File != nil {
		return strings.Join(append(parts, "file", s.File.Hash), "\n")
	}
	info, _ := w.Info(s)
	parts = append(parts, info.ID, fmt.Sprint(info.Version), info.Fingerprint(), s.Params.String())
	for _, p := range info.Params {
		if p.Kind == codecs.File || p.Kind == codecs.PicFile || p.Kind == codecs.Model {
			parts = append(parts, fileStamp(s.Params[p.Name]))
		}
	}
	return strings.Join(parts, "\n")
}

// fileStamp changes when a file does; it is empty for what is no file.
func fileStamp(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.Size(), " ", info.ModTime().UnixNano())
}

func hashBytes(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// code encodes and decodes, or only decodes a compressed file.
func code(ctx context.Context, c codecs.Codec, s Slot, p *picture.Picture, o codecs.EncodeOptions) (*Result, error) {
	if s.File == nil {
		run, err := sweep.EncodePicture(ctx, c, p, o)
		if err == nil {
			err = run.DecodePicture(ctx, c)
		}
		if err != nil {
			return nil, err
		}
		return newResult(run), nil
	}
	start := time.Now()
	out, err := c.Decode(ctx, s.File.Stream, codecs.DecodeOptions{})
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", s.File.Name, err)
	}
	d := out.Picture
	if d.Width() != p.Width() || d.Height() != p.Height() {
		return nil, fmt.Errorf("%s holds %d × %d pixels, the current picture has %d × %d",
			s.File.Name, d.Width(), d.Height(), p.Width(), p.Height())
	}
	reference := p
	if p.Alpha() && !d.Alpha() {
		reference = p.OnWhite()
	}
	return &Result{Stream: s.File.Stream, Decoded: d, Reference: reference, Bytes: s.File.Bytes,
		BPP: 8 * float64(s.File.Bytes) / float64(p.Pixels()), DecodeMS: milliseconds(time.Since(start)),
		Notes: out.Warnings, Values: map[string]metrics.Value{}}, nil
}

func newResult(run *sweep.Run) *Result {
	return &Result{Stream: run.Stream, Decoded: run.Decoded, Reference: run.Reference, Bytes: run.Bytes, BPP: run.BPP,
		EncodeMS: milliseconds(run.Encode), DecodeMS: milliseconds(run.Decode), Notes: run.Notes,
		Values: map[string]metrics.Value{}}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
