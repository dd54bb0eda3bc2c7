package integer

import "fmt"

// maxAttended bounds keys times their length in a head, so that sums of products of three
// 16-bit numbers fit 64 bits.
const maxAttended = 1 << 15

// Attention is linear attention in integers: with w(i, j) the product of query i and key j,
// negative numbers in both counting as 0 (ReLU features),
//
//	out(i) = sum over j of w(i, j) * value(j) / (1 + sum over j of w(i, j))
//
// in every head, rounded to the nearest, halves up. No sum depends on its order, none can
// overflow, and the work is linear in queries and keys. It is Katharopoulos et al.,
// "Transformers are RNNs", ICML 2020, with features that integers have.
//
// Its memory serves one call at a time; the zero value is ready.
type Attention struct {
	sums   []int64 // of a head's values by keys' numbers, [key, value]
	weight []int64 // of a head's keys
}

// Apply computes out [n, heads * v] from queries [n, heads * d], keys [m, heads * d] and
// values [m, heads * v], for heads of d and v numbers.
func (a *Attention) Apply(out, queries, keys, values []int16, heads, d, v int) error {
	err := within(bound{"heads", heads, 1, maxChannels}, bound{"length of keys", d, 1, maxChannels}, bound{"length of values", v, 1, maxChannels})
	if err != nil {
		return err
	}
	n, m := len(queries)/(heads*d), len(keys)/(heads*d)
	switch {
	case len(queries) != n*heads*d || len(out) != n*heads*v || len(keys) != m*heads*d || len(values) != m*heads*v:
		return fmt.Errorf("attention of %d queries and %d keys of %d numbers with %d values of %d to %d", len(queries), len(keys), heads*d, len(values), heads*v, len(out))
	case m*d > maxAttended:
		return fmt.Errorf("attention to %d keys of %d numbers: their product is at most %d", m, d, maxAttended)
	}
	if len(a.sums) < d*v || len(a.weight) < d {
		a.sums, a.weight = make([]int64, d*v), make([]int64, d)
	}
	for h := range heads {
		a.collect(keys, values, h, heads, d, v)
		a.answer(out, queries, h, heads, d, v)
	}
	return nil
}

// collect sums a head's keys and their products with values.
func (a *Attention) collect(keys, values []int16, h, heads, d, v int) {
	clear(a.sums[:d*v])
	clear(a.weight[:d])
	for j := range len(keys) / (heads * d) {
		value := values[(j*heads+h)*v:][:v]
		for i, k := range keys[(j*heads+h)*d:][:d] {
			if k <= 0 {
				continue
			}
			a.weight[i] += int64(k)
			sums := a.sums[i*v:][:v]
			for c, x := range value {
				sums[c] += int64(k) * int64(x)
			}
		}
	}
}

// answer computes a head's outputs.
func (a *Attention) answer(out, queries []int16, h, heads, d, v int) {
	for j := range len(queries) / (heads * d) {
		query := queries[(j*heads+h)*d:][:d]
		below := int64(1)
		for i, q := range query {
			below += int64(max(q, 0)) * a.weight[i]
		}
		dst := out[(j*heads+h)*v:][:v]
		for c := range dst {
			above := int64(0)
			for i, q := range query {
				above += int64(max(q, 0)) * a.sums[i*v+c]
			}
			dst[c] = int16(divide(above, below))
		}
	}
}

// divide returns a / b rounded to the nearest, halves up; b is positive, both are below 2^62.
func divide(a, b int64) int64 {
	n := 2*a + b
	q := n / (2 * b)
	if n < 0 && q*2*b != n {
		q--
	}
	return q
}

// Means computes the means of each channel over positions x [n, channels], rounded to the
// nearest, halves up; all 0 for no positions.
func Means(means, x []int16) {
	channels := len(means)
	n := int64(0)
	sums := make([]int64, channels)
	for ; channels > 0 && len(x) >= channels; x = x[channels:] {
		n++
		for c, v := range x[:channels] {
			sums[c] += int64(v)
		}
	}
	for c, sum := range sums {
		means[c] = int16(divide(sum, max(n, 1)))
	}
}

// gateBits is the fraction of a channel's weight.
const gateBits = 12

// Reweight multiplies the channels of positions x [n, len(gates)] by 1 + gate / 4096, at
// least 0 and at most 2, rounded to the nearest, halves up, and clamps them to 15 bits. With
// gates made by a network of the channels' Means it is squeeze and excitation (Hu et al.,
// CVPR 2018).
func Reweight(x, gates []int16) {
	const one, largest = 1 << gateBits, 1<<maxBits - 1
	for ; len(gates) > 0 && len(x) >= len(gates); x = x[len(gates):] {
		for c, g := range gates {
			factor := min(max(one+int32(g), 0), 2*one)
			x[c] = int16(min(max((int32(x[c])*factor+one/2)>>gateBits, -largest), largest))
		}
	}
}
