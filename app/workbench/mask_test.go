package workbench

import (
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// masked is a codec with a mask.
type masked struct{ *bits }

func (m masked) Info() codecs.Info {
	i := m.bits.Info()
	i.Params = append(i.Params, codecs.Param{Name: "mask", Label: "Mask", Kind: codecs.PicFile})
	return i
}

// A mask is painted stroke by stroke: each is a file in the session's folder, a value of
// the parameter, and a step of undo.
func TestPaintMask(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, Config{Folder: dir}, masked{&bits{id: "one"}}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	b.PaintMask(3)
	if b.Painting() != nil {
		t.Error("a codec without a mask is painted on")
	}
	b.PaintMask(2)
	if b.Painting() == nil {
		t.Fatal("nothing is painted on")
	}
	b.SetBrush(Brush{Size: 20, Soft: 0})
	mask := func() string {
		s, _ := b.Slot(2)
		return s.Params["mask"]
	}
	stroke := func(x0, y0, x1, y1 float64) {
		before := mask()
		b.Stroke(x0, y0, true, false)
		b.Stroke(x1, y1, false, true)
		b.until("the mask", func() bool { return mask() != before })
	}
	w, h := float64(b.Picture().Width()), float64(b.Picture().Height())
	stroke(0, h/2, w/2, h/2)
	first := mask()
	if filepath.Dir(filepath.Dir(first)) != dir {
		t.Errorf("the mask is %s", first)
	}
	at := func(path string, x, y float64) int {
		p, err := picture.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		return int(p.RGB8().Pix[p.RGB8().PixOffset(int(x), int(y))])
	}
	if at(first, w/4, h/2) != 255 || at(first, w*0.9, h/2) != 0 {
		t.Error("the stroke is not where it was painted")
	}
	b.SetBrush(Brush{Size: 20, Soft: 0, Erase: true})
	stroke(w/4, h/2, w/4, h/2)
	if at(mask(), w/4, h/2) != 0 {
		t.Error("nothing was erased")
	}
	b.Undo()
	if mask() != first || b.Painting().Pix[b.Painting().PixOffset(int(w/4), int(h/2))] != 255 {
		t.Error("undo does not bring the stroke back")
	}
	b.Undo()
	if mask() != "" || b.Painting().Pix[b.Painting().PixOffset(int(w/4), int(h/2))] != 0 {
		t.Error("undo does not end at no mask")
	}
	b.Redo()
	b.ClearMask()
	if mask() != "" {
		t.Error("the mask is not cleared")
	}
	b.Show(3)
	if b.Painting() != nil {
		t.Error("another candidate is painted on")
	}
	old := filepath.Join(dir, maskFolder, "mask-0123456789abcdef.png")
	if err := os.WriteFile(old, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * keepMasks)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	b.forgetMasks()
	if _, err := os.Stat(old); err == nil {
		t.Error("an old mask stays for ever")
	}
	if _, err := os.Stat(first); err != nil {
		t.Error("a new mask is forgotten")
	}
}

// A soft brush fades out from its middle to its edge, and erasing only takes away.
func TestSoftBrush(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 101, 101))
	paintLine(img, 50.5, 50.5, 50.5, 50.5, 40, 1, false)
	last := 256
	for x := 50; x < 101; x++ {
		v := int(img.Pix[img.PixOffset(x, 50)])
		if v > last || x == 50 && v < 245 || x > 92 && v != 0 {
			t.Fatalf("%d from the middle it is %d after %d", x-50, v, last)
		}
		last = v
	}
	before := img.Pix[img.PixOffset(20, 50)]
	paintLine(img, 200, 50, 400, 50, 30, 0.5, true)
	if img.Pix[img.PixOffset(20, 50)] != before {
		t.Error("erasing elsewhere changed it")
	}
}
