package latenttest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// System is a codec for the tests that look at its symbols.
type System struct {
	Tiny    codecs.Codec                                                // with a tiny model
	Shipped func(t testing.TB) codecs.Codec                             // with that of the program, nil where there is none
	Hash    func(t testing.TB, c codecs.Codec, s *codecs.Stream) string // identifies all that a decoder reads and derives probabilities from
}

// Environment of a child process: what it is to do, in which folder, with which pictures.
const (
	childTask  = "LATENT_TEST_TASK"
	childDir   = "LATENT_TEST_DIR"
	childCases = "LATENT_TEST_CASES"
)

// What a child does.
const (
	taskWrite = "write" // KERNEL-PICTURE.cwb of all pictures
	taskRead  = "read"  // KERNEL.hashes, a line for each of the files
	taskCheck = "check" // what the test does without children
)

// Kernels tests that what one kernel writes, all others read as the same symbols, each in a
// process of its own: pictures of odd sizes with the tiny model by all kernels that the
// processor has; and photographs with the shipped model, or the tiny one, by its best kernel and
// by portable code. Four pictures of Kodak are taken, or all where CODECWORKBENCH_FULL is set.
// The test that calls it must have nothing else in it: children run it too.
func (s System) Kernels(t *testing.T) {
	if task := os.Getenv(childTask); task != "" {
		s.child(t, task)
		return
	}
	t.Run("sizes", func(t *testing.T) { s.agree(t, "sizes", kernels()...) })
	t.Run("kodak", func(t *testing.T) { s.agree(t, "kodak", "portable", kernel.Name()) })
}

// kernels are all that there are; where a processor lacks one, the best that it has runs.
func kernels() []string { return []string{"portable", "avx2", "avx512"} }

// cases are a codec and pictures for it.
func (s System) cases(t *testing.T, name string) (c codecs.Codec, out []*picture.Picture) {
	t.Helper()
	if name == "sizes" {
		return s.Tiny, []*picture.Picture{Scene(t, 17, 31, false, 1), Scene(t, 333, 600, false, 2), Scene(t, 1, 1, true, 3), Scene(t, 4096, 3, false, 4)}
	}
	files, err := filepath.Glob("../../../shared/data/kodak/*.png")
	if err != nil || len(files) < 4 || testing.Short() {
		t.Skip("needs ../shared/data/kodak, and no -short")
	}
	if os.Getenv("CODECWORKBENCH_FULL") == "" {
		files = files[:4]
	}
	if c = s.Tiny; s.Shipped != nil {
		c = s.Shipped(t)
	}
	for _, file := range files {
		p, err := picture.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return c, out
}

// child does a child process' task.
func (s System) child(t *testing.T, task string) {
	t.Helper()
	dir := os.Getenv(childDir)
	c, pictures := s.cases(t, os.Getenv(childCases))
	if task == taskWrite {
		for i, p := range pictures {
			write(t, filepath.Join(dir, fmt.Sprintf("%s-%d.cwb", kernel.Name(), i)), Marshal(t, Encode(t, c, p, nil)))
		}
		return
	}
	var lines []string
	for _, file := range written(t, dir) {
		lines = append(lines, filepath.Base(file)+" "+s.Hash(t, c, read(t, c, file)))
	}
	write(t, filepath.Join(dir, kernel.Name()+".hashes"), []byte(strings.Join(lines, "\n")))
}

// written lists the files in a folder.
func written(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.cwb"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// agree writes pictures with each kernel, and reads all of them with each.
func (s System) agree(t *testing.T, cases string, kernels ...string) {
	t.Helper()
	_, pictures := s.cases(t, cases)
	dir := t.TempDir()
	for _, task := range []string{taskWrite, taskRead} {
		for _, name := range kernels {
			run(t, name, task, cases, dir)
		}
	}
	readers, err := filepath.Glob(filepath.Join(dir, "*.hashes"))
	if err != nil {
		t.Fatal(err)
	}
	// A processor may lack some kernels, whose children then run others.
	files := written(t, dir)
	if !slices.ContainsFunc(readers, func(r string) bool { return filepath.Base(r) == "portable.hashes" }) || len(files) != len(pictures)*len(readers) {
		t.Fatalf("%d files of %d pictures, read by %q", len(files), len(pictures), readers)
	}
	want := ""
	for _, reader := range readers {
		got, err := os.ReadFile(reader)
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = string(got)
		}
		if string(got) != want {
			t.Errorf("%s reads\n%s\n%s\n%s", filepath.Base(readers[0]), want, filepath.Base(reader), got)
		}
	}
}

// run has a child process do a task with a kernel.
func run(t *testing.T, kernel, task, cases, dir string) {
	t.Helper()
	test, _, _ := strings.Cut(t.Name(), "/")
	cmd := exec.Command(os.Args[0], "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), "CODECWORKBENCH_KERNEL="+kernel, childTask+"="+task, childDir+"="+dir, childCases+"="+cases)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s with %s: %v\n%s", task, kernel, err, out)
	}
}
