package latenttest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"os"
	"testing"

	"codecworkbench/codecs"
)

// update is the flag with which golden files are written anew.
var update = flag.Bool("update", false, "write golden files anew")

// Golden is a file of a made-up picture and what it has to hold: no machine, kernel or later
// version may read other symbols. Pixels may differ by a level.
type Golden struct {
	File    string
	Symbols string  // their hash, by System.Hash
	PSNR    float64 // of the decoded picture
}

// Golden reads a golden file, which this system's encoder wrote, with every kernel: children run
// the test that calls it too.
func (s System) Golden(t *testing.T, g Golden) {
	t.Helper()
	if os.Getenv(childTask) == "" {
		defer func() {
			for _, name := range kernels() {
				run(t, name, taskCheck, "", "")
			}
		}()
	}
	p := Scene(t, 550, 70, false, 11)
	if *update {
		if err := os.WriteFile(g.File, Marshal(t, Encode(t, s.Tiny, p, codecs.Params{"q": "7.77"})), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stream := read(t, s.Tiny, g.File)
	if got := s.Hash(t, s.Tiny, stream); got != g.Symbols {
		t.Errorf("the symbols of %s hash to %s, expected %s", g.File, got, g.Symbols)
	}
	if d := PSNR(p, Decode(t, s.Tiny, stream, codecs.DecodeOptions{})); d < g.PSNR-0.01 || d > g.PSNR+0.01 {
		t.Errorf("%s decodes at %.3f dB, expected %.3f", g.File, d, g.PSNR)
	}
}

// Pinned checks the hash of a small encode, which changes with what a codec writes.
func (s System) Pinned(t *testing.T, want string) {
	t.Helper()
	sum := sha256.Sum256(Marshal(t, Encode(t, s.Tiny, Scene(t, 49, 33, false, 13), codecs.Params{"q": "9"})))
	if got := hex.EncodeToString(sum[:8]); got != want {
		t.Errorf("version %d now writes %s, was %s: raise Version", s.Tiny.Info().Version, got, want)
	}
}

// Hash identifies numbers.
func Hash(t testing.TB, values ...[]int16) string {
	t.Helper()
	h := sha256.New()
	for _, v := range values {
		if err := binary.Write(h, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// read parses a .cwb file of a codec.
func read(t testing.TB, c codecs.Codec, path string) *codecs.Stream {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return Parse(t, c, data)
}
