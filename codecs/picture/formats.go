package picture

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"codecworkbench/codecs/picture/bmp"
	"codecworkbench/codecs/picture/exif"
	"codecworkbench/codecs/picture/gif"
	"codecworkbench/codecs/picture/jpeg"
	"codecworkbench/codecs/picture/png"
	"codecworkbench/codecs/picture/pnm"
	"codecworkbench/codecs/picture/raster"
	"codecworkbench/codecs/picture/tiff"
	"codecworkbench/codecs/picture/webp"
)

// ErrFormat marks data in no format that this program reads.
var ErrFormat = errors.New("unknown picture format")

// format is one kind of file that Decode reads.
type format struct {
	name       string
	extensions []string // lower case, with the dot
	match      func(data []byte) bool
	config     func(data []byte) (raster.Config, error)
	decode     func(data []byte, limit raster.Limit) (*raster.Image, error)
}

// formats lists what is read. The signatures exclude each other.
func formats() []format {
	return []format{
		{"PNG", []string{".png", ".apng"}, prefix(png.Signature), png.DecodeConfig, png.Decode},
		{"JPEG", []string{".jpg", ".jpeg", ".jpe", ".jfif"}, prefix("\xff\xd8\xff"), jpegConfig, decodeJPEG},
		{"WebP", []string{".webp"}, webp.Is, webp.DecodeConfig, webp.Decode},
		{"GIF", []string{".gif"}, gif.Is, gif.DecodeConfig, gif.Decode},
		{"BMP", []string{".bmp", ".dib"}, bmp.Is, bmp.DecodeConfig, bmp.Decode},
		{"PNM", []string{".pnm", ".pbm", ".pgm", ".ppm", ".pam", ".pfm"}, pnm.Is, pnm.DecodeConfig, pnm.Decode},
		{"TIFF", []string{".tif", ".tiff"}, tiff.Is, tiff.DecodeConfig, tiff.Decode},
	}
}

func prefix(signatures ...string) func([]byte) bool {
	return func(data []byte) bool {
		for _, s := range signatures {
			if bytes.HasPrefix(data, []byte(s)) {
				return true
			}
		}
		return false
	}
}

// sniff finds the format from the first bytes. The error names formats that are
// known but not read.
func sniff(data []byte) (format, error) {
	if len(data) == 0 {
		return format{}, errors.New("the file is empty; copy or download it again")
	}
	for _, f := range formats() {
		if f.match(data) {
			return f, nil
		}
	}
	if name, hint := foreign(data); name != "" {
		return format{}, fmt.Errorf("%w: this is %s, which is not read here; %s", ErrFormat, name, hint)
	}
	return format{}, fmt.Errorf("%w; give a PNG, JPEG, WebP, GIF, BMP, TIFF or PNM file", ErrFormat)
}

// foreign names a file of a format that is not read, and says what to do.
func foreign(data []byte) (name, hint string) {
	convert := "convert it to PNG with another program"
	if len(data) >= 12 && string(data[4:8]) == "ftyp" {
		brand := string(data[8:12])
		switch {
		case brand == "avif" || brand == "avis":
			return "an AVIF picture", convert
		case strings.HasPrefix(brand, "hei") || strings.HasPrefix(brand, "hev") || brand == "mif1" || brand == "msf1":
			return "a HEIC picture", convert
		case brand == "crx ":
			return "a camera's raw file (CR3)", convert
		}
		return "a video or an MP4 container", "save a frame of it as PNG"
	}
	for _, s := range []struct{ signature, name string }{
		{"\xff\x0a", "a JPEG XL picture"},
		{"\x00\x00\x00\x0cJXL \r\n\x87\n", "a JPEG XL picture"},
		{"\x00\x00\x00\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"},
		{"\xff\x4f\xff\x51", "a JPEG 2000 codestream"},
		{"II\xbc", "a JPEG XR picture"},
		{"8BPS", "a Photoshop (PSD) file"},
		{"%PDF", "a PDF document"},
		{"%!PS", "a PostScript document"},
		{"\xc5\xd0\xd3\xc6", "an EPS picture"},
		{"gimp xcf", "a GIMP (XCF) file"},
		{"qoif", "a QOI picture"},
		{"FLIF", "a FLIF picture"},
		{"BPG\xfb", "a BPG picture"},
		{"farbfeld", "a farbfeld picture"},
		{"v/1\x01", "an OpenEXR picture"},
		{"#?RADIANCE", "a Radiance HDR picture"},
		{"#?RGBE", "a Radiance HDR picture"},
		{"\x8aMNG\r\n", "an MNG animation"},
		{"\x8bJNG\r\n", "a JNG picture"},
		{"\x00\x00\x01\x00", "an icon (ICO) file"},
		{"\x00\x00\x02\x00", "a cursor (CUR) or Targa (TGA) file"},
		{"icns", "an icon (ICNS) file"},
		{"DDS ", "a DDS texture"},
		{"\x01\xda", "an SGI picture"},
		{"\x59\xa6\x6a\x95", "a Sun raster picture"},
		{"/* XPM", "an XPM picture"},
		{"AT&TFORM", "a DjVu document"},
		{"\xd7\xcd\xc6\x9a", "a WMF drawing"},
		{"SIMPLE  =", "a FITS file"},
		{"PK\x03\x04", "a ZIP archive"},
		{"\x1f\x8b", "a gzip archive"},
	} {
		if bytes.HasPrefix(data, []byte(s.signature)) {
			return s.name, convert
		}
	}
	if bytes.HasPrefix(data, []byte("CWB")) {
		return "a Codec Workbench file (.cwb)", "decode it first: codecworkbench decode FILE -o OUT.png"
	}
	return foreignText(data), convert
}

// foreignText names formats that are text with a free beginning.
func foreignText(data []byte) string {
	head := strings.ToLower(string(data[:min(len(data), 1024)]))
	head = strings.TrimSpace(strings.TrimPrefix(head, "\ufeff"))
	switch {
	case strings.HasPrefix(head, "<svg"), strings.HasPrefix(head, "<?xml") && strings.Contains(head, "<svg"),
		strings.HasPrefix(head, "<!--") && strings.Contains(head, "<svg"):
		return "an SVG drawing"
	case strings.HasPrefix(head, "<!doctype html"), strings.HasPrefix(head, "<html"):
		return "a web page"
	}
	return ""
}

func jpegConfig(data []byte) (raster.Config, error) {
	c, err := jpeg.DecodeConfig(data)
	return raster.Config{Width: c.Width, Height: c.Height, Orientation: exif.Orientation(exif.FromJPEG(data))}, jpegError(err)
}

func decodeJPEG(data []byte, limit raster.Limit) (*raster.Image, error) {
	c, err := jpeg.DecodeConfig(data)
	if err != nil {
		return nil, jpegError(err)
	}
	if err := limit(c.Width, c.Height); err != nil {
		return nil, err
	}
	img, err := jpeg.Decode(data)
	if err != nil {
		return nil, jpegError(err)
	}
	if img.Truncated { // a picture with a missing part would falsify every measurement
		return nil, raster.Damaged("JPEG", "it is cut off, part of the picture is missing")
	}
	return &raster.Image{Pix: img.Pix, Gray: img.Gray, Depth: c.Precision, Notes: img.Notes, ICC: img.ICC,
		Orientation: exif.Orientation(img.EXIF)}, nil
}

// jpegError says what to do about an error of package jpeg.
func jpegError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jpeg.ErrTooLarge):
		return fmt.Errorf("%w (%w)", ErrTooLarge, err)
	case errors.Is(err, jpeg.ErrUnsupported):
		return fmt.Errorf("%w; save it as PNG with another program", err)
	}
	return fmt.Errorf("%w; copy or download it again", err)
}
