package command

import (
	"strings"
	"sync"
)

// MaxOutput is how much of each of a program's two streams is kept, in bytes: the
// last of it.
const MaxOutput = 16 << 10

// Printed is the end of what a program printed.
type Printed struct{ Stdout, Stderr string }

// Text returns what the program said to its user: its errors, or where there is
// nothing in them its output.
func (p Printed) Text() string {
	if strings.TrimSpace(p.Stderr) != "" {
		return p.Stderr
	}
	return p.Stdout
}

// LastLine returns ": " and the last line of Text with something in it, or nothing.
func (p Printed) LastLine() string {
	lines := strings.FieldsFunc(p.Text(), func(r rune) bool { return r == '\n' || r == '\r' })
	for i := len(lines) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(lines[i]); line != "" {
			return ": " + strings.ToValidUTF8(line, "?")
		}
	}
	return ""
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// Write keeps the last MaxOutput bytes.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p[max(len(p)-MaxOutput, 0):]...)
	if n := len(t.text) - MaxOutput; n > 0 {
		t.text = append(t.text[:0], t.text[n:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
