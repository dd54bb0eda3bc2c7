package codecs

import (
	"testing"

	"codecworkbench/codecs/container"
)

// partly is a native codec whose files are three bytes of header and the rest data.
type partly struct {
	Codec
	native string
	known  bool
}

func (p partly) Info() Info {
	return Info{ID: "partly", Native: p.native, Sections: []SectionKind{{Kind: 1, Name: "header"}, {Kind: 2, Name: "latents"}}}
}

func (p partly) Parts(file []byte) []Part {
	if !p.known {
		return nil
	}
	return []Part{{Name: "header", Bytes: 3}, {Name: "data", Bytes: len(file) - 3, Coded: true}}
}

func TestPayloadSize(t *testing.T) {
	native := NativeStream("partly", 1, 1, make([]byte, 10))
	own := &Stream{Codec: "partly", Sections: []container.Section{{Kind: 1, Payload: make([]byte, 5)}, {Kind: 2, Payload: make([]byte, 40)}}}
	for _, tt := range []struct {
		codec partly
		s     *Stream
		want  int
	}{
		{partly{native: ".p", known: true}, native, 7},
		{partly{native: ".p"}, native, 10},
		{partly{}, own, 40},
	} {
		if got, err := PayloadSize(tt.codec, tt.s); err != nil || got != tt.want {
			t.Errorf("%+v: %d, %v; want %d", tt.codec, got, err, tt.want)
		}
	}
	if _, err := PayloadSize(partly{native: ".p"}, &Stream{}); err == nil {
		t.Error("a stream without its native file has a payload")
	}
}
