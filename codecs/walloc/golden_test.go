package walloc

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"os"
	"os/exec"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden files' symbols: no machine, kernel or later version may read others. Pixels may
// differ by a level.
const (
	goldenFile    = "testdata/golden.cwb"
	goldenPNG     = "testdata/golden-png.cwb"
	goldenSymbols = "518ec7ec850068b6d9e75d2bbb9b8327"
	goldenPSNR    = 37.472
)

// pinned is the hash of a small encode.
const pinned = "89f850456cdef2f6"

// symbolHash identifies all that a decoder reads from a stream.
func symbolHash(t testing.TB, c *Codec, s *codecs.Stream) string {
	t.Helper()
	f, err := c.open(s)
	if err != nil {
		t.Fatal(err)
	}
	g, err := f.read(t.Context(), func() {})
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	if err := binary.Write(h, binary.LittleEndian, g.symbols); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func TestGolden(t *testing.T) {
	c := tinyCodec(t)
	p := latenttest.Scene(t, 550, 70, false, 11)
	for file, encoder := range map[string]codecs.Codec{goldenFile: c, goldenPNG: pngCodec{c}} {
		if *update {
			if err := os.WriteFile(file, latenttest.Marshal(t, latenttest.Encode(t, encoder, p, codecs.Params{"q": "7.77"})), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := latenttest.Parse(t, c, data)
		if got := symbolHash(t, c, s); got != goldenSymbols {
			t.Errorf("the symbols of %s hash to %s, expected %s", file, got, goldenSymbols)
		}
		if d := latenttest.PSNR(p, latenttest.Decode(t, c, s, codecs.DecodeOptions{})); d < goldenPSNR-0.01 || d > goldenPSNR+0.01 {
			t.Errorf("%s decodes at %.3f dB, expected %.3f", file, d, goldenPSNR)
		}
	}
}

// Every kernel reads the golden files' symbols and makes the same picture of them.
func TestGoldenWithKernels(t *testing.T) {
	for _, kernel := range []string{"portable", "avx2", "avx512"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestGolden$")
		cmd.Env = append(os.Environ(), "CODECWORKBENCH_KERNEL="+kernel)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("with %s: %v\n%s", kernel, err, out)
		}
	}
}

// Other kernels may round a latent the other way, but read what any of them has written.
func TestEncodedWithPortableKernels(t *testing.T) {
	const child = "WALLOC_TEST_FILE"
	c, p := tinyCodec(t), latenttest.Scene(t, 333, 600, false, 2)
	if file := os.Getenv(child); file != "" {
		s := latenttest.Encode(t, c, p, nil)
		data := append(latenttest.Marshal(t, s), symbolHash(t, c, s)...)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	file := t.TempDir() + "/portable"
	cmd := exec.Command(os.Args[0], "-test.run=^TestEncodedWithPortableKernels$")
	cmd.Env = append(os.Environ(), "CODECWORKBENCH_KERNEL=portable", child+"="+file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	stream, want := data[:len(data)-32], string(data[len(data)-32:])
	if got := symbolHash(t, c, latenttest.Parse(t, c, stream)); got != want {
		t.Errorf("portable kernels read %s in their file, this process %s", want, got)
	}
}

func TestVersionPin(t *testing.T) {
	sum := sha256.Sum256(latenttest.Marshal(t, latenttest.Encode(t, tinyCodec(t), latenttest.Scene(t, 49, 33, false, 13), codecs.Params{"q": "9"})))
	if got := hex.EncodeToString(sum[:8]); got != pinned {
		t.Errorf("version %d now writes %s, was %s: raise Version", version, got, pinned)
	}
}
