package codecs

import (
	"context"
	"errors"
	"fmt"

	"codecworkbench/codecs/picture"
)

// ErrNotApplicable marks a picture that a codec does not accept. A sweep lists it
// as such; it is no failure.
var ErrNotApplicable = errors.New("not applicable")

// ErrUnavailable marks a codec that can't run on this machine.
var ErrUnavailable = errors.New("unavailable")

// Check says whether the codec accepts p, with the reason if not.
func (i Info) Check(p *picture.Picture) error {
	a := i.Accepts
	w, h := p.Width(), p.Height()
	switch {
	case i.Unavailable != "":
		return fmt.Errorf("%s is %w: %s", i.ID, ErrUnavailable, i.Unavailable)
	case a.MinSide > 0 && min(w, h) < a.MinSide:
		return fmt.Errorf("%w: the picture is %d x %d pixels; %s needs sides of at least %d", ErrNotApplicable, w, h, i.ID, a.MinSide)
	case a.MaxSide > 0 && max(w, h) > a.MaxSide:
		return fmt.Errorf("%w: the picture is %d x %d pixels; %s ends at %d a side", ErrNotApplicable, w, h, i.ID, a.MaxSide)
	case a.MaxPixels > 0 && p.Pixels() > a.MaxPixels:
		return fmt.Errorf("%w: the picture has %.1f megapixels; %s ends at %.1f", ErrNotApplicable,
			float64(p.Pixels())/1e6, i.ID, float64(a.MaxPixels)/1e6)
	case a.GrayOnly && !p.Gray():
		return fmt.Errorf("%w: %s codes grey pictures only", ErrNotApplicable, i.ID)
	}
	return nil
}

// Prepare returns the picture that the codec encodes and is measured against: p
// itself, or p on white where the codec has no alpha, which note then says.
func (i Info) Prepare(p *picture.Picture) (ready *picture.Picture, note string, err error) {
	if err := i.Check(p); err != nil {
		return nil, "", err
	}
	if p.Alpha() && !i.Accepts.Alpha {
		return p.OnWhite(), i.ID + " has no alpha: the picture was put on white", nil
	}
	return p, "", nil
}

// Detach runs f, which can't be interrupted (a C library), so that the caller is
// released as soon as ctx ends; f then finishes unheard.
func Detach[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	done := make(chan outcome, 1)
	go func() {
		v, err := f()
		done <- outcome{v, err}
	}()
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case o := <-done:
		return o.value, o.err
	}
}
