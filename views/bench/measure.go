package main

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"slices"
	"strings"
	"time"
)

// row is what one drag in one mode gave, in milliseconds.
type row struct {
	mode, drag     string
	rate           float64 // frames a second
	p50, p95       float64 // from frame to frame
	draw50, draw95 float64 // of the picture's drawing alone
	cpu            float64 // processor time of the program for a frame
	peak           int     // the process's largest memory since the mode was chosen, in MB
}

// enlarge writes a picture of w x h made of a sample, repeated and mirrored, with a value
// that changes from tile to tile.
func enlarge(sample, path string, w, h int) error {
	in, err := os.Open(sample)
	if err != nil {
		return err
	}
	src, _, err := image.Decode(in)
	_ = in.Close() // it was read
	if err != nil {
		return fmt.Errorf("%s: %w", sample, err)
	}
	b := src.Bounds()
	tile := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(tile, tile.Rect, src, b.Min, draw.Src)
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := tile.NRGBAAt(mirror(x, b.Dx()), mirror(y, b.Dy()))
			shift := uint8(x/b.Dx()+3*(y/b.Dy())) % 16
			out.SetNRGBA(x, y, color.NRGBA{c.R/8*7 + shift, c.G/8*7 + shift, c.B/8*7 + shift, 255})
		}
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, out); err != nil {
		_ = f.Close() // the first error is the one to tell
		return err
	}
	return f.Close()
}

// mirror folds a coordinate into 0 to n-1.
func mirror(x, n int) int {
	if x/n%2 == 1 {
		return n - 1 - x%n
	}
	return x % n
}

// measure opens a picture in the program and drags in every mode.
func measure(s *screen, size size, program, path, dir string, length time.Duration) ([]row, error) {
	p, err := s.start(program, path, dir)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	var rows []row
	for i, m := range modes {
		if i > 0 { // opening the picture counts too
			p.forgetPeak()
		}
		if err := p.keys(m.keys...); err != nil {
			return rows, err
		}
		if err := p.drawn(m.log); err != nil {
			return rows, err
		}
		if err := p.rest(); err != nil {
			return rows, err
		}
		whole := []string{"z"} // 100 %
		if size.w < paneRight {
			whole = []string{"z", "plus", "plus"} // a small picture has nowhere to go before
		}
		drags := []struct {
			name  string
			begin []string // keys
			moves []string // commands of xdotool, about 120 a second
		}{
			{"pan", whole, pan(length)},
			{"zoom", []string{"0"}, zoom(length)},
			{"divider", []string{"0"}, slide(length)},
		}
		for _, d := range drags {
			if d.name == "divider" && !m.divided {
				continue
			}
			if err := p.keys(d.begin...); err != nil {
				return rows, err
			}
			r, err := p.drag(d.moves)
			if err != nil {
				return rows, fmt.Errorf("%s, %s: %w", m.name, d.name, err)
			}
			r.mode, r.drag = m.name, d.name
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// step is the time between two movements of the mouse.
const step = 8 * time.Millisecond

// The pane in the window of 1280 x 800.
const (
	paneLeft, paneTop     = 40, 140
	paneRight, paneBottom = 900, 640
	dividerX, dividerY    = 472, 384
)

// pan drags the picture round in circles.
func pan(length time.Duration) []string {
	const cx, cy, r = (paneLeft + paneRight) / 2 * 0.7, (paneTop + paneBottom) / 2, 150
	out := []string{"mousemove", fmt.Sprint(int(cx + r)), fmt.Sprint(cy), "mousedown", "1"}
	for t := time.Duration(0); t < length; t += step {
		a := 2 * math.Pi * t.Seconds()
		out = append(out, "mousemove", fmt.Sprint(int(cx+r*math.Cos(a))), fmt.Sprint(int(cy+r*math.Sin(a))), "sleep", seconds(step))
	}
	return append(out, "mouseup", "1")
}

// zoom turns the wheel in and out.
func zoom(length time.Duration) []string {
	out := []string{"mousemove", fmt.Sprint(paneLeft + 200), fmt.Sprint(paneTop + 200)}
	for t, i := time.Duration(0), 0; t < length; t, i = t+step, i+1 {
		button := "4"
		if i/14%2 == 1 {
			button = "5"
		}
		out = append(out, "click", "--delay", "0", button, "sleep", seconds(step))
	}
	return out
}

// slide moves the divider to and fro.
func slide(length time.Duration) []string {
	out := []string{"mousemove", fmt.Sprint(dividerX), fmt.Sprint(dividerY), "mousedown", "1"}
	for t := time.Duration(0); t < length; t += step {
		x := dividerX + 350*math.Sin(2*math.Pi*t.Seconds())
		out = append(out, "mousemove", fmt.Sprint(int(x)), fmt.Sprint(dividerY), "sleep", seconds(step))
	}
	return append(out, "mousemove", fmt.Sprint(dividerX), fmt.Sprint(dividerY), "mouseup", "1")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// frame is a line of the program's log, in milliseconds.
type frame struct{ at, drawing float64 }

// readFrames reads the log's lines behind the first few.
func readFrames(path string, after int) ([]frame, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	var out []frame
	lines := bufio.NewScanner(f)
	for n := 0; lines.Scan(); n++ {
		if n < after {
			continue
		}
		var name string
		var fr frame
		if _, err := fmt.Sscan(strings.TrimSpace(lines.Text()), &name, &fr.at, &fr.drawing); err != nil {
			return nil, fmt.Errorf("line %d of the log: %w", n+1, err)
		}
		out = append(out, frame{fr.at / 1000, fr.drawing / 1000})
	}
	return out, lines.Err()
}

// summarize makes a row of the frames of one drag.
func summarize(frames []frame) (row, error) {
	if len(frames) < 10 {
		return row{}, errors.New("fewer than ten frames were drawn: the drag did not reach the picture")
	}
	var between, drawing []float64
	for i, f := range frames {
		drawing = append(drawing, f.drawing)
		if i > 0 {
			between = append(between, f.at-frames[i-1].at)
		}
	}
	slices.Sort(between)
	slices.Sort(drawing)
	at := func(sorted []float64, share float64) float64 { return sorted[int(share*float64(len(sorted)-1))] }
	span := frames[len(frames)-1].at - frames[0].at
	return row{rate: 1000 * float64(len(frames)-1) / span, p50: at(between, 0.5), p95: at(between, 0.95),
		draw50: at(drawing, 0.5), draw95: at(drawing, 0.95)}, nil
}
