package classical

import (
	"context"
	"testing"

	"codecworkbench/codecs"
)

// Every byte of a native file has a name, and formats of chunks or boxes show theirs.
func TestParts(t *testing.T) {
	p := draw(t, 65, 43, false, false)
	for _, c := range all(t) {
		info := c.Info()
		s, err := c.Encode(context.Background(), p, codecs.EncodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		file, err := s.Native()
		if err != nil {
			t.Fatal(err)
		}
		list := codecs.PartsOf(c, file)
		sum := 0
		for _, part := range list {
			sum += part.Bytes
			if part.Bytes <= 0 || part.Name == "" || part.Name == "unreadable" {
				t.Errorf("%s: part %+v", info.ID, part)
			}
		}
		if sum != len(file) {
			t.Errorf("%s: %d of %d bytes are accounted for", info.ID, sum, len(file))
		}
		least := map[string]int{"jpeg": 8, "png": 4, "webp": 4, "webp-lossless": 2, "avif": 3, "jpeg2000": 4}[info.ID]
		if len(list) < least {
			t.Errorf("%s: %d parts, want %d: %v", info.ID, len(list), least, list)
		}
	}
}

func FuzzParts(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x01IDATx1234\xff\xff\xff\xffIDAT"))
	f.Add([]byte("RIFF\x10\x00\x00\x00WEBPVP8L\x03\x00\x00\x00abc"))
	f.Add([]byte("\x00\x00\x00\x08ftyp\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x14abcd\x00\x00\x00\x00free"))
	f.Add([]byte("\xff\xd8\xff\xda\x00\x02\x11\x22\xff\xd9"))
	f.Add([]byte("RIFF\x20\x00\x00\x00WEBPVP8 \x12\x00\x00\x00\x50\x00\x00\x9d\x01\x2a\x08\x00\x08\x00\x01\x02\x03\x04\x05\x06\x07\x08"))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, c := range []codecs.PartLister{jpegCodec{}, pngCodec{}, webpCodec{}, &External{}} {
			sum := 0
			for _, p := range c.Parts(file) {
				if p.Bytes <= 0 {
					t.Errorf("%T: part %+v", c, p)
				}
				sum += p.Bytes
			}
			if sum != 0 && sum != len(file) {
				t.Errorf("%T: %d of %d bytes", c, sum, len(file))
			}
		}
		webpTrace(file)
	})
}

// The head of a lossy WebP file says what the encoder was told: a better quality has a
// finer quantizer, and modes and coefficients have their places.
func TestWebPInspect(t *testing.T) {
	c := NewWebP()
	if c.Info().Unavailable != "" {
		t.Skip(c.Info().Unavailable)
	}
	last := 128
	for _, q := range []float64{5, 40, 80, 100} {
		s, err := c.Encode(context.Background(), draw(t, 130, 43, false, false), codecs.EncodeOptions{Params: codecs.Params{}.WithQ(q)})
		if err != nil {
			t.Fatal(err)
		}
		file, err := s.Native()
		if err != nil {
			t.Fatal(err)
		}
		f, err := parseVP8(file[20:])
		if err != nil {
			t.Fatal(err)
		}
		if f.width != 130 || f.height != 43 || f.quantizer >= last || f.first == 0 || f.filterLevel > 63 {
			t.Errorf("q %g: %+v after a quantizer of %d", q, f, last)
		}
		last = f.quantizer
		trace, err := c.(codecs.Inspector).Inspect(context.Background(), s, nil)
		if err != nil || len(trace.Panels) != 1 || len(trace.Places) != 2 {
			t.Errorf("q %g: a trace of %+v, %v", q, trace, err)
		}
	}
	if last != 0 {
		t.Errorf("the quantizer of the best quality is %d", last)
	}
}
