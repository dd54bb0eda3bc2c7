package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// meter shows progress on one line of a terminal, or as a line now and then where
// standard error is a file or a pipe.
type meter struct {
	w        io.Writer
	terminal bool
	last     time.Time
	width    int // of the line on the terminal
	lines    int // printed elsewhere
}

func (a *app) meter() *meter {
	m := &meter{w: a.Stderr, last: time.Now()}
	if f, ok := a.Stderr.(*os.File); ok {
		m.terminal = term.IsTerminal(int(f.Fd()))
	}
	return m
}

// show prints how far the work is; calls in between are dropped.
func (m *meter) show(done, total int, text string) {
	every := 10 * time.Second
	if m.terminal {
		every = 100 * time.Millisecond
	}
	now := time.Now()
	// Short work shows nothing; what was shown ends with its last line.
	if now.Sub(m.last) < every && (done < total || m.width+m.lines == 0) {
		return
	}
	m.last = now
	line := fmt.Sprintf("%d of %d%s", done, total, text)
	if !m.terminal {
		m.lines++
		fmt.Fprintln(m.w, line)
		return
	}
	const cells = 24
	full := 0
	if total > 0 {
		full = cells * done / total
	}
	line = "[" + strings.Repeat("=", full) + strings.Repeat(" ", cells-full) + "] " + line
	pad := max(m.width-len(line), 0)
	m.width = len(line)
	fmt.Fprint(m.w, "\r"+line+strings.Repeat(" ", pad))
}

// end leaves the progress line.
func (m *meter) end() {
	if m.terminal && m.width > 0 {
		fmt.Fprintln(m.w)
		m.width = 0
	}
}

// remaining words an estimate roughly, as it deserves.
func remaining(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Minute:
		return fmt.Sprintf(", about %d s left", max(int(d.Seconds()+0.5), 1))
	case d < 90*time.Minute:
		return fmt.Sprintf(", about %d min left", int(d.Minutes()+0.5))
	}
	return fmt.Sprintf(", about %.1f h left", d.Hours())
}
