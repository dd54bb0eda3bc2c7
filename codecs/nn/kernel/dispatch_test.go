package kernel

import (
	"os"
	"os/exec"
	"testing"
)

// An implementation that is asked for by name is taken, a lower one where it is missing.
func TestChoose(t *testing.T) {
	order := map[string]int{"avx512": 0, "avx2": 1, "portable": 2}
	for name, rank := range order {
		got := choose(name).name
		if order[got] < rank {
			t.Errorf("%s was asked for, %s chosen", name, got)
		}
		for _, impl := range implementations {
			if impl.name == name && got != name {
				t.Errorf("%s is there, but %s was chosen", name, got)
			}
		}
	}
	if choose("") != &implementations[0] || choose("unheard of") != &implementations[0] {
		t.Error("without a name the first is not chosen")
	}
	if choose("portable").name != "portable" {
		t.Error("portable is not always there")
	}
}

// The environment variable forces an implementation.
func TestEnvironment(t *testing.T) {
	const variable, expected = "CODECWORKBENCH_KERNEL", "portable"
	if os.Getenv("KERNEL_TEST_CHILD") != "" {
		if Name() != expected {
			t.Errorf("%s runs in spite of %s=%s", Name(), variable, expected)
		}
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	child := exec.Command(program, "-test.run=^TestEnvironment$")
	child.Env = append(os.Environ(), "KERNEL_TEST_CHILD=1", variable+"="+expected)
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
