package entropy

// PrimedBit returns a model that gives p1 (in 1/65536) and has the inertia of one that
// saw n bits already, 0 to 255: for models whose start was learned in training.
func PrimedBit(p1 uint32, n int) Bit {
	v := int32(min(p1, 1<<ProbBits-1))<<(22-ProbBits) - half
	return Bit{fast: v, slow: v, n: int32(min(max(n, 0), slowLimit))}
}

// Confidence returns the level for Mixer.Add: how often the model was updated, in
// Confidences classes.
func (b *Bit) Confidence() int { return confidence(uint16(b.n)) }
