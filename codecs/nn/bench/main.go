// Command bench compares package nn with PyTorch (eager, both memory layouts) and ONNX
// Runtime on the CPU: the same networks, the same number of threads, turn about in one run.
// It needs a Python with torch, and onnx and onnxruntime for the second, and says so where
// they are missing. Weights are random.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"time"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/bench/beside"
	"codecworkbench/codecs/nn/kernel"
)

//go:embed peer/peer.py
var script []byte

func main() {
	python := flag.String("python", "python3", "a Python with torch, onnx and onnxruntime")
	training := flag.String("training", "codecs/training", "the folder of package cwtrain")
	turns := flag.Int("turns", 5, "turns of each program a network")
	threads := flag.Int("threads", min(2, runtime.NumCPU()), "cores")
	cpu := flag.Bool("cpu", false, "processor time instead of wall time, on one core: for machines that are busy")
	flag.Parse()
	if *cpu {
		*threads = 1
	}
	if err := run(*python, *training, *turns, *threads, *cpu); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(python, training string, turns, threads int, cpu bool) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	p, err := start(python, folder, training, threads, cpu)
	if err != nil {
		fmt.Printf("no comparison with PyTorch and ONNX Runtime: %v (%s -m pip install torch onnx onnxruntime; -python names another interpreter)\n", err, python)
		return nil
	}
	defer p.Close()
	if p.Missing != "" {
		fmt.Printf("no comparison with ONNX Runtime: %s\n", p.Missing)
	}
	fmt.Printf("kernels: %s; threads: %d; peers: %v; %s time in ms of the fastest run; ratio: the peer's time over ours\n",
		kernel.Name(), threads, p.Peers, clockName(cpu))
	for _, name := range slices.Sorted(maps.Keys(p.Networks)) {
		if err := p.compare(name, turns, threads, cpu); err != nil {
			return err
		}
	}
	return nil
}

func clockName(cpu bool) string {
	if cpu {
		return "processor"
	}
	return "wall"
}

// network is a description with the size of its input: height, width, channels.
type network struct {
	Layers json.RawMessage `json:"layers"`
	Size   [3]int          `json:"size"`
}

// peer is the Python program at work, and what it said of itself.
type peer struct {
	Networks map[string]network `json:"networks"`
	Peers    map[string]string  `json:"peers"`
	Missing  string             `json:"missing"`

	*beside.Peer
}

func start(python, folder, training string, threads int, cpu bool) (*peer, error) {
	p := new(peer)
	var err error
	p.Peer, err = beside.Start(python, folder, script, p, []string{fmt.Sprintf("OMP_NUM_THREADS=%d", threads)}, training, clockName(cpu))
	return p, err
}

// time returns the seconds of the fastest of some runs.
func (p *peer) time(name string, runs int) (seconds float64, err error) {
	err = p.Ask(fmt.Sprint(name, " ", runs), &seconds)
	return seconds, err
}

// compare prints a network's line.
func (p *peer) compare(name string, turns, threads int, cpu bool) error {
	ours, err := newJob(p.Networks[name], threads, cpu)
	if err != nil {
		return err
	}
	const runs = 3
	best := map[string]float64{}
	for range turns {
		for who := range p.Peers {
			seconds, err := p.time(name+"/"+who, runs)
			if err != nil {
				return err
			}
			keep(best, who, seconds)
			time.Sleep(50 * time.Millisecond) // its threads spin before they sleep
		}
		seconds, err := ours.time(runs)
		if err != nil {
			return err
		}
		keep(best, "", seconds)
	}
	fmt.Printf("%-28s nn %7.1f", name, 1e3*best[""])
	for _, who := range slices.Sorted(maps.Keys(p.Peers)) {
		fmt.Printf(" | %s %7.1f, ratio %.2f", who, 1e3*best[who], best[who]/best[""])
	}
	fmt.Println()
	return nil
}

// keep notes a time if it is the shortest so far.
func keep(best map[string]float64, who string, seconds float64) {
	if old, ok := best[who]; !ok || seconds < old {
		best[who] = seconds
	}
}

// job is our side of a network.
type job struct {
	net     *nn.Network
	session *nn.Session
	in      nn.Tensor
	threads int
	cpu     bool
}

func newJob(n network, threads int, cpu bool) (*job, error) {
	spec, err := nn.ParseSpec(n.Layers)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(1, 2))
	net, err := nn.Build(spec, func(_ string, shape ...int) ([]float32, error) {
		count := 1
		for _, d := range shape {
			count *= max(d, 1) // -1, the levels of a modulation, is 1 here
		}
		data := make([]float32, count)
		for i := range data {
			data[i] = 0.01 + 0.01*rng.Float32() // also good for norms
		}
		return data, nil
	})
	if err != nil {
		return nil, err
	}
	j := &job{net: net, session: nn.NewSession(), in: nn.NewTensor(n.Size[0], n.Size[1], n.Size[2]), threads: threads, cpu: cpu}
	for i := range j.in.Data {
		j.in.Data[i] = rng.Float32() - 0.5
	}
	return j, nil
}

// time returns the seconds of the fastest of some runs.
func (j *job) time(runs int) (float64, error) {
	best := time.Hour
	for range runs {
		start, began := time.Now(), beside.ProcessorTime()
		if _, err := j.net.Run(context.Background(), j.session, j.in, nn.Options{Workers: j.threads}); err != nil {
			return 0, err
		}
		took := time.Since(start)
		if j.cpu {
			took = beside.ProcessorTime() - began
		}
		best = min(best, took)
	}
	return best.Seconds(), nil
}
