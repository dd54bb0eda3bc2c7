package factorized

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

// The golden file's symbols: no machine, kernel or later version may read others. Pixels may
// differ by a level.
const (
	goldenSymbols = "63bf634cd735a2a573b75c1e2e64e249"
	goldenPSNR    = 35.122
)

// pinned is the hash of a small encode.
const pinned = "326109a5c18f75ef"

func TestGolden(t *testing.T) {
	c := tinyCodec(t)
	p := latenttest.Scene(t, 550, 70, false, 11)
	if *update {
		data := latenttest.Marshal(t, latenttest.Encode(t, c, p, codecs.Params{"q": "7.77"}))
		if err := os.WriteFile(goldenFile, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	s := latenttest.Parse(t, c, data)
	f, err := c.open(s)
	if err != nil {
		t.Fatal(err)
	}
	symbols, err := f.read(t.Context(), true, func() {})
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	if err := binary.Write(h, binary.LittleEndian, symbols); err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(h.Sum(nil)[:16]); got != goldenSymbols {
		t.Errorf("the golden file's symbols hash to %s, expected %s", got, goldenSymbols)
	}
	if d := latenttest.PSNR(p, latenttest.Decode(t, c, s, codecs.DecodeOptions{})); d < goldenPSNR-0.01 || d > goldenPSNR+0.01 {
		t.Errorf("the golden file decodes at %.3f dB, expected %.3f", d, goldenPSNR)
	}
}

func TestVersionPin(t *testing.T) {
	sum := sha256.Sum256(latenttest.Marshal(t, latenttest.Encode(t, tinyCodec(t), latenttest.Scene(t, 49, 33, false, 13), codecs.Params{"q": "9"})))
	if got := hex.EncodeToString(sum[:8]); got != pinned {
		t.Errorf("version %d now writes %s, was %s: raise Version", version, got, pinned)
	}
}
