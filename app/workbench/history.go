package workbench

import "time"

// maxUndo bounds the steps of undo.
const maxUndo = 200

// together is how close changes of one parameter must follow each other to be one
// step of undo: the length of a pause in dragging a slider.
const together = 800 * time.Millisecond

// history holds the setups that undo and redo go to.
type history struct {
	past, future []Setup
	key          string
	at           time.Time
}

// record keeps the present setup for undo, before it is changed. Changes with the
// same key, not empty, in quick succession are kept as one.
func (w *Workbench) record(key string) {
	w.saver.worked = true
	h := &w.history
	now := time.Now()
	if key != "" && key == h.key && now.Sub(h.at) < together {
		h.at = now
		return
	}
	h.key, h.at = key, now
	h.past = append(h.past, w.setup.clone())
	if len(h.past) > maxUndo {
		h.past = h.past[1:]
	}
	h.future = nil
}

// CanUndo reports whether there is a change to take back.
func (w *Workbench) CanUndo() bool { return len(w.history.past) > 0 }

// CanRedo reports whether there is an undone change to bring back.
func (w *Workbench) CanRedo() bool { return len(w.history.future) > 0 }

// Undo takes the last change of the candidates back.
func (w *Workbench) Undo() {
	h := &w.history
	if len(h.past) == 0 {
		return
	}
	h.future = append(h.future, w.setup.clone())
	w.restore(h.past[len(h.past)-1])
	h.past = h.past[:len(h.past)-1]
}

// Redo brings the last undone change back.
func (w *Workbench) Redo() {
	h := &w.history
	if len(h.future) == 0 {
		return
	}
	h.past = append(h.past, w.setup.clone())
	w.restore(h.future[len(h.future)-1])
	h.future = h.future[:len(h.future)-1]
}

func (w *Workbench) restore(s Setup) {
	w.history.key = ""
	w.setup = s.clone()
	old := w.runs
	w.runs = map[int]*Run{}
	for _, slot := range s.Slots {
		r := old[slot.Number]
		if r == nil {
			r = &Run{}
		}
		w.runs[slot.Number] = r
		key := w.resultKey(slot)
		if r.Fresh && r.Result.key == key {
			continue // what did not change stays
		}
		r.reset()
		if have := w.cache.get(key); have != nil {
			w.take(slot.Number, have)
		}
	}
	w.plotRestored()
	w.planRestored()
	w.watchedRestored()
	w.touched(Slots | Results | Curves)
}
