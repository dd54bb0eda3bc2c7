// Package codecs defines what a codec is: a description (Info), an encoder from
// a picture to a Stream, a decoder back, and optional abilities found by type
// assertion. It knows no concrete codec; package main lists them.
//
// A codec is added by writing one package with a type that satisfies Codec and
// naming it in the program's list. Its controls, command-line flags and sweep
// grid are generated from Info.
package codecs

import (
	"context"
	"fmt"

	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

// Codec turns pictures into streams and back. Implementations are stateless and
// safe for concurrent use.
type Codec interface {
	Info() Info
	// Encode compresses p. The codec has already been told by Prepare whether it
	// accepts p. ctx only cancels: Encode returns ctx's error within 100 ms.
	Encode(ctx context.Context, p *picture.Picture, o EncodeOptions) (*Stream, error)
	// Decode reconstructs a picture. It never panics on a stream's content.
	Decode(ctx context.Context, s *Stream, o DecodeOptions) (*Result, error)
}

// Info describes a codec. It is a value: two calls return the same.
type Info struct {
	ID      string // lower case, as on the command line: "jpeg"
	Name    string // for people: "JPEG"
	Family  string // "classical", "transform", "vector-quantized", "external", ...
	Summary string // one sentence for a newcomer
	Paper   string // source: paper or standard, with section where it helps; may be empty
	Version int    // rises when the bytes that the codec writes change

	Lossless bool
	Quality  *Quality // nil: no quality knob (lossless codecs)
	Params   []Param  // further parameters, without q
	Accepts  Accepts

	// Sections names the kinds of section in the codec's streams.
	Sections []SectionKind
	// Native is the extension of the codec's own file format (".jpg"), whose size is
	// then the rate; empty for codecs whose file is the container itself.
	Native string
	// Resilient codecs decode streams with damaged sections and warn about them.
	Resilient bool
	// Unavailable says why the codec can't run here and what would help ("install
	// libavif-bin"); empty when it can.
	Unavailable string
	// Depends names what a result depends on besides Version and the parameters: an
	// external program's version and command line. It may have to start the program
	// for that, the first time. Nil: nothing. See Fingerprint.
	Depends func() string
}

// Fingerprint identifies what a result depends on besides Version and the parameters.
// It enters cache keys and records.
func (i Info) Fingerprint() string {
	if i.Depends == nil {
		return ""
	}
	return i.Depends()
}

// Quality is a codec's one quality knob, the parameter "q": higher is better.
type Quality struct {
	Min, Max, Step, Default float64
	Help                    string
	// Ladder lists the q values of a default sweep, rising; nil: eight even steps.
	Ladder []float64
}

// Values returns the q values of a default sweep, rising.
func (q Quality) Values() []float64 {
	if len(q.Ladder) > 0 {
		return q.Ladder
	}
	return q.Spread(q.Min, q.Max, 8)
}

// Spread returns n values from lo to hi, snapped to Step and the range, without repeats.
func (q Quality) Spread(lo, hi float64, n int) []float64 {
	var out []float64
	for i := range n {
		v := lo
		if n > 1 {
			v = lo + (hi-lo)*float64(i)/float64(n-1)
		}
		v = q.Snap(v)
		if len(out) == 0 || v != out[len(out)-1] {
			out = append(out, v)
		}
	}
	return out
}

// SectionKind names one kind byte of a codec's streams.
type SectionKind struct {
	Kind byte
	Name string // "header", "side", "indices", ...
	// Holds says in a word or two what is in it, where Name is a letter of the papers.
	Holds string
	Part  string // what Part counts: "tile", "slice", ...; empty where it is always 0
}

// SectionName returns the name of a kind, or its number where it is unknown.
func (i Info) SectionName(kind byte) string {
	for _, k := range i.Sections {
		if k.Kind == kind {
			return k.Name
		}
	}
	return fmt.Sprintf("kind %d", kind)
}

// Accepts bounds what a codec can encode. Zero values mean no bound beyond picture's.
type Accepts struct {
	MinSide, MaxSide int // pixels
	MaxPixels        int
	GrayOnly         bool
	Alpha            bool // false: pictures with alpha are composited on white first
}

// Stream is a compressed picture: the content of one .cwb file.
type Stream struct {
	Codec         string // Info.ID
	Model         uint32 // hash of the model it needs; 0: none
	Width, Height int    // pixels, before any padding
	Sections      []container.Section
}

// Section returns the first section of a kind and part; ok is false if there is
// none or it is damaged.
func (s *Stream) Section(kind byte, part uint64) (payload []byte, ok bool) {
	for _, sec := range s.Sections {
		if sec.Kind == kind && sec.Part == part {
			return sec.Payload, !sec.Damaged
		}
	}
	return nil, false
}

// NativeSection is the kind of the one section that holds a native file.
const NativeSection byte = 1

// NativeStream wraps a codec's native file (a .jpg's bytes) in a Stream.
func NativeStream(id string, width, height int, file []byte) *Stream {
	return &Stream{Codec: id, Width: width, Height: height,
		Sections: []container.Section{{Kind: NativeSection, Payload: file}}}
}

// Native returns the native file inside a Stream of a codec with Info.Native.
func (s *Stream) Native() ([]byte, error) {
	file, ok := s.Section(NativeSection, 0)
	if !ok {
		return nil, fmt.Errorf("the %s file inside is missing or damaged", s.Codec)
	}
	return file, nil
}

// EncodeOptions steer an encoder.
type EncodeOptions struct {
	Params Params
	On     func(Progress)  // called from any goroutine; may be nil
	Finish <-chan struct{} // closed: stop improving and return a valid stream; may be nil
}

// DecodeOptions steer a decoder; the zero value decodes everything.
type DecodeOptions struct {
	On    func(Progress)
	UpTo  int      // decode only the first UpTo progressive steps; 0: all
	Edits []Edit   // symbols to replace before reconstruction
	Off   []string // parts to leave out, by section name
}

// Edit replaces one decoded symbol, for codecs with an index map.
type Edit struct {
	Part  int // level or stage
	X, Y  int // position in the index map
	Value int
}

// Progress is how far a long encode or decode has come.
type Progress struct {
	Done, Total int
	BPP, PSNR   float64          // of the best file so far; 0 where the encoder has none
	Preview     *picture.Picture // nil where the encoder has none
}

// Report calls on with done of total, if on is set.
func Report(on func(Progress), done, total int) {
	if on != nil {
		on(Progress{Done: done, Total: total})
	}
}

// Result is a decoded picture.
type Result struct {
	Picture  *picture.Picture
	Warnings []string
}

// Targeter is a codec with its own way to a rate or a metric value.
type Targeter interface {
	Target(ctx context.Context, p *picture.Picture, goal Goal, measure func(*picture.Picture) (float64, error), o EncodeOptions) (*Stream, error)
}

// Goal is what a Targeter aims at: the largest file of at most BPP, or, where
// BPP is 0, the smallest file whose measured value reaches Value.
type Goal struct {
	BPP   float64
	Value float64
	Lower bool // the metric is lower-is-better
}

// Filter improves a decoded picture (a denoiser, a learned enhancement). In a
// curve it follows a codec, and its time counts as decoding.
type Filter interface {
	Info() Info
	Apply(ctx context.Context, p *picture.Picture, params Params) (*picture.Picture, error)
}
