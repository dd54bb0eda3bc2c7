package classical

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// maxOutput is how much of what a program prints is kept: the last of it.
const maxOutput = 16 << 10

// pipeTime is how long a program's children may hold its output open after its end.
const pipeTime = 2 * time.Second

// output keeps the end of what a program prints, both streams together.
type output struct {
	mu   sync.Mutex
	text []byte
}

// Write keeps the last maxOutput bytes.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, p[max(len(p)-maxOutput, 0):]...)
	if n := len(o.text) - maxOutput; n > 0 {
		o.text = append(o.text[:0], o.text[n:]...)
	}
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.text)
}

// lastLine returns ": " and the last line with something in it, or nothing.
func (o *output) lastLine() string {
	lines := strings.FieldsFunc(o.String(), func(r rune) bool { return r == '\n' || r == '\r' })
	for i := len(lines) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(lines[i]); line != "" {
			return ": " + strings.ToValidUTF8(line, "?")
		}
	}
	return ""
}

// watchTime is how often the size of a running program's folder is looked at.
const watchTime = 100 * time.Millisecond

// errTooMuch is why a program that fills its folder is stopped.
var errTooMuch = errors.New("wrote too much")

// watch calls stop once the files in a folder have more than limit bytes together. It
// returns when ctx ends.
func watch(ctx context.Context, dir string, limit int64, stop func(error)) {
	tick := time.NewTicker(watchTime)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var size int64
		// Files come and go while the program runs: what can't be read counts for nothing.
		_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
				size += info.Size()
			}
			return nil
		})
		if size > limit {
			stop(errTooMuch)
			return
		}
	}
}

// run runs a program without a shell, with no input, in a folder, and stops it and its
// children when ctx ends or the limit is over; children do not outlive it either way. What it printed is returned in any case;
// errors carry its last line.
func run(ctx context.Context, dir, path string, args []string, limit time.Duration) (*output, error) {
	name := filepath.Base(path)
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(limited, path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.WaitDelay = pipeTime
	ownGroup(cmd)
	stdout, stderr := &output{}, &output{}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Run()
	endGroup(cmd)
	printed := stderr
	if stderr.lastLine() == "" {
		printed = stdout
	}
	switch {
	case err == nil || errors.Is(err, exec.ErrWaitDelay) && limited.Err() == nil:
		return printed, nil
	case errors.Is(context.Cause(ctx), errTooMuch):
		return printed, errTooMuch
	case ctx.Err() != nil:
		return printed, ctx.Err()
	case limited.Err() != nil:
		return printed, fmt.Errorf("%s took more than %s and was stopped; raise seconds in its .toml file or give a smaller picture%s", name, limit, printed.lastLine())
	}
	return printed, fmt.Errorf("%s failed (%w)%s", name, err, printed.lastLine())
}
