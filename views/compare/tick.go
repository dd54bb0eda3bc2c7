package compare

// eachTick does something at once and, where it is asked for again before the toolkit has
// handled the events that came together, once more after them: mice move more often than
// windows are drawn.
type eachTick struct {
	post          func(func())
	do            func()
	queued, again bool
}

// run asks for it.
func (e *eachTick) run() {
	if e.queued {
		e.again = true
		return
	}
	e.do()
	e.queued = true
	e.post(func() {
		e.queued = false
		if e.again {
			e.again = false
			e.do()
		}
	})
}
