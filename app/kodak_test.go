package main

import (
	"os"
	"path/filepath"
	"testing"

	"codecworkbench/app/report"
	"codecworkbench/assets"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// kodak returns Kodak's pictures: four of them, or in the long tests all 24. Nothing
// is trained on them or chosen by them.
func kodak(t *testing.T) (images []string, all bool) {
	t.Helper()
	dir := filepath.Join("..", "..", "shared", "data", "kodak")
	all = os.Getenv("CODECWORKBENCH_FULL") != ""
	pattern := "kodim0[1358].png"
	if all {
		pattern = "*.png"
	}
	images, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(images) == 0 {
		t.Skip("the folder shared, with Kodak's pictures, is not beside the repository")
	}
	return images, all
}

// curvesOf sweeps Kodak from the command line and reads the results back.
func curvesOf(t *testing.T, specs string, images []string) (file string, curves map[string]rd.Curve) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "kodak.json")
	args := []string{"sweep", "--codecs", specs, "--metrics", "psnr-rgb,ms-ssim-rgb", "-o", file, "--images"}
	mustRun(t, append(args, images...)...)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	list, err := report.ReadResults(data)
	if err != nil {
		t.Fatal(err)
	}
	curves = map[string]rd.Curve{}
	for _, c := range list {
		curves[c.Name] = c
	}
	return file, curves
}

// The claims of the README about the codecs that learned from photos, with room for
// the four pictures' spread.
func TestKodakLearned(t *testing.T) {
	images, all := kodak(t)
	specs := "jpeg:5-95/7,klt:0-9/5,vq:0-7/4,walloc:0-10/4,factorized:0-10/4,hyperprior:0-10/4,hyperprior-gdn:0-10/4,mlic:0-10/4"
	if all {
		specs = "jpeg,klt,vq,walloc,factorized,hyperprior,hyperprior-gdn,mlic"
	}
	file, curves := curvesOf(t, specs, images)
	for _, want := range []struct {
		metric, curve string
		most          float64 // BD-rate in percent
	}{
		{"psnr-rgb", "klt", -38}, {"psnr-rgb", "vq", -30}, {"psnr-rgb", "walloc", -41},
		{"psnr-rgb", "factorized", -41}, {"psnr-rgb", "hyperprior", -52}, {"psnr-rgb", "mlic", -54}, {"psnr-rgb", "hyperprior-gdn", -43},
		{"ms-ssim-rgb", "klt", -30}, {"ms-ssim-rgb", "vq", -25}, {"ms-ssim-rgb", "walloc", -37},
		{"ms-ssim-rgb", "factorized", -35}, {"ms-ssim-rgb", "hyperprior", -44}, {"ms-ssim-rgb", "mlic", -46}, {"ms-ssim-rgb", "hyperprior-gdn", -37},
	} {
		var deltas []struct {
			Codec string
			BD    *float64 `json:"bd_rate_percent"`
			Note  string
		}
		decode(t, mustRun(t, "bdrate", file, "--anchor", "jpeg", "--metric", want.metric, "--json"), &deltas)
		for _, d := range deltas {
			switch {
			case d.Codec != want.curve:
			case d.BD == nil:
				t.Errorf("%s, %s: no BD-rate: %s", want.curve, want.metric, d.Note)
			default:
				t.Logf("%s, %s: BD-rate %+.2f %%", want.curve, want.metric, *d.BD)
				if !(*d.BD < want.most) {
					t.Errorf("%s, %s: BD-rate %+.2f %%, want below %g %%", want.curve, want.metric, *d.BD, want.most)
				}
			}
		}
	}
	if !all {
		return
	}
	vq := curves["vq"].Points
	if lo, hi := vq[0].Values[rd.KeyBPP], vq[len(vq)-1].Values[rd.KeyBPP]; lo > 0.05 || hi < 0.8 {
		t.Errorf("vq covers %.3f to %.3f bpp, want 0.05 to 0.8", lo, hi)
	}
	// The lowest published points of JPEG on Kodak.
	msssim := metrics.NewMSSSIMRGB().Info()
	for rate, least := range map[float64]float64{0.22: 0.803, 0.33: 0.890} {
		got, err := rd.QualityAt(curves["vq"], msssim, rate)
		if err != nil {
			t.Fatal(err)
		}
		if got < msssim.Display(least) {
			t.Errorf("vq: MS-SSIM %.2f dB at %g bpp, JPEG has %.2f dB", got, rate, msssim.Display(least))
		}
	}
}

// TestKodakPublished holds the classical codecs to published curves at equal rates.
// JPEG lies a little above: the published files were decoded by another libjpeg. For
// external codecs other encoders and settings were published, so the bounds are wide:
// they catch a wrong option or a wrong colour, not a version.
func TestKodakPublished(t *testing.T) {
	images, all := kodak(t)
	if !all {
		t.Skip("a long test: set CODECWORKBENCH_FULL=1 to run it")
	}
	list, err := report.Published(assets.Published())
	if err != nil {
		t.Fatal(err)
	}
	published := map[string]rd.Curve{}
	for _, p := range list {
		published[p.ID] = p.Curve
	}
	tools, _ := newTools(nil)
	for _, row := range []struct {
		id, spec, against string
		from, to          float64 // dB above
	}{
		{"jpeg", "jpeg:4-96", "jpeg", 0, 0.15},
		{"webp", "webp:4-96", "webp", -0.03, 0.03},
		// Published with the reversible wavelet on 8-bit YCbCr, which costs most at high rates.
		{"jpeg2000", "jpeg2000", "jpeg2000", 0, 3},
		{"bpg", "bpg", "bpg-444-x265-ycbcr", -0.2, 0.2},
		{"avif", "avif", "bpg-444-x265-ycbcr", -1, 1.5},
		{"jxl", "jxl", "jpeg", 0, 4},
	} {
		t.Run(row.id, func(t *testing.T) {
			c, err := tools.Codecs.Codec(row.id)
			if err != nil {
				t.Fatal(err)
			}
			if why := c.Info().Unavailable; why != "" {
				t.Skip(why)
			}
			_, curves := curvesOf(t, row.spec, images)
			exact := row.id == row.against && row.to < 1
			within(t, curves[row.id], published[row.against], row.from, row.to, exact)
		})
	}
}

// within compares two curves' PSNR at the published rates; every one of them must be
// reached if whole.
func within(t *testing.T, curve, published rd.Curve, from, to float64, whole bool) {
	t.Helper()
	psnr := metrics.NewPSNRRGB().Info()
	compared := 0
	for _, point := range published.Points {
		rate := point.Values[rd.KeyBPP]
		got, err := rd.QualityAt(curve, psnr, rate)
		if err != nil {
			if whole {
				t.Error(err)
			}
			continue
		}
		compared++
		above := got - point.Values[psnr.ID]
		t.Logf("%.3f bpp: %+.3f dB", rate, above)
		if above < from || above > to {
			t.Errorf("%s at %.3f bpp: %+.3f dB from the published curve, want %+.2f to %+.2f", curve.Name, rate, above, from, to)
		}
	}
	if compared < 3 {
		t.Errorf("%s shares %d rates with the published curve, want 3", curve.Name, compared)
	}
}
