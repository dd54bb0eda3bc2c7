package workbench

import (
	"context"
	"errors"
	"image"
	"strings"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

// rows is a codec whose file has a section for each half of the picture's rows, each with
// a grey level a row.
type rows struct{}

func (rows) Info() codecs.Info {
	return codecs.Info{ID: "rows", Name: "rows", Version: 1, Resilient: true,
		Quality:  &codecs.Quality{Min: 1, Max: 2, Step: 1, Default: 1},
		Sections: []codecs.SectionKind{{Kind: 1, Name: "levels", Part: "half"}}}
}

func (rows) Encode(_ context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	s := &codecs.Stream{Codec: "rows", Width: p.Width(), Height: p.Height()}
	for half := range 2 {
		var payload []byte
		for y := half * p.Height() / 2; y < (half+1)*p.Height()/2; y++ {
			payload = append(payload, p.RGB8().NRGBAAt(0, y).R&^byte(o.Params.Int("q")))
		}
		s.Sections = append(s.Sections, container.Section{Kind: 1, Part: uint64(half), Payload: payload})
	}
	return s, nil
}

var errEdit = errors.New("no such row")

func (rows) Decode(_ context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	img := image.NewNRGBA(image.Rect(0, 0, s.Width, s.Height))
	var levels []byte
	out := &codecs.Result{}
	for i, sec := range s.Sections {
		payload := sec.Payload
		if sec.Damaged {
			out.Warnings = append(out.Warnings, "a half is lost")
			payload = make([]byte, (i+1)*s.Height/2-i*s.Height/2)
		}
		levels = append(levels, payload...)
	}
	for _, e := range o.Edits {
		if e.Y >= len(levels) {
			return nil, errEdit
		}
		levels[e.Y] = byte(e.Value)
	}
	for i := range img.Pix {
		v := levels[i/img.Stride]
		if len(o.Off) > 0 || o.UpTo == 1 && i/img.Stride >= s.Height/2 {
			v = 0
		}
		if i%4 == 3 {
			v = 255
		}
		img.Pix[i] = v
	}
	var err error
	out.Picture, err = picture.New(img, false, false, picture.Source{})
	return out, err
}

func (rows) Inspect(_ context.Context, s *codecs.Stream, _ *picture.Picture) (*codecs.Trace, error) {
	var levels []byte
	for _, sec := range s.Sections {
		levels = append(levels, sec.Payload...)
	}
	return &codecs.Trace{
		Places:   []codecs.Place{{Part: 0, Rect: image.Rect(0, 0, s.Width, s.Height/2)}, {Part: 1, Rect: image.Rect(0, s.Height/2, s.Width, s.Height)}, {Part: 9}},
		Switches: []codecs.Switch{{ID: "levels", Name: "Levels"}}, Steps: []string{"the upper half", "all"},
		Symbols: []codecs.Symbols{{ID: "levels", Width: 1, Height: s.Height, Scale: 1, Max: 255,
			At: func(_, y int) []int { return []int{int(levels[y])} }}},
	}, nil
}

// openInside returns a workbench that looks into a file of the codec rows.
func openInside(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, Config{}, rows{})
	b.Start(nil)
	b.settle()
	b.LookInto(2)
	b.LoadInside()
	b.until("the inside", func() bool { return b.Inside().Number == 2 && !b.Inside().Loading })
	return b
}

func (b *bench) decoded() Altered {
	b.t.Helper()
	b.until("the decode", func() bool { return !b.Redecoding() })
	return b.Inside().Altered
}

func TestChangesFollow(t *testing.T) {
	b := openInside(t)
	in := b.Inside()
	if sum := in.Parts[0].Bytes + in.Parts[1].Bytes + in.Parts[2].Bytes; sum != in.Bytes || len(in.Places[0]) != 0 || in.Places[2][0].Min.Y != 24 {
		t.Fatalf("parts %v of %d bytes lie at %v", in.Parts, in.Bytes, in.Places)
	}
	level := func(p *picture.Picture, y int) int { return int(p.RGB8().NRGBAAt(3, y).R) }
	b.SwitchPart("levels", false)
	if a := b.decoded(); level(a.Picture, 5) != 0 || a.Bytes != 48 || !(a.PSNR < in.PSNR) {
		t.Errorf("without levels, %d bytes are left out and row 5 is %d, %.2f dB of %.2f", a.Bytes, level(a.Picture, 5), a.PSNR, in.PSNR)
	}
	b.SwitchPart("levels", true)
	b.DecodeUpTo(1)
	if a := b.decoded(); level(a.Picture, 40) != 0 || level(a.Picture, 5) != level(in.Picture, 5) {
		t.Error("the first step is not the upper half")
	}
	b.DecodeUpTo(2)
	if b.Changes().Any() {
		t.Errorf("all steps are a change: %+v", b.Changes())
	}
	s := in.Symbols[0]
	b.ReplaceSymbol(s, 0, 7, 0, 999)
	if a := b.decoded(); level(a.Picture, 7) != 255 {
		t.Errorf("a replaced level is %d", level(a.Picture, 7))
	}
	b.ReplaceSymbol(s, 0, 7, 0, s.At(0, 7)[0])
	if b.Changes().Any() {
		t.Error("the file's own symbol is a change")
	}
}

func TestDamageFollows(t *testing.T) {
	b := openInside(t)
	b.DamagePart(2)
	if a := b.decoded(); len(a.Warnings) != 1 || a.Warnings[0] != "a half is lost" || a.Err != nil {
		t.Errorf("a damaged half gives %q, %v", a.Warnings, a.Err)
	}
	b.TrustDamage(true)
	a := b.decoded()
	if len(a.Warnings) != 1 || !strings.Contains(a.Warnings[0], "not heeded") {
		t.Errorf("damage that is trusted gives %q", a.Warnings)
	}
	if at := b.Changes().Bytes[0]; b.Inside().PartAt(at.Offset) != 2 || a.Picture.RGB8().NRGBAAt(0, 24+at.Offset-(b.Inside().Bytes-24)).R != at.Value {
		t.Errorf("byte %+v does not show", at)
	}
	b.ResetChanges()
	b.DamagePart(0)
	if a := b.decoded(); a.Err == nil || a.Picture != nil {
		t.Error("a damaged head is decoded")
	}
	b.ResetChanges()
	if a := b.decoded(); a.Err != nil || b.Changes().Any() {
		t.Errorf("after a reset: %v, %+v", a.Err, b.Changes())
	}
}

// Undo takes changes back one by one; another quality keeps what still makes sense.
func TestChangesUndo(t *testing.T) {
	b := openInside(t)
	b.SwitchPart("levels", false)
	b.DamagePart(1)
	b.DamagePart(1)
	if n := len(b.Changes().Bytes); n != 2 {
		t.Fatalf("%d bytes are changed", n)
	}
	b.Undo()
	b.LoadInside()
	if c := b.Changes(); len(c.Bytes) != 1 || len(c.Off) != 1 {
		t.Errorf("after undo: %+v", c)
	}
	b.settle()
	b.SetParam(2, "q", "1")
	b.settle()
	b.LoadInside()
	b.until("the other file", func() bool { return !b.Inside().Loading })
	if c := b.Changes(); len(c.Bytes) != 0 || len(c.Off) != 1 {
		t.Errorf("with another quality: %+v", c)
	}
	b.until("its decode", func() bool { return b.Inside().Altered.Picture != nil })
	b.Undo()
	b.settle()
	b.LoadInside()
	b.until("the first file", func() bool { return !b.Inside().Loading })
	if c := b.Changes(); len(c.Bytes) != 1 {
		t.Errorf("back at the first quality: %+v", c)
	}
}
