package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	samples "codecworkbench/sample_images"
)

// TestHelpTeaches holds that every subcommand's help explains and shows an example,
// and that no flag's value is named by its Go type.
func TestHelpTeaches(t *testing.T) {
	for _, name := range []string{"list", "encode", "decode", "inspect", "measure", "sweep", "plot", "bdrate", "train"} {
		help := mustRun(t, name, "--help")
		if _, examples, _ := strings.Cut(help, "Examples:"); !strings.Contains(examples, "\n  codecworkbench "+name) {
			t.Errorf("%s has no example:\n%s", name, help)
		}
		for line := range strings.Lines(help) {
			if f := strings.Fields(line); len(f) > 1 && strings.HasPrefix(f[0], "--") && (f[1] == "string" || f[1] == "int") {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
	jpeg := mustRun(t, "list", "codecs", "jpeg")
	for _, want := range []string{"subsampling", "4:2:0", "1 to 100"} {
		if !strings.Contains(jpeg, want) {
			t.Errorf("jpeg's description lacks %q:\n%s", want, jpeg)
		}
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if len(mustRun(t, "completion", shell)) < 500 {
			t.Errorf("no completion for %s", shell)
		}
	}
	for _, tt := range []struct{ typed, want string }{
		{"list c", "codecs"},
		{"encode --codec j", "jpeg\t"},
		{"encode --codec jpeg --set s", "subsampling="},
		{"encode --codec jpeg --target p", "psnr-rgb="},
		{"sweep --codecs jpeg:50,k", "jpeg:50,klt\n"},
		{"sweep --metrics psnr-rgb,ms", "psnr-rgb,ms-ssim-rgb\n"},
		{"measure --metrics ps", "psnr-rgb\t"},
		{"measure --metrics flip@", "flip@ppd=\t"},
		{"sweep --metrics gmsd,psnr-y@luma=", "gmsd,psnr-y@luma=ys8\n"},
		{"encode --codec jpeg --target flip@", "flip@ppd=\t"},
		{"list metrics ha", "haarpsi\t"},
		{"plot --published vtm,av", "vtm,av1\n"},
		{"bdrate --method a", "akima"},
		{"train k", "klt"},
	} {
		if out := mustRun(t, append([]string{"__complete"}, strings.Fields(tt.typed)...)...); !strings.Contains("\n"+out, "\n"+tt.want) {
			t.Errorf("%s: no %q in\n%s", tt.typed, tt.want, out)
		}
	}
}

// TestRatesAreLabelled holds that a .cwb file around a native one is not taken for
// the rate, and that q lies on the codec's steps.
func TestRatesAreLabelled(t *testing.T) {
	in := filepath.Join(picturesIn(t, 1, 64, 48), samples.All()[0].Name+".png")
	cwb, jpg := in+".cwb", in+".jpg"
	stdout, stderr, code := run(t, "encode", "--codec", "jpeg", "--q", "33.34", in, "-o", cwb)
	if code != 0 || !strings.Contains(stdout, "q 33,") || !strings.Contains(stderr, "steps of 1") || !strings.Contains(stderr, ".jpg file inside") {
		t.Errorf("exit %d, %s%s", code, stdout, stderr)
	}
	mustRun(t, "encode", "--codec", "jpeg", "--q", "33", in, "-o", jpg)
	info, err := os.Stat(jpg)
	if err != nil {
		t.Fatal(err)
	}
	rate := 8 * float64(info.Size()) / (64 * 48)
	for _, text := range []string{stdout, mustRun(t, "inspect", cwb)} {
		if want := fmt.Sprintf("%.4f bpp", rate); !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}
