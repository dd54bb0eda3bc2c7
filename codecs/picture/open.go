package picture

import (
	"fmt"
	"path/filepath"
	"strings"

	"codecworkbench/codecs/picture/icc"
	"codecworkbench/codecs/picture/png"
	"codecworkbench/codecs/picture/raster"
)

// Open reads a picture file: a regular file of at most MaxFileBytes. Errors name the
// path, what is wrong, and what to do.
func Open(path string) (*Picture, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return Decode(data, Source{Name: filepath.Base(path), Path: path})
}

// Decode reads a picture from a file's bytes. The format is found from the content,
// never from the name. The picture is oriented as the file says and converted to
// sRGB where its colour profile can be applied; what was lost or left out is in
// the result's Source().Notes. Format, Bytes and Depth of source are filled in.
func Decode(data []byte, source Source) (p *Picture, err error) {
	defer func() {
		if r := recover(); r != nil { // a decoder's bug must not take the window down
			p, err = nil, fmt.Errorf("the file broke its reader (%v); please report it", r)
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", label(source), err)
		}
	}()
	f, err := sniff(data)
	if err != nil {
		return nil, err
	}
	img, err := f.decode(data, CheckSize)
	if err != nil {
		return nil, err
	}
	source.Format, source.Bytes, source.Depth = f.name, int64(len(data)), img.Depth
	source.Notes = append(source.Notes[:len(source.Notes):len(source.Notes)], notes(img, f, source.Name)...)
	img.Pix = raster.Orient(img.Pix, img.Orientation)
	return New(img.Pix, img.Gray, !img.Pix.Opaque(), source)
}

// notes collects what a user should know about a decoded file and applies its
// colour profile.
func notes(img *raster.Image, f format, name string) []string {
	var out []string
	if claimed := formatByExtension(name); claimed != "" && claimed != f.name {
		out = append(out, fmt.Sprintf("this is a %s file although its name ends in %s", f.name, filepath.Ext(name)))
	}
	if img.Depth > 8 {
		out = append(out, fmt.Sprintf("%d-bit samples were rounded to 8 bits", img.Depth))
	}
	out = append(out, img.Notes...)
	if img.ICC != nil {
		if note := icc.Apply(img.ICC, img.Pix, img.Gray); note != "" {
			out = append(out, note)
		}
	}
	return out
}

func label(s Source) string {
	switch {
	case s.Path != "":
		return s.Path
	case s.Name != "":
		return s.Name
	}
	return "picture"
}

// DecodeConfig reads a file's header: the size in pixels as Decode will return it,
// after orientation, and the format's name.
func DecodeConfig(data []byte) (width, height int, format string, err error) {
	f, err := sniff(data)
	if err != nil {
		return 0, 0, "", err
	}
	c, err := f.config(data)
	if err != nil {
		return 0, 0, f.name, err
	}
	if raster.Swaps(c.Orientation) {
		c.Width, c.Height = c.Height, c.Width
	}
	return c.Width, c.Height, f.name, CheckSize(c.Width, c.Height)
}

// EncodePNG returns the picture as a PNG file with as few channels as it needs (one
// for grey, no alpha without alpha) and no colour chunks.
func (p *Picture) EncodePNG() ([]byte, error) {
	return png.Encode(p.img, p.gray, p.alpha)
}

// Extensions lists the extensions of the files that Open reads, with the dot, in
// lower case.
func Extensions() []string {
	var out []string
	for _, f := range formats() {
		out = append(out, f.extensions...)
	}
	return out
}

// IsPictureFile reports whether a name has one of Extensions, in any case.
func IsPictureFile(name string) bool { return formatByExtension(name) != "" }

// formatByExtension returns the format that a name claims, or "".
func formatByExtension(name string) string {
	ext := strings.ToLower(filepath.Ext(name))
	for _, f := range formats() {
		for _, e := range f.extensions {
			if e == ext {
				return f.name
			}
		}
	}
	return ""
}
