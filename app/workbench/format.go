package workbench

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"codecworkbench/metrics"
)

// FormatCount writes a whole number with thousands separated: "11,253".
func FormatCount(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// FormatBytes writes a file's size in the unit that suits it: "980 B", "11.3 kB", "2.40 MB".
func FormatBytes(n int64) string {
	v := float64(n)
	switch {
	case v < 1000:
		return fmt.Sprintf("%d B", n)
	case v < 99950:
		return fmt.Sprintf("%.1f kB", v/1000)
	case v < 999500:
		return fmt.Sprintf("%.0f kB", v/1000)
	case v < 99.95e6:
		return fmt.Sprintf("%.2f MB", v/1e6)
	}
	return fmt.Sprintf("%.0f MB", v/1e6)
}

// FormatMS writes a time in milliseconds with three digits that matter.
func FormatMS(ms float64) string {
	switch {
	case ms < 1:
		return fmt.Sprintf("%.2f", ms)
	case ms < 10:
		return fmt.Sprintf("%.1f", ms)
	default:
		return FormatCount(int(math.Round(ms)))
	}
}

// FormatMetric writes a metric's value as tables show it, in dB for metrics that
// are plotted in dB; "∞" for identical pictures and "–" where there is none.
func FormatMetric(info metrics.Info, v metrics.Value) string {
	x := info.Display(v.Number)
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "-∞"
	case info.Digits > 0:
		return strconv.FormatFloat(x, 'f', info.Digits, 64)
	case info.DisplayUnit() == "dB" || math.Abs(x) >= 10:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.4f", x)
}

// FormatQuality writes a quality as plotted in a sentence, roughly: "28.9 dB",
// "SSIM-Y 0.954".
func FormatQuality(info metrics.Info, display float64) string {
	digits := 1
	switch size := math.Abs(display); {
	case info.DisplayUnit() == "dB" || size >= 10:
	case size >= 1:
		digits = 2
	default:
		digits = 3
	}
	text := strconv.FormatFloat(display, 'f', digits, 64)
	if unit := info.DisplayUnit(); unit != "" {
		return text + " " + unit
	}
	return info.Name + " " + text
}

// FormatLeft writes a remaining time as an estimate: "about 2 min left".
func FormatLeft(d time.Duration) string {
	s := int(math.Ceil(d.Seconds()))
	switch {
	case s <= 0:
		return ""
	case s < 60:
		return fmt.Sprintf("about %d s left", s)
	case s < 3600:
		return fmt.Sprintf("about %d min left", (s+30)/60)
	}
	return fmt.Sprintf("about %.1f h left", float64(s)/3600)
}

// FormatDuration writes how long something took: "4.2 s", "3 min 5 s", "2.5 h".
func FormatDuration(d time.Duration) string {
	switch s := d.Seconds(); {
	case s < 10:
		return fmt.Sprintf("%.1f s", s)
	case s < 60:
		return fmt.Sprintf("%.0f s", s)
	case s < 3600:
		return fmt.Sprintf("%d min %d s", int(s)/60, int(s)%60)
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

// Plural writes a count with its noun: "1 picture", "24 pictures", "3 qualities".
func Plural(n int, noun string) string {
	if n != 1 {
		if stem, ok := strings.CutSuffix(noun, "y"); ok {
			noun = stem + "ies"
		} else {
			noun += "s"
		}
	}
	return FormatCount(n) + " " + noun
}

// sentence makes an error's text readable on its own: a capital first, a full stop last.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	first, size := utf8.DecodeRuneInString(s)
	// File and codec names keep their case: only a plain lower-case word is raised.
	if word, _, _ := strings.Cut(s, " "); strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLower(r) }) < 0 {
		s = string(unicode.ToUpper(first)) + s[size:]
	}
	if s != "" && !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
