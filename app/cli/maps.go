package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// mapJSON describes one written map. Value (i, j) of the NumPy file belongs to the
// step x step pixels from (x + i step, y + j step) on.
type mapJSON struct {
	Metric  string  `json:"metric"`
	Kind    string  `json:"kind"`
	Name    string  `json:"name"`
	Unit    string  `json:"unit"`
	Summary string  `json:"summary"`
	Good    float64 `json:"good"` // where nothing differs
	Bad     float64 `json:"bad"`  // where the colours end
	X       int     `json:"x"`
	Y       int     `json:"y"`
	Step    int     `json:"step"`
	Width   int     `json:"width"`
	Height  int     `json:"height"`
	PNG     string  `json:"png"`
	NPY     string  `json:"npy"`
}

// mapIndex is the name of the file that lists the maps of a folder.
const mapIndex = "maps.json"

// mappable refuses a list without a map; metrics that were named and have none are
// noted.
func (a *app) mappable(list []metrics.Metric, all bool) error {
	n := 0
	for _, m := range list {
		if _, ok := m.(metrics.Mapper); ok {
			n++
		} else if !all {
			fmt.Fprintf(a.Stderr, "note: %s has no map\n", m.Info().ID)
		}
	}
	if n > 0 {
		return nil
	}
	var have []string
	for _, m := range a.tools().Metrics.All() {
		if _, ok := m.(metrics.Mapper); ok {
			have = append(have, m.Info().ID)
		}
	}
	return fmt.Errorf("no metric named has a map; these have: %s", strings.Join(have, ", "))
}

// writeMaps writes all maps of a list of metrics, and lists them. What is undefined
// for the pair is noted.
func (a *app) writeMaps(ctx context.Context, list []metrics.Metric, pair *metrics.Pair, dir string, reach float64) ([]mapJSON, error) {
	var out []mapJSON
	meter := a.meter()
	defer meter.end()
	for i, m := range list {
		mapper, ok := m.(metrics.Mapper)
		if !ok {
			continue
		}
		for _, kind := range mapper.MapKinds() {
			meter.show(i, len(list), " metrics mapped")
			values, err := metrics.MapOf(ctx, mapper, pair, kind.ID)
			var undefined *metrics.Undefined
			if errors.As(err, &undefined) {
				fmt.Fprintf(a.Stderr, "note: no map of %s: %s\n", m.Info().ID, undefined.Reason)
				break
			}
			if err != nil {
				return nil, err
			}
			written, err := writeMap(dir, m.Info(), kind, values, pair, reach)
			if err != nil {
				return nil, err
			}
			out = append(out, written)
		}
	}
	index, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil, err
	}
	return out, picture.WriteFile(filepath.Join(dir, mapIndex), append(index, '\n'))
}

// writeMap writes one map: the colours alone, as the legend has them, over the grey
// picture where there is no value.
func writeMap(dir string, info metrics.Info, kind metrics.MapKind, m *metrics.Map, pair *metrics.Pair, reach float64) (mapJSON, error) {
	kind = heatmap.Reaching(kind, reach)
	stem := info.ID + "." + kind.ID
	out := mapJSON{Metric: info.ID, Kind: kind.ID, Name: kind.Name, Unit: kind.Unit, Summary: kind.Summary, Good: kind.Good, Bad: kind.Bad,
		X: m.X, Y: m.Y, Step: m.Step, Width: m.Width, Height: m.Height, PNG: stem + ".png", NPY: stem + ".npy"}
	file, err := heatmap.PNG(pair.Dist().OnWhite().RGB8(), m, info, kind, 1)
	if err != nil {
		return out, err
	}
	if err := picture.WriteFile(filepath.Join(dir, out.PNG), file); err != nil {
		return out, err
	}
	return out, picture.WriteFile(filepath.Join(dir, out.NPY), heatmap.NPY(m))
}
