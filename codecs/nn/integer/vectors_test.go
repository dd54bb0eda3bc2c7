package integer

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/safetensors"
)

// vectors reads the networks and vectors that codecs/training/make_integer_vectors.py made
// with its emulator in 64 bits.
func vectors(t testing.TB) *safetensors.File {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// load reads a tensor of activations.
func load(t testing.TB, f *safetensors.File, name string) Tensor {
	t.Helper()
	raw, err := f.Get(name, safetensors.I16, -1, -1, -1)
	if err != nil {
		t.Fatal(err)
	}
	values, err := safetensors.Values[int16](raw)
	if err != nil {
		t.Fatal(err)
	}
	return Tensor{raw.Shape[0], raw.Shape[1], raw.Shape[2], values}
}

// Every operation gives exactly the emulator's integers, at odd sizes and for inputs
// beyond the range too, in one session for all networks.
func TestVectors(t *testing.T) {
	f := vectors(t)
	s := NewSession()
	var names []string
	for name := range f.Tensors {
		if base, ok := strings.CutSuffix(name, "/in"); ok {
			names = append(names, base)
		}
	}
	slices.Sort(names)
	if len(names) < 100 {
		t.Fatalf("%d vectors", len(names))
	}
	for _, name := range names {
		t.Run(strings.TrimPrefix(name, "vectors/"), func(t *testing.T) {
			n, err := Load(f, strings.Split(name, "/")[1])
			if err != nil {
				t.Fatal(err)
			}
			got, err := n.Run(t.Context(), s, load(t, f, name+"/in"))
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, load(t, f, name+"/out"))
		})
	}
}

// The vectors hold with every kernel that the machine has, each in a process of its own.
func TestVectorsOfEveryKernel(t *testing.T) {
	for _, name := range []string{"portable", "avx2", "avx512"} {
		t.Run(name, func(t *testing.T) {
			c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^(TestVectors|TestExtremes|TestKernelName)$", "-test.v")
			c.Env = append(os.Environ(), "CODECWORKBENCH_KERNEL="+name)
			out, err := c.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			_, rest, _ := bytes.Cut(out, []byte("kernels: "))
			used, _, _ := bytes.Cut(rest, []byte("\n"))
			if got := string(used); got != name && (name != "avx512" || got != "vnni") {
				t.Skipf("this processor, or this build, has no %s: %s was tested", name, got)
			}
		})
	}
}

// TestKernelName tells the parent process which kernels run.
func TestKernelName(t *testing.T) {
	t.Log("kernels: " + kernel.IntName())
}

// same compares two tensors.
func same(t *testing.T, got, want Tensor) {
	t.Helper()
	if got.H != want.H || got.W != want.W || got.C != want.C {
		t.Fatalf("%dx%dx%d, want %dx%dx%d", got.H, got.W, got.C, want.H, want.W, want.C)
	}
	for i, v := range got.Data {
		if v != want.Data[i] {
			t.Fatalf("row %d, column %d, channel %d: %d, want %d", i/got.C/got.W, i/got.C%got.W, i%got.C, v, want.Data[i])
		}
	}
}
