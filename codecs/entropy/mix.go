package entropy

// Learning rates of a Mixer's weight sets, in 1/65536: high at first, because an
// index map has few symbols to learn from, then falling with 1/n to five times what
// lpaq has for long files. Chosen on index maps of photos of some 5000 symbols.
const (
	rateFirst = 2000 // 0.03
	rateLast  = 700  // 0.01
	rateHold  = 64   // updates at the first rate
	weightOne = 1 << 16
	weightMax = 1 << 22
)

// Confidences is how many levels of confidence an input of a Mixer may have. Each
// has its own weight: a model that saw a context once deserves less than one that saw
// it often, and the mixer learns how much less.
const Confidences = 8

// Mixer combines the probabilities that several models give to one bit into one
// better than each: a weighted sum in the logistic domain whose weights follow the
// coding error (Mahoney 2005). Everything is integer arithmetic.
//
// For each bit: Add every model's probability, Mix, code the bit with the result,
// Update.
type Mixer struct {
	inputs  int
	weights []int32 // [set][input][confidence], 1/weightOne
	seen    []int32 // updates by set
	x       []int32 // logistic values of the inputs added
	at      []int32 // their weights' places within the set
	set     int
	p1      uint32
}

// NewMixer returns a mixer of up to inputs probabilities with sets of weights
// chosen by a small context, each at least 1.
func NewMixer(inputs, sets int) *Mixer {
	inputs, sets = max(inputs, 1), max(sets, 1)
	m := &Mixer{
		inputs:  inputs,
		weights: make([]int32, inputs*sets*Confidences),
		seen:    make([]int32, sets),
		x:       make([]int32, 0, inputs),
		at:      make([]int32, 0, inputs),
	}
	for i := range m.weights {
		m.weights[i] = weightOne * 2 / int32(inputs+2)
	}
	return m
}

// Add gives the next input: a model's probability of a 1 in 1/65536 and how far it
// is to be trusted, 0 to Confidences-1. Inputs beyond those of NewMixer are ignored.
func (m *Mixer) Add(p1 uint32, confidence int) {
	if i := len(m.x); i < m.inputs {
		m.x = append(m.x, curves.stretch(p1))
		m.at = append(m.at, int32(i*Confidences+confidence&(Confidences-1)))
	}
}

// Mix returns the combined probability of a 1 in 1/65536, 1 to 65535, with the
// weights of a set, 0 to sets-1.
func (m *Mixer) Mix(set int) uint32 {
	m.set = set
	w := m.weights[set*m.inputs*Confidences : (set+1)*m.inputs*Confidences]
	sum := int64(0)
	for i, x := range m.x {
		sum += int64(x) * int64(w[m.at[i]])
	}
	m.p1 = curves.squash(int32(min(max(sum>>16, -stretchMax), stretchMax)))
	return m.p1
}

// Update tells the mixer which bit came and makes it ready for the next.
func (m *Mixer) Update(bit int) {
	n := m.seen[m.set]
	rate := int64(max(rateLast, rateFirst*rateHold/max(n, rateHold)))
	if n < rateHold*rateFirst/rateLast {
		m.seen[m.set] = n + 1
	}
	step := (int64(bit)<<ProbBits - int64(m.p1)) * rate
	w := m.weights[m.set*m.inputs*Confidences : (m.set+1)*m.inputs*Confidences]
	for i, x := range m.x {
		v := &w[m.at[i]]
		*v = int32(min(max(int64(*v)+(int64(x)*step+1<<23)>>24, -weightMax), weightMax))
	}
	m.drop()
}

// drop forgets the inputs without learning from them.
func (m *Mixer) drop() { m.x, m.at = m.x[:0], m.at[:0] }

// APM refines a probability by what happened when it was given in a context before
// (adaptive probability map, also secondary symbol estimation: Mahoney, paq8). Its
// cells lie evenly in the logistic domain and are interpolated.
type APM struct {
	cells []uint16 // [context][apmCells] probabilities in 1/65536
	low   int      // the cell below the last probability
	near  int      // the nearer of the two cells, which learns
}

const (
	apmCells = 33
	apmStep  = 2 * 2816 / (apmCells - 1) // of the logistic domain between cells: 176
	apmRate  = 6                         // cells move 1/64 of the way
)

// NewAPM returns a map that changes nothing yet, for contexts 0..n-1.
func NewAPM(n int) *APM {
	a := &APM{cells: make([]uint16, max(n, 1)*apmCells)}
	for i := range a.cells {
		a.cells[i] = uint16(curves.squash(int32(i%apmCells-apmCells/2) * apmStep))
	}
	return a
}

// Refine returns the refined probability of p1 in a context.
func (a *APM) Refine(p1 uint32, context int) uint32 {
	x := min(max(curves.stretch(p1)+apmStep*(apmCells/2), 0), apmStep*(apmCells-1)-1)
	a.low = context*apmCells + int(x/apmStep)
	part := uint32(x % apmStep)
	a.near = a.low
	if part >= apmStep/2 {
		a.near++
	}
	p := (uint32(a.cells[a.low])*(apmStep-part) + uint32(a.cells[a.low+1])*part) / apmStep
	return clampP1(int32(p))
}

// Update tells the map which bit came after the last Refine.
func (a *APM) Update(bit int) {
	c := int32(a.cells[a.near])
	target := int32(bit) * (1<<ProbBits - 1)
	a.cells[a.near] = uint16(c + (target-c)>>apmRate)
}
