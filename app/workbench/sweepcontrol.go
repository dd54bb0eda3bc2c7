package workbench

import (
	"slices"

	"codecworkbench/app/sweep"
)

// MoveSweepRow puts a curve of the plan, or of the running sweep, before or behind its
// neighbours: what stands above runs first.
func (w *Workbench) MoveSweepRow(i, by int) {
	w.planDefaults()
	s := &w.sweeping.state
	to := i + by
	if i < 0 || i >= len(s.Plan.Specs) || to < 0 || to >= len(s.Plan.Specs) || by == 0 {
		return
	}
	if s.Running && len(s.Rows) != len(s.Plan.Specs) {
		return // its rows are not known yet
	}
	move := func(s *Sweep) {
		s.Plan.Specs = moved(s.Plan.Specs, i, to)
		if len(s.Rows) == len(s.Plan.Specs) {
			s.Rows = moved(s.Rows, i, to)
		}
	}
	if !s.Running {
		w.changePlan(move)
		return
	}
	move(s)
	w.steered()
}

// moved is a copy with one element in another place.
func moved[T any](list []T, from, to int) []T {
	out := slices.Clone(list)
	e := out[from]
	return slices.Insert(slices.Delete(out, from, from+1), to, e)
}

// SetSweepByRow runs one curve after the other, or all curves picture by picture.
func (w *Workbench) SetSweepByRow(on bool) {
	if !w.sweeping.state.Running {
		w.changePlan(func(s *Sweep) { s.ByRow = on })
		return
	}
	w.sweeping.state.ByRow = on
	w.steered()
}

// steered follows a change of a running sweep's order.
func (w *Workbench) steered() {
	w.steer()
	w.keepSession()
	w.notify(Sweeps)
}

// steer tells a running sweep the order of its rows.
func (w *Workbench) steer() {
	s := &w.sweeping
	if s.control == nil {
		return
	}
	var order []int
	for _, r := range s.state.Rows {
		order = append(order, r.row)
	}
	s.control.SetOrder(order, s.state.ByRow)
}

// PauseSweep keeps a running sweep from beginning jobs, or lets it go on.
func (w *Workbench) PauseSweep(on bool) {
	s := &w.sweeping
	if s.control != nil && s.state.Running && s.state.Paused != on {
		s.state.Paused = on
		s.control.Pause(on)
		w.notify(Sweeps)
	}
}

// LeaveSweepRow leaves out what has not begun of a running sweep's curve; of a plan, the
// whole curve.
func (w *Workbench) LeaveSweepRow(i int) {
	s := &w.sweeping
	if !s.state.Running {
		w.ReplaceSweepSpec(i, "")
		return
	}
	if s.control != nil && i >= 0 && i < len(s.state.Rows) {
		s.state.Rows = slices.Clone(s.state.Rows)
		s.state.Rows[i].Out = true
		s.control.LeaveRow(s.state.Rows[i].row)
	}
}

// LeaveSweepPicture takes a picture out of the plan, and out of a running sweep what has
// not begun on it.
func (w *Workbench) LeaveSweepPicture(path string) {
	s := &w.sweeping
	s.state.Failures = slices.DeleteFunc(slices.Clone(s.state.Failures), func(f SweepFailure) bool { return f.Picture == path })
	if s.state.Running {
		if s.leave != nil {
			s.leave(path)
		}
		w.notify(Sweeps)
		return
	}
	plan := w.Sweep().Plan.Pictures
	rest := slices.DeleteFunc(slices.Clone(plan), func(p string) bool { return p == path })
	if len(rest) > 0 && len(rest) < len(plan) {
		w.SetSweepPictures(rest)
	}
}

// OpenSweepCell makes a rate point of the sweep a candidate and shows it on the current
// picture; where none of the sweep's pictures is open, on the first of them. It reports
// whether the point's curve is one of a codec.
func (w *Workbench) OpenSweepCell(row, cell int) bool {
	s := w.Sweep()
	if row < 0 || row >= len(s.Rows) || cell < 0 || cell >= len(s.Rows[row].Cells) {
		return false
	}
	spec, err := sweep.ParseSpec(s.Rows[row].Name)
	if err != nil {
		return false
	}
	number := w.candidateOf(spec)
	if number == 0 {
		return false
	}
	open := slices.ContainsFunc(w.pictures.entries, func(e *Entry) bool { return e.Path != "" && slices.Contains(s.Plan.Pictures, e.Path) })
	if !s.FromWindow && !open && len(s.Plan.Pictures) > 0 {
		w.OpenPaths(s.Plan.Pictures[:1])
	}
	if q := s.Rows[row].Cells[cell].Q; q != "" {
		w.SetParam(number, "q", q)
	}
	w.Show(number)
	return true
}
