package report

import (
	"math"
	"strings"
	"testing"

	"codecworkbench/metrics/rd"
)

func TestBDTable(t *testing.T) {
	nan := math.NaN()
	deltas := []rd.Delta{
		{Anchor: "jpeg", Test: "mlic@size=l", Metric: "psnr-rgb", Method: rd.PCHIP, Percent: -57.93, Low: -59.4, High: -56.2, Overlap: .86},
		{Anchor: "jpeg", Test: "vq_gan & co", Metric: "psnr-rgb", Method: rd.PCHIP, Percent: nan, Low: nan, High: nan, Overlap: .07, Note: "curves share 7 % of their range"},
		{Anchor: "jpeg", Test: "png", Metric: "psnr-rgb", Method: rd.PCHIP, Percent: 3, Low: nan, High: nan, Overlap: 1},
	}
	data, err := BDTable(deltas, "PSNR-RGB")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, want := range []string{
		`\caption{BD-rate against jpeg at equal PSNR-RGB (PCHIP); negative: fewer bits.}`,
		`mlic@size=l & $-57.9$ & [$-59.4$, $-56.2$] & 0.86 \\`,
		`vq\_gan \& co & -- & -- & 0.07 \\`,
		`png & $+3.0$ & -- & 1.00 \\`,
		`vq\_gan \& co: curves share 7 \% of their range.`,
		`\toprule`, `\bottomrule`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	alone, err := BDTable(deltas[2:], "PSNR-RGB")
	if err != nil || strings.Contains(string(alone), "interval") {
		t.Errorf("a column of intervals without any: %v\n%s", err, alone)
	}
	if _, err := BDTable(nil, ""); err == nil {
		t.Error("no comparison gave no error")
	}
	deltas[1].Anchor = "webp"
	if _, err := BDTable(deltas, ""); err == nil {
		t.Error("two anchors gave no error")
	}
}
