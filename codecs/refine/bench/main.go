// Command bench measures what refinement gains on photos: for numbers of iterations, the
// mean BD-rate (PSNR of RGB) against the encoder without it, and the time of an encode. It
// takes the middle of validation photos, so that nothing is chosen by a test set.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"os"
	"strings"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/factorized"
	"codecworkbench/codecs/hyperprior"
	"codecworkbench/codecs/mlic"
	"codecworkbench/codecs/photos"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/walloc"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

func main() {
	var b bench
	id := flag.String("codec", hyperprior.ID, "of those that refine: hyperprior, hyperprior-gdn, factorized, mlic, walloc")
	flag.StringVar(&b.model, "model", "s", "its model, or a file")
	models := flag.String("models", "assets/models", "the folder of models")
	folder := flag.String("photos", "../shared/data/train", "photos with a manifest of splits")
	list := flag.String("iterations", "1,2,5,10,20,50,100", "numbers of iterations")
	qualities := flag.String("q", "1,3,5,7,9", "qualities, of which a curve is made")
	flag.IntVar(&b.count, "n", 8, "photos")
	flag.IntVar(&b.width, "width", 768, "of a photo, in pixels")
	flag.IntVar(&b.height, "height", 512, "of a photo, in pixels")
	flag.Parse()
	b.codec = codec(*id, codecs.NewModels(os.DirFS(*models)))
	b.iterations, b.qualities = strings.Split(*list, ","), strings.Split(*qualities, ",")
	if err := b.run(context.Background(), *folder); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// codec is one of those that refine, the hyperprior if the id is none of theirs.
func codec(id string, models *codecs.Models) codecs.Codec {
	switch id {
	case hyperprior.GDNID:
		return hyperprior.NewGDN(models)
	case factorized.ID:
		return factorized.New(models)
	case mlic.ID:
		return mlic.New(models)
	case walloc.ID:
		return walloc.New(models)
	default:
		return hyperprior.New(models)
	}
}

type bench struct {
	codec                 codecs.Codec
	model                 string
	iterations, qualities []string
	count, width, height  int
}

// errEnough ends the walk over photos.
var errEnough = errors.New("enough photos")

func (b *bench) run(ctx context.Context, folder string) error {
	gains, seconds := make([]float64, len(b.iterations)), make([]float64, len(b.iterations)+1)
	seen := 0
	err := photos.Val(ctx, []string{folder}, func(_ string, p *picture.Picture) error {
		if p.Width() < b.width || p.Height() < b.height {
			return nil
		}
		x, y := (p.Width()-b.width)/2, (p.Height()-b.height)/2
		p, err := p.Crop(image.Rect(x, y, x+b.width, y+b.height))
		if err != nil {
			return err
		}
		anchor, spent, err := b.curve(ctx, p, "0")
		if err != nil {
			return err
		}
		seconds[0] += spent
		for i, n := range b.iterations {
			curve, spent, err := b.curve(ctx, p, n)
			if err != nil {
				return err
			}
			bd := rd.BDRate(anchor, curve, rd.Options{})
			gains[i] += bd.Value
			seconds[i+1] += spent
			fmt.Printf("photo %d, %s iterations: %.2f %%\n", seen, n, bd.Value)
		}
		if seen++; seen == b.count {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	fmt.Printf("\n%d photos of %d x %d\niterations  BD-rate  seconds an encode\n%10d %8s %10.3f\n", seen, b.width, b.height, 0, "", seconds[0]/float64(seen))
	for i, n := range b.iterations {
		fmt.Printf("%10s %6.2f %% %10.3f\n", n, gains[i]/float64(seen), seconds[i+1]/float64(seen))
	}
	return nil
}

// curve is a photo's curve, and the mean time of an encode in seconds.
func (b *bench) curve(ctx context.Context, p *picture.Picture, iterations string) (points []rd.XY, seconds float64, err error) {
	for _, q := range b.qualities {
		start := time.Now()
		s, err := b.codec.Encode(ctx, p, codecs.EncodeOptions{Params: codecs.Params{"model": b.model, "q": q, "refine": iterations}})
		if err != nil {
			return nil, 0, err
		}
		seconds += time.Since(start).Seconds() / float64(len(b.qualities))
		r, err := b.codec.Decode(ctx, s, codecs.DecodeOptions{})
		if err != nil {
			return nil, 0, err
		}
		pair, err := metrics.NewPair(p, r.Picture)
		if err != nil {
			return nil, 0, err
		}
		quality, err := metrics.NewPSNRRGB().Compare(ctx, pair)
		if err != nil {
			return nil, 0, err
		}
		size, err := codecs.Size(b.codec.Info(), s)
		if err != nil {
			return nil, 0, err
		}
		points = append(points, rd.XY{Rate: float64(size), Quality: quality})
	}
	return points, seconds, nil
}
