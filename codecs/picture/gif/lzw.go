package gif

import (
	"image"

	"codecworkbench/codecs/picture/raster"
)

// canvas takes pixels in the file's order and puts them in their place.
type canvas struct {
	frame
	pix    *image.NRGBA
	colour [256][4]uint8
	done   int // pixels taken
	x, row int // position in the frame
	pass   int // of an interlaced frame
}

func newCanvas(f *file, img *raster.Image) *canvas {
	c := &canvas{frame: f.frame, pix: img.Pix}
	for i := range c.colour {
		c.colour[i][3] = 255 // indices beyond the palette are black
		if i < len(f.palette) {
			copy(c.colour[i][:3], f.palette[i][:])
		}
	}
	if f.transparent >= 0 {
		c.colour[f.transparent][3] = 0
	}
	return c
}

// put takes the next pixel; it returns false once the frame is full. Pixels outside
// the canvas are dropped.
func (c *canvas) put(index byte) bool {
	if c.row >= c.height {
		return false
	}
	x, y := c.frame.x+c.x, c.frame.y+c.row
	if x < c.pix.Rect.Dx() && y < c.pix.Rect.Dy() {
		copy(c.pix.Pix[y*c.pix.Stride+4*x:][:4], c.colour[index][:])
	}
	c.done++
	if c.x++; c.x == c.width {
		c.x = 0
		c.nextRow()
	}
	return c.row < c.height
}

// nextRow moves on, in an interlaced frame by the four passes of appendix E.
func (c *canvas) nextRow() {
	if !c.interlaced {
		c.row++
		return
	}
	c.row += [4]int{8, 8, 4, 2}[c.pass]
	for c.row >= c.height && c.pass < 3 {
		c.pass++
		c.row = [4]int{0, 4, 2, 1}[c.pass]
	}
}

// maxCodes is the size of a full code table: codes have at most 12 bits.
const maxCodes = 1 << 12

// unpack decodes LZW codes (appendix F) until the frame is full, the end code comes
// or the data ends. It returns false where a code makes no sense. A full table
// stays as it is until the clear code.
func unpack(data []byte, minBits int, out *canvas) bool {
	var (
		prefix [maxCodes]uint16
		suffix [maxCodes]byte
		length [maxCodes]uint16
		stack  [maxCodes]byte
	)
	clear := 1 << minBits
	for i := range min(clear, maxCodes) {
		suffix[i], length[i] = byte(i), 1
	}
	next, width, last := clear+2, minBits+1, -1
	var bits uint32
	have := 0
	for {
		for have < width {
			if len(data) == 0 {
				return true
			}
			bits |= uint32(data[0]) << have
			data = data[1:]
			have += 8
		}
		code := int(bits & (1<<width - 1))
		bits >>= width
		have -= width
		if code == clear {
			next, width, last = clear+2, minBits+1, -1
			continue
		}
		if code == clear+1 {
			return true
		}
		if code > next || code == next && (last < 0 || next >= maxCodes) || code > clear && last < 0 {
			return false
		}
		// The code for the entry being made stands for the last string and its first byte.
		from := code
		if code == next {
			from = last
		}
		n := int(length[from])
		for i := n - 1; i >= 0; i-- {
			stack[i] = suffix[from]
			from = int(prefix[from])
		}
		if last >= 0 && next < maxCodes {
			prefix[next], suffix[next], length[next] = uint16(last), stack[0], length[last]+1
			next++
			if next == 1<<width && width < 12 {
				width++
			}
		}
		if code == next-1 && n < int(length[code]) {
			stack[n] = stack[0]
			n++
		}
		for _, index := range stack[:n] {
			if !out.put(index) {
				return true
			}
		}
		last = code
	}
}
