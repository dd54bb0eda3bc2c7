package mlic

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"os"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

var update = flag.Bool("update", false, "write the golden file anew")

const goldenFile = "testdata/golden.cwb"

// The golden file's symbols, means and scales: no machine, kernel or later version may read
// others. Pixels may differ by a level.
const (
	goldenSymbols = "69103a36a378ddb8e779213bd0ebc5af"
	goldenPSNR    = 34.919
)

// pinned is the hash of a small encode.
const pinned = "15295a84e5380e63"

// symbolHash identifies all that a decoder reads from a stream, and all that it derives
// probabilities from.
func symbolHash(t testing.TB, c *Codec, s *codecs.Stream) string {
	t.Helper()
	f, err := c.open(s)
	if err != nil {
		t.Fatal(err)
	}
	l, err := f.read(t.Context(), newWorkspace().(*workspace), f.m.passes(), func() {})
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for _, v := range [][]int16{l.z, l.symbols, l.means, l.scales} {
		if err := binary.Write(h, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// readStream parses a .cwb file.
func readStream(t testing.TB, c *Codec, path string) *codecs.Stream {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return latenttest.Parse(t, c, data)
}

func TestGolden(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 550, 70, false, 11)
	if *update {
		if err := os.WriteFile(goldenFile, latenttest.Marshal(t, encode(t, c, p, codecs.Params{"q": "7.77"})), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := readStream(t, c, goldenFile)
	if got := symbolHash(t, c, s); got != goldenSymbols {
		t.Errorf("the golden file's symbols hash to %s, expected %s", got, goldenSymbols)
	}
	if d := latenttest.PSNR(p, decode(t, c, s, codecs.DecodeOptions{})); d < goldenPSNR-0.01 || d > goldenPSNR+0.01 {
		t.Errorf("the golden file decodes at %.3f dB, expected %.3f", d, goldenPSNR)
	}
}

func TestVersionPin(t *testing.T) {
	sum := sha256.Sum256(latenttest.Marshal(t, encode(t, tinyCodec(t), scene(t, 49, 33, false, 13), codecs.Params{"q": "9"})))
	if got := hex.EncodeToString(sum[:8]); got != pinned {
		t.Errorf("version %d now writes %s, was %s: raise Version", version, got, pinned)
	}
}
