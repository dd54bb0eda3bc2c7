package latent

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
)

// What panels show.
const (
	shownSymbol = 8  // the largest of the histogram
	shownRows   = 16 // of the channels' table
	shownPlanes = 4  // of latents
)

// Account adds up what the latents of a file hold and cost, for panels.
type Account struct {
	Layout
	Channels int

	tables *entropy.Factorized // what symbols are coded by
	uses   []int               // by table: latents that were coded
	bits   []float32           // by position
	rate   []float64           // bits by channel
	coded  []int               // by channel: latents that were not skipped
	energy []float64           // by channel: sum of squares
	counts []int               // coded symbols from -shownSymbol to shownSymbol
}

// NewAccount is an empty account of latents that are coded by a set of tables.
func NewAccount(l Layout, channels int, tables *entropy.Factorized) *Account {
	return &Account{Layout: l, Channels: channels, tables: tables, uses: make([]int, tables.Len()),
		bits: make([]float32, l.Positions()), rate: make([]float64, channels), coded: make([]int, channels),
		energy: make([]float64, channels), counts: make([]int, 2*shownSymbol+1)}
}

// Value adds a latent of a channel as the synthesis gets it.
func (a *Account) Value(c int, v float64) { a.energy[c] += v * v }

// Symbol adds a coded symbol and the number of its table.
func (a *Account) Symbol(x, y, c, table, symbol int) {
	bits := a.tables.At(table).Bits(symbol)
	a.bits[y*a.Wide+x] += float32(bits)
	a.rate[c] += bits
	a.coded[c]++
	a.uses[table]++
	if symbol >= -shownSymbol && symbol <= shownSymbol {
		a.counts[symbol+shownSymbol]++
	}
}

// Share adds bits of position x, y of a coarser grid to all positions that it covers.
func (a *Account) Share(coarse Layout, x, y int, bits float64) {
	ratio := coarse.Scale / a.Scale
	x0, y0 := x*ratio, y*ratio
	x1, y1 := min(x0+ratio, a.Wide), min(y0+ratio, a.High)
	share := float32(bits / float64((x1-x0)*(y1-y0)))
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			a.bits[y*a.Wide+x] += share
		}
	}
}

// Rate is what each channel cost, in bits.
func (a *Account) Rate() []float64 { return a.rate }

// Strongest lists the channels, the strongest first.
func (a *Account) Strongest() []int { return Ranked(a.energy) }

// BitsPanel maps what each position cost.
func (a *Account) BitsPanel(help string) codecs.Panel {
	return codecs.Panel{ID: "bits", Title: "Bits by position", Help: fmt.Sprintf("What each %dx%d pixels cost in the file%s.", a.Scale, a.Scale, help), Data: a.plane("bits", a.bits, false)}
}

// HistogramPanel compares the coded symbols with their distributions.
func (a *Account) HistogramPanel(help string) codecs.Panel {
	return codecs.Panel{ID: "histogram", Title: "Coded latents and their prior", Help: help,
		Data: codecs.Histogram{First: -shownSymbol, Counts: a.counts, Prior: a.expected(),
			SymbolName: "Coded value, in steps", Noun: codecs.Noun{One: "latent", Many: "latents"}}}
}

// expected is the mean of the distributions that the symbols were coded by.
func (a *Account) expected() []float64 {
	out := make([]float64, len(a.counts))
	sum := 0.0
	for table, n := range a.uses {
		if n == 0 {
			continue
		}
		t := a.tables.At(table)
		for i := range out {
			p := float64(n) * math.Exp2(-t.Bits(i-shownSymbol))
			out[i] += p
			sum += p
		}
	}
	if sum > 0 {
		for i := range out {
			out[i] /= sum
		}
	}
	return out
}

// ChannelsPanel lists the strongest channels.
func (a *Account) ChannelsPanel() codecs.Panel {
	total := 0.0
	for _, r := range a.rate {
		total += r
	}
	positions := float64(a.Positions())
	out := codecs.Table{Head: []string{"channel", "bytes", "share", "RMS", "coded"}}
	for _, c := range a.Strongest()[:min(a.Channels, shownRows)] {
		out.Rows = append(out.Rows, []string{fmt.Sprint(c), fmt.Sprintf("%.0f", a.rate[c]/8), fmt.Sprintf("%.1f %%", 100*a.rate[c]/max(total, 1)),
			fmt.Sprintf("%.2f", math.Sqrt(a.energy[c]/positions)), fmt.Sprintf("%.1f %%", 100*float64(a.coded[c])/positions)})
	}
	return codecs.Panel{ID: "channels", Title: "Strongest channels", Help: "What each costs, its share of all latents' bits, its strength in steps, and how much of it had to be coded at all.", Data: out}
}

// LatentPanels show the strongest channels as planes, together and each alone; value is a
// latent as the synthesis gets it.
func (a *Account) LatentPanels(value func(x, y, c int) float64) []codecs.Panel {
	out := []codecs.Panel{a.SheetPanel(value)}
	for i, c := range a.Strongest()[:min(a.Channels, shownPlanes)] {
		out = append(out, codecs.Panel{ID: fmt.Sprintf("latent-%d", i+1), Title: fmt.Sprintf("Latent channel %d", c),
			Help: fmt.Sprintf("The %s channel of latents as the synthesis gets it.", [shownPlanes]string{"strongest", "second strongest", "third strongest", "fourth strongest"}[i]),
			Data: a.Plane("steps", true, func(x, y int) float64 { return value(x, y, c) })})
	}
	return out
}

// Plane is a panel's map of a function of the position.
func (l Layout) Plane(unit string, signed bool, f func(x, y int) float64) codecs.Plane {
	v := make([]float32, l.Positions())
	for i := range v {
		v[i] = float32(f(i%l.Wide, i/l.Wide))
	}
	return l.plane(unit, v, signed)
}

func (l Layout) plane(unit string, v []float32, signed bool) codecs.Plane {
	return codecs.Plane{Width: l.Wide, Height: l.High, Values: v, Unit: unit, Scale: l.Scale, Signed: signed, Cell: "position"}
}

// RatePanel shows how bits divide among channels; each line has a name and its channels'
// bits.
func RatePanel(help string, lines ...codecs.Line) codecs.Panel {
	return codecs.Panel{ID: "rate", Title: "Bits by channel", Help: help,
		Data: codecs.Series{XLabel: "Channels, the most expensive first", YLabel: "Bits in the file", Lines: lines}}
}

// Falling plots values in falling order.
func Falling(name string, v []float64) codecs.Line {
	l := codecs.Line{Name: name}
	for rank, i := range Ranked(v) {
		l.X, l.Y = append(l.X, float64(rank+1)), append(l.Y, v[i])
	}
	return l
}

// Ranked returns the indices of v, the largest first.
func Ranked(v []float64) []int {
	out := make([]int, len(v))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(i, j int) int { return cmp.Compare(v[j], v[i]) })
	return out
}
