package workbench

import "slices"

// sweepChoice is what undo brings back of the sweep's plan. It is never changed.
type sweepChoice struct {
	plan              SweepPlan
	fromWindow, byRow bool
}

func (s *Sweep) choice() *sweepChoice { return &sweepChoice{s.Plan, s.FromWindow, s.ByRow} }

func (c *sweepChoice) equal(d *sweepChoice) bool {
	return c.fromWindow == d.fromWindow && c.byRow == d.byRow && slices.Equal(c.plan.Specs, d.plan.Specs) &&
		slices.Equal(c.plan.Pictures, d.plan.Pictures) && slices.Equal(c.plan.Metrics, d.plan.Metrics)
}

// changePlan changes the sweep's plan as one step of undo. The plan's lists are replaced,
// never written to.
func (w *Workbench) changePlan(change func(s *Sweep)) {
	w.planDefaults()
	s := &w.sweeping.state
	before := s.choice()
	change(s)
	after := s.choice()
	if after.equal(before) {
		return
	}
	w.setup.plan = before // where nobody changed it yet, the setup knows none
	w.record("")
	w.setup.plan = after
	if after.sameJobs(before) { // in another order: progress stays
		w.keepSession()
		w.notify(Sweeps)
		return
	}
	w.replanned()
}

func (c *sweepChoice) sameJobs(d *sweepChoice) bool {
	sorted := func(list []string) []string { return slices.Sorted(slices.Values(list)) }
	return c.fromWindow == d.fromWindow && slices.Equal(sorted(c.plan.Specs), sorted(d.plan.Specs)) &&
		slices.Equal(c.plan.Pictures, d.plan.Pictures) && slices.Equal(c.plan.Metrics, d.plan.Metrics)
}

// planRestored takes over what the setup says of the sweep's plan, after undo. The plan of
// a running sweep stays.
func (w *Workbench) planRestored() {
	s := &w.sweeping.state
	c := w.setup.plan
	switch {
	case c == nil || c.equal(s.choice()):
	case s.Running:
		w.setup.plan = s.choice()
	default:
		s.Plan, s.FromWindow, s.ByRow = c.plan, c.fromWindow, c.byRow
		w.replanned()
	}
}
