package transform

import "codecworkbench/codecs/nn/kernel"

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

// lift adds k times the sum of both neighbours to one half of all pairs of w elements each;
// to and from are where the halves begin in a pair, 0 or w. A neighbour beyond the edge is
// the other one.
func lift(data []float32, w, to, from int, k float32) {
	pair := 2 * w
	n := len(data) / pair
	for i := range n {
		dst := data[i*pair+to:][:w]
		near := i*pair + from // the neighbour in the same pair
		far := near + pair    // that of a high half lies in the next pair
		if to == 0 {
			far = near - pair
		}
		if far < 0 || far >= n*pair {
			far = near
		}
		addBoth(dst, data[near:][:w], data[far:][:w], k)
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
