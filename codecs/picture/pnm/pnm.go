// Package pnm reads the Netpbm formats: PBM, PGM and PPM in plain and raw form
// (P1 to P6), PAM (P7) and PFM (Pf, PF), with comments wherever Netpbm allows
// them and any maxval. Of several pictures in one file it reads the first.
//
// Source: the Netpbm manual pages pbm(5), pgm(5), ppm(5), pam(5) and pfm(5).
package pnm

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	"codecworkbench/codecs/picture/raster"
)

const format = "PNM"

// header is a file's header, of whichever format.
type header struct {
	kind          byte // '1' to '7', 'f' or 'F'
	width, height int
	channels      int    // in the file
	maxval        int    // 0 for PFM
	tuple         string // PAM's TUPLTYPE
	scale         float64
	pixels        int // where they start
}

// Is reports whether data starts like one of the formats.
func Is(data []byte) bool {
	return len(data) >= 3 && data[0] == 'P' && (data[1] >= '1' && data[1] <= '7' || data[1] == 'f' || data[1] == 'F') &&
		(space(data[2]) || data[2] == '#')
}

func space(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// scanner reads words; a comment counts as white space.
type scanner struct {
	data []byte
	at   int
}

// skip passes white space and comments.
func (s *scanner) skip() {
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case space(c):
			s.at++
		case c == '#':
			s.line()
		default:
			return
		}
	}
}

// line returns the rest of the line and passes its end.
func (s *scanner) line() string {
	start := s.at
	for s.at < len(s.data) && s.data[s.at] != '\n' && s.data[s.at] != '\r' {
		s.at++
	}
	text := string(s.data[start:min(s.at, start+200)])
	s.at = min(s.at+1, len(s.data))
	return text
}

// word returns the next word, or "" at the end.
func (s *scanner) word() string {
	s.skip()
	start := s.at
	for s.at < len(s.data) && !space(s.data[s.at]) && s.data[s.at] != '#' {
		s.at++
	}
	return string(s.data[start:min(s.at, start+40)])
}

// number returns the next word as a whole number of at most 2^31-1.
func (s *scanner) number(what string) (int, error) {
	w := s.word()
	v, err := strconv.ParseUint(w, 10, 31)
	if err != nil {
		if w == "" {
			return 0, raster.Damaged(format, "it is cut off before its %s", what)
		}
		return 0, raster.Damaged(format, "its %s is %q", what, w)
	}
	return int(v), nil
}

// end passes the one white space character, or comment, behind the header.
func (s *scanner) end() {
	if s.at < len(s.data) && s.data[s.at] == '#' {
		s.line()
		return
	}
	s.at = min(s.at+1, len(s.data))
}

func parse(data []byte) (*header, error) {
	if !Is(data) {
		return nil, raster.Damaged(format, "it does not start with P1 to P7")
	}
	h := &header{kind: data[1], maxval: 1, channels: 1}
	s := &scanner{data: data, at: 2}
	if h.kind == '7' {
		if err := h.pam(s); err != nil {
			return nil, err
		}
	} else if err := h.simple(s); err != nil {
		return nil, err
	}
	h.pixels = s.at
	if h.width < 1 || h.height < 1 {
		return nil, raster.Damaged(format, "its header says %d x %d pixels", h.width, h.height)
	}
	if h.scale == 0 && (h.maxval < 1 || h.maxval > 65535) {
		return nil, raster.Damaged(format, "its maxval %d is not in 1 to 65535", h.maxval)
	}
	return h, nil
}

// simple reads the header of every format but PAM.
func (h *header) simple(s *scanner) (err error) {
	if h.width, err = s.number("width"); err != nil {
		return err
	}
	if h.height, err = s.number("height"); err != nil {
		return err
	}
	switch h.kind {
	case '3', '6', 'F':
		h.channels = 3
	}
	switch h.kind {
	case '1', '4':
	case 'f', 'F':
		w := s.word()
		h.maxval = 0
		h.scale, err = strconv.ParseFloat(w, 64)
		if err != nil || h.scale == 0 || math.IsNaN(h.scale) || math.IsInf(h.scale, 0) {
			return raster.Damaged(format, "its scale is %q", w)
		}
	default:
		if h.maxval, err = s.number("maxval"); err != nil {
			return err
		}
	}
	s.end()
	return nil
}

// pam reads PAM's header, a line a field.
func (h *header) pam(s *scanner) (err error) {
	h.maxval, h.channels = 0, 0
	s.line()
	for {
		s.skip()
		if s.at >= len(s.data) {
			return raster.Damaged(format, "it is cut off in the header")
		}
		switch key := s.word(); key {
		case "ENDHDR":
			s.line()
			if h.channels < 1 {
				return raster.Damaged(format, "its header has no depth")
			}
			return nil
		case "WIDTH":
			h.width, err = s.number("width")
		case "HEIGHT":
			h.height, err = s.number("height")
		case "DEPTH":
			h.channels, err = s.number("depth")
		case "MAXVAL":
			h.maxval, err = s.number("maxval")
		case "TUPLTYPE":
			h.tuple = strings.TrimSpace(h.tuple + " " + strings.TrimSpace(s.line()))
		default:
			return raster.Damaged(format, "its header has the unknown field %q", key)
		}
		if err != nil {
			return err
		}
	}
}

// layout says which of a PAM's channels are colours, and whether alpha follows them.
func (h *header) layout() (colours int, alpha bool, err error) {
	switch h.tuple {
	case "BLACKANDWHITE", "GRAYSCALE":
		colours = 1
	case "BLACKANDWHITE_ALPHA", "GRAYSCALE_ALPHA":
		colours, alpha = 1, true
	case "RGB":
		colours = 3
	case "RGB_ALPHA":
		colours, alpha = 3, true
	case "":
		switch h.channels {
		case 1, 3:
			colours = h.channels
		case 2, 4:
			colours, alpha = h.channels-1, true
		default:
			return 0, false, raster.Unsupported(format, "%d channels", h.channels)
		}
	default:
		return 0, false, raster.Unsupported(format, "the tuple type %q", h.tuple)
	}
	need := colours
	if alpha {
		need++
	}
	if h.channels < need {
		return 0, false, raster.Damaged(format, "%s needs %d channels, its header says %d", h.tuple, need, h.channels)
	}
	return colours, alpha, nil
}

// DecodeConfig reads the header.
func DecodeConfig(data []byte) (raster.Config, error) {
	h, err := parse(data)
	if err != nil {
		return raster.Config{}, err
	}
	return raster.Config{Width: h.width, Height: h.height}, nil
}

// Decode reads a file whose size limit allows.
func Decode(data []byte, limit raster.Limit) (*raster.Image, error) {
	h, err := parse(data)
	if err != nil {
		return nil, err
	}
	if err := limit(h.width, h.height); err != nil {
		return nil, err
	}
	body := data[h.pixels:]
	var img *raster.Image
	var rest []byte
	switch h.kind {
	case '1', '2', '3':
		img, rest, err = h.plain(body, limit)
	case '4':
		img, rest, err = h.bitmap(body, limit)
	case 'f', 'F':
		img, rest, err = h.floats(body, limit)
	default:
		img, rest, err = h.raw(body, limit)
	}
	if err != nil {
		return nil, err
	}
	if h.maxval > 255 {
		img.Depth = bits.Len(uint(h.maxval))
	}
	s := scanner{data: rest}
	if s.skip(); Is(rest[s.at:]) {
		img.Notes = append(img.Notes, "the file holds several pictures: only the first was read")
	}
	return img, nil
}
