package ssimulacra2

import "math"

// There are three channels, X, Y and B, and up to six scales, each with half the sides of
// the one before.
const (
	channels  = 3
	channelY  = 1
	maxScales = 6
)

// minSide is the least side of a picture, and of a scale that is halved for another.
const minSide = 8

// scalesOf is how many scales a picture has. The last one's sides may be below minSide.
func scalesOf(width, height int) int {
	n := 1
	for n < maxScales && min(width, height) >= minSide {
		width, height, n = (width+1)/2, (height+1)/2, n+1
	}
	return n
}

// A term is one of the three local errors.
type term int

const (
	ssimTerm     term = iota // loss of structure, 1-SSIM
	artifactTerm             // an edge or a speck that was not there
	lostTerm                 // detail that is gone
	terms
)

// weights are the published factors of the mean of every term and of its 4-norm, by
// channel (X, Y, B) and scale, finest first.
var weights = [channels * maxScales]struct{ mean, norm [terms]float64 }{
	{[terms]float64{0, 0.0007376606707406586, 0}, [terms]float64{0, 0.0007793481682867309, 0}},
	{[terms]float64{0, 0.0004371155730107379, 0}, [terms]float64{1.1041726426657346, 0.00066284834129271, 0.00015231632783718752}},
	{[terms]float64{0, 0.0016406437456599754, 0}, [terms]float64{1.8422455520539298, 11.441172603757666, 0}},
	{[terms]float64{0.0007989109436015163, 0.000176816438078653, 0}, [terms]float64{1.8787594979546387, 10.94906990605142, 0}},
	{[terms]float64{0.0007289346991508072, 0.9677937080626833, 0}, [terms]float64{0.00014003424285435884, 0.9981766977854967, 0.00031949755934435053}},
	{[terms]float64{0.0004550992113792063, 0, 0}, [terms]float64{0.0013648766163243398, 0, 0}},

	{[terms]float64{0, 0, 0}, [terms]float64{7.466890328078848, 0, 17.445833984131262}},
	{[terms]float64{0.0006235601634041466, 0, 0}, [terms]float64{6.683678146179332, 0.00037724407979611296, 1.027889937768264}},
	{[terms]float64{225.20515300849274, 0, 0}, [terms]float64{19.213238186143016, 0.0011401524586618361, 0.001237755635509985}},
	{[terms]float64{176.39317598450694, 0, 0}, [terms]float64{24.43300999870476, 0.28520802612117757, 0.0004485436923833408}},
	{[terms]float64{0, 0, 0}, [terms]float64{34.77906344483772, 44.835625328877896, 0}},
	{[terms]float64{0, 0, 0}, [terms]float64{0, 0, 0}},

	{[terms]float64{0, 0.0008680556573291698, 0}, [terms]float64{0, 0, 0}},
	{[terms]float64{0, 0.0005313191874358747, 0}, [terms]float64{0.00016533814161379112, 0, 0}},
	{[terms]float64{0, 0, 0}, [terms]float64{0.0004179171803251336, 0.0017290828234722833, 0}},
	{[terms]float64{0.0020827005846636437, 0, 0}, [terms]float64{8.826982764996862, 23.19243343998926, 0}},
	{[terms]float64{95.1080498811086, 0.9863978034400682, 0.9834382792465353}, [terms]float64{0.0012286405048278493, 171.2667255897307, 0.9807858872435379}},
	{[terms]float64{0, 0, 0}, [terms]float64{0.0005130064588990679, 0, 0.00010854057858411537}},
}

// row is where a channel and scale stand in the table. A picture with fewer than six
// scales moves all but the first channel to rows that were fitted to others; so do all
// implementations.
func row(channel, scale, scales int) int { return channel*scales + scale }

// needed tells which terms of a row have any weight.
func needed(row int) (need [terms]bool) {
	for t := range need {
		need[t] = weightOf(row, term(t)) > 0
	}
	return need
}

// weightOf is what a term counts for where it is the same all over the picture: mean and
// 4-norm are that then.
func weightOf(row int, t term) float64 { return weights[row].mean[t] + weights[row].norm[t] }

// sums are the sums over all pixels of the terms of a channel at a scale.
type sums struct{ first, fourth [terms]float64 } // of the terms and of their fourth powers

func (s *sums) add(o *sums) {
	for t := range terms {
		s.first[t] += o.first[t]
		s.fourth[t] += o.fourth[t]
	}
}

// errorOf is the weighted sum of means and 4-norms of a channel at a scale.
func (s *sums) errorOf(row int, pixels float64) float64 {
	total := 0.
	for t := range terms {
		total += weights[row].mean[t]*s.first[t]/pixels +
			weights[row].norm[t]*math.Pow(s.fourth[t]/pixels, 1./4)
	}
	return total
}

// A weighted sum of errors s becomes a score, on the scale that people's opinions were
// asked on, as 100 - 10 (a s + b s^2 + c s^3)^curve.
const (
	unit   = 0.9562382616834844
	linear = 2.326765642916932 * unit
	square = -0.020884521182843837 * unit * unit
	cube   = 6.248496625763138e-05 * unit * unit * unit
	curve  = 0.6276336467831387
)

func score(s float64) float64 { return 100 - 10*math.Pow(s*(linear+s*(square+s*cube)), curve) }
