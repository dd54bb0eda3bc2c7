package fsim

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// batch is how many sequences are transformed together: sample k of sequence i is
// at k*batch+i, so that the innermost loops are long and share their constants.
const batch = 8

// largestRadix is the largest prime factor of a length that is transformed by
// factors. A factor costs time that grows with it; with larger ones a detour over a
// power of two is faster.
const largestRadix = 127

// plan says how sequences of one length are transformed; goroutines may share it.
type plan struct {
	n      int
	passes []pass
	// Lengths with a large prime factor go by Bluestein's algorithm: the transform as
	// a convolution with a chirp, done at a length of a power of two. chirp is
	// exp(-i pi k^2 / n), response the transform of its conjugate.
	chirp, response []complex128
	padded          *plan // nil: n goes by passes
}

// pass is one step of Stockham's algorithm: transforms of a few samples, a factor of
// the length, that lie groups apart.
type pass struct {
	radix, groups int
	// twiddles are the factors of each group's results but the first.
	twiddles []complex128
	// Of an odd radix, cos and sin of 2 pi j k / radix for j and k from 1 to half of it.
	cos, sin []float64
}

func newPlan(n int) *plan {
	p := &plan{n: n}
	rest := n
	for _, radix := range factors(n) {
		if radix > largestRadix {
			return newChirpPlan(n)
		}
		p.passes = append(p.passes, newPass(radix, rest))
		rest /= radix
	}
	return p
}

// factors returns 4s and primes, in rising order of the primes.
func factors(n int) (out []int) {
	for ; n%4 == 0; n /= 4 {
		out = append(out, 4)
	}
	for f := 2; f*f <= n; f++ {
		for ; n%f == 0; n /= f {
			out = append(out, f)
		}
	}
	if n > 1 {
		out = append(out, n)
	}
	return out
}

// newPass returns the pass that splits transforms of length n by the radix.
func newPass(radix, n int) pass {
	p := pass{radix: radix, groups: n / radix}
	for q := range p.groups {
		for j := 1; j < radix; j++ {
			p.twiddles = append(p.twiddles, cmplx.Rect(1, -2*math.Pi*float64(q*j)/float64(n)))
		}
	}
	if radix%2 == 1 {
		for j := 1; j <= radix/2; j++ {
			for k := 1; k <= radix/2; k++ {
				sin, cos := math.Sincos(2 * math.Pi * float64(j*k%radix) / float64(radix))
				p.cos, p.sin = append(p.cos, cos), append(p.sin, sin)
			}
		}
	}
	return p
}

func newChirpPlan(n int) *plan {
	m := 1 << bits.Len(uint(2*n-2)) // at least 2n-1
	p := &plan{n: n, padded: newPlan(m), chirp: make([]complex128, n)}
	l := newLines(p.padded)
	for k := range n {
		// k^2 modulo 2n keeps the angle exact.
		angle := math.Pi * float64(uint64(k)*uint64(k)%uint64(2*n)) / float64(n)
		p.chirp[k] = cmplx.Rect(1, -angle)
		response := cmplx.Rect(1/float64(m), angle)
		l.x[k*batch], l.x[(m-k)%m*batch] = response, response
	}
	l.forward()
	for k := range m {
		p.response = append(p.response, l.x[k*batch])
	}
	return p
}

// lines is a batch of sequences and scratch memory for one goroutine. x holds the
// sequences before a transform and what it makes of them.
type lines struct {
	*plan
	x, y  []complex128
	chirp *lines // of the padded length
	// Sums and differences of samples that an odd pass combines.
	sums, differences []complex128
}

func newLines(p *plan) *lines {
	l := &lines{plan: p, x: make([]complex128, p.n*batch)}
	if p.padded != nil {
		l.chirp = newLines(p.padded)
		return l
	}
	l.y = make([]complex128, p.n*batch)
	l.sums, l.differences = make([]complex128, largestRadix/2), make([]complex128, largestRadix/2)
	return l
}

// index returns where result k of a transform is, of the inverse one if that is
// wanted: the same in reverse.
func (l *lines) index(k int, inverse bool) int {
	if inverse && k > 0 {
		k = l.n - k
	}
	return k * batch
}

// forward transforms, without a factor: after forward and inverse, values are n times
// what they were.
func (l *lines) forward() {
	if l.padded != nil {
		l.convolve()
		return
	}
	stride := batch
	for i := range l.passes {
		switch p := &l.passes[i]; p.radix {
		case 4:
			p.four(l.y, l.x, stride)
		case 2:
			p.two(l.y, l.x, stride)
		default:
			p.odd(l, stride)
		}
		l.x, l.y = l.y, l.x
		stride *= l.passes[i].radix
	}
}

// convolve transforms by Bluestein's algorithm.
func (l *lines) convolve() {
	padded := l.chirp
	for k, c := range l.plan.chirp {
		for i, v := range l.x[k*batch : (k+1)*batch] {
			padded.x[k*batch+i] = v * c
		}
	}
	clear(padded.x[l.n*batch:])
	padded.forward()
	for k, c := range l.response {
		part := padded.x[k*batch : (k+1)*batch]
		for i := range part {
			part[i] *= c
		}
	}
	padded.forward()
	for k, c := range l.plan.chirp {
		at := padded.index(k, true)
		for i, v := range padded.x[at : at+batch] {
			l.x[k*batch+i] = v * c
		}
	}
}

// part returns block i of samples that lie side by side.
func part(v []complex128, i, stride int) []complex128 { return v[i*stride : (i+1)*stride] }

// two is a pass of radix 2.
func (p *pass) two(dst, src []complex128, stride int) {
	for q, w := range p.twiddles {
		a, b := part(src, q, stride), part(src, q+p.groups, stride)
		u, v := part(dst, 2*q, stride), part(dst, 2*q+1, stride)
		b, u, v = b[:len(a)], u[:len(a)], v[:len(a)]
		for i := range a {
			u[i], v[i] = a[i]+b[i], (a[i]-b[i])*w
		}
	}
}

// four is a pass of radix 4.
func (p *pass) four(dst, src []complex128, stride int) {
	for q := range p.groups {
		a, b := part(src, q, stride), part(src, q+p.groups, stride)
		c, d := part(src, q+2*p.groups, stride), part(src, q+3*p.groups, stride)
		s, t, u, v := part(dst, 4*q, stride), part(dst, 4*q+1, stride), part(dst, 4*q+2, stride), part(dst, 4*q+3, stride)
		b, c, d, s, t, u, v = b[:len(a)], c[:len(a)], d[:len(a)], s[:len(a)], t[:len(a)], u[:len(a)], v[:len(a)]
		w1, w2, w3 := p.twiddles[3*q], p.twiddles[3*q+1], p.twiddles[3*q+2]
		for i := range a {
			ac, bd := a[i]+c[i], b[i]+d[i]
			even, odd := a[i]-c[i], b[i]-d[i]
			odd = complex(imag(odd), -real(odd))
			s[i], t[i], u[i], v[i] = ac+bd, (even+odd)*w1, (ac-bd)*w2, (even-odd)*w3
		}
	}
}

// odd is a pass of an odd radix. Results j and radix-j are a sum and a difference of
// the same two: the cosines with the sums of opposite samples, the sines with their
// differences.
func (p *pass) odd(l *lines, stride int) {
	half := p.radix / 2
	sums, differences := l.sums[:half], l.differences[:half]
	apart := p.groups * stride
	for q := range p.groups {
		twiddles := p.twiddles[q*(p.radix-1):]
		for i := range stride {
			at := q*stride + i
			first := l.x[at]
			total := first
			for k := range half {
				a, b := l.x[at+(k+1)*apart], l.x[at+(p.radix-1-k)*apart]
				sums[k], differences[k] = a+b, a-b
				total += a + b
			}
			to := q*p.radix*stride + i
			l.y[to] = total
			for j := range half {
				re, im := real(first), imag(first)
				var sinRe, sinIm float64
				cos, sin := p.cos[j*half:][:half], p.sin[j*half:][:half]
				for k, s := range sums {
					d := differences[k]
					re += cos[k] * real(s)
					im += cos[k] * imag(s)
					sinRe += sin[k] * real(d)
					sinIm += sin[k] * imag(d)
				}
				l.y[to+(j+1)*stride] = complex(re+sinIm, im-sinRe) * twiddles[j]
				l.y[to+(p.radix-1-j)*stride] = complex(re-sinIm, im+sinRe) * twiddles[p.radix-2-j]
			}
		}
	}
}
