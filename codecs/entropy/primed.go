package entropy

// PrimedBit returns a model that gives p1 (in 1/65536) and has the inertia of one that
// saw n bits already, 0 to 255: for models whose start was learned in training.
func PrimedBit(p1 uint32, n int) Bit {
	v := int32(min(p1, 1<<ProbBits-1))<<(22-ProbBits) - half
	return Bit{fast: v, slow: v, n: int32(min(max(n, 0), slowLimit))}
}

// Seen returns how many bits the model was updated with, up to 255.
func (b *Bit) Seen() int { return int(b.n) }

// Confidence returns the level for Mixer.Add: how often the model was updated, in
// Confidences classes.
func (b *Bit) Confidence() int { return confidence(uint16(b.n)) }

// Weights returns a copy of the mixer's weights, for Prime: by set, input and
// confidence, in 1/65536.
func (m *Mixer) Weights() []int32 { return append([]int32(nil), m.weights...) }

// Prime starts the mixer from weights learned in training, with the inertia of n
// updates of every set. Weights of another mixer's shape are ignored.
func (m *Mixer) Prime(weights []int32, n int) {
	if len(weights) != len(m.weights) {
		return
	}
	for i, w := range weights {
		m.weights[i] = min(max(w, -weightMax), weightMax)
	}
	for i := range m.seen {
		m.seen[i] = int32(min(max(n, 0), rateHold*rateFirst/rateLast))
	}
}
