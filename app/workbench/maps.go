package workbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// MapView is which map of a metric the mode Mapped shows, and how.
type MapView struct {
	Metric string `json:"metric"` // id
	Kind   string `json:"kind"`   // one of the metric's
	// Strength is how much of the grey picture the colours cover, in percent; 100 is
	// the map alone.
	Strength int `json:"strength"`
	// Reach moves the bad end of the colours: 2 is twice as far from the good end as the
	// metric proposes, for poor pictures; 0.5 half as far, for good ones.
	Reach float64 `json:"reach"`
	Side  bool    `json:"side"` // next to each other instead of under a divider
}

// MapReaches are the values of MapView.Reach to choose from.
func MapReaches() []float64 { return []float64{0.125, 0.25, 0.5, 1, 2, 4} }

// leastStrength keeps a map from vanishing.
const leastStrength = 10

// MapMetric is a metric that has maps.
type MapMetric struct {
	Info  metrics.Info
	Kinds []metrics.MapKind
}

// Map is the map of one shown candidate, or why there is none.
type Map struct {
	*metrics.Map
	// Under is the decoded picture that the map belongs to, opaque.
	Under *picture.Picture
	Info  metrics.Info
	Kind  metrics.MapKind // its bad end is where the colours end
	// Fresh says that it belongs to the present setting; otherwise it is of an earlier
	// one and only shown until the new comes.
	Fresh bool
	// Err says in words why there is no map of the present setting; empty: there is one,
	// or one will come.
	Err string
}

// mapped is a computed map, or what went wrong.
type mapped struct {
	key   string
	under *picture.Picture
	m     *metrics.Map
	err   string
}

func (m *mapped) cacheKey() string { return m.key }

func (m *mapped) size() int64 {
	n := int64(1024)
	if m.m != nil {
		n += int64(4*len(m.m.Values)) + int64(4*m.under.Pixels())
	}
	return n
}

// mapping holds the maps that are shown and those that were.
type mapping struct {
	shown map[int]*mapped // by slot number: the newest of the chosen metric and kind
	cache *cache[*mapped]
	pace  map[string]float64 // by metric and kind: nanoseconds a pixel, of the last map
}

// mapCacheBytes holds some twenty maps of two megapixels.
const mapCacheBytes = 256 << 20

func newMapping() mapping {
	return mapping{shown: map[int]*mapped{}, cache: newCache[*mapped](mapCacheBytes), pace: map[string]float64{}}
}

// MapMetrics lists the metrics that have maps.
func (w *Workbench) MapMetrics() []MapMetric {
	var out []MapMetric
	for _, m := range w.Metrics() {
		if mapper, ok := m.(metrics.Mapper); ok {
			out = append(out, MapMetric{m.Info(), mapper.MapKinds()})
		}
	}
	return out
}

// defaultMapView chooses the metric whose map tells most, of those that there are.
func (w *Workbench) defaultMapView() MapView {
	v := MapView{Strength: 80, Reach: 1}
	list := w.MapMetrics()
	if len(list) == 0 {
		return v
	}
	chosen := list[0]
	for _, id := range []string{"ssim-y", "flip", "butteraugli"} { // the later the better
		if i := slices.IndexFunc(list, func(m MapMetric) bool { return m.Info.ID == id }); i >= 0 {
			chosen = list[i]
		}
	}
	v.Metric, v.Kind = chosen.Info.ID, chosen.Kinds[0].ID
	return v
}

// mapper returns a metric with maps and one of its kinds, its first where it has no
// such kind.
func (w *Workbench) mapper(id, kind string) (metrics.Mapper, metrics.MapKind, bool) {
	m, err := w.config.Tools.Metrics.Metric(id)
	if err != nil {
		return nil, metrics.MapKind{}, false
	}
	mapper, ok := m.(metrics.Mapper)
	if !ok {
		return nil, metrics.MapKind{}, false
	}
	kinds := mapper.MapKinds()
	i := max(slices.IndexFunc(kinds, func(k metrics.MapKind) bool { return k.ID == kind }), 0)
	return mapper, kinds[i], true
}

// MapChosen describes the chosen map, with its bad end where the colours end; false where no metric has one.
func (w *Workbench) MapChosen() (metrics.Info, metrics.MapKind, bool) {
	m, kind, ok := w.mapper(w.view.Map.Metric, w.view.Map.Kind)
	if !ok {
		return metrics.Info{}, kind, false
	}
	return m.Info(), heatmap.Reaching(kind, w.view.Map.Reach), true
}

// SetMap chooses a metric's map; an empty or unknown kind is the metric's first. A
// metric without maps changes nothing.
func (w *Workbench) SetMap(metric, kind string) {
	m, k, ok := w.mapper(metric, kind)
	if !ok {
		w.Fail(fmt.Errorf("%s has no map", metric))
		return
	}
	if id := m.Info().ID; id != w.view.Map.Metric || k.ID != w.view.Map.Kind {
		w.view.Map.Metric, w.view.Map.Kind = id, k.ID
		clear(w.maps.shown) // their colours mean something else
		w.touched(View | Maps)
	}
}

// NextMap chooses the next kind of map, of the next metric after the metric's last.
func (w *Workbench) NextMap(step int) {
	type choice struct{ metric, kind string }
	var all []choice
	at := 0
	for _, m := range w.MapMetrics() {
		for _, k := range m.Kinds {
			if m.Info.ID == w.view.Map.Metric && k.ID == w.view.Map.Kind {
				at = len(all)
			}
			all = append(all, choice{m.Info.ID, k.ID})
		}
	}
	if n := len(all); n > 0 {
		next := all[((at+step)%n+n)%n]
		w.SetMap(next.metric, next.kind)
	}
}

// SetMapStrength changes how much of the grey picture the colours cover, in percent.
func (w *Workbench) SetMapStrength(percent int) {
	percent = min(max(percent, leastStrength), 100)
	if w.view.Map.Strength != percent {
		w.view.Map.Strength = percent
		w.touched(View)
	}
}

// SetMapReach moves the bad end of the colours, to one of MapReaches.
func (w *Workbench) SetMapReach(factor float64) {
	if slices.Contains(MapReaches(), factor) && w.view.Map.Reach != factor {
		w.view.Map.Reach = factor
		w.touched(View)
	}
}

// StepMapReach moves the bad end of the colours by a number of steps.
func (w *Workbench) StepMapReach(steps int) {
	all := MapReaches()
	at := slices.Index(all, w.view.Map.Reach) + steps
	w.SetMapReach(all[min(max(at, 0), len(all)-1)])
}

// SetMapSide shows the two maps next to each other, or under a divider.
func (w *Workbench) SetMapSide(side bool) {
	w.look(func(v *ViewSettings) { v.Map.Side = side })
}

// restoreMap takes a session's choice as far as the program still has it.
func (w *Workbench) restoreMap(v MapView) {
	m, kind, ok := w.mapper(v.Metric, v.Kind)
	if !ok {
		return
	}
	if !slices.Contains(MapReaches(), v.Reach) {
		v.Reach = 1
	}
	w.view.Map = MapView{Metric: m.Info().ID, Kind: kind.ID, Strength: min(max(v.Strength, leastStrength), 100), Reach: v.Reach, Side: v.Side}
}

// Map returns the chosen map of a candidate; false for the original, and while there
// is nothing to show or to tell.
func (w *Workbench) Map(number int) (Map, bool) {
	m, kind, ok := w.mapper(w.view.Map.Metric, w.view.Map.Kind)
	have := w.maps.shown[number]
	if !ok || have == nil || number == Original {
		return Map{}, false
	}
	out := Map{Map: have.m, Under: have.under, Info: m.Info(), Kind: heatmap.Reaching(kind, w.view.Map.Reach)}
	if r := w.runs[number]; r != nil && r.Fresh && w.mapKey(r.Result) == have.key {
		out.Fresh, out.Err = have.m != nil, have.err
	}
	return out, out.Map != nil || out.Err != ""
}

// Mapping reports whether a candidate's map is being computed, and about how long
// that will go on; 0: there is nothing to judge by.
func (w *Workbench) Mapping(number int) (running bool, left time.Duration) {
	t := w.lane.task
	if t == nil || t.kind != mapTask || t.slot != number || w.pictures.pic == nil {
		return false, 0
	}
	left = time.Duration(w.maps.pace[w.mapName()]*float64(w.pictures.pic.Pixels())) - time.Since(t.start)
	return true, max(left, 0)
}

// mapName names the chosen metric and kind.
func (w *Workbench) mapName() string { return w.view.Map.Metric + "\n" + w.view.Map.Kind }

// mapKey identifies the chosen map of a result.
func (w *Workbench) mapKey(r *Result) string { return strings.Join([]string{r.key, w.mapName()}, "\n") }

// mapWanted reports whether somebody waits for a map.
func (w *Workbench) mapWanted(t *task) bool {
	r := w.runs[t.slot]
	return w.view.Mode == Mapped && w.Seen(t.slot) && r.Fresh && w.mapKey(r.Result) == t.key
}

// nextMap returns the task that computes the chosen map of a shown candidate; nil if
// it is there, in which case it is shown.
func (w *Workbench) nextMap(s Slot) *task {
	r := w.runs[s.Number]
	if w.view.Mode != Mapped || r == nil || !r.Fresh || r.Phase == Failed || r.Phase == Cancelled {
		return nil
	}
	m, kind, ok := w.mapper(w.view.Map.Metric, w.view.Map.Kind)
	if !ok {
		return nil
	}
	result, name := r.Result, w.mapName()
	key := w.mapKey(result)
	if have := w.maps.shown[s.Number]; have != nil && have.key == key {
		return nil
	}
	if have := w.maps.cache.get(key); have != nil {
		w.showMap(s.Number, have)
		return nil
	}
	return &task{kind: mapTask, slot: s.Number, key: key, do: func(t *task) func() {
		start := time.Now()
		out, err := mapOf(t.ctx, m, kind.ID, result)
		if err != nil {
			if t.ctx.Err() != nil {
				return nil
			}
			return func() { w.mapFailed(t, err) }
		}
		out.key = key
		took := time.Since(start)
		return func() {
			w.maps.pace[name] = float64(took) / float64(result.Reference.Pixels())
			if out.m == nil || bytesOf(out.under) <= w.vast() {
				w.maps.cache.put(out)
			}
			if w.wanted(t) {
				w.showMap(t.slot, out)
			}
		}
	}}
}

// mapOf computes a map of a result.
func mapOf(ctx context.Context, m metrics.Mapper, kind string, r *Result) (*mapped, error) {
	pair, err := r.Pair()
	if err != nil {
		return nil, err
	}
	out, err := metrics.MapOf(ctx, m, pair, kind)
	if err != nil {
		return nil, err
	}
	return &mapped{m: out, under: r.Decoded.OnWhite()}, nil
}

// mapFailed shows why there is no map. It is not tried again until something changes.
func (w *Workbench) mapFailed(t *task, err error) {
	if !w.wanted(t) {
		return
	}
	text := w.Plainly(err)
	var undefined *metrics.Undefined
	if errors.As(err, &undefined) {
		text = sentence(undefined.Reason)
	}
	w.showMap(t.slot, &mapped{key: t.key, err: text})
}

// showMap makes a map the one of a slot that is seen.
func (w *Workbench) showMap(number int, m *mapped) {
	for n := range w.maps.shown {
		if !w.Seen(n) {
			delete(w.maps.shown, n)
		}
	}
	w.maps.shown[number] = m
	w.notify(Maps)
}
