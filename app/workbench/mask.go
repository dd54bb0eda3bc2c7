package workbench

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// Brush is how a mask is painted.
type Brush struct {
	Size  int // its diameter, in percent of the picture's longer side
	Soft  int // how much of its radius fades out, in percent
	Erase bool
}

// Limits of the brush, in percent.
const (
	LeastBrush = 1
	MostBrush  = 50
)

// painting is the mask that is being painted.
type painting struct {
	slot   int    // of the candidate; 0: nothing is painted
	param  string // of its codec
	img    *image.Gray
	path   string // of the file that img was read from or saved to; empty: img is black
	saving int    // strokes that are being saved
	brush  Brush
	x, y   float64 // where the stroke is, in the mask's pixels
}

const (
	// maskSide is the longest side of a painted mask: codecs stretch it over the picture.
	maskSide = 1024
	// maskFolder lies in the session's folder.
	maskFolder = "masks"
	// keepMasks is how long a mask that no candidate uses stays, for undo in another window.
	keepMasks = 7 * 24 * time.Hour
)

// MaskParam returns the parameter of a candidate that takes a picture; false where it has
// none.
func (w *Workbench) MaskParam(number int) (codecs.Param, bool) {
	s, _ := w.Slot(number)
	info, ok := w.Info(s)
	if !ok || s.File != nil {
		return codecs.Param{}, false
	}
	i := slices.IndexFunc(info.Params, func(p codecs.Param) bool { return p.Kind == codecs.PicFile })
	if i < 0 {
		return codecs.Param{}, false
	}
	return info.Params[i], true
}

// PaintMask begins to paint a parameter of a candidate that takes a picture.
func (w *Workbench) PaintMask(number int) {
	p, ok := w.MaskParam(number)
	if !ok || w.pictures.pic == nil {
		return
	}
	brush := w.painting.brush
	if brush.Size == 0 {
		brush = Brush{Size: 12, Soft: 30}
	}
	w.painting = painting{slot: number, param: p.Name, brush: brush}
	w.setup.Active = number
	w.touched(View | Slots)
}

// StopPainting ends painting and reports whether there was any. The mask stays.
func (w *Workbench) StopPainting() bool {
	if w.painting.slot == 0 {
		return false
	}
	w.painting.slot, w.painting.img = 0, nil
	w.touched(View)
	return true
}

// Painting returns the mask that is being painted on the active candidate, stretched over
// the picture when it is used; nil where nothing is painted. It changes in place.
func (w *Workbench) Painting() *image.Gray {
	p := &w.painting
	s, ok := w.Slot(p.slot)
	if p.slot == 0 || !ok || w.setup.Active != p.slot || w.pictures.pic == nil {
		return nil
	}
	if param, has := w.MaskParam(p.slot); !has || param.Name != p.param {
		return nil
	}
	// The file changes by undo, or by another choice in the panel.
	if path := s.Params[p.param]; p.img == nil || p.saving == 0 && path != p.path {
		p.path, p.img = path, w.readMask(path)
	}
	return p.img
}

// readMask reads a mask, black where there is none or it can't be read: the candidate
// itself says so then.
func (w *Workbench) readMask(path string) *image.Gray {
	pw, ph := w.pictures.pic.Width(), w.pictures.pic.Height()
	scale := math.Min(1, maskSide/float64(max(pw, ph)))
	out := image.NewGray(image.Rect(0, 0, max(int(float64(pw)*scale), 1), max(int(float64(ph)*scale), 1)))
	if path == "" {
		return out
	}
	p, err := picture.Open(path)
	if err != nil {
		return out
	}
	src := p.RGB8() // what is transparent becomes black
	if src.Rect == out.Rect {
		draw.Draw(out, out.Rect, src, image.Point{}, draw.Src)
		return out
	}
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, color.GrayModel.Convert(src.At(x*src.Rect.Dx()/out.Rect.Dx(), y*src.Rect.Dy()/out.Rect.Dy())))
		}
	}
	return out
}

// Brush returns how a mask is painted.
func (w *Workbench) Brush() Brush { return w.painting.brush }

// SetBrush changes how a mask is painted.
func (w *Workbench) SetBrush(b Brush) {
	b.Size, b.Soft = min(max(b.Size, LeastBrush), MostBrush), min(max(b.Soft, 0), 100)
	if b != w.painting.brush {
		w.painting.brush = b
		w.notify(View)
	}
}

// Stroke moves the brush to a place of the picture, in its pixels: first puts it down
// there, last lifts it, after which the mask is saved and used. It tells no observer but
// of the last: who draws the stroke draws the mask.
func (w *Workbench) Stroke(x, y float64, first, last bool) {
	img := w.Painting()
	if img == nil {
		return
	}
	p := &w.painting
	scale := float64(img.Rect.Dx()) / float64(w.pictures.pic.Width())
	x, y = x*scale, y*scale
	if first {
		p.x, p.y = x, y
	}
	radius := float64(p.brush.Size) / 200 * float64(max(img.Rect.Dx(), img.Rect.Dy()))
	paintLine(img, p.x, p.y, x, y, math.Max(radius, 0.7), float64(p.brush.Soft)/100, p.brush.Erase)
	p.x, p.y = x, y
	if last {
		w.saveMask()
	}
}

// paintLine draws a line with round ends; soft is the part of the radius over which it
// fades out. What is light already stays so, or dark where it erases.
func paintLine(img *image.Gray, x0, y0, x1, y1, radius, soft float64, erase bool) {
	box := image.Rect(int(math.Floor(math.Min(x0, x1)-radius)), int(math.Floor(math.Min(y0, y1)-radius)),
		int(math.Ceil(math.Max(x0, x1)+radius))+1, int(math.Ceil(math.Max(y0, y1)+radius))+1).Intersect(img.Rect)
	dx, dy := x1-x0, y1-y0
	length := dx*dx + dy*dy
	fade := math.Max(soft*radius, 1)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			px, py := float64(x)+.5-x0, float64(y)+.5-y0
			along := 0.0
			if length > 0 {
				along = math.Min(math.Max((px*dx+py*dy)/length, 0), 1)
			}
			d := math.Hypot(px-along*dx, py-along*dy)
			cover := math.Min(math.Max((radius-d)/fade, 0), 1)
			at := &img.Pix[img.PixOffset(x, y)]
			if erase {
				*at = min(*at, uint8(math.Round(255*(1-cover))))
			} else {
				*at = max(*at, uint8(math.Round(255*cover)))
			}
		}
	}
}

// ClearMask takes the candidate's mask away.
func (w *Workbench) ClearMask() {
	if w.Painting() != nil {
		w.setParam(w.painting.slot, w.painting.param, "", "")
	}
}

// saveMask writes the mask into the session's folder, under a name made of its content,
// and uses it: each stroke is a step of undo.
func (w *Workbench) saveMask() {
	p := &w.painting
	copied := *p.img
	copied.Pix = slices.Clone(p.img.Pix)
	slot, param, dir := p.slot, p.param, w.maskDir()
	p.saving++
	go func() {
		path, err := writeMask(dir, &copied)
		w.config.Post(func() {
			p.saving = max(p.saving-1, 0)
			if err != nil {
				w.Fail(fmt.Errorf("the mask was not saved: %w", err))
				return
			}
			if p.saving == 0 {
				p.path = path
			}
			w.setParam(slot, param, path, "")
		})
	}()
}

// maskDir is where masks are kept; without a session, until the system forgets them.
func (w *Workbench) maskDir() string {
	if w.config.Folder == "" {
		return filepath.Join(os.TempDir(), "codecworkbench-"+maskFolder)
	}
	return filepath.Join(w.config.Folder, maskFolder)
}

func writeMask(dir string, img *image.Gray) (string, error) {
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img); err != nil {
		return "", err
	}
	path := filepath.Join(dir, maskName(out.Bytes()))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	return path, picture.WriteFile(path, out.Bytes())
}

// sessionTexts returns what the sessions in the folder say, one after the other.
func (w *Workbench) sessionTexts() (all []byte, err error) {
	entries, err := os.ReadDir(w.config.Folder)
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".json" {
			continue
		}
		data, err := readSession(filepath.Join(w.config.Folder, e.Name()))
		if err != nil {
			return nil, err
		}
		all = append(all, data...)
	}
	return all, err
}

// maskName is the name of a painted mask's file.
func maskName(data []byte) string { return "mask-" + hashBytes(data)[:16] + ".png" }

// forgetMasks removes old masks that no session in the folder names.
func (w *Workbench) forgetMasks() {
	if w.config.Folder == "" {
		return
	}
	used, err := w.sessionTexts()
	if err != nil {
		return // they may name any
	}
	dir := w.maskDir()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // there are none
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), "mask-") && !bytes.Contains(used, []byte(e.Name())) && time.Since(info.ModTime()) > keepMasks {
			_ = os.Remove(filepath.Join(dir, e.Name())) // it is tried again at the next start
		}
	}
}
