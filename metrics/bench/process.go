package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// timing is what one run took, in seconds.
type timing struct {
	cpu, wall, megabytes float64
}

// best is the fastest of several runs, and the most memory.
type best struct {
	timing
	runs int
}

func (b *best) keep(t timing) {
	if b.runs == 0 || t.cpu < b.cpu {
		b.cpu = t.cpu
	}
	if b.runs == 0 || t.wall < b.wall {
		b.wall = t.wall
	}
	b.megabytes = max(b.megabytes, t.megabytes)
	b.runs++
}

// process runs a command, on one core where taskset is there to say so.
func process(oneCore bool, program string, args ...string) (timing, error) {
	if oneCore {
		if _, err := exec.LookPath("taskset"); err == nil {
			program, args = "taskset", append([]string{"-c", "0", program}, args...)
		}
	}
	c := exec.Command(program, args...)
	if oneCore {
		c.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	start := time.Now()
	out, err := c.CombinedOutput()
	wall := time.Since(start)
	if err != nil {
		return timing{}, fmt.Errorf("%s: %w\n%s", c, err, out)
	}
	return timing{cpu: (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(), wall: wall.Seconds(),
		megabytes: peakMemory(c.ProcessState) / 1e6}, nil
}

// pythonPeer runs the script on one thread; the times are those that it prints.
func pythonPeer(python, peerScript, metric string, p pair) (timing, error) {
	c := exec.Command(python, peerScript, metric, p.ref, p.dist)
	c.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
	var complaints strings.Builder
	c.Stderr = &complaints
	out, err := c.Output()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(complaints.String()), "\n")
		return timing{}, fmt.Errorf("%s: %s", python, lines[len(lines)-1])
	}
	var t timing
	_, err = fmt.Sscan(string(out), &t.cpu, &t.wall)
	return t, err
}
