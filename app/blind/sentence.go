package blind

import (
	"fmt"
	"strings"
)

// Sentence says what the answers so far mean.
func (t *Test) Sentence() string {
	if len(t.Votes) == 0 {
		return "No trial was answered."
	}
	if t.Plan.Kind == ABX {
		right, n := t.Right()
		return fmt.Sprintf("%d of %d right; guessing does as well in %s of cases.", right, n, Percent(Guessing(right, n)))
	}
	if len(t.Plan.Candidates) == 2 {
		return t.duelSentence(t.Duels()[0])
	}
	return t.rankSentence()
}

// duelSentence says how two candidates did against each other.
func (t *Test) duelSentence(d Duel) string {
	winner, wins := d.First, d.Wins
	if d.Losses > d.Wins {
		winner, wins = d.Second, d.Losses
	}
	n := d.Wins + d.Losses
	ties := ""
	if d.Ties > 0 {
		ties = fmt.Sprintf(" of the %d with a difference", n)
	}
	switch {
	case n == 0:
		return fmt.Sprintf("No difference was seen in %s.", trials(d.Ties))
	case d.Wins == d.Losses:
		return fmt.Sprintf("%s and %s were preferred equally often, in %d trials each.", t.Name(d.First), t.Name(d.Second), d.Wins)
	case ties != "":
		return fmt.Sprintf("%s was preferred in %d%s (%s without); of two equal ones, one does as well in %s of cases.", t.Name(winner), wins, ties, trials(d.Ties), Percent(d.P))
	}
	return fmt.Sprintf("%s was preferred in %d of %s; of two equal ones, one does as well in %s of cases.", t.Name(winner), wins, trials(n), Percent(d.P))
}

// rankSentence says who leads, and whether the lead is more than chance.
func (t *Test) rankSentence() string {
	list := t.Standings()
	s, _ := t.strengths()
	place := func(number int) int {
		for i, c := range t.Plan.Candidates {
			if c == number {
				return i
			}
		}
		return 0
	}
	first := list[0]
	var clear []string
	for _, o := range list[1:] {
		if _, low, _ := s.Difference(place(first.Number), place(o.Number)); low > 0 {
			clear = append(clear, t.Name(o.Number))
		}
	}
	head := fmt.Sprintf("%s was preferred most, in %s of its %s", t.Name(first.Number), Halves(first.Wins), trials(first.Trials))
	switch len(clear) {
	case 0:
		return head + "; that may be chance: no interval of a difference to it excludes zero."
	case len(list) - 1:
		return head + ", and its lead over every other one is more than chance."
	}
	return head + "; its lead over " + strings.Join(clear, " and ") + " is more than chance, that over the rest may be."
}

// Halves writes a number of wins, where ties count half: "7", "7.5".
func Halves(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }

func trials(n int) string {
	if n == 1 {
		return "1 trial"
	}
	return fmt.Sprintf("%d trials", n)
}
