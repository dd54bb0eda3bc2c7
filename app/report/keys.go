package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// synonyms maps what other tools call a value, in lower case with dashes, to this
// program's key. Tools that say "psnr" or "ms-ssim" without a colour space mean RGB
// (CompressAI before 2023-01-31, Cool-chic, HiFiC).
var synonyms = map[string]string{
	"rate":              rd.KeyBPP,
	"rate-bpp":          rd.KeyBPP,
	"bits-per-pixel":    rd.KeyBPP,
	"psnr":              "psnr-rgb",
	"psnr-db":           "psnr-rgb",
	"ms-ssim":           "ms-ssim-rgb",
	"msssim":            "ms-ssim-rgb",
	"ms-ssim-db":        keyMSSSIMdB,
	"msssim-db":         keyMSSSIMdB,
	"p3-norm":           "butteraugli-3norm",
	"encoding-time":     rd.KeyEncode,
	"encoding-time-sec": rd.KeyEncode,
	"enc-time":          rd.KeyEncode,
	"decoding-time":     rd.KeyDecode,
	"decoding-time-sec": rd.KeyDecode,
	"dec-time":          rd.KeyDecode,
	"bpp":               rd.KeyBPP,
	"q":                 keyQ,
	"quality":           keyQ,
	"ms-ssim-db-rgb":    keyMSSSIMdB,
	"peak-memory":       "peak_memory",
}

const (
	keyQ        = "q"
	keyMSSSIM   = "ms-ssim-rgb"
	keyMSSSIMdB = "ms-ssim-db-rgb" // already -10 log10(1 - v)
)

// canonical is this program's name of a key as read; one that is not known stays.
func canonical(key string) string {
	k := strings.ToLower(strings.TrimSpace(key))
	k = strings.ReplaceAll(strings.ReplaceAll(k, "_", "-"), " ", "-")
	if s, ok := synonyms[k]; ok {
		return s
	}
	if slices.ContainsFunc(described, func(i metrics.Info) bool { return i.ID == k }) {
		return k
	}
	return strings.TrimSpace(key)
}

// linearise turns MS-SSIM in dB into linear values, under its own key. A file that
// gives dB under a linear key is known by its values, which all exceed 1; a mixture
// is an error.
func linearise(arrays map[string][]float64) error {
	if db, ok := arrays[keyMSSSIMdB]; ok {
		if _, both := arrays[keyMSSSIM]; !both {
			arrays[keyMSSSIM] = fromDB(db)
		}
		delete(arrays, keyMSSSIMdB)
		return nil
	}
	values := arrays[keyMSSSIM]
	over, finite := 0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			finite++
		}
		if v > 1 {
			over++
		}
	}
	if over > 0 && over < finite {
		return fmt.Errorf("results[%q]: %d of %d values exceed 1; linear MS-SSIM lies in 0..1, dB belong under %q",
			keyMSSSIM, over, finite, keyMSSSIMdB)
	}
	if over > 0 {
		arrays[keyMSSSIM] = fromDB(values)
	}
	return nil
}

func fromDB(db []float64) []float64 {
	out := make([]float64, len(db))
	for i, v := range db {
		out[i] = 1 - math.Pow(10, -v/10)
	}
	return out
}

// described are the values that results files hold beside the metrics that this
// program computes.
var described = []metrics.Info{
	{ID: rd.KeyPayload, Name: "Rate of the payload", Unit: "bpp", Lower: true},
	{ID: rd.KeyEncode, Name: "Encoding time", Unit: "s", Lower: true},
	{ID: rd.KeyDecode, Name: "Decoding time", Unit: "s", Lower: true},
	{ID: "peak_memory", Name: "Peak memory", Unit: "bytes", Lower: true},
	{ID: "psnr-rgb", Name: "PSNR-RGB", Unit: "dB"},
	{ID: "ms-ssim-rgb", Name: "MS-SSIM-RGB", DB: true},
	{ID: "psnr-of-mean-mse-rgb", Name: "PSNR-RGB of the mean MSE", Unit: "dB"},
	{ID: "lpips", Name: "LPIPS", Lower: true},
	{ID: "lpips-alex", Name: "LPIPS (AlexNet)", Lower: true},
	{ID: "dists", Name: "DISTS", Lower: true},
	{ID: "fid", Name: "FID", Lower: true},
	{ID: "fid-swav", Name: "FID (SwAV)", Lower: true},
	{ID: "kid", Name: "KID", Lower: true},
	{ID: "niqe", Name: "NIQE", Lower: true},
}

// Describe returns what is known of a key of results files: the registered metric,
// or a value that only other programs measure. An unknown key gets its own name and
// is taken as higher-is-better. A nil registry is an empty one.
func Describe(registry *metrics.Registry, key string) metrics.Info {
	if registry != nil {
		if m, err := registry.Metric(key); err == nil {
			return m.Info()
		}
	}
	for _, info := range described {
		if info.ID == key {
			return info
		}
	}
	return metrics.Info{ID: key, Name: key}
}
