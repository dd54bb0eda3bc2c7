package classical

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"codecworkbench/codecs"
)

// script makes an external codec whose encoder is a shell script and whose decoder
// copies; the script finds its input in $1 and its output in $2.
func script(t *testing.T, body string) *External {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	dir := t.TempDir()
	// Temporary folders of the codec go into a folder that the test can look into.
	t.Setenv("TMPDIR", t.TempDir())
	path := filepath.Join(dir, "encoder")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(minimal, `"no-such-program-1", "cp"`, strconv.Quote(path), 1)
	x, err := parseExternal([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// clean reports an error if temporary files are left.
func clean(t *testing.T) {
	t.Helper()
	left := func() int {
		entries, err := os.ReadDir(os.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	// After a cancel the folder is removed in the background.
	for end := time.Now().Add(5 * time.Second); left() > 0 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if n := left(); n > 0 {
		t.Errorf("%d temporary files are left", n)
	}
}

func TestExternalRoundTrip(t *testing.T) {
	x := script(t, `cp "$1" "$2"; pwd > where; test "$(pwd)" = "$(dirname "$1")"`)
	p := draw(t, 17, 31, true, false)
	got, _ := throughCodec(t, x, p, nil)
	if !got.Equal(p) || !got.Gray() {
		t.Error("the picture changed")
	}
	clean(t)
}

func TestExternalPPM(t *testing.T) {
	x := script(t, `head -c 2 "$1" > "$2.magic"; grep -q P6 "$2.magic" && cp "$1" "$2"`)
	x.definition.Encoder.Picture, x.definition.Decoder.Picture = "ppm", "ppm"
	p := draw(t, 17, 31, false, false)
	if got, size := throughCodec(t, x, p, nil); !got.Equal(p) || size != len("P6\n17 31\n255\n")+3*17*31 {
		t.Errorf("the picture changed, or its size: %d bytes", size)
	}
}

func TestExternalFailures(t *testing.T) {
	for body, want := range map[string]string{
		`echo one >&2; echo "two: bad pixel" >&2; exit 3`: "encoder failed (exit status 3): two: bad pixel",
		`echo only here; exit 1`:                          "only here",
		`exit 0`:                                          "encoder wrote no file",
		`: > "$2"`:                                        "encoder wrote no file",
		`yes | head -c 3000000 >&2; echo end >&2; exit 1`: ": end",
		`kill -9 $$`: "signal: killed",
	} {
		x := script(t, body)
		_, err := x.Encode(context.Background(), draw(t, 4, 4, false, false), codecs.EncodeOptions{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", body, err)
		} else if len(err.Error()) > 1000 {
			t.Errorf("%s: an error of %d bytes", body, len(err.Error()))
		}
		clean(t)
	}
}

func TestExternalTimeLimit(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "pid")
	x := script(t, `sleep 60 & echo $! > `+mark+`; sleep 60; cp "$1" "$2"`)
	x.definition.Seconds = 1
	_, err := x.Encode(context.Background(), draw(t, 4, 4, false, false), codecs.EncodeOptions{})
	if err == nil || !strings.Contains(err.Error(), "more than 1s") {
		t.Errorf("%v", err)
	}
	gone(t, mark)
	clean(t)
}

// TestExternalLeavesNothingRunning: a child that outlives the program is stopped too.
func TestExternalLeavesNothingRunning(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "pid")
	x := script(t, `sleep 60 >/dev/null 2>&1 & echo $! > `+mark+`; cp "$1" "$2"`)
	throughCodec(t, x, draw(t, 4, 4, false, false), nil)
	gone(t, mark)
	clean(t)
}

// TestExternalWritesTooMuch: a program that fills the disk is stopped, and its file is
// not read.
func TestExternalWritesTooMuch(t *testing.T) {
	for _, body := range []string{
		`dd of="$2" bs=1 count=0 seek=1100000000; sleep 60`,
		`mkdir d; dd of=d/temporary bs=1 count=0 seek=2000000000; sleep 60; cp "$1" "$2"`,
		`dd of="$2" bs=1 count=0 seek=1100000000`,
	} {
		x := script(t, body)
		_, err := x.Encode(context.Background(), draw(t, 4, 4, false, false), codecs.EncodeOptions{})
		if err == nil || !strings.Contains(err.Error(), "encoder wrote ") || !strings.Contains(err.Error(), "MiB") {
			t.Errorf("%s: %v", body, err)
		}
		clean(t)
	}
}

// gone waits for the end of the process whose number is in a file, and fails if it goes on.
func gone(t *testing.T, file string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return // there is no /proc
	}
	pid, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	alive := func() bool {
		stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/stat")
		return err == nil && !strings.Contains(string(stat), ") Z ")
	}
	for end := time.Now().Add(5 * time.Second); alive() && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if alive() {
		t.Error("the script's child still runs")
	}
}

// TestExternalCancelStopsChildren: the script's own child must be gone too.
func TestExternalCancelStopsChildren(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "pid")
	x := script(t, `sleep 60 & echo $! > `+mark+`.tmp; mv `+mark+`.tmp `+mark+`; wait`)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := x.Encode(ctx, draw(t, 4, 4, false, false), codecs.EncodeOptions{})
		done <- err
	}()
	started := func() bool { _, err := os.Stat(mark); return err == nil }
	for range 500 {
		if started() {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !started() {
		t.Fatal("the script never started")
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	gone(t, mark)
	clean(t)
}
