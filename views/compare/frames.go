package compare

import (
	"fmt"
	"os"
	"time"
)

// FramesVariable is the environment variable that names a file to which every pane appends
// a line for each frame that it draws: the mode, when drawing began, counted from the
// pane's own beginning, and how long it took, both in microseconds. views/bench reads it.
const FramesVariable = "CODECWORKBENCH_FRAMES"

// frameLog writes the frames' times; nil writes nothing.
type frameLog struct {
	out   *os.File
	begun time.Time
}

func openFrameLog() *frameLog {
	path := os.Getenv(FramesVariable)
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil // who reads the log sees that there is none
	}
	return &frameLog{out: f, begun: time.Now()}
}

// add notes a frame whose drawing began at start and is done.
func (l *frameLog) add(mode string, start time.Time) {
	if l != nil {
		_, _ = fmt.Fprintln(l.out, mode, start.Sub(l.begun).Microseconds(), time.Since(start).Microseconds())
	}
}
