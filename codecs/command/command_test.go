package command

import (
	"context"
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"codecworkbench/codecs/picture"
)

// shell returns a run of a shell's command line, in a folder of the test's.
func shell(t *testing.T, line string) Command {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	return Command{Path: "/bin/sh", Args: []string{"-c", line}, Dir: t.TempDir(), Limit: 20 * time.Second}
}

func TestRun(t *testing.T) {
	printed, err := shell(t, "echo out; echo one >&2; echo; pwd").Run(t.Context())
	if err != nil || printed.Stderr != "one\n" || !strings.HasPrefix(printed.Stdout, "out\n\n/") || printed.LastLine() != ": one" {
		t.Errorf("%+v, %v", printed, err)
	}
	printed, err = shell(t, "echo bad; exit 3").Run(t.Context())
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 || printed.Stdout != "bad\n" || !strings.HasSuffix(err.Error(), "(exit status 3): bad") {
		t.Errorf("%+v, %v", printed, err)
	}
	printed, err = shell(t, "yes | head -c 100000; echo end").Run(t.Context())
	if err != nil || len(printed.Stdout) != MaxOutput || !strings.HasSuffix(printed.Stdout, "end\n") {
		t.Errorf("%d bytes kept, %v", len(printed.Stdout), err)
	}
}

func TestRunLimits(t *testing.T) {
	c := shell(t, "sleep 60")
	c.Limit = 50 * time.Millisecond
	if _, err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "more than 50ms") {
		t.Errorf("time: %v", err)
	}
	c = shell(t, "dd of=large bs=1 count=0 seek=3000000 2>/dev/null; sleep 60")
	c.MaxBytes = 2 << 20
	if _, err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "more than 2 MiB") {
		t.Errorf("bytes: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := shell(t, "sleep 60 & wait").Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestExpand: values with a shell's characters or placeholders stay as they are, in
// one argument.
func TestExpand(t *testing.T) {
	got := Expand([]string{"-x={a}", "{in}", "{b}{out}"}, map[string]string{"in": "/i n", "out": "/o;ut", "a": "$(id) {in}", "b": "'"})
	if want := []string{"-x=$(id) {in}", "/i n", "'/o;ut"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInFolder(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir, err := InFolder("name", func(dir string) (string, error) {
		return dir, os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o600)
	})
	if err != nil || !strings.Contains(dir, "-name-") {
		t.Errorf("%q, %v", dir, err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
}

// TestPictureFile: both formats come back as the same pixels.
func TestPictureFile(t *testing.T) {
	for _, gray := range []bool{false, true} {
		img := image.NewNRGBA(image.Rect(0, 0, 5, 3))
		for i := range img.Pix {
			img.Pix[i] = uint8(40 + i/4)
			if !gray {
				img.Pix[i] += uint8(60 * (i % 4))
			}
		}
		p, err := picture.New(img, gray, false, picture.Source{})
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{PNG, PPM} {
			data, err := PictureFile(p, format, gray)
			if err != nil {
				t.Fatal(err)
			}
			back, err := picture.Decode(data, picture.Source{})
			if err != nil || !back.Equal(p) || back.Gray() != gray {
				t.Errorf("%s, grey %v: the picture changed, or %v", format, gray, err)
			}
		}
	}
}
