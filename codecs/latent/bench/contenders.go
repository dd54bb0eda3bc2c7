package main

import (
	"context"
	_ "embed"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/bench/beside"
	"codecworkbench/codecs/picture"
)

//go:embed peer/peer.py
var peerScript []byte

// Size of the picture.
const width, height = 768, 512

// runs is how often a turn encodes and decodes.
const runs = 3

// setting is how times are taken.
type setting struct {
	cores int
	cpu   bool // processor time
}

func (s setting) String() string {
	if s.cpu {
		return "processor"
	}
	return fmt.Sprintf("cores: %d", s.cores)
}

// times are milliseconds.
type times struct{ encode, decode float64 }

// fastest is the shorter of each; a zero one does not count.
func (t times) fastest(other times) times {
	if other == (times{}) {
		return t
	}
	return times{min(t.encode, other.encode), min(t.decode, other.decode)}
}

// description is a system's line beside its times.
type description struct {
	name           string
	weights, bytes int
	encodeMACs     float64 // thousands of products a pixel
	decodeMACs     float64
}

type contender interface {
	about() description
	time(s setting) (times, error)
}

// ours is one of this program's codecs.
type ours struct {
	description
	codec   codecs.Codec
	picture *picture.Picture
	options codecs.EncodeOptions
}

func newOurs(s system, p *picture.Picture) (*ours, error) {
	data, err := os.ReadFile(s.file())
	if err != nil {
		return nil, err
	}
	m, err := nn.ParseModel(data)
	if err != nil {
		return nil, err
	}
	o := &ours{codec: s.made, picture: p, options: codecs.EncodeOptions{Params: codecs.Params{"model": s.size}}}
	if o.description, err = costs(m); err != nil {
		return nil, err
	}
	o.name = s.name()
	stream, err := s.made.Encode(context.Background(), p, o.options)
	if err != nil {
		return nil, err
	}
	file, err := codecs.Marshal(stream)
	o.bytes = len(file)
	return o, err
}

// costs adds up a model's networks: the analysis works on pixels, the hyper-synthesis on
// what the hyper-analysis makes, all others on latents.
func costs(m *nn.Model) (d description, err error) {
	levels := strings.Count(m.Metadata["lambdas"], ",") + 1
	found := map[string]nn.Cost{}
	for _, name := range m.Names() {
		spec, err := m.Spec(name)
		if err != nil {
			return d, err
		}
		found[name] = nn.CostOf(spec, levels)
		d.weights += found[name].Weights
	}
	latents := found["analysis"].Outputs / 1e3 // positions to a thousand pixels
	hyper := latents * found["hyper_analysis"].Outputs * found["hyper_synthesis"].MACs
	d.encodeMACs, d.decodeMACs = found["analysis"].MACs/1e3+latents*found["hyper_analysis"].MACs+hyper, latents*found["synthesis"].MACs+hyper
	for name, c := range found {
		switch {
		case name == "analysis" || name == "synthesis" || strings.HasPrefix(name, "hyper_a") || strings.HasPrefix(name, "hyper_s"):
			continue
		case strings.HasPrefix(name, "gate_"): // once a region
			continue
		case strings.HasPrefix(name, "anchor") || strings.HasPrefix(name, "other") || strings.HasPrefix(name, "values"): // half the positions
			c.MACs /= 2
		}
		d.encodeMACs += latents * c.MACs
		d.decodeMACs += latents * c.MACs
	}
	return d, nil
}

func (o *ours) about() description { return o.description }

func (o *ours) time(s setting) (t times, err error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(s.cores))
	now := func() time.Duration { return time.Duration(time.Now().UnixNano()) }
	if s.cpu {
		now = beside.ProcessorTime
	}
	ctx := context.Background()
	for range runs {
		start := now()
		stream, err := o.codec.Encode(ctx, o.picture, o.options)
		if err != nil {
			return t, err
		}
		middle := now()
		if _, err := o.codec.Decode(ctx, stream, codecs.DecodeOptions{}); err != nil {
			return t, err
		}
		t = times{milliseconds(middle - start), milliseconds(now() - middle)}.fastest(t)
	}
	return t, nil
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1e3 }

// compressai is the peer.
type compressai struct {
	Name    string  `json:"name"`
	Weights int     `json:"weights"`
	Bytes   int     `json:"bytes"`
	Encode  float64 `json:"encode"` // thousands of products a pixel
	Decode  float64 `json:"decode"`

	*beside.Peer
}

// newPeer starts the peer on a picture.
func newPeer(python, folder string, p *picture.Picture) (*compressai, error) {
	file := filepath.Join(folder, "picture.rgb")
	if err := os.WriteFile(file, packed(p.RGB8()), 0o600); err != nil {
		return nil, err
	}
	c := new(compressai)
	var err error
	if c.Peer, err = beside.Start(python, folder, peerScript, c, nil, file); err != nil {
		return nil, err
	}
	fmt.Printf("peer: %s, untrained\n", c.Name)
	return c, nil
}

// packed is a picture's samples, three a pixel.
func packed(img *image.NRGBA) []byte {
	var out []byte
	for i := 0; i < len(img.Pix); i += 4 {
		out = append(out, img.Pix[i:i+3]...)
	}
	return out
}

func (c *compressai) about() description {
	return description{"CompressAI", c.Weights, c.Bytes, c.Encode, c.Decode}
}

func (c *compressai) time(s setting) (t times, err error) {
	clock := "wall"
	if s.cpu {
		clock = "processor"
	}
	err = c.Ask(fmt.Sprint(s.cores, " ", clock, " ", runs), &t.encode, &t.decode)
	time.Sleep(50 * time.Millisecond) // its threads spin before they sleep
	return times{1e3 * t.encode, 1e3 * t.decode}, err
}
