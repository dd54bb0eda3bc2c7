package compare

import (
	"bufio"
	"fmt"
	"os"
	"time"
)

// FramesVariable is the environment variable that names a file to which the pane writes
// a line for each frame that it draws: the mode, when drawing began and how long it took,
// both in microseconds. The measuring of frame times reads it.
const FramesVariable = "CODECWORKBENCH_FRAMES"

// frameLog writes the frames' times; nil writes nothing.
type frameLog struct {
	out   *bufio.Writer
	begun time.Time
	last  time.Time // of the last flush
}

func openFrameLog() *frameLog {
	path := os.Getenv(FramesVariable)
	if path == "" {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil
	}
	return &frameLog{out: bufio.NewWriter(f), begun: time.Now()}
}

// add notes a frame whose drawing began at start and is done.
func (l *frameLog) add(mode string, start time.Time) {
	if l == nil {
		return
	}
	now := time.Now()
	fmt.Fprintln(l.out, mode, start.Sub(l.begun).Microseconds(), now.Sub(start).Microseconds())
	if now.Sub(l.last) > 200*time.Millisecond {
		l.last = now
		_ = l.out.Flush() // a log that cannot be written is seen by who reads it
	}
}
