package hyperprior

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// errDamaged marks a stream that this codec did not write like that.
var errDamaged = errors.New("damaged hyperprior file")

// opened is a stream with its header read and checked.
type opened struct {
	layout
	m     *model
	h     header
	z     []byte
	parts []region
	y     [][]byte // by region; nil where it is lost
	lost  int      // regions
}

// open checks a stream and finds its model.
func (c *Codec) open(s *codecs.Stream) (*opened, error) {
	if err := picture.CheckSize(s.Width, s.Height); err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	data, ok := s.Section(sectionHeader, 0)
	if !ok {
		return nil, fmt.Errorf("%w: its header is missing or damaged", errDamaged)
	}
	h, err := parseHeader(data)
	if err != nil {
		return nil, err
	}
	f := &opened{layout: newLayout(s.Width, s.Height), h: h}
	if f.z, ok = s.Section(sectionZ, 0); !ok {
		return nil, fmt.Errorf("%w: its section z, without which nothing can be read, is missing or damaged", errDamaged)
	}
	if err := f.collect(s); err != nil {
		return nil, err
	}
	f.m, err = c.models.Find(s.Model)
	return f, err
}

// collect finds the regions' payloads.
func (f *opened) collect(s *codecs.Stream) error {
	f.parts = f.regions()
	f.y = make([][]byte, len(f.parts))
	seen := make([]bool, len(f.parts))
	for _, sec := range s.Sections {
		if sec.Kind != sectionY || sec.Part >= uint64(len(f.parts)) || seen[sec.Part] {
			continue
		}
		seen[sec.Part] = true
		if sec.Damaged {
			f.lost++
			continue
		}
		f.y[sec.Part] = sec.Payload
		if sec.Payload == nil {
			f.y[sec.Part] = []byte{}
		}
	}
	if i := slices.Index(seen, false); i >= 0 {
		return fmt.Errorf("%w: region %d of %d is missing", errDamaged, i, len(f.parts))
	}
	return nil
}

// latents is a decoded file before synthesis. The prior lies in a workspace.
type latents struct {
	z       []int16
	prior   prior
	symbols []int16 // of y, [high, wide, channels]
}

// read decodes z and, with y set, y; all symbols of y are 0 else.
func (f *opened) read(ctx context.Context, w *workspace, y bool, tick func()) (*latents, error) {
	z, err := f.readZ(ctx)
	if err != nil {
		return nil, err
	}
	p, err := f.m.predict(ctx, w, f.layout, z)
	if err != nil {
		return nil, err
	}
	out := &latents{z, p, make([]int16, f.high*f.wide*f.m.channels)}
	err = kernel.Each(ctx, len(f.parts), func(i int) error {
		if f.y[i] == nil || !y {
			return nil
		}
		if err := f.readRegion(ctx, i, p, out.symbols, tick); err != nil {
			return fmt.Errorf("region %d: %w", i, err)
		}
		return nil
	})
	return out, err
}

// readZ decodes the hyper-latents.
func (f *opened) readZ(ctx context.Context) ([]int16, error) {
	n := f.m.hyperChannels
	first := f.h.row(f.m.levels) * n
	in := entropy.NewDecoder(f.z)
	z := make([]int16, 0, n)
	for range f.hyperHigh {
		for range f.hyperWide {
			for c := range n {
				t := f.m.z.At(first + c)
				z = append(z, int16(f.m.hyperSymbol(t, t.Decode(in))))
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if in.Overrun() > 0 {
			return nil, fmt.Errorf("%w: its section z ends too early", errDamaged)
		}
	}
	return z, nil
}

// readRegion decodes the symbols of a region.
func (f *opened) readRegion(ctx context.Context, i int, p prior, symbols []int16, tick func()) error {
	in, r, n := entropy.NewDecoder(f.y[i]), f.parts[i], f.m.channels
	for y := r.y0; y < r.y1; y++ {
		for x := r.x0; x < r.x1; x++ {
			_, scales := p.at(x, y)
			out := symbols[(y*f.wide+x)*n:][:n]
			for c, scale := range scales {
				if !f.m.skip[scale] {
					out[c] = int16(clampSymbol(f.m.scales.At(int(scale)).Decode(in)))
				}
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if in.Overrun() > 0 {
			return fmt.Errorf("%w: its section ends too early", errDamaged)
		}
		tick()
	}
	return nil
}

func (f *opened) decode(ctx context.Context, o codecs.DecodeOptions) (*codecs.Result, error) {
	w := f.m.spaces.Get().(*workspace)
	defer f.m.spaces.Put(w)
	progress := f.meter(o.On)
	l, err := f.read(ctx, w, o.UpTo != 1 && !slices.Contains(o.Off, nameY), progress.tick)
	if err != nil {
		return nil, err
	}
	if err := f.edit(l.symbols, o.Edits); err != nil {
		return nil, err
	}
	p, err := f.synthesise(ctx, w, l, !slices.Contains(o.Off, nameZ), progress.tick)
	if err != nil {
		return nil, err
	}
	r := &codecs.Result{Picture: p}
	if f.lost > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d of %d regions are damaged: the picture is blurred there", f.lost, len(f.parts)))
	}
	return r, nil
}

// meter counts the rows of symbols and of synthesis.
func (f *opened) meter(on func(codecs.Progress)) *meter {
	rows := f.high
	for _, r := range f.parts {
		rows += r.y1 - r.y0
	}
	return &meter{total: rows, on: on}
}

// edit replaces symbols.
func (f *opened) edit(symbols []int16, edits []codecs.Edit) error {
	for _, e := range edits {
		if e.Part < 0 || e.Part >= f.m.channels || e.X < 0 || e.X >= f.wide || e.Y < 0 || e.Y >= f.high {
			return fmt.Errorf("no latent in channel %d at %d, %d: there are %d channels of %d x %d", e.Part, e.X, e.Y, f.m.channels, f.wide, f.high)
		}
		symbols[(e.Y*f.wide+e.X)*f.m.channels+e.Part] = int16(clampSymbol(e.Value))
	}
	return nil
}

// synthesise makes the picture from the symbols and, with means set, the means.
func (f *opened) synthesise(ctx context.Context, w *workspace, l *latents, means bool, tick func()) (*picture.Picture, error) {
	img := image.NewNRGBA(image.Rect(0, 0, f.width, f.height))
	step := 1 / f.m.gain(f.h)
	unit := float32(0)
	if means {
		unit = step / meanUnit
	}
	n := f.m.channels
	read := func(y int, row []float32) {
		for x := range f.wide {
			mu, _ := l.prior.at(x, y)
			s, d := l.symbols[(y*f.wide+x)*n:][:n], row[x*n:][:n]
			for c := range d {
				d[c] = float32(s[c])*step + float32(mu[c])*unit
			}
		}
		tick()
	}
	in := nn.Size{H: f.high, W: f.wide, C: n}
	err := f.m.synthesis.RunRows(ctx, w.synthesis, in, read, pixelWriter(img, f.h.gray), nn.Options{Level: f.h.level(f.m.levels)})
	if err != nil {
		return nil, err
	}
	return picture.New(img, f.h.gray, false, picture.Source{})
}
