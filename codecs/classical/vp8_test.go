package classical

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"codecworkbench/codecs"
)

// The head of a VP8 frame reads as libwebp's webpinfo reads it.
func TestVP8AgainstWebpinfo(t *testing.T) {
	program, err := exec.LookPath("webpinfo")
	c := NewWebP()
	if err != nil || c.Info().Unavailable != "" {
		t.Skip("webpinfo (Debian package webp) or the encoder is not there")
	}
	for _, q := range []float64{3, 30, 75, 98} {
		s, err := c.Encode(context.Background(), draw(t, 230, 143, false, false), codecs.EncodeOptions{Params: codecs.Params{}.WithQ(q)})
		if err != nil {
			t.Fatal(err)
		}
		file, err := s.Native()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "x.webp")
		if err := os.WriteFile(path, file, 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(program, "-bitstream_info", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		f, err := parseVP8(file[20:])
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]int{"Part. 0 length": f.first, "Level": f.filterLevel, "Sharpness": f.sharpness,
			"Total partitions": len(f.sizes), "Base Q": f.quantizer, "DQ Y1 DC": f.deltas[0], "DQ Y2 DC": f.deltas[1],
			"DQ Y2 AC": f.deltas[2], "DQ UV DC": f.deltas[3], "DQ UV AC": f.deltas[4]} {
			m := regexp.MustCompile(regexp.QuoteMeta(name) + `: +(-?\d+)\n`).FindSubmatch(out)
			if m == nil || string(m[1]) != fmt.Sprint(got) {
				t.Errorf("q %g: %s is %d, webpinfo says %q", q, name, got, m)
			}
		}
	}
}
