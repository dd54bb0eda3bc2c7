package main

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "codecworkbench/"

// imports returns, for every package of the module, its direct imports.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "codecworkbench/...").Output()
	if err != nil {
		t.Skipf("go list: %v", err)
	}
	deps := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		deps[fields[0]] = fields[1:]
	}
	return deps
}

func under(path string, roots ...string) bool {
	for _, r := range roots {
		if path == module+r || strings.HasPrefix(path, module+r+"/") {
			return true
		}
	}
	return false
}

// TestDependenciesPointOneWay holds app -> views -> app/workbench -> app/sweep,
// app/report -> codecs, metrics.
func TestDependenciesPointOneWay(t *testing.T) {
	deps := imports(t)
	if len(deps) < 10 {
		t.Fatalf("go list found %d packages only", len(deps))
	}
	concrete := []string{"codecs/classical", "codecs/klt", "codecs/vq", "codecs/hyperprior", "codecs/factorized", "codecs/mlic", "codecs/walloc", "codecs/roi"}
	for pkg, list := range deps {
		for _, dep := range list {
			switch {
			case dep == "fyne.io/fyne/v2/app" && pkg != module+"app":
				t.Errorf("%s imports fyne/v2/app; only package main may", pkg)
			case strings.HasPrefix(dep, "fyne.io/") && !under(pkg, "views") && pkg != module+"app":
				t.Errorf("%s imports Fyne; only views and main may", pkg)
			case !strings.HasPrefix(dep, module):
			case strings.HasSuffix(pkg, "/bench"): // programs for developers, which nothing imports
			case under(pkg, "codecs") && !under(dep, "codecs"):
				t.Errorf("%s imports %s; codecs stand alone", pkg, dep)
			case under(pkg, "metrics") && !under(dep, "metrics", "codecs/picture", "codecs/nn/kernel", "codecs/command"):
				t.Errorf("%s imports %s; metrics may use picture, kernels and command only", pkg, dep)
			case under(pkg, "codecs/picture") && !under(dep, "codecs/picture"):
				t.Errorf("%s imports %s; picture is a leaf", pkg, dep)
			case under(pkg, "codecs/command") && !under(dep, "codecs/command", "codecs/picture"):
				t.Errorf("%s imports %s; command is a leaf", pkg, dep)
			case under(pkg, "views") && under(dep, concrete...):
				t.Errorf("%s imports the concrete codec %s", pkg, dep)
			case under(pkg, "app/workbench", "app/sweep", "app/report") && under(dep, "views"):
				t.Errorf("%s imports %s; views lie above it", pkg, dep)
			case under(pkg, "app/sweep", "app/report") && under(dep, "app/workbench", "app/cli"):
				t.Errorf("%s imports %s, which lies above it", pkg, dep)
			case under(dep, "assets", "sample_images") && pkg != module+"app" && !under(pkg, "assets", "sample_images"):
				t.Errorf("%s imports %s; only main may", pkg, dep)
			}
		}
	}
}

// TestListsAreConsistent holds what newTools takes for granted.
func TestListsAreConsistent(t *testing.T) {
	tools, _ := newTools(nil)
	for _, c := range tools.Codecs.All() {
		i := c.Info()
		if i.ID != strings.ToLower(i.ID) || i.Name == "" || i.Summary == "" || i.Family == "" || i.Version < 1 {
			t.Errorf("codec %q is not described: %+v", i.ID, i)
		}
		if _, err := i.Resolve(nil); err != nil {
			t.Errorf("codec %s: defaults: %v", i.ID, err)
		}
		if i.Lossless == (i.Quality != nil) {
			t.Errorf("codec %s: lossless %v with quality %v", i.ID, i.Lossless, i.Quality)
		}
	}
	for _, m := range tools.Metrics.All() {
		if i := m.Info(); i.ID == "" || i.Name == "" || i.Summary == "" || i.Version < 1 {
			t.Errorf("metric %q is not described: %+v", i.ID, i)
		}
	}
}
