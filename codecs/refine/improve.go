package refine

import (
	"context"
	"math"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

// MaxIterations bounds the option; more than 100 gain next to nothing.
const MaxIterations = 200

// paramName is the option's name.
const paramName = "refine"

// Param is the encoders' option.
func Param() codecs.Param {
	return codecs.Param{Name: paramName, Label: "Refinement", Kind: codecs.Int, Min: 0, Max: MaxIterations, Step: 1, Default: "0",
		Help: "Iterations by which the encoder improves what it sends for this picture, each as long as two or three decodes: 2 save about half of what there is to save, 10 most of it. Decoders don't notice."}
}

// Iterations is the option's value in resolved parameters.
func Iterations(p codecs.Params) int { return p.Int(paramName) }

// showShare bounds the time that drafts take: one part in showShare of all.
const showShare = 5

// Coder writes a file's sections.
type Coder func(ctx context.Context) ([]container.Section, error)

// Encoder is what a codec's encoder gives to have its latents refined.
type Encoder struct {
	Codec      codecs.Codec
	Options    codecs.EncodeOptions
	Iterations int                      // none: Improve does nothing
	Decoder    func() (*Decoder, error) // asked for if there are iterations
	// Stream makes a file of sections.
	Stream func(sections []container.Section) *codecs.Stream
}

// On is what the encoder reports its own progress to: nobody if there are iterations, which
// take nearly all of the time and are reported by Improve.
func (e Encoder) On() func(codecs.Progress) {
	if e.Iterations > 0 {
		return nil
	}
	return e.Options.On
}

// Improve is Run for an encoder; code writes the sections of the latents as they are in the
// problem. It reports progress, and now and then what the best file so far takes and how it
// looks.
func (e Encoder) Improve(ctx context.Context, p *Problem, code Coder) error {
	if e.Iterations < 1 {
		return nil
	}
	d, err := e.Decoder()
	if err != nil {
		return err
	}
	o := Options{Iterations: e.Iterations, Finish: e.Options.Finish}
	if e.Options.On == nil {
		return Run(ctx, d, p, o)
	}
	var last codecs.Progress
	var showing time.Duration
	start := time.Now()
	o.On = func(done, total int) {
		last.Done, last.Total = done, total
		e.Options.On(last)
		last.Preview = nil
	}
	o.Better = func() error {
		begin := time.Now()
		if showing*showShare > begin.Sub(start) {
			return nil
		}
		err := e.show(ctx, p.Picture, code, &last)
		showing += time.Since(begin)
		return err
	}
	return Run(ctx, d, p, o)
}

// Cost is J of the latents as they are, rounded.
func (e Encoder) Cost(ctx context.Context, p *Problem) (float64, error) {
	d, err := e.Decoder()
	if err != nil {
		return 0, err
	}
	return Cost(ctx, d, p)
}

// show decodes what there is for the next report.
func (e Encoder) show(ctx context.Context, p *picture.Picture, code Coder, to *codecs.Progress) error {
	sections, err := code(ctx)
	if err != nil {
		return err
	}
	s := e.Stream(sections)
	size, err := codecs.Size(e.Codec.Info(), s)
	if err != nil {
		return err
	}
	r, err := e.Codec.Decode(ctx, s, codecs.DecodeOptions{})
	if err != nil {
		return err
	}
	to.BPP, to.PSNR, to.Preview = 8*float64(size)/float64(p.Pixels()), psnr(p, r.Picture), r.Picture
	return nil
}

// psnr of the three channels together, in dB; infinite where the pictures are equal.
func psnr(a, b *picture.Picture) float64 {
	sum, x, y := 0, a.RGB8().Pix, b.RGB8().Pix
	for i, v := range x { // alpha is 255 in both
		d := int(v) - int(y[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255*3*float64(a.Pixels())/float64(sum))
}
