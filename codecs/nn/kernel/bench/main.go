// Command bench compares kernel.Gemm with OpenBLAS's sgemm: same shapes, same run, turn
// about, on one core and on all. It needs a C compiler and OpenBLAS, and says so where they
// are missing.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	_ "embed"

	"codecworkbench/codecs/nn/kernel"
)

//go:embed peer/openblas.c
var source []byte

// shape is a product of an m x k with a k x n matrix. A convolution has the size of its
// kernel and how wide its output is; its stride is 2.
type shape struct {
	name        string
	m, k, n     int
	size, width int
}

// What the networks compute for a picture of 768x512.
var shapes = []shape{
	{"1x1 at 1/8", 6144, 192, 96, 0, 0},
	{"1x1 at 1/8", 6144, 96, 96, 0, 0},
	{"1x1 at 1/8", 6144, 96, 192, 0, 0},
	{"3x3/2 to 1/16", 1536, 864, 128, 3, 48},
	{"1x1 at 1/16", 1536, 128, 384, 0, 0},
	{"5x5/2 to 1/2", 98304, 75, 128, 5, 384},
	{"5x5/2 to 1/4", 24576, 3200, 128, 5, 192},
	{"5x5/2 to 1/8", 6144, 3200, 192, 5, 96},
	{"GDN at 1/2", 98304, 128, 128, 0, 0},
	{"GDN at 1/4", 24576, 128, 128, 0, 0},
	{"GDN at 1/8", 6144, 128, 128, 0, 0},
}

func main() {
	turns := flag.Int("turns", 8, "turns of each library a shape")
	flag.Parse()
	if err := run(*turns); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(turns int) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	program, missing := compile(folder)
	if missing != nil {
		fmt.Println("no comparison with OpenBLAS:", missing)
	}
	fmt.Printf("kernels: %s. GFLOP/s of the fastest turn, and the ratio to OpenBLAS. packing: B is packed in every\n"+
		"call, as OpenBLAS does; in place: from the convolution's NHWC input, where OpenBLAS has it unfolded already.\n", kernel.Name())
	for _, threads := range []int{1, runtime.NumCPU()} {
		fmt.Printf("\nthreads: %d\n%-14s %6s %5s %4s %9s %15s %15s %15s\n", threads, "layer", "m", "k", "n", "OpenBLAS", "Gemm", "packing", "in place")
		if err := compare(program, threads, turns); err != nil {
			return err
		}
	}
	return nil
}

// compile builds the C program and returns its path, or what is missing.
func compile(folder string) (string, error) {
	file, program := filepath.Join(folder, "openblas.c"), filepath.Join(folder, "openblas")
	if err := os.WriteFile(file, source, 0o600); err != nil {
		return "", err
	}
	out, err := exec.Command("cc", "-O2", "-o", program, file, "-lopenblas").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("a C compiler and OpenBLAS are needed (apt-get install gcc libopenblas-dev): %w\n%s", err, out)
	}
	return program, nil
}

// compare prints a line a shape. An empty program is no peer.
func compare(program string, threads, turns int) error {
	var peer *openBLAS
	if program != "" {
		var err error
		if peer, err = start(program, threads); err != nil {
			return err
		}
		defer peer.close()
	}
	for _, s := range shapes {
		if err := compareShape(peer, s, threads, turns); err != nil {
			return err
		}
	}
	return nil
}

// compareShape prints the fastest turns of a shape, in GFLOP/s, and ratios to OpenBLAS.
func compareShape(peer *openBLAS, s shape, threads, turns int) error {
	operations := 2 * float64(s.m) * float64(s.k) * float64(s.n)
	calls := max(1, int(4e9/operations))
	job := newJob(s)
	ways := []way{job.multiply(), job.multiply()}
	ways[1].before = func() { job.panels.Repack(job.b, s.k, s.n, s.n, 1) }
	if s.size > 0 {
		ways = append(ways, job.convolve())
	}
	var theirs float64
	ours := make([]float64, len(ways))
	for range turns {
		if peer != nil {
			seconds, err := peer.time(s, calls)
			if err != nil {
				return err
			}
			theirs = max(theirs, operations/seconds/1e9)
			time.Sleep(50 * time.Millisecond) // its threads spin before they sleep
		}
		for i, way := range ways {
			ours[i] = max(ours[i], operations/way.time(threads, calls)/1e9)
		}
	}
	fmt.Printf("%-14s %6d %5d %4d %9.1f", s.name, s.m, s.k, s.n, theirs)
	for _, v := range ours {
		fmt.Printf(" %9.1f %5.2f", v, v/theirs)
	}
	fmt.Println()
	return nil
}

// openBLAS is the C program at work.
type openBLAS struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func start(program string, threads int) (*openBLAS, error) {
	c := exec.Command(program)
	c.Env = append(os.Environ(), fmt.Sprintf("OPENBLAS_NUM_THREADS=%d", threads))
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &openBLAS{c, in, bufio.NewReader(out)}, c.Start()
}

func (o *openBLAS) time(s shape, calls int) (seconds float64, err error) {
	fmt.Fprintln(o.in, s.m, s.n, s.k, calls)
	_, err = fmt.Fscan(o.out, &seconds)
	return seconds, err
}

func (o *openBLAS) close() {
	_ = o.in.Close()
	_ = o.command.Wait()
}

// way is a call of ours: what one core does first, and pieces that all cores share.
type way struct {
	before func()
	n      int
	piece  func(i int)
}

// time returns the seconds that one of so many calls takes, after one to warm up. Cores that
// wait for one another spin, as OpenBLAS's do, so that both are measured alike on a machine
// that has other work.
func (w way) time(threads, calls int) float64 {
	next := make([]atomic.Int64, calls+1)
	var arrived atomic.Int64
	meet := func(times int) {
		arrived.Add(1)
		for arrived.Load() < int64(threads*times) {
		}
	}
	var start time.Time
	work := func(worker int) {
		for call := range calls + 1 {
			if worker == 0 && call == 1 {
				start = time.Now()
			}
			if worker == 0 && w.before != nil {
				w.before()
			}
			meet(2*call + 1)
			for i := next[call].Add(1) - 1; i < int64(w.n); i = next[call].Add(1) - 1 {
				w.piece(int(i))
			}
			meet(2*call + 2)
		}
	}
	for worker := 1; worker < threads; worker++ {
		go work(worker)
	}
	work(0)
	return time.Since(start).Seconds() / float64(calls)
}

// job is our side of a shape.
type job struct {
	shape
	a, b, c []float32
	panels  *kernel.Panels
}

func newJob(s shape) *job {
	j := &job{shape: s, a: make([]float32, s.m*s.k), b: make([]float32, s.k*s.n), c: make([]float32, s.m*s.n)}
	for _, x := range [][]float32{j.a, j.b} {
		for i := range x {
			x[i] = float32(i*7%13) - 6
		}
	}
	j.panels = kernel.Pack(j.b, s.k, s.n, s.n, 1)
	return j
}

// multiply is the product of plain matrices.
func (j *job) multiply() way {
	const rows = 384
	return way{n: (j.m + rows - 1) / rows, piece: func(i int) {
		first := i * rows
		a := kernel.Matrix{Data: j.a[first*j.k:], Stride: j.k, Runs: 1, Run: j.k}
		kernel.Gemm(min(rows, j.m-first), a, j.panels, j.c[first*j.n:], j.n, kernel.GemmOptions{})
	}}
}

// convolve is the product that reads the NHWC input of the convolution in place. The rows
// of the input, which a holds more than enough of, lie in its first part.
func (j *job) convolve() way {
	channels := j.k / (j.size * j.size)
	row := (2*(j.width-1) + j.size) * channels
	return way{n: j.m / j.width, piece: func(y int) {
		a := kernel.Matrix{Data: j.a[2*y*row:], Stride: 2 * channels, Runs: j.size, Run: j.size * channels, RunStride: row}
		kernel.Gemm(j.width, a, j.panels, j.c[y*j.width*j.n:], j.n, kernel.GemmOptions{})
	}}
}
