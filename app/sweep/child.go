package sweep

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"

	"codecworkbench/codecs"
)

// ChildArgument is the hidden subcommand under which the program runs one job read
// from standard input, for Child.
const ChildArgument = "run-job"

// Child runs each job alone in a child process of the same program, three times,
// and keeps the least times: for results whose speed and memory are to be compared.
// It runs one job at a time, however many workers ask.
type Child struct {
	Program string   // path of the executable
	Args    []string // global flags to pass on
	Images  []Image

	mu sync.Mutex
}

// childRuns is how often each job is repeated.
const childRuns = 3

// ChildJob is what the child process reads from standard input.
type ChildJob struct {
	Job
	Path string `json:"path"` // of the picture
}

// ChildReply is what the child process writes to standard output.
type ChildReply struct {
	Outcome       *Outcome `json:"outcome,omitempty"`
	Error         string   `json:"error,omitempty"`
	NotApplicable bool     `json:"not_applicable,omitempty"`
}

// NewChildReply words a job's end for the parent process.
func NewChildReply(out *Outcome, err error) ChildReply {
	if err != nil {
		return ChildReply{Error: err.Error(), NotApplicable: errors.Is(err, codecs.ErrNotApplicable)}
	}
	return ChildReply{Outcome: out}
}

// notApplicable keeps a child's message and its kind.
type notApplicable string

func (n notApplicable) Error() string { return string(n) }
func (n notApplicable) Unwrap() error { return codecs.ErrNotApplicable }

// result is the reply as the job's own return values.
func (r ChildReply) result() (*Outcome, error) {
	switch {
	case r.NotApplicable:
		return nil, notApplicable(r.Error)
	case r.Error != "":
		return nil, errors.New(r.Error)
	case r.Outcome == nil:
		return nil, errors.New("child process: no result")
	}
	return r.Outcome, nil
}

// Execute runs one job in child processes.
func (c *Child) Execute(ctx context.Context, job Job) (*Outcome, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	in := ChildJob{Job: job}
	for _, img := range c.Images {
		if img.Hash == job.Image {
			in.Path = img.Path
		}
	}
	var best *Outcome
	for range childRuns {
		out, err := c.once(ctx, in)
		if err != nil {
			return nil, err
		}
		if best == nil {
			best = out
		}
		best.EncodeMS = min(best.EncodeMS, out.EncodeMS)
		best.DecodeMS = min(best.DecodeMS, out.DecodeMS)
		best.PeakBytes = min(best.PeakBytes, out.PeakBytes)
		in.Metrics = nil // the values do not change
	}
	best.Alone = true
	return best, nil
}

func (c *Child) once(ctx context.Context, job ChildJob) (*Outcome, error) {
	input, err := json.Marshal(job)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, c.Program, append([]string{ChildArgument}, c.Args...)...)
	cmd.WaitDelay = time.Second
	cmd.Stdin = bytes.NewReader(input)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if text := strings.TrimSpace(stderr.String()); text != "" {
			return nil, fmt.Errorf("%s", strings.TrimPrefix(text, "codecworkbench: "))
		}
		return nil, fmt.Errorf("child process: %w", err)
	}
	var reply ChildReply
	if err := json.Unmarshal(stdout.Bytes(), &reply); err != nil {
		return nil, fmt.Errorf("child process: %w", err)
	}
	out, err := reply.result()
	if err == nil {
		out.PeakBytes = peakBytes(cmd.ProcessState)
	}
	return out, err
}
