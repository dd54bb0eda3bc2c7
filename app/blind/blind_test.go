package blind

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// Reference values: R's binom.test and pbinom.
func TestBinomial(t *testing.T) {
	for _, c := range []struct {
		right, n int
		want     float64
	}{{12, 16, 0.0384063720703125}, {16, 16, 1.52587890625e-05}, {8, 16, 0.598190307617188}, {0, 16, 1}, {0, 0, 1},
		{9, 10, 0.0107421875}, {60, 100, 0.0284439668204904}, {500, 500, math.Pow(2, -500)}} {
		if got := Guessing(c.right, c.n); math.Abs(got-c.want) > 1e-12*math.Max(c.want, 1e-200) && math.Abs(got/c.want-1) > 1e-9 {
			t.Errorf("%d of %d: %v, want %v", c.right, c.n, got, c.want)
		}
	}
	if got := Even(12, 16); math.Abs(got-0.076812744140625) > 1e-12 {
		t.Errorf("two-sided: %v", got)
	}
	if Even(4, 16) != Even(12, 16) || Even(8, 16) != 1 || Even(0, 0) != 1 {
		t.Error("the two-sided probability has no symmetry")
	}
	for n, want := range map[int]int{16: 12, 10: 9, 5: 5, 4: 5} { // 4 of 4: 6.25 %
		if got := Needed(n, 0.05); got != want {
			t.Errorf("%d of %d are needed, want %d", got, n, want)
		}
	}
}

// A trial of every kind stands as often as the plan promises, and the seed decides all.
func TestDraw(t *testing.T) {
	p := Plan{Kind: Choice, Candidates: []int{1, 2, 3, 5}, Pictures: 3, Trials: 40, Seed: 7}
	trials, err := p.Draw()
	if err != nil || len(trials) != 40 {
		t.Fatal(len(trials), err)
	}
	again, _ := p.Draw()
	if !reflect.DeepEqual(trials, again) {
		t.Error("the same plan gave other trials")
	}
	p.Seed++
	if other, _ := p.Draw(); reflect.DeepEqual(trials, other) {
		t.Error("another seed gave the same trials")
	}
	pairs, cells := map[[2]int]int{}, map[[3]int]int{}
	for _, r := range trials {
		a, b := min(r.A, r.B), max(r.A, r.B)
		pairs[[2]int{a, b}]++
		cells[[3]int{a, b, r.Picture}]++
		if r.X != 0 {
			t.Error("a choice has an X")
		}
	}
	spread := func(counts []int) int { return slices.Max(counts) - slices.Min(counts) }
	var a, b []int
	for _, n := range pairs {
		a = append(a, n)
	}
	for _, n := range cells {
		b = append(b, n)
	}
	if len(a) != 6 || spread(a) > 1 || len(b) != 18 || spread(b) > 1 {
		t.Errorf("uneven: pairs %v, with pictures %v", a, b)
	}
}

// What X is can't be told from what it was: the coins are fair and do not depend on each
// other, nor on who stands at A.
func TestCoinsAreFair(t *testing.T) {
	var isA, first, runs, both float64
	const tests, n = 100, 100
	for seed := range uint64(tests) {
		trials, err := Plan{Kind: ABX, Candidates: []int{2, 3}, Pictures: 1, Trials: n, Seed: seed}.Draw()
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range trials {
			one := func(b bool) float64 {
				if b {
					return 1
				}
				return 0
			}
			isA += one(r.X == r.A)
			first += one(r.A == 2)
			both += one((r.X == r.A) == (r.A == 2))
			if i > 0 {
				runs += one((r.X == r.A) == (trials[i-1].X == trials[i-1].A))
			}
		}
	}
	for name, v := range map[string]float64{"X is A": isA, "2 is A": first, "X is A with 2 at A": both, "X as before": runs * n / (n - 1)} {
		if share := v / tests / n; math.Abs(share-0.5) > 0.02 { // four standard errors
			t.Errorf("%s in %.3f of trials", name, share)
		}
	}
}

func TestPlanIsChecked(t *testing.T) {
	good := Plan{Kind: ABX, Candidates: []int{1, 2}, Pictures: 1, Trials: 1}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func(p *Plan){
		"kind": func(p *Plan) { p.Kind = "abc" }, "one": func(p *Plan) { p.Candidates = []int{2} }, "twice": func(p *Plan) { p.Candidates = []int{2, 2} },
		"many": func(p *Plan) { p.Candidates = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} }, "no picture": func(p *Plan) { p.Pictures = 0 },
		"no trial": func(p *Plan) { p.Trials = 0 }, "endless": func(p *Plan) { p.Trials = MaxTrials + 1 }} {
		p := good
		f(&p)
		if _, err := p.Draw(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The American League of 1987: A. Agresti, Categorical Data Analysis (1990), table 10.10.
// Scores and standard errors against the last team are those of R's BradleyTerry2.
func TestBaseball(t *testing.T) {
	games := [][]float64{ // Milwaukee, Detroit, Toronto, New York, Boston, Cleveland, Baltimore
		{0, 7, 9, 7, 7, 9, 11},
		{6, 0, 7, 5, 11, 9, 9},
		{4, 6, 0, 7, 7, 8, 12},
		{6, 8, 6, 0, 6, 7, 10},
		{6, 2, 6, 7, 0, 7, 12},
		{4, 4, 5, 6, 6, 0, 6},
		{2, 4, 1, 3, 1, 7, 0},
	}
	want := []float64{1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839}
	errors := []float64{0.3433, 0.3396, 0.3367, 0.3359, 0.3339, 0.3319}
	s, err := Fit(games, 0)
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, v := range s.Score {
		sum += v
	}
	if math.Abs(sum) > 1e-9 {
		t.Errorf("the scores' mean is %g", sum/7)
	}
	for i := range want {
		d, low, _ := s.Difference(i, 6)
		if math.Abs(d-want[i]) > 1e-4 || math.Abs((d-low)/z95-errors[i]) > 1e-4 {
			t.Errorf("team %d: %.4f with error %.4f, want %.4f, %.4f", i, d, (d-low)/z95, want[i], errors[i])
		}
	}
}

// Hunter's MM algorithm (2004, eq. 3) with the prior's opponent as one more player, held
// at strength 1, finds the same scores.
func TestFitAgreesWithMM(t *testing.T) {
	wins := [][]float64{{0, 5, 2.5, 8}, {1, 0, 4, 6}, {1.5, 3, 0, 7}, {0, 0, 0, 0}} // the last lost all
	s, err := Fit(wins, Prior)
	if err != nil {
		t.Fatal(err)
	}
	p := []float64{1, 1, 1, 1}
	for range 20000 {
		next := make([]float64, len(p))
		for i := range p {
			w, d := Prior, 2*Prior/(p[i]+1)
			for j := range p {
				if i != j {
					w += wins[i][j]
					d += (wins[i][j] + wins[j][i]) / (p[i] + p[j])
				}
			}
			next[i] = w / d
		}
		p = next
	}
	var mean float64
	for i := range p {
		mean += math.Log(p[i]) / 4
	}
	for i := range p {
		if want := math.Log(p[i]) - mean; math.Abs(s.Score[i]-want) > 1e-6 {
			t.Errorf("candidate %d: %.7f, MM finds %.7f", i, s.Score[i], want)
		}
	}
	if _, err := Fit(wins, 0); err == nil {
		t.Error("a candidate that lost all has a score without a prior")
	}
}

// Of simulated viewers' 95 % intervals, about 95 % hold the true score.
func TestIntervalsCover(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	truth := []float64{0.8, 0.1, -0.2, -0.7}
	covered, all := 0, 0
	for range 400 {
		wins := make([][]float64, 4)
		for i := range wins {
			wins[i] = make([]float64, 4)
		}
		for i := range 4 {
			for j := range i {
				for range 20 {
					if random.Float64() < BetterThanAverage(truth[i]-truth[j]) {
						wins[i][j]++
					} else {
						wins[j][i]++
					}
				}
			}
		}
		s, err := Fit(wins, Prior)
		if err != nil {
			t.Fatal(err)
		}
		for i := range truth {
			all++
			if low, high := s.Interval(i); low <= truth[i] && truth[i] <= high {
				covered++
			}
		}
	}
	if share := float64(covered) / float64(all); share < 0.93 || share > 0.985 {
		t.Errorf("%.3f of the intervals hold the truth", share)
	}
}

// fought returns a test of three candidates in which 3 beats 2, and 2 beats 1.
func fought(kind Kind) *Test {
	test := &Test{Plan: Plan{Kind: kind, Candidates: []int{1, 2, 3}, Pictures: 2, Trials: 30, Seed: 3}, Began: time.Unix(1e9, 0), Terms: "equal rate",
		Candidates: []Candidate{{1, "Original", ""}, {2, "jpeg", "jpeg"}, {3, "=new", "new"}}, Pictures: []string{"a.png", "-b.png"},
		Metrics: []Metric{{ID: "good", Name: "Good"}, {ID: "error", Name: "Error", Lower: true}}}
	for n := 2; n <= 3; n++ {
		for p := range 2 {
			test.Samples = append(test.Samples, Sample{Candidate: n, Picture: p, Params: "q=1", Bytes: 100 * n, BPP: 0.25, Values: map[string]float64{"good": float64(n), "error": float64(n)}})
		}
	}
	test.Trials, _ = test.Plan.Draw()
	for i, r := range test.Trials {
		v := Vote{Answer: A, Milliseconds: 1000 + i, Zoom: 1.5, Switches: 4}
		if kind == Choice && r.B > r.A || kind == ABX && r.X == r.B {
			v.Answer = B
		}
		test.Votes = append(test.Votes, v)
	}
	return test
}

func TestChoice(t *testing.T) {
	test := fought(Choice)
	if err := test.Check(); err != nil {
		t.Fatal(err)
	}
	list := test.Standings()
	if len(list) != 3 || list[0].Number != 3 || list[1].Number != 2 || list[2].Number != 1 || list[0].Trials != 20 || list[0].Wins != 20 {
		t.Fatalf("%+v", list)
	}
	if list[0].Low > list[0].Score || list[0].High < list[0].Score || math.IsInf(list[0].High, 0) {
		t.Errorf("interval %+v", list[0])
	}
	d := test.Duels()
	if len(d) != 3 || d[2].First != 2 || d[2].Losses != 10 || d[2].Wins != 0 || math.Abs(d[2].P-2*math.Pow(2, -10)) > 1e-12 {
		t.Errorf("duels %+v", d)
	}
	if s := test.Sentence(); s != "=new was preferred most, in 20 of its 20 trials, and its lead over every other one is more than chance." {
		t.Error(s)
	}
	if a := test.Agreements(); len(a) != 2 || a[0] != (Agreement{test.Metrics[0], 10, 10}) || a[1] != (Agreement{test.Metrics[1], 0, 10}) {
		t.Errorf("agreements %+v", a)
	}
	for i := range test.Votes {
		test.Votes[i].Answer = Tie
	}
	if s := test.Sentence(); !strings.Contains(s, "may be chance") {
		t.Error(s)
	}
	for _, l := range test.Standings() {
		if math.Abs(l.Score) > 1e-9 {
			t.Errorf("only ties, and a score of %g", l.Score)
		}
	}
	test.Votes = nil
	if test.Standings() != nil || test.Duels() != nil || test.Sentence() != "No trial was answered." {
		t.Error("a test without answers has a result")
	}
}

func TestTwoCandidates(t *testing.T) {
	test := fought(Choice)
	test.Plan.Candidates, test.Candidates = []int{2, 3}, test.Candidates[1:]
	test.Plan.Trials = 16
	test.Trials, _ = test.Plan.Draw()
	say := func(wins, ties int) string {
		test.Votes = nil
		for i, r := range test.Trials {
			v := Vote{Answer: A}
			if r.A == 3 == (i >= wins) {
				v.Answer = B
			}
			if i >= 16-ties {
				v.Answer = Tie
			}
			test.Votes = append(test.Votes, v)
		}
		return test.Sentence()
	}
	for want, got := range map[string]string{
		"=new was preferred in 12 of 16 trials; of two equal ones, one does as well in 7.7 % of cases.":                                  say(12, 0),
		"jpeg was preferred in 12 of 16 trials; of two equal ones, one does as well in 7.7 % of cases.":                                  say(4, 0),
		"jpeg and =new were preferred equally often, in 8 trials each.":                                                                  say(8, 0),
		"No difference was seen in 16 trials.":                                                                                           say(0, 16),
		"=new was preferred in 9 of the 10 with a difference (6 trials without); of two equal ones, one does as well in 2.1 % of cases.": say(9, 6),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestABXAndCSV(t *testing.T) {
	test := fought(ABX)
	if right, n := test.Right(); right != 30 || n != 30 {
		t.Errorf("%d of %d", right, n)
	}
	test.Votes = test.Votes[:16]
	for i := range 4 { // four wrong ones
		test.Votes[i].Answer = map[Answer]Answer{A: B, B: A}[test.Votes[i].Answer]
	}
	if s := test.Sentence(); s != "12 of 16 right; guessing does as well in 3.8 % of cases." {
		t.Error(s)
	}
	data, err := test.CSV()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil || len(rows) != 17 {
		t.Fatal(len(rows), err)
	}
	col := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
	r := test.Trials[0]
	for name, want := range map[string]string{"seed": "3", "type": "abx", "trial": "1", "correct": "0", "ms": "1000", "zoom": "1.5", "switches": "4",
		"answer": string(test.Votes[0].Answer), "a_codec": test.Candidate(r.A).Codec, "terms": "equal rate", "p_value": "0.038406372"} {
		if got := col(rows[1], name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, row := range rows[1:] {
		for _, side := range []string{"a_", "b_"} {
			bytes := map[string]string{"1": "", "2": "200", "3": "300"}[col(row, side+"number")]
			if col(row, side+"bytes") != bytes || strings.HasPrefix(col(row, side+"name"), "=") || strings.HasPrefix(col(row, "picture"), "-") {
				t.Errorf("row %q", row)
			}
		}
	}
}

// What a session file says is checked before it is used.
func TestCheck(t *testing.T) {
	data, err := json.Marshal(fought(ABX))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(t *Test){
		"candidates": func(t *Test) { t.Candidates = t.Candidates[1:] }, "trials": func(t *Test) { t.Trials = t.Trials[1:] },
		"pictures": func(t *Test) { t.Pictures = nil }, "stranger": func(t *Test) { t.Trials[3].A = 7 }, "itself": func(t *Test) { t.Trials[3].A = t.Trials[3].B },
		"x": func(t *Test) { t.Trials[3].X = 0 }, "picture": func(t *Test) { t.Trials[3].Picture = 2 }, "answer": func(t *Test) { t.Votes[0].Answer = "C" },
		"tie": func(t *Test) { t.Votes[0].Answer = Tie }, "votes": func(t *Test) { t.Votes = append(t.Votes, t.Votes...) }} {
		var test Test
		if err := json.Unmarshal(data, &test); err != nil {
			t.Fatal(err)
		}
		if err := test.Check(); err != nil {
			t.Fatal(err)
		}
		spoil(&test)
		if test.Check() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
