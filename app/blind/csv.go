package blind

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"
)

// CSV writes the answered trials, one a row: what was compared, in which order it was
// shown, the answer, and how it was given. Numbers are as metrics measure them; a field
// is empty where there is nothing, as for the original's bytes. The p-value is the same
// in all rows of what it speaks of: of the whole test under ABX, of a pair under 2AFC.
func (t *Test) CSV() ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	header := []string{"test", "seed", "type", "terms", "trial", "picture"}
	for _, side := range []string{"a", "b"} {
		for _, name := range []string{"number", "name", "codec", "params", "bytes", "bpp"} {
			header = append(header, side+"_"+name)
		}
		for _, m := range t.Metrics {
			header = append(header, side+"_"+m.ID)
		}
	}
	header = append(header, "shown", "x", "answer", "preferred", "correct", "ms", "zoom", "switches", "p_value")
	if err := w.Write(header); err != nil {
		return nil, err
	}
	duels := t.Duels()
	for i, v := range t.Votes {
		if err := w.Write(append(t.record(i, v), number(t.chance(t.Trials[i], duels)))); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// chance is how often guessing, or two equal candidates, would do as well.
func (t *Test) chance(r Trial, duels []Duel) float64 {
	if t.Plan.Kind == ABX {
		return Guessing(t.Right())
	}
	for _, d := range duels {
		if d.First == r.A && d.Second == r.B || d.First == r.B && d.Second == r.A {
			return d.P
		}
	}
	return 1
}

func (t *Test) record(i int, v Vote) []string {
	r := t.Trials[i]
	row := []string{t.Began.UTC().Format(time.RFC3339), strconv.FormatUint(t.Plan.Seed, 10), string(t.Plan.Kind), t.Terms,
		strconv.Itoa(i + 1), guarded(t.Pictures[r.Picture])}
	for _, number := range []int{r.A, r.B} {
		row = append(row, t.side(number, r.Picture)...)
	}
	x, preferred, correct := "", "", ""
	if t.Plan.Kind == ABX {
		x = "A"
		if r.X == r.B {
			x = "B"
		}
		if right, _ := t.Correct(i); right {
			correct = "1"
		} else {
			correct = "0"
		}
	} else if chosen := t.Chosen(i); chosen != 0 {
		preferred = guarded(t.Name(chosen))
	}
	return append(row, "A="+t.Name(r.A)+" B="+t.Name(r.B), x, string(v.Answer), preferred, correct,
		strconv.Itoa(v.Milliseconds), number(v.Zoom), strconv.Itoa(v.Switches))
}

// side describes one candidate of a trial.
func (t *Test) side(candidate, picture int) []string {
	c := t.Candidate(candidate)
	s, ok := t.Sample(candidate, picture)
	out := []string{strconv.Itoa(candidate), guarded(c.Name), c.Codec, guarded(s.Params), "", ""}
	if ok {
		out[4], out[5] = strconv.Itoa(s.Bytes), number(s.BPP)
	}
	for _, m := range t.Metrics {
		text := ""
		if v, has := s.Values[m.ID]; has {
			text = number(v)
		}
		out = append(out, text)
	}
	return out
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 8, 64) }

// guarded keeps a file's name from being taken for a formula by a spreadsheet.
func guarded(s string) string {
	if strings.IndexAny(s, "=+-@") == 0 {
		return "'" + s
	}
	return s
}
