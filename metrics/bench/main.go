// Command bench compares the program's metrics with the reference tools: whole processes
// on both sides, decoding of both pictures included, CPU and wall time, turn about in one
// run. Peers are the commands butteraugli_main and ssimulacra2 (of libjxl) where they are
// installed, and NVIDIA's flip_evaluator and scikit-image where the Python named has them,
// whose times are taken inside the process, without start and decoding. SSIM of
// scikit-image also tells how fast this machine is beside the one of a file of anchors.
package main

import (
	_ "embed"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed peer/peer.py
var script []byte

type options struct {
	binary, python, ref, anchors string
	metrics                      []string
	turns                        int
}

func main() {
	var o options
	list := flag.String("metrics", "ssimulacra2,butteraugli,flip,ssim-y", "metrics to time")
	flag.StringVar(&o.binary, "binary", "", "the program; built from ./app if none is named")
	flag.StringVar(&o.python, "python", "python3", "a Python with numpy, Pillow, scikit-image and flip_evaluator")
	flag.StringVar(&o.ref, "ref", "../shared/golden/pairs/k03__ref.png", "reference picture, of 768x512 pixels for the anchors to fit")
	flag.StringVar(&o.anchors, "anchors", "../shared/golden/timing.csv", "CPU seconds of reference tools on another machine")
	flag.IntVar(&o.turns, "turns", 3, "turns of each program")
	flag.Parse()
	o.metrics = strings.Split(*list, ",")
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	if _, err := os.Stat(o.ref); err != nil {
		fmt.Printf("no comparison of metrics: %s is missing; -ref names a picture\n", o.ref)
		return nil
	}
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if o.binary == "" {
		o.binary = filepath.Join(folder, "codecworkbench")
		if out, err := exec.Command("go", "build", "-tags", "nogui", "-o", o.binary, "./app").CombinedOutput(); err != nil {
			return fmt.Errorf("build ./app: %w\n%s", err, out)
		}
	}
	peerScript := filepath.Join(folder, "peer.py")
	if err := os.WriteFile(peerScript, script, 0o600); err != nil {
		return err
	}
	fmt.Println("seconds of the fastest turn, user + system and wall, on one core and on all; MB: most memory; ratio: the peer's CPU time over ours on one core")
	fmt.Println("pairs: the reference and its JPEG of quality 60; the larger ones tile both, every other tile mirrored")
	for _, size := range []struct {
		width, height, turns int
		peers                bool
	}{{0, 0, 3 * o.turns, true}, {4272, 2848, o.turns, true}, {6000, 4000, 1, false}} {
		pair, err := makePair(o.ref, folder, size.width, size.height)
		if err != nil {
			return err
		}
		speed := 0.
		if size.peers {
			speed = o.speed(peerScript, pair)
		}
		for _, m := range o.metrics {
			if err := o.compare(m, peerScript, pair, size.turns, size.peers, speed); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare prints one metric's line for one pair.
func (o options) compare(metric, peerScript string, p pair, turns int, peers bool, speed float64) error {
	measure := []string{"measure", p.ref, p.dist, "--metrics", metric}
	var one, all, peer best
	for range turns {
		t, err := process(true, o.binary, measure...)
		if err != nil {
			return err
		}
		one.keep(t)
		if t, err = process(false, o.binary, measure...); err != nil {
			return err
		}
		all.keep(t)
		if peers {
			if t, ok := o.peer(metric, peerScript, p); ok {
				peer.keep(t)
			}
		}
	}
	fmt.Printf("%-12s %-10s one core %6.3f (%.3f wall)  all %6.3f (%.3f wall) %5.0f MB", metric, p.name,
		one.cpu, one.wall, all.cpu, all.wall, all.megabytes)
	if peer.runs > 0 {
		fmt.Printf("  | peer %.3f (%.3f wall), ratio %.2f", peer.cpu, peer.wall, peer.cpu/one.cpu)
	}
	if anchor, ok := o.anchor(metric, p.name); ok && speed > 0 {
		fmt.Printf("  | anchor %.3f x %.2f, ratio %.2f", anchor, speed, anchor*speed/one.cpu)
	}
	fmt.Println()
	return nil
}

// peer runs a metric's reference tool once; false where it is missing.
func (o options) peer(metric, peerScript string, p pair) (timing, bool) {
	commands := map[string]string{"butteraugli": "butteraugli_main", "ssimulacra2": "ssimulacra2"}
	if program, ok := commands[metric]; ok {
		if _, err := exec.LookPath(program); err != nil {
			return timing{}, false
		}
		t, err := process(true, program, p.ref, p.dist)
		return t, err == nil
	}
	if metric == "flip" || metric == "ssim-y" {
		t, err := pythonPeer(o.python, peerScript, strings.TrimSuffix(metric, "-y"), p)
		return t, err == nil
	}
	return timing{}, false
}

// The tools of the file of anchors.
var anchorTools = map[string]string{
	"ssimulacra2": "ssimulacra2 (libjxl v0.12.0)", "butteraugli": "butteraugli_main (libjxl v0.12.0)",
	"flip": "FLIP.h v1.6 driver (g++ -O2, no OpenMP)", "ssim-y": "scikit-image SSIM gaussian Y",
}

// anchor returns the seconds that the anchors' machine took for a metric.
func (o options) anchor(metric, size string) (float64, bool) {
	f, err := os.Open(o.anchors)
	if err != nil {
		return 0, false
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return 0, false
	}
	for _, r := range rows {
		if len(r) > 2 && r[0] == anchorTools[metric] && r[1] == size {
			seconds, err := strconv.ParseFloat(r[2], 64)
			return seconds, err == nil
		}
	}
	return 0, false
}

// speed returns how many times longer SSIM of scikit-image takes here than on the
// anchors' machine; 0 if that is not known.
func (o options) speed(peerScript string, p pair) float64 {
	anchor, ok := o.anchor("ssim-y", p.name)
	if !ok {
		return 0
	}
	var b best
	for range 3 {
		t, err := pythonPeer(o.python, peerScript, "ssim", p)
		if err != nil {
			fmt.Printf("no anchors: %v\n", err)
			return 0
		}
		b.keep(t)
	}
	return b.cpu / anchor
}
