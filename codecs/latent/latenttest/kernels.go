package latenttest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// Environment of a child process: what it is to do, in which folder, with which pictures.
const (
	childTask  = "LATENT_TEST_TASK"
	childDir   = "LATENT_TEST_DIR"
	childCases = "LATENT_TEST_CASES"
)

// Kernels tests that what one kernel writes, every other reads as the same symbols, in
// processes of their own: a package's TestKernelChild calls Child, other tests the rest.
type Kernels struct {
	Tiny    codecs.Codec
	Shipped func(t testing.TB) codecs.Codec // skips the test where no model ships
	// Hash identifies all that a decoder reads and derives probabilities from.
	Hash func(t testing.TB, c codecs.Codec, s *codecs.Stream) string
}

// Child does a child process' task.
func (k Kernels) Child(t *testing.T) {
	task, dir := os.Getenv(childTask), os.Getenv(childDir)
	if task == "" {
		t.Skip("runs as a child of other tests")
	}
	c, pictures := k.cases(t, os.Getenv(childCases))
	for i, p := range pictures {
		base := filepath.Join(dir, fmt.Sprint(i))
		var err error
		if task == "encode" {
			err = os.WriteFile(base+".cwb", Marshal(t, Encode(t, c, p, nil)), 0o644)
		} else {
			err = os.WriteFile(base+"."+task, []byte(k.hash(t, c, base+".cwb")), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel"), []byte(kernel.Name()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Agree tests all kernels against each other, on pictures of odd sizes and the tiny model.
func (k Kernels) Agree(t *testing.T) {
	for _, writer := range []string{"portable", "avx2", "avx512"} {
		k.agree(t, "tiny", writer, "portable", "avx2", "avx512")
	}
}

// AgreeOnKodak tests photographs and the shipped model: written by this processor's best
// kernel, read by portable code, and the other way round. It takes four pictures, or all
// where CODECWORKBENCH_FULL is set.
func (k Kernels) AgreeOnKodak(t *testing.T) {
	best := kernel.Name()
	k.agree(t, "kodak", best, "portable")
	k.agree(t, "kodak", "portable", best)
}

// cases are a codec and pictures for it.
func (k Kernels) cases(t *testing.T, name string) (c codecs.Codec, out []*picture.Picture) {
	t.Helper()
	if name != "kodak" {
		return k.Tiny, []*picture.Picture{Scene(t, 17, 31, false, 1), Scene(t, 333, 600, false, 2), Scene(t, 1, 1, true, 3)}
	}
	files, err := filepath.Glob("../../../shared/data/kodak/*.png")
	if err != nil || len(files) < 4 || testing.Short() {
		t.Skip("needs ../shared/data/kodak, and no -short")
	}
	if os.Getenv("CODECWORKBENCH_FULL") == "" {
		files = files[:4]
	}
	c = k.Shipped(t)
	for _, file := range files {
		p, err := picture.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return c, out
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

// agree writes pictures with one kernel and reads them with others.
func (k Kernels) agree(t *testing.T, cases, writer string, readers ...string) {
	t.Helper()
	c, pictures := k.cases(t, cases)
	dir := t.TempDir()
	child(t, writer, "encode", cases, dir)
	for _, reader := range readers {
		if ran := child(t, reader, reader, cases, dir); reader == "portable" && ran != reader {
			t.Fatalf("the child ran %s for portable", ran)
		}
		for i := range pictures {
			base := filepath.Join(dir, fmt.Sprint(i))
			got, err := os.ReadFile(base + "." + reader)
			if err != nil {
				t.Fatal(err)
			}
			// This process reads with the kernel that the processor likes best.
			if want := k.hash(t, c, base+".cwb"); string(got) != want {
				t.Errorf("picture %d of %s, written with %s: %s reads %s, %s reads %s", i, cases, writer, reader, got, kernel.Name(), want)
			}
		}
	}
}

// hash identifies the symbols of a .cwb file.
func (k Kernels) hash(t *testing.T, c codecs.Codec, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return k.Hash(t, c, Parse(t, c, data))
}
