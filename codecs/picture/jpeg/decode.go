package jpeg

import (
	"errors"
	"fmt"
	"image"
	"runtime"
	"sync"
)

// maxPasses bounds the work that a file's scans may ask for, in visits of every
// block of the picture. Files in use have about ten scans, each over a part.
const maxPasses = 100

// fewRows is the number of MCU rows below which goroutines cost more than they bring.
const fewRows = 4

// decodePicture decodes all scans into d.out, from the first scan's marker on.
func (d *decoder) decodePicture() error {
	f := d.frame
	d.nextMarker()
	s, err := d.parseScan()
	if err != nil {
		return err
	}
	run, err := d.newRun(s)
	if err != nil {
		return err
	}
	d.out = image.NewNRGBA(image.Rect(0, 0, f.width, f.height))
	if f.precision == 12 {
		d.note("12-bit samples rounded to 8")
	}
	if !f.progressive && len(s.comps) == len(f.comps) {
		d.decodeOnePass(run)
	} else {
		store := f.newBlockStore(f.mcusY, false)
		d.renderAll(store, newSmoother(f, store, d.decodeScans(run, store)))
	}
	d.noteDamage()
	return nil
}

func (d *decoder) noteDamage() {
	if d.corrupt {
		d.note("the picture data is damaged: parts of the picture may be wrong")
	}
}

// decodeOnePass decodes a file whose first scan holds everything, one row of MCUs
// at a time: while one is rendered, the next are decoded.
func (d *decoder) decodeOnePass(run *scanRun) {
	f := d.frame
	out := newRenderer(d, 0, f.mcusY)
	if f.mcusY < fewRows || runtime.GOMAXPROCS(0) == 1 {
		store := f.newBlockStore(1, false)
		for y := range f.mcusY {
			store.clear()
			run.row(store, y, y)
			out.feed(store, y, y)
		}
		run.finish()
		return
	}
	const depth = 4
	free, full := make(chan *blockStore, depth), make(chan *blockStore, depth)
	for range depth {
		free <- f.newBlockStore(1, false)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for y := range f.mcusY {
			store := <-full
			out.feed(store, y, y)
			free <- store
		}
	}()
	for y := range f.mcusY {
		store := <-free
		store.clear()
		run.row(store, y, y)
		full <- store
	}
	run.finish()
	<-done
}

// decodeScans decodes the scan of run, whose header was read, and all that follow
// into store. Damage ends it; what was decoded stays.
func (d *decoder) decodeScans(run *scanRun, store *blockStore) *exactness {
	f := d.frame
	exact := newExactness(f)
	visits, allowed := 0, 0
	for i := range f.comps {
		allowed += maxPasses * f.comps[i].stride * f.comps[i].rows
	}
	for run != nil {
		exact.add(run.scan)
		for y := range run.rows() {
			run.row(store, y, 0)
			if run.dry && d.restart == 0 {
				break
			}
		}
		run.finish()
		exact.lastGood = run.lastGood
		for i := range run.scan.comps {
			visits += run.scan.comps[i].comp.stride * run.scan.comps[i].comp.rows
		}
		if visits > allowed {
			d.note("the file has more scans than any sensible one: the rest was left out")
			break
		}
		var err error
		run, err = d.nextRun()
		if errors.Is(err, ErrTruncated) {
			d.truncated = d.truncated || !exact.complete()
		} else if err != nil {
			d.note("the file is damaged behind the decoded part: %v", err)
		}
	}
	if d.truncated {
		d.note("%v: detail or colour is missing", ErrTruncated)
	} else if !exact.known() {
		d.note("the file lacks the data of a component")
	}
	return exact
}

// nextRun moves to the next scan and sets up its decoding; nil at the end of the
// picture. A file without an end marker is an ErrTruncated.
func (d *decoder) nextRun() (*scanRun, error) {
	for {
		m, ok := d.nextMarker()
		switch {
		case !ok:
			return nil, ErrTruncated
		case m == mEOI:
			return nil, nil
		case m == mSOS:
			s, err := d.parseScan()
			if err != nil {
				return nil, err
			}
			return d.newRun(s)
		}
		if err := d.segment(m); err != nil {
			return nil, err
		}
	}
}

// renderAll turns decoded coefficients into pixels, on all cores: each takes a
// band of MCU rows.
func (d *decoder) renderAll(store *blockStore, smooth *smoother) {
	f := d.frame
	bands := min(runtime.GOMAXPROCS(0), max(f.mcusY/fewRows, 1))
	var wg sync.WaitGroup
	for i := range bands {
		first, end := f.mcusY*i/bands, f.mcusY*(i+1)/bands
		wg.Go(func() {
			r := newRenderer(d, first, end)
			r.smooth = smooth
			for y := max(first-1, 0); y < min(end+1, f.mcusY); y++ {
				r.feed(store, y, 0)
			}
		})
	}
	wg.Wait()
}

// DecodeCoefficients decodes a file up to the quantized DCT coefficients.
func DecodeCoefficients(data []byte) (*Coefficients, error) {
	d := decoder{data: data}
	store, err := d.decodeStore()
	if err != nil {
		return nil, err
	}
	return newCoefficients(&d, store), nil
}

// decodeStore decodes the coefficients of the whole picture.
func (d *decoder) decodeStore() (*blockStore, error) {
	if err := d.readHeader(); err != nil {
		return nil, fmt.Errorf("jpeg: %w", err)
	}
	d.nextMarker()
	s, err := d.parseScan()
	if err != nil {
		return nil, fmt.Errorf("jpeg: %w", err)
	}
	run, err := d.newRun(s)
	if err != nil {
		return nil, fmt.Errorf("jpeg: %w", err)
	}
	store := d.frame.newBlockStore(d.frame.mcusY, !d.frame.arithmetic)
	d.decodeScans(run, store)
	return store, nil
}
