// Package beside is what programs that compare this one with Python libraries have in
// common: a peer, which is a script that runs its side on request, and clocks.
//
// A peer's first line is a JSON object of what it says of itself; then it answers each
// line that it reads with one of numbers, seconds, and ends when its input does.
package beside

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Peer is a script at work.
type Peer struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// Start runs a script, which it writes to a folder, by an interpreter, with more variables
// in its environment, and reads what it says of itself into about. The error is the last
// line of its complaints.
func Start(python, folder string, script []byte, about any, environment []string, args ...string) (*Peer, error) {
	file := filepath.Join(folder, "peer.py")
	if err := os.WriteFile(file, script, 0o600); err != nil {
		return nil, err
	}
	c := exec.Command(python, append([]string{file}, args...)...)
	c.Env = append(os.Environ(), environment...)
	var complaints strings.Builder
	c.Stderr = &complaints
	in, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	p := &Peer{command: c, in: in, out: bufio.NewReader(out)}
	line, err := p.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, about)
	}
	if err != nil {
		p.Close()
		lines := strings.Split(strings.TrimSpace(complaints.String()), "\n")
		return nil, errors.New(lines[len(lines)-1])
	}
	return p, nil
}

// Ask sends a line and reads as many numbers as there are places for.
func (p *Peer) Ask(question string, seconds ...*float64) error {
	if _, err := fmt.Fprintln(p.in, question); err != nil {
		return fmt.Errorf("peer: %w", err)
	}
	for _, s := range seconds {
		if _, err := fmt.Fscan(p.out, s); err != nil {
			return fmt.Errorf("peer, asked for %q: %w", question, err)
		}
	}
	return nil
}

// Close ends the peer and waits for it.
func (p *Peer) Close() {
	_ = p.in.Close()
	_ = p.command.Wait()
}
