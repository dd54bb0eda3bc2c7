package transform

import (
	"sync"

	"codecworkbench/codecs/nn/kernel"
)

// Lifting steps of the CDF 9/7 wavelet (bior4.4), and the low half's factor, which gives
// both halves the gain of an orthonormal basis: Daubechies and Sweldens, "Factoring Wavelet
// Transforms into Lifting Steps", 1998, section 7.4.
const (
	liftA     = -1.5861343420693648
	liftB     = -0.0529801185718856
	liftC     = 0.8829110755411875
	liftD     = 0.4435068520511142
	liftScale = 1.1496043988602418
)

// PacketHalo is how many blocks of 2^levels rows on either side enter a block's packets,
// and how many blocks' packets a block of samples: those beyond make no difference.
const PacketHalo = 4

// Packets splits data into wavelet packets along one axis and leaves each coefficient where
// its sample lay. Data are runs of equal length, 2^levels times a whole number of them, that
// follow one another along the axis: pixels of a row, or rows of a strip. Run 2^levels*b + i
// becomes band i at position b; bit j of i, from the lowest, tells whether level j+1 took
// the high half. Every level splits all bands (wavelet packets, Coifman and Wickerhauser,
// 1992), and edges are mirrored, so that opposite edges don't mix.
func Packets(data []float32, run, levels int) {
	for j := range levels {
		w := run << j
		lift(data, w, w, 0, liftA)
		lift(data, w, 0, w, liftB)
		lift(data, w, w, 0, liftC)
		lift(data, w, 0, w, liftD)
		scaleHalves(data, w, liftScale, 1/liftScale)
	}
}

// Unpackets is the inverse of Packets.
func Unpackets(data []float32, run, levels int) {
	for j := levels - 1; j >= 0; j-- {
		w := run << j
		scaleHalves(data, w, 1/liftScale, liftScale)
		lift(data, w, 0, w, -liftD)
		lift(data, w, w, 0, -liftC)
		lift(data, w, 0, w, -liftB)
		lift(data, w, w, 0, -liftA)
	}
}

// UnpacketsTransposed is the transpose of Unpackets: it takes derivatives by samples to those by
// packets.
func UnpacketsTransposed(data []float32, run, levels int) {
	for j := range levels {
		w := run << j
		drop(data, w, w, 0, -liftA)
		drop(data, w, 0, w, -liftB)
		drop(data, w, w, 0, -liftC)
		drop(data, w, 0, w, -liftD)
		scaleHalves(data, w, 1/liftScale, liftScale)
	}
}

// lift adds k times the sum of both neighbours to one half of all pairs of w elements each;
// to and from are where the halves begin in a pair, 0 or w. A neighbour beyond the edge is
// the other one.
func lift(data []float32, w, to, from int, k float32) {
	eachPair(data, w, to, from, func(dst, near, far []float32) { addBoth(dst, near, far, k) })
}

// drop is the transpose of lift: both neighbours get k times what lift would have given them to.
func drop(data []float32, w, to, from int, k float32) {
	eachPair(data, w, to, from, func(src, near, far []float32) {
		addOne(near, src, k)
		addOne(far, src, k)
	})
}

// eachPair visits one half of all pairs, with both of its neighbours.
func eachPair(data []float32, w, to, from int, visit func(half, near, far []float32)) {
	pair := 2 * w
	n := len(data) / pair
	for i := range n {
		near := i*pair + from // the neighbour in the same pair
		far := near + pair    // that of a high half lies in the next pair
		if to == 0 {
			far = near - pair
		}
		if far < 0 || far >= n*pair {
			far = near
		}
		visit(data[i*pair+to:][:w], data[near:][:w], data[far:][:w])
	}
}

// vectorRun is the length from which kernels pay.
const vectorRun = 48

func addBoth(dst, a, b []float32, k float32) {
	if len(dst) >= vectorRun {
		kernel.AddScaled(dst, k, a)
		kernel.AddScaled(dst, k, b)
		return
	}
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] += k * (a[i] + b[i])
	}
}

func addOne(dst, src []float32, k float32) {
	if len(dst) >= vectorRun {
		kernel.AddScaled(dst, k, src)
		return
	}
	addScaled(dst, src, k)
}

func scaleHalves(data []float32, w int, low, high float32) {
	for at := 0; at+2*w <= len(data); at += 2 * w {
		if w >= vectorRun {
			kernel.Scale(data[at:at+w], data[at:at+w], low)
			kernel.Scale(data[at+w:at+2*w], data[at+w:at+2*w], high)
			continue
		}
		l, h := data[at:at+w], data[at+w:at+2*w]
		for i := range l {
			l[i] *= low
			h[i] *= high
		}
	}
}

// RowPackets is Packets and Unpackets along rows of pixels, whose runs are too short for
// vectors: it lifts both halves at once, one of them by 0. It is safe for concurrent use.
type RowPackets struct {
	split   [][]weave // by level
	restore [][]weave // by level, in the order of Unpackets
	scratch sync.Pool // of *[]float32, empty
}

// weave is a step that changes both halves of all pairs: what each is multiplied by, or
// gets of its neighbours, over some pairs.
type weave struct {
	w        int // elements of a half
	scale    bool
	low      float32
	high     float32
	elements []float32
}

// weaveLength is about how many elements a weave covers.
const weaveLength = 768

// NewRowPackets prepares the packets of rows of pixels of run elements.
func NewRowPackets(run, levels int) *RowPackets {
	length := run << levels * max(weaveLength/(run<<levels), 1)
	r := &RowPackets{scratch: sync.Pool{New: func() any { b := make([]float32, 0, 2*length); return &b }}}
	for j := range levels {
		w := run << j
		of := func(scale bool, low, high float32) weave {
			e := make([]float32, length)
			for i := range e {
				e[i] = low
				if i/w%2 == 1 {
					e[i] = high
				}
			}
			return weave{w, scale, low, high, e}
		}
		r.split = append(r.split, []weave{of(false, 0, liftA), of(false, liftB, 0), of(false, 0, liftC), of(false, liftD, 0),
			of(true, liftScale, 1/liftScale)})
		r.restore = append([][]weave{{of(true, 1/liftScale, liftScale),
			of(false, -liftD, 0), of(false, 0, -liftC), of(false, -liftB, 0), of(false, 0, -liftA)}}, r.restore...)
	}
	return r
}

// Packets is Packets of a row.
func (r *RowPackets) Packets(row []float32) { r.apply(row, r.split) }

// Unpackets is Unpackets of a row.
func (r *RowPackets) Unpackets(row []float32) { r.apply(row, r.restore) }

func (r *RowPackets) apply(row []float32, levels [][]weave) {
	scratch := r.scratch.Get().(*[]float32)
	defer r.scratch.Put(scratch)
	for _, steps := range levels {
		for i := range steps {
			steps[i].apply(row, *scratch)
		}
	}
}

// apply changes a row. The neighbours that one half gets are the other half, which gets 0
// of its own, and so stays as it is.
func (v *weave) apply(row, scratch []float32) {
	n, w := len(row), v.w
	for at := 0; at < n; at += len(v.elements) {
		to := min(at+len(v.elements), n)
		if v.scale {
			kernel.Mul(row[at:to], row[at:to], v.elements[:to-at])
			continue
		}
		first, last := max(at, w), min(to, n-w)
		// From a copy: vectors that were written a moment ago are slow to read elsewhere.
		before := append(scratch, row[first-w:min(to+w, n)]...)
		kernel.MulAdd(row[first:to], before, v.elements[first-at:to-at])
		kernel.MulAdd(row[at:last], before[at+2*w-first:], v.elements[:last-at])
	}
	if v.scale {
		return
	}
	// At the edges, the neighbour that there is counts twice.
	addScaled(row[:w], row[w:2*w], v.low)
	addScaled(row[n-w:], row[n-2*w:n-w], v.high)
}

func addScaled(dst, src []float32, k float32) {
	for i := range dst {
		dst[i] += k * src[i]
	}
}

// PacketOrder is the place of band i among the 2^levels bands of Packets, by rising
// frequency: a high half's own halves come in reverse.
func PacketOrder(i, levels int) int {
	place, high := 0, 0
	for j := range levels {
		high ^= i >> j & 1
		place = place<<1 | high
	}
	return place
}
