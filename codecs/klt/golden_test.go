package klt

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"hash"
	"os"
	"slices"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/photos"
)

var update = flag.Bool("update", false, "write the golden files anew")

const goldenFile = "testdata/golden.cwb"

// registry lists the codec for container files.
func registry(t *testing.T, c codecs.Codec) *codecs.Registry {
	t.Helper()
	r, err := codecs.NewRegistry([]codecs.Codec{c}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// hasher hashes every residual that a decoder reads.
type hasher struct {
	*decoder
	sum hash.Hash
}

func (h *hasher) code(plane, block, k, table int, pred int32) int32 {
	q := h.decoder.code(plane, block, k, table, pred)
	_ = binary.Write(h.sum, binary.LittleEndian, [2]int32{q, pred})
	return q
}

// symbolHash identifies all symbols and predictions of a stream.
func symbolHash(t *testing.T, c *Codec, s *codecs.Stream) string {
	t.Helper()
	f, err := c.open(s)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for i, span := range f.spans {
		out := newCoefficients(f.planes, f.wide*span.high)
		d := &decoder{m: f.model, in: entropy.NewDecoder(f.data[i]), out: &out}
		if err := newWalker(f.model, f.planes, f.wide, span.high).walk(t.Context(), &hasher{d, h}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// goldenSymbols is the hash of the golden file's symbols: no machine and no later
// version may read others.
const goldenSymbols = "45b9781f184299c73c8e71bb88383665"

func TestGoldenDecodes(t *testing.T) {
	c := tinyCodec(t)
	if *update {
		s := encode(t, c, scene(t, 90, 70, false, 12), codecs.Params{"q": "6"})
		data, err := codecs.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(goldenFile, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := registry(t, c).Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if got := symbolHash(t, c, s); got != goldenSymbols {
		t.Errorf("the golden file's symbols hash to %s, expected %s", got, goldenSymbols)
	}
	// Floats may round differently elsewhere, but not by more than a level in a few pixels.
	if d := psnr(scene(t, 90, 70, false, 12), decode(t, c, s)); d < goldenPSNR-0.05 || d > goldenPSNR+0.05 {
		t.Errorf("the golden file decodes at %.3f dB, expected %.3f", d, goldenPSNR)
	}
}

const goldenPSNR = 34.683

// pinned is the hash of a small encode without rate-distortion optimisation.
const pinned = "a8a114c6eb304428"

func TestVersionPin(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 33, 17, false, 13), codecs.Params{"q": "4", "rdo": "false"})
	data, err := codecs.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:8]); got != pinned {
		t.Errorf("version %d now writes %s, was %s: raise Version", version, got, pinned)
	}
}

func TestTruncatedFiles(t *testing.T) {
	c := tinyCodec(t)
	r := registry(t, c)
	data, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(data) {
		s, _, err := r.Parse(data[:n])
		// A cut payload is a lost slice; a cut head is an error.
		if err == nil && !slices.ContainsFunc(s.Sections, func(sec container.Section) bool { return sec.Damaged }) {
			t.Errorf("%d of %d bytes were accepted as whole", n, len(data))
		}
	}
}

// scenes yields the pictures of the tiny model.
func scenes(t testing.TB) Source {
	return func(_ context.Context, f photos.Func) error {
		for i := range uint64(5) {
			if err := f("scene", scene(t, 72+8*int(i), 64+3*int(i), false, 100+i)); err != nil {
				return err
			}
		}
		return nil
	}
}

var tinyOptions = TrainOptions{Crops: 4, Side: 64, Rounds: 1, About: "synthetic scenes"}

// TestTrainTiny trains on synthetic pictures; with -update it writes the tiny model.
func TestTrainTiny(t *testing.T) {
	var last codecs.Progress
	data, err := Train(t.Context(), scenes(t), tinyOptions, func(p codecs.Progress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	if last.Done != last.Total || last.Total == 0 {
		t.Errorf("the last report is %d of %d", last.Done, last.Total)
	}
	again, err := Train(t.Context(), scenes(t), tinyOptions, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, again) {
		t.Error("training twice gives two models")
	}
	if *update {
		writeTiny(t, data)
	}
	m, err := parseModel(data)
	if err != nil {
		t.Fatal(err)
	}
	if m.about["data"] != "synthetic scenes" || m.about["crops"] != "4" || m.about["pictures"] != "5" {
		t.Errorf("metadata %v", m.about)
	}
	stored, err := m.marshal()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(stored, data) {
		t.Error("a model changes when it is read and written")
	}
}

func writeTiny(t *testing.T, data []byte) {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/tiny.safetensors.gz", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTrainErrors(t *testing.T) {
	none := func(context.Context, photos.Func) error { return nil }
	if _, err := Train(t.Context(), none, TrainOptions{}, nil); !errors.Is(err, ErrTooFew) {
		t.Errorf("no pictures give %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Train(ctx, scenes(t), tinyOptions, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled training gives %v", err)
	}
}

func FuzzParseModel(f *testing.F) {
	f.Add(tinyModel(f))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := parseModel(data); err == nil {
			if _, err := m.marshal(); err != nil {
				t.Errorf("a model that was read can't be written: %v", err)
			}
		}
	})
}
