package hyperprior

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// Environment of a child process: what it is to do, in which folder, with which pictures.
const (
	childTask  = "HYPERPRIOR_TEST_TASK"
	childDir   = "HYPERPRIOR_TEST_DIR"
	childCases = "HYPERPRIOR_TEST_CASES"
)

// TestKernelChild is the child process of the tests below.
func TestKernelChild(t *testing.T) {
	task, dir := os.Getenv(childTask), os.Getenv(childDir)
	if task == "" {
		t.Skip("runs as a child of other tests")
	}
	c, pictures := tinyCases(t)
	if os.Getenv(childCases) == "kodak" {
		c, pictures = kodakCases(t)
	}
	for i, p := range pictures {
		base := filepath.Join(dir, fmt.Sprint(i))
		var err error
		if task == "encode" {
			err = os.WriteFile(base+".cwb", latenttest.Marshal(t, encode(t, c, p, nil)), 0o644)
		} else {
			err = os.WriteFile(base+"."+task, []byte(symbolHash(t, c, readStream(t, c, base+".cwb"))), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel"), []byte(kernel.Name()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tinyCases are pictures of odd sizes for the tiny model.
func tinyCases(t *testing.T) (*Codec, []*picture.Picture) {
	t.Helper()
	return tinyCodec(t), []*picture.Picture{scene(t, 17, 31, false, 1), scene(t, 333, 600, false, 2), scene(t, 1, 1, true, 3)}
}

// kodakCases are four pictures of Kodak, or all where CODECWORKBENCH_FULL is set, for the
// shipped model.
func kodakCases(t *testing.T) (c *Codec, out []*picture.Picture) {
	t.Helper()
	files, err := filepath.Glob("../../../shared/data/kodak/*.png")
	if err != nil || len(files) < 4 || testing.Short() {
		t.Skip("needs ../shared/data/kodak, and no -short")
	}
	if os.Getenv("CODECWORKBENCH_FULL") == "" {
		files = files[:4]
	}
	for _, file := range files {
		p, err := picture.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return latenttest.Shipped(t, ID, New), out
}

// child runs TestKernelChild with a kernel and returns the one that the processor let it have.
func child(t *testing.T, name, task, cases, dir string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKernelChild$")
	cmd.Env = append(os.Environ(), "CODECWORKBENCH_KERNEL="+name, childTask+"="+task, childDir+"="+dir, childCases+"="+cases)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s with %s: %v\n%s", task, name, err, out)
	}
	ran, err := os.ReadFile(filepath.Join(dir, "kernel"))
	if err != nil {
		t.Fatal(err)
	}
	return string(ran)
}

// agree writes pictures with one kernel and reads them with others, as the same symbols.
func agree(t *testing.T, c *Codec, n int, cases, writer string, readers ...string) {
	t.Helper()
	dir := t.TempDir()
	child(t, writer, "encode", cases, dir)
	for _, reader := range readers {
		if ran := child(t, reader, reader, cases, dir); reader == "portable" && ran != reader {
			t.Fatalf("the child ran %s for portable", ran)
		}
		for i := range n {
			got, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d.%s", i, reader)))
			if err != nil {
				t.Fatal(err)
			}
			// This process reads with the kernel that the processor likes best.
			if want := symbolHash(t, c, readStream(t, c, filepath.Join(dir, fmt.Sprintf("%d.cwb", i)))); string(got) != want {
				t.Errorf("picture %d of %s, written with %s: %s reads %s, %s reads %s", i, cases, writer, reader, got, kernel.Name(), want)
			}
		}
	}
}

// What one kernel writes, every other reads as the same symbols.
func TestKernelsAgree(t *testing.T) {
	c, pictures := tinyCases(t)
	for _, writer := range []string{"portable", "avx2", "avx512"} {
		agree(t, c, len(pictures), "tiny", writer, "portable", "avx2", "avx512")
	}
}

// Photographs and the shipped model: written by this processor's best kernel, read by
// portable code, and the other way round.
func TestKernelsAgreeOnKodak(t *testing.T) {
	c, pictures := kodakCases(t)
	best := kernel.Name()
	agree(t, c, len(pictures), "kodak", best, "portable")
	agree(t, c, len(pictures), "kodak", "portable", best)
}
