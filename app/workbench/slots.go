package workbench

import (
	"fmt"
	"slices"
	"time"

	"codecworkbench/codecs"
)

// Original is the number of the slot that holds the picture itself.
const Original = 1

// MaxSlots bounds the candidates: as many as there are colours to tell them apart.
const MaxSlots = 9

// Slot is one thing that can be looked at: the original, a codec at some setting,
// or a compressed file. Number is its key, its chip and its colour, and stays the
// same while others come and go.
type Slot struct {
	Number int
	Codec  string        // empty for the original
	Params codecs.Params // resolved; of a compressed file: empty
	File   *File         // a compressed file; nil for a codec at some setting
	// Changes are what the screen Inside decodes its file with.
	Changes Changes
}

// File is a compressed file that was opened as a candidate. It is immutable.
type File struct {
	Name, Path string
	Stream     *codecs.Stream
	Bytes      int    // of the file
	Hash       string // of its content
}

// Setup is what undo brings back: the candidates and which two are shown.
type Setup struct {
	Slots       []Slot // by number; the first is the original
	Left, Right int    // numbers of the slots that are always shown
	More        []int  // what is shown between them, where there is room; never changed in place
	Active      int    // the slot whose controls are shown: one that is shown
	Match       Match
	Plot        CurveView    // what the screen Curves shows
	plan        *sweepChoice // nil: nobody changed the sweep's plan
	watched     *[]string    // folders; nil: nobody changed which are watched
}

// clone returns a copy that shares nothing that changes. Params are copied on
// write by codecs.Params.With.
func (s Setup) clone() Setup {
	s.Slots = slices.Clone(s.Slots)
	return s
}

func (s Setup) index(number int) int {
	return slices.IndexFunc(s.Slots, func(t Slot) bool { return t.Number == number })
}

// Setup returns the candidates and which two are shown.
func (w *Workbench) Setup() Setup { return w.setup.clone() }

// Slot returns a slot by number.
func (w *Workbench) Slot(number int) (Slot, bool) {
	if i := w.setup.index(number); i >= 0 {
		return w.setup.Slots[i], true
	}
	return Slot{}, false
}

// Info returns the description of a slot's codec; ok is false for the original.
func (w *Workbench) Info(s Slot) (info codecs.Info, ok bool) {
	if c := w.codecOf(s); c != nil {
		return c.Info(), true
	}
	return codecs.Info{}, false
}

// Title names a slot as labels do: "jpeg", "photo.cwb", "Original".
func (w *Workbench) Title(s Slot) string {
	switch {
	case s.File != nil:
		return s.File.Name
	case s.Codec == "":
		return "Original"
	}
	return s.Codec
}

// Setting is the quality of a slot as labels show it, "q 15", or "lossless"; empty
// where there is nothing to say.
func (w *Workbench) Setting(s Slot) string {
	info, ok := w.Info(s)
	switch {
	case !ok || s.File != nil:
		return ""
	case info.Quality != nil:
		return "q " + s.Params["q"]
	case info.Lossless:
		return "lossless"
	}
	return ""
}

// Show shows a slot and makes its controls the active ones: in the place of the active
// one where that stands between left and right, otherwise at the right. A slot that is
// shown already only becomes active.
func (w *Workbench) Show(number int) {
	if w.setup.index(number) < 0 {
		return
	}
	if !w.Seen(number) {
		instead := w.setup.Right
		if w.setup.Active != w.setup.Left && w.Seen(w.setup.Active) {
			instead = w.setup.Active
		}
		w.put(number, instead)
	}
	w.setup.Active = number
	w.touched(Slots)
}

// ShowLeft shows a slot at the left; where it is at the right, the two change sides.
func (w *Workbench) ShowLeft(number int) {
	if w.setup.index(number) < 0 || number == w.setup.Left {
		return
	}
	if number == w.setup.Right {
		w.Swap()
		return
	}
	if w.Seen(number) { // between the two: change places
		w.put(w.setup.Left, number)
	}
	wasActive := w.setup.Active == w.setup.Left
	w.setup.Left = number
	if wasActive {
		w.setup.Active = number
	}
	w.touched(Slots)
}

// Swap exchanges left and right.
func (w *Workbench) Swap() {
	w.setup.Left, w.setup.Right = w.setup.Right, w.setup.Left
	w.touched(Slots)
}

// Other returns the shown slot that is not the given one.
func (w *Workbench) Other(number int) int {
	if number == w.setup.Left {
		return w.setup.Right
	}
	return w.setup.Left
}

// Add adds a candidate with a codec at its default setting and shows it at the
// right. It returns its number, 0 if there is no room or no such codec.
func (w *Workbench) Add(codec string) int {
	c, err := w.config.Tools.Codecs.Codec(codec)
	if err != nil {
		w.Fail(err)
		return 0
	}
	params, err := c.Info().Resolve(nil)
	if err != nil {
		w.Fail(err)
		return 0
	}
	return w.addSlot(Slot{Codec: codec, Params: params})
}

// Duplicate adds a candidate with the same setting and shows it beside the first.
func (w *Workbench) Duplicate(number int) int {
	s, ok := w.Slot(number)
	if !ok || s.Codec == "" {
		return 0
	}
	return w.addSlot(s)
}

// CopySettings gives a candidate another one's codec and settings.
func (w *Workbench) CopySettings(from, to int) {
	s, ok := w.Slot(from)
	i := w.setup.index(to)
	if !ok || s.Codec == "" || s.File != nil || i < 0 || to == Original || to == from {
		return
	}
	w.record("")
	w.replace(i, Slot{Number: to, Codec: s.Codec, Params: s.Params})
	w.touched(Slots)
}

// CanCopy reports whether the active candidate's settings can be given to the other side.
func (w *Workbench) CanCopy() bool {
	s, ok := w.Slot(w.setup.Active)
	other := w.Other(w.setup.Active)
	return ok && s.Codec != "" && s.File == nil && other != Original && other != s.Number
}

func (w *Workbench) addSlot(s Slot) int {
	s.Number = w.freeNumber()
	if s.Number == 0 {
		w.Fail(fmt.Errorf("there are %d candidates already; delete one first", MaxSlots-1))
		return 0
	}
	w.record("")
	w.insertSlot(s)
	w.setup.Right, w.setup.Active = s.Number, s.Number
	w.touched(Slots)
	return s.Number
}

// insertSlot puts a slot at its place by number.
func (w *Workbench) insertSlot(s Slot) {
	i := 0
	for i < len(w.setup.Slots) && w.setup.Slots[i].Number < s.Number {
		i++
	}
	w.setup.Slots = slices.Insert(slices.Clone(w.setup.Slots), i, s)
	w.runs[s.Number] = &Run{}
}

// freeNumber returns the smallest number that no slot has; 0 if all are taken.
func (w *Workbench) freeNumber() int {
	for n := Original + 1; n <= MaxSlots; n++ {
		if w.setup.index(n) < 0 {
			return n
		}
	}
	return 0
}

// Delete removes a candidate; what was shown in its place becomes its neighbour.
func (w *Workbench) Delete(number int) {
	i := w.setup.index(number)
	if number == Original || i < 0 {
		return
	}
	w.record("")
	w.setup.Slots = slices.Delete(slices.Clone(w.setup.Slots), i, i+1)
	w.setup.More = slices.DeleteFunc(slices.Clone(w.setup.More), func(n int) bool { return n == number })
	delete(w.runs, number)
	delete(w.maps.shown, number)
	shown := func(other int) int {
		for j := len(w.setup.Slots) - 1; j >= 0; j-- {
			if n := w.setup.Slots[j].Number; n != other {
				return n
			}
		}
		return Original
	}
	if w.setup.Right == number {
		w.setup.Right = shown(w.setup.Left)
	}
	if w.setup.Left == number {
		w.setup.Left = shown(w.setup.Right)
	}
	if w.setup.Active == number {
		w.setup.Active = w.setup.Right
	}
	w.touched(Slots | Results)
}

// SetCodec gives a candidate another codec, at its default setting.
func (w *Workbench) SetCodec(number int, codec string) {
	i := w.setup.index(number)
	if i < 0 || number == Original || w.setup.Slots[i].Codec == codec && w.setup.Slots[i].File == nil {
		return
	}
	c, err := w.config.Tools.Codecs.Codec(codec)
	if err != nil {
		w.Fail(err)
		return
	}
	params, err := c.Info().Resolve(nil)
	if err != nil {
		w.Fail(err)
		return
	}
	w.record("")
	w.replace(i, Slot{Number: number, Codec: codec, Params: params})
	w.touched(Slots)
}

// SetParam changes one parameter of a candidate; a value outside its range is told
// as a message and changes nothing. Changes of one parameter in quick succession
// are one step of undo.
func (w *Workbench) SetParam(number int, name, value string) {
	w.setParam(number, name, value, fmt.Sprintf("%d %s", number, name))
}

// setParam changes a parameter; changes with the same key, not empty, in quick succession
// are one step of undo.
func (w *Workbench) setParam(number int, name, value, key string) {
	i := w.setup.index(number)
	if i < 0 || w.setup.Slots[i].File != nil {
		return
	}
	s := w.setup.Slots[i]
	info, ok := w.Info(s)
	if !ok {
		return
	}
	params, err := info.Resolve(s.Params.With(name, value))
	if err != nil {
		w.Fail(err)
		return
	}
	if params[name] == s.Params[name] {
		return
	}
	w.record(key)
	s.Params = params
	if name == "q" {
		w.led(number)
	}
	w.replace(i, s)
	if r := w.runs[number]; r != nil && r.Result != nil && r.Result.slow() {
		r.notBefore = time.Now().Add(stillness)
		w.later(stillness+time.Millisecond, w.schedule)
	}
	w.touched(Slots)
}

// stillness is how long a setting must rest before a slow codec starts.
const stillness = 150 * time.Millisecond

// replace sets slot i, leaving earlier copies of the list alone.
func (w *Workbench) replace(i int, s Slot) {
	w.setup.Slots = slices.Clone(w.setup.Slots)
	w.setup.Slots[i] = s
	if r := w.runs[s.Number]; r != nil {
		r.reset()
	}
}

// StepQuality moves a candidate's quality by a number of its steps.
func (w *Workbench) StepQuality(number, steps int) {
	s, ok := w.Slot(number)
	info, has := w.Info(s)
	if !ok || !has || info.Quality == nil || s.File != nil {
		return
	}
	step := info.Quality.Step
	if step <= 0 {
		step = (info.Quality.Max - info.Quality.Min) / 100
	}
	w.SetParam(number, "q", codecs.FormatNumber(info.Quality.Snap(s.Params.Q()+float64(steps)*step)))
}
