// Package command runs the command-line programs that users name in files of
// settings: without a shell, in a folder of its own, stopped with all its children
// on cancel, when the time is over, and when it has written too much. It also writes
// the pictures that they read. What the files say is read by package userfile
// below it. It knows neither codecs nor metrics, and is used by both.
package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Command is one run of a program.
type Command struct {
	Path string
	Args []string
	Dir  string // it runs in; empty: the current one
	// Limit is how long it may take.
	Limit time.Duration
	// MaxBytes is how much the files in Dir may have together; 0: any.
	MaxBytes int64
}

// pipeTime is how long a program's children may hold its output open after its end.
const pipeTime = 2 * time.Second

// Run runs the program with no input and stops it and its children when ctx ends or
// a limit is passed; children do not outlive it either way. What it printed is
// returned in any case; errors carry its last line, and wrap the *exec.ExitError of
// a program that failed.
func (c Command) Run(ctx context.Context) (Printed, error) {
	name := filepath.Base(c.Path)
	watched, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if c.MaxBytes > 0 {
		go watch(watched, c.Dir, c.MaxBytes, stop)
	}
	limited, cancel := context.WithTimeout(watched, c.Limit)
	defer cancel()
	cmd := exec.CommandContext(limited, c.Path, c.Args...)
	cmd.Dir = c.Dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.WaitDelay = pipeTime
	ownGroup(cmd)
	stdout, stderr := &tail{}, &tail{}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Run()
	endGroup(cmd)
	printed := Printed{Stdout: stdout.String(), Stderr: stderr.String()}
	switch {
	case err == nil || errors.Is(err, exec.ErrWaitDelay) && limited.Err() == nil:
		return printed, nil
	case errors.Is(context.Cause(watched), errTooMuch):
		return printed, fmt.Errorf("%s wrote more than %d MiB and was stopped; give a smaller picture", name, c.MaxBytes>>20)
	case ctx.Err() != nil:
		return printed, ctx.Err()
	case limited.Err() != nil:
		return printed, fmt.Errorf("%s took more than %s and was stopped; raise seconds in its .toml file or give a smaller picture%s", name, c.Limit, printed.LastLine())
	}
	return printed, fmt.Errorf("%s failed (%w)%s", name, err, printed.LastLine())
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

// InFolder calls do with a new temporary folder, whose name holds the given one, and
// removes it again.
func InFolder[T any](name string, do func(dir string) (T, error)) (T, error) {
	dir, err := os.MkdirTemp("", "codecworkbench-"+name+"-")
	if err != nil {
		var none T
		return none, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left lies in the system's temporary folder
	return do(dir)
}

// Find returns the absolute path of the first of these programs that there is; empty
// if there is none.
func Find(programs []string) string {
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			if path, err = filepath.Abs(path); err == nil {
				return path
			}
		}
	}
	return ""
}

// Placeholder finds what stands for a value in a program's arguments: "{q}".
var Placeholder = regexp.MustCompile(`\{[A-Za-z0-9_-]*\}`)

// Expand puts the values, by name, for the placeholders; a value is never looked at
// again.
func Expand(args []string, values map[string]string) []string {
	expanded := make([]string, len(args))
	for i, arg := range args {
		expanded[i] = Placeholder.ReplaceAllStringFunc(arg, func(p string) string { return values[strings.Trim(p, "{}")] })
	}
	return expanded
}
