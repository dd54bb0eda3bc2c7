// Command bench compares the learned transform codecs with CompressAI's
// bmshj2018-hyperprior (N 128, M 192) in PyTorch: a picture of 768 x 512 pixels, encoded
// and decoded with its entropy coding, on one core and on two, turn about in one run.
//
// The peer needs a Python with compressai, and its weights are untrained: its latents are
// scaled to what a trained model's cost at about 0.5 bits a pixel. Codecs whose model the
// program does not ship are measured with untrained ones, which takes a Python with torch.
// What is missing is said.
//
// Milliseconds to encode and decode on an AMD Zen 3 with AVX2, and ratios to CompressAI 1.2.8
// with PyTorch 2.15, which takes 363 and 473 on two cores. hyperprior l and
// hyperprior-gdn were untrained.
//
//	                        two cores                one core
//	system               encode  decode  ratio    encode  decode  ratio
//	hyperprior s           22.4    23.2  16, 20     43.4    44.3  14, 20
//	hyperprior l          109.5   106.5   3,  4    209.6   206.7   3,  4
//	hyperprior-gdn s       60.1    65.3   6,  7    117.6   127.5   5,  7
//	factorized s           20.9    22.2  17, 21     40.9    44.4  14, 20
//	mlic s                 31.7    32.8  12, 14     62.0    62.9  10, 14
//	walloc s                9.0    37.6  40, 13     14.8    62.5  40, 14
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"codecworkbench/codecs"
	"codecworkbench/codecs/factorized"
	"codecworkbench/codecs/hyperprior"
	"codecworkbench/codecs/mlic"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/roi"
	"codecworkbench/codecs/walloc"
)

//go:embed peer/untrained.py
var untrained []byte

type options struct {
	python, training, models, picture string
	turns                             int
	cpu                               bool
}

func main() {
	var o options
	flag.StringVar(&o.python, "python", "python3", "a Python with torch and compressai")
	flag.StringVar(&o.training, "training", "codecs/training", "the folder of package cwtrain")
	flag.StringVar(&o.models, "models", "assets/models", "the folder of shipped models")
	flag.StringVar(&o.picture, "picture", "sample_images/scenes/meadow.png", "a picture of 768x512 pixels")
	flag.IntVar(&o.turns, "turns", 5, "turns of each system")
	flag.BoolVar(&o.cpu, "cpu", false, "processor time on one core alone: for machines that are busy")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// system is a codec with a model.
type system struct {
	codec, size string // as the folders of models have them
	made        codecs.Codec
	models      string // folder
}

func (s system) name() string { return s.codec + " " + s.size }

func (s system) file() string {
	return filepath.Join(s.models, s.codec, s.size+codecs.ModelExt)
}

// systems lists what is measured, on the shipped models where there are such.
func (o options) systems(folder string) []system {
	list := []system{{codec: hyperprior.ID, size: "s"}, {codec: hyperprior.ID, size: "l"}, {codec: hyperprior.GDNID, size: "s"},
		{codec: factorized.ID, size: "s"}, {codec: mlic.ID, size: "s"}, {codec: roi.ID, size: "s"}, {codec: walloc.ID, size: "s"}}
	for i := range list {
		list[i].models = o.models
		if _, err := os.Stat(list[i].file()); err != nil {
			list[i].models = folder
		}
	}
	o.makeMissing(folder, list)
	list = slices.DeleteFunc(list, func(s system) bool {
		_, err := os.Stat(s.file())
		return err != nil
	})
	for i := range list {
		models := codecs.NewModels(os.DirFS(list[i].models))
		list[i].made = map[string]codecs.Codec{
			hyperprior.ID: hyperprior.New(models), hyperprior.GDNID: hyperprior.NewGDN(models),
			factorized.ID: factorized.New(models), mlic.ID: mlic.New(models), roi.ID: roi.New(models), walloc.ID: walloc.New(models),
		}[list[i].codec]
	}
	return list
}

// makeMissing writes untrained models of the systems that have none.
func (o options) makeMissing(folder string, list []system) {
	var names []string
	for _, s := range list {
		if s.models == folder {
			names = append(names, s.codec+"/"+s.size)
		}
	}
	if len(names) == 0 {
		return
	}
	fmt.Printf("without a shipped model, with untrained weights: %s\n", strings.Join(names, ", "))
	script := filepath.Join(folder, "untrained.py")
	err := os.WriteFile(script, untrained, 0o600)
	if err == nil {
		var out []byte
		args := append([]string{script, o.training, filepath.Join(o.models, hyperprior.ID, "s"+codecs.ModelExt), folder}, names...)
		if out, err = exec.Command(o.python, args...).CombinedOutput(); err != nil {
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			err = fmt.Errorf("%w: %s", err, lines[len(lines)-1])
		}
	}
	if err != nil {
		fmt.Printf("not measured: they need a Python with torch (-python names one): %v\n", err)
	}
}

func run(o options) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	p, err := picture.Open(o.picture)
	if err != nil {
		return err
	}
	if p.Width() != width || p.Height() != height {
		return fmt.Errorf("%s has %d x %d pixels, expected %d x %d", o.picture, p.Width(), p.Height(), width, height)
	}
	var contenders []contender
	for _, s := range o.systems(folder) {
		c, err := newOurs(s, p)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name(), err)
		}
		contenders = append(contenders, c)
	}
	peer, err := newPeer(o.python, folder, p)
	if err != nil {
		fmt.Printf("no comparison with CompressAI: %v (%s -m pip install compressai; -python names another interpreter)\n", err, o.python)
	} else {
		defer peer.Close()
		contenders = append(contenders, peer)
	}
	return o.table(contenders)
}

// table measures and prints.
func (o options) table(contenders []contender) error {
	settings := []setting{{1, false}, {2, false}}
	if o.cpu {
		settings = []setting{{1, true}}
	}
	best := make([]map[setting]times, len(contenders))
	for i := range best {
		best[i] = map[setting]times{}
	}
	for range o.turns {
		for _, s := range settings {
			for i, c := range contenders {
				t, err := c.time(s)
				if err != nil {
					return err
				}
				best[i][s] = t.fastest(best[i][s])
			}
		}
	}
	fmt.Printf("%s, %d x %d pixels; kernels: %s; milliseconds of the fastest of %d runs to encode, decode; ratio: CompressAI's time over ours\n\n",
		filepath.Base(o.picture), width, height, kernel.Name(), runs*o.turns)
	fmt.Printf("%-26s %8s  %13s  %5s", "system", "weights", "kMAC/pixel", "bpp")
	for _, s := range settings {
		fmt.Printf("  %15s  %11s", s, "ratio")
	}
	fmt.Println()
	last := len(contenders) - 1
	_, compared := contenders[last].(*compressai)
	for i, c := range contenders {
		a := c.about()
		fmt.Printf("%-26s %6.2f M  %5.1f, %6.1f  %5.2f", a.name, float64(a.weights)/1e6, a.encodeMACs, a.decodeMACs, 8*float64(a.bytes)/(width*height))
		for _, s := range settings {
			t := best[i][s]
			fmt.Printf("  %6.1f, %7.1f", t.encode, t.decode)
			if peer := best[last][s]; compared {
				fmt.Printf("  %4.1f, %5.1f", peer.encode/t.encode, peer.decode/t.decode)
			}
		}
		fmt.Println()
	}
	return nil
}
