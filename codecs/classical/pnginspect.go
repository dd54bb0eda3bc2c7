package classical

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/picture/png"
)

// Inspect shows how well pixels were predicted from their neighbours, and by which filters.
func (pngCodec) Inspect(ctx context.Context, s *codecs.Stream, _ *picture.Picture) (*codecs.Trace, error) {
	file, err := s.Native()
	if err != nil {
		return nil, err
	}
	f, err := codecs.Detach(ctx, func() (*png.Filtered, error) { return png.ReadFiltered(file, s.Width, s.Height) })
	if errors.Is(err, png.ErrOtherRows) {
		return &codecs.Trace{Places: pngPlaces(file, s)}, nil
	}
	if err != nil {
		return nil, err
	}
	return &codecs.Trace{Panels: pngPanels(f), Places: pngPlaces(file, s)}, nil
}

func pngPanels(f *png.Filtered) []codecs.Panel {
	return []codecs.Panel{
		{ID: "left", Title: "What prediction leaves", Data: codecs.Plane{Width: f.Wide, Height: f.High, Values: f.Left, Unit: "grey levels", Scale: f.Cell, Cell: "block"},
			Help: "How far samples lie from what their neighbours predict, on average over 8x8 pixels. Small numbers repeat, and repetitions are what DEFLATE packs; noise stays expensive."},
		{ID: "residuals", Title: "Samples less their prediction", Data: codecs.Histogram{First: -128, Counts: f.Counts[:], SymbolName: "Sample less prediction, modulo 256",
			Noun: codecs.Noun{One: "sample", Many: "samples"}}, Help: "What DEFLATE gets to pack: the narrower the peak, the smaller the file."},
		{ID: "filters", Title: "Filters of the rows", Data: pngFilters(f),
			Help: "Each row says how its samples are predicted; encoders try all and keep the one that leaves the least."},
	}
}

func pngFilters(f *png.Filtered) codecs.Table {
	t := codecs.Table{Head: []string{"predicted by", "rows", "share"}}
	total := 0
	for _, n := range f.Rows {
		total += n
	}
	for i, name := range []string{"nothing (None)", "the pixel to the left (Sub)", "the pixel above (Up)", "the mean of both (Average)",
		"the best guess among three neighbours (Paeth)"} {
		t.Rows = append(t.Rows, []string{name, fmt.Sprint(f.Rows[i]), fmt.Sprintf("%.1f %%", 100*float64(f.Rows[i])/float64(max(total, 1)))})
	}
	return t
}

// pngPlaces says that picture data goes everywhere.
func pngPlaces(file []byte, s *codecs.Stream) []codecs.Place {
	var list []codecs.Place
	for i, p := range (pngCodec{}).Parts(file) {
		if strings.HasPrefix(p.Name, "IDAT") {
			list = append(list, codecs.Place{Part: i, Rect: image.Rect(0, 0, s.Width, s.Height)})
		}
	}
	return list
}
