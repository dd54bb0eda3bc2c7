package mlic

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

// Environment of a child process: what it is to do, in which folder.
const (
	childTask = "MLIC_TEST_TASK"
	childDir  = "MLIC_TEST_DIR"
)

// TestKernelChild is the child process of the tests below.
func TestKernelChild(t *testing.T) {
	task, dir := os.Getenv(childTask), os.Getenv(childDir)
	if task == "" {
		t.Skip("runs as a child of other tests")
	}
	c, pictures := tinyCases(t)
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

// child runs TestKernelChild with a kernel and returns the one that the processor let it have.
func child(t *testing.T, name, task, dir string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKernelChild$")
	cmd.Env = append(os.Environ(), "CODECWORKBENCH_KERNEL="+name, childTask+"="+task, childDir+"="+dir)
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
func agree(t *testing.T, c *Codec, n int, writer string, readers ...string) {
	t.Helper()
	dir := t.TempDir()
	child(t, writer, "encode", dir)
	for _, reader := range readers {
		if ran := child(t, reader, reader, dir); reader == "portable" && ran != reader {
			t.Fatalf("the child ran %s for portable", ran)
		}
		for i := range n {
			got, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d.%s", i, reader)))
			if err != nil {
				t.Fatal(err)
			}
			// This process reads with the kernel that the processor likes best.
			if want := symbolHash(t, c, readStream(t, c, filepath.Join(dir, fmt.Sprintf("%d.cwb", i)))); string(got) != want {
				t.Errorf("picture %d, written with %s: %s reads %s, %s reads %s", i, writer, reader, got, kernel.Name(), want)
			}
		}
	}
}

// What one kernel writes, every other reads as the same symbols.
func TestKernelsAgree(t *testing.T) {
	c, pictures := tinyCases(t)
	for _, writer := range []string{"portable", "avx2", "avx512"} {
		agree(t, c, len(pictures), writer, "portable", "avx2", "avx512")
	}
}
