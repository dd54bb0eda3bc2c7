// Package icc converts pictures from the colour space of their embedded profile to
// sRGB: RGB profiles made of a matrix and curves, and grey ones made of a curve.
// Profiles made of look-up tables, and CMYK and other spaces, are recognised but
// not applied. Rendering is relative colorimetric; colours outside sRGB are clipped.
//
// Sources: ICC.1:2010 (profile version 4.3) and ICC.1:2001-04 (version 2.4);
// IEC 61966-2-1 (sRGB).
package icc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// headerSize is that of a profile's header, in bytes; the tag table follows.
const headerSize = 128

// maxTags bounds the tags that are looked at.
const maxTags = 256

var errDamaged = errors.New("damaged profile")

// Profile is a parsed profile that can be applied.
type Profile struct {
	name string
	gray bool
	lab  bool // grey only: the curve yields L* instead of luminance
	// curves linearise red, green and blue, or grey alone.
	curves []curve
	// matrix takes linear RGB to XYZ under D50, rows X, Y, Z.
	matrix [3][3]float64
}

// tags finds tags in a profile.
type tags struct {
	data  []byte
	table []byte
}

// get returns a tag's bytes, or nil.
func (t tags) get(signature string) []byte {
	for b := t.table; len(b) >= 12; b = b[12:] {
		if string(b[:4]) != signature {
			continue
		}
		at, n := uint64(binary.BigEndian.Uint32(b[4:])), uint64(binary.BigEndian.Uint32(b[8:]))
		if at+n > uint64(len(t.data)) || n < 8 {
			return nil
		}
		return t.data[at : at+n]
	}
	return nil
}

// Parse reads a profile. The name is returned with an error too, where there is one.
func Parse(data []byte) (p *Profile, name string, err error) {
	if len(data) < headerSize+4 || string(data[36:40]) != "acsp" {
		return nil, "", errDamaged
	}
	n := min(int64(binary.BigEndian.Uint32(data[headerSize:])), maxTags)
	t := tags{data, data[headerSize+4:]}
	t.table = t.table[:min(12*n, int64(len(t.table)))]
	p = &Profile{name: description(t.get("desc"))}
	switch class := string(data[12:16]); class {
	case "link", "abst", "nmcl":
		return nil, p.name, fmt.Errorf("a profile of class %q", class)
	}
	switch space := string(data[16:20]); space {
	case "RGB ":
		err = p.readMatrix(t, string(data[20:24]))
	case "GRAY":
		p.gray, p.lab = true, string(data[20:24]) == "Lab "
		err = p.readCurves(t, "kTRC")
	default:
		err = errors.New(strings.TrimSpace(printable(space)))
	}
	return p, p.name, err
}

// readMatrix reads an RGB profile of colorants and curves.
func (p *Profile) readMatrix(t tags, pcs string) error {
	if pcs != "XYZ " || t.get("rXYZ") == nil {
		if t.get("A2B0") != nil {
			return errors.New("look-up tables")
		}
		return errDamaged
	}
	for c, tag := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		b := t.get(tag)
		if len(b) < 20 || string(b[:4]) != "XYZ " {
			return errDamaged
		}
		for i := range 3 {
			p.matrix[i][c] = fixed(b[8+4*i:])
		}
	}
	if y := p.matrix[1][0] + p.matrix[1][1] + p.matrix[1][2]; y < 0.5 || y > 2 {
		return errDamaged // white would not be white
	}
	return p.readCurves(t, "rTRC", "gTRC", "bTRC")
}

func (p *Profile) readCurves(t tags, names ...string) error {
	for _, n := range names {
		c, err := readCurve(t.get(n))
		if err != nil {
			return err
		}
		p.curves = append(p.curves, c)
	}
	return nil
}

// fixed reads an s15Fixed16Number.
func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// description reads a profile's name from a textDescriptionType (version 2) or a
// multiLocalizedUnicodeType (version 4) tag.
func description(b []byte) string {
	switch {
	case len(b) >= 12 && string(b[:4]) == "desc":
		n := min(uint64(binary.BigEndian.Uint32(b[8:])), uint64(len(b)-12))
		return printable(string(b[12 : 12+n]))
	case len(b) >= 28 && string(b[:4]) == "mluc":
		n, at := uint64(binary.BigEndian.Uint32(b[20:])), uint64(binary.BigEndian.Uint32(b[24:]))
		if at+n > uint64(len(b)) {
			return ""
		}
		var units []uint16
		for s := b[at : at+n]; len(s) >= 2; s = s[2:] {
			units = append(units, binary.BigEndian.Uint16(s))
		}
		return printable(string(utf16.Decode(units)))
	}
	return ""
}

// printable keeps what can be shown in one line.
func printable(s string) string {
	s, _, _ = strings.Cut(s, "\x00")
	s = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80])
	}
	return s
}
