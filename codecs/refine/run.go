package refine

import (
	"context"
	"math"
)

// Options of a run.
type Options struct {
	// Iterations is how many gradients are taken a window, at least 1: 10 get most of what
	// there is to gain, 100 all but a little.
	Iterations int
	// On is called after each iteration; it may be nil.
	On func(done, total int)
	// Better is called when Y has better latents than before; it may be nil.
	Better func() error
	// Finish, when closed, lets the run end within a few iterations; it may be nil.
	Finish <-chan struct{}
}

// Constants of the descent, chosen on validation photos.
const (
	firstBeta   = 0.5
	lastBeta    = 2
	maxMomentum = 0.9
	// firstBound is what steps expect of each channel, times its curve; it grows where
	// gradients show that J is steeper.
	firstBound = 3
	boundDecay = 0.95
	// telling is how far apart, as a share of J, the error must put two points for their
	// gradients to count.
	telling = 1e-3
	// everyMeasure is after how many iterations hard symbols are measured.
	everyMeasure = 8
	// everyPredict is after how many iterations what is coded by other symbols is predicted anew.
	everyPredict = 2
	// finishing is how many iterations a run takes to its end when it is told to finish.
	finishing = 8
)

// Run refines the latents. Where it finds better ones than the encoder's, it sets Y to
// what a decoder will have: mean plus symbol, so that rounding gives that symbol. When ctx is
// cancelled, Y still has valid latents, the best so far.
func Run(ctx context.Context, d *Decoder, p *Problem, o Options) error {
	if err := p.check(d); err != nil {
		return err
	}
	s := d.state(p)
	defer s.end()
	if err := p.predict(ctx, p.Layout.Whole()); err != nil {
		return err
	}
	all := windows(p.Layout, d.reach)
	total := len(all) * o.Iterations
	for i, w := range all {
		if err := s.enter(ctx, w); err != nil {
			return err
		}
		if err := s.descend(ctx, o, i*o.Iterations, total); err != nil {
			return err
		}
		if err := p.predict(ctx, w.inner); err != nil {
			return err
		}
		if closed(o.Finish) {
			break
		}
	}
	return nil
}

// Cost is J of the latents as they are, rounded. It takes the picture in one piece.
func Cost(ctx context.Context, d *Decoder, p *Problem) (float64, error) {
	if err := p.check(d); err != nil {
		return 0, err
	}
	s := d.state(p)
	defer s.end()
	if err := p.predict(ctx, p.Layout.Whole()); err != nil {
		return 0, err
	}
	err := s.open(ctx, whole(p.Layout))
	return s.best, err
}

// closed tells whether a run shall finish.
func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// descend refines the window; done iterations of total were taken in others.
func (s *state) descend(ctx context.Context, o Options, done, total int) error {
	at, theta := 0.0, 1.0 // how far beta has come, 0 to 1; the momentum's sequence
	hurried := false
	for i, left := 0, o.Iterations; left > 0; i, left = i+1, left-1 {
		if !hurried && left > finishing && closed(o.Finish) {
			// What moves fast would not settle in so few steps.
			hurried, left, theta = true, finishing, 1
		}
		at += (1 - at) / float64(left)
		beta := firstBeta * math.Pow(lastBeta/firstBeta, at)
		next := (1 + math.Sqrt(1+4*theta*theta)) / 2
		s.look(ctx, float32(min((theta-1)/next, maxMomentum)))
		theta = next
		if err := s.gradient(ctx); err != nil {
			return err
		}
		if left == 1 {
			beta = math.Inf(1)
		}
		s.step(ctx, float32(beta))
		if left > 1 && s.p.Predict != nil && (i+1)%everyPredict == 0 {
			if err := s.predict(ctx); err != nil {
				return err
			}
		}
		if left == 1 || (i+1)%everyMeasure == 0 && left > finishing {
			better, err := s.measure(ctx)
			if err != nil {
				return err
			}
			if better && o.Better != nil {
				if err := o.Better(); err != nil {
					return err
				}
			}
		}
		if o.On != nil {
			o.On(done+i+1, total)
		}
	}
	return ctx.Err()
}
