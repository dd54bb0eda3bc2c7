package sweep

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
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
	program string   // path of the executable
	build   string   // hash of its content
	args    []string // global flags to pass on
	local   *Local   // the pictures, the cache

	mu sync.Mutex
}

// NewChild returns an Executor that runs an executable, with args after its
// subcommand, on the pictures of local. What it measured is kept in local's cache,
// so that a stopped run goes on: for this executable on this machine alone, because
// another one may be faster.
func NewChild(program string, args []string, local *Local) (*Child, error) {
	f, err := os.Open(program)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, err
	}
	return &Child{program: program, build: hex.EncodeToString(h.Sum(nil)), args: args, local: local}, nil
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

// Execute runs one job in child processes, unless the cache has it.
func (c *Child) Execute(ctx context.Context, job Job) (*Outcome, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key, err := c.key(job)
	if err != nil {
		return nil, err
	}
	cache := c.local.Cache
	if cache != nil && !c.local.Fresh {
		var out Outcome
		if cache.load(key, &out) && out.Alone {
			out.Cached = true
			return &out, nil
		}
	}
	out, err := c.measure(ctx, job)
	if err == nil && cache != nil {
		cache.store(key, out)
	}
	return out, err
}

// key identifies a job's times.
func (c *Child) key(job Job) (string, error) {
	_, p, list, err := c.local.Tools.task(job)
	if err != nil {
		return "", err
	}
	runKey, err := c.local.Tools.runKey(p, job.Image)
	if err != nil {
		return "", err
	}
	parts := []string{"alone 1", c.build, Machine(), runKey}
	for _, m := range list {
		parts = append(parts, metricKey(runKey, m.Info()))
	}
	return key(parts...), nil
}

func (c *Child) measure(ctx context.Context, job Job) (*Outcome, error) {
	in := ChildJob{Job: job}
	for _, img := range c.local.Images {
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
	cmd := exec.CommandContext(ctx, c.program, append([]string{ChildArgument}, c.args...)...)
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
