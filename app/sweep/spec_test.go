package sweep

import (
	"reflect"
	"strings"
	"testing"

	"codecworkbench/codecs"
)

func TestParseSpecs(t *testing.T) {
	tests := []struct {
		text, name string
		want       []float64
	}{
		{"jpeg", "jpeg", []float64{10, 50, 90}},
		{"jpeg:20-60", "jpeg", []float64{20, 50, 60}},
		{"jpeg:10-90/5", "jpeg", []float64{10, 30, 50, 70, 90}},
		{"jpeg:90+10+10", "jpeg", []float64{10, 90}},
		{"jpeg:42", "jpeg", []float64{42}},
		{"jpeg:41.7+42.2", "jpeg", []float64{42}}, // on steps, once
		{`jpeg@subsampling="4:4:4":50`, `jpeg@subsampling="4:4:4"`, []float64{50}},
		{`jpeg@b=1@a="x,y"+rbqe@s=2:0-100/3`, `jpeg@a="x,y"@b=1+rbqe@s=2`, []float64{0, 50, 100}},
	}
	info := codecs.Info{ID: "jpeg", Quality: &codecs.Quality{Min: 0, Max: 100, Step: 1, Ladder: []float64{10, 50, 90}}}
	for _, tt := range tests {
		specs, err := ParseSpecs(tt.text)
		if err != nil || len(specs) != 1 {
			t.Errorf("%s: %v, %v", tt.text, specs, err)
			continue
		}
		s := specs[0]
		got, err := s.Qualities(info)
		if s.Name() != tt.name || err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: name %s, qualities %v, %v; want %s %v", tt.text, s.Name(), got, err, tt.name, tt.want)
		}
		again, err := ParseSpec(s.String())
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%s: written as %s, reads back as %+v, %v", tt.text, s, again, err)
		}
	}
	fromOne := codecs.Info{ID: "x", Quality: &codecs.Quality{Min: 1, Max: 100, Step: 1}}
	for _, text := range []string{"x:0", "x:0-50", "x:50+101"} {
		if s, err := ParseSpec(text); err != nil {
			t.Error(err)
		} else if got, err := s.Qualities(fromOne); err == nil {
			t.Errorf("%s: %v", text, got)
		}
	}
	negative := codecs.Info{ID: "x", Quality: &codecs.Quality{Min: -10, Max: 10, Step: 5}}
	s, err := ParseSpec("x:-10-5/4")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := s.Qualities(negative); !reflect.DeepEqual(got, []float64{-10, -5, 0, 5}) {
		t.Errorf("negative range: %v", got)
	}
}

func TestParseSpecsRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"":             "id is missing",
		"jpeg,jpeg:50": "named twice",
		"jpeg:a":       "not a number",
		"jpeg:9-1":     "LO below HI",
		"jpeg:1-9/0":   "count",
		"jpeg@q=5":     "given as a range",
		"jpeg@x":       "@name=value",
		`jpeg@x="1`:    "not closed",
		"jpeg:1:2":     "more than one range",
		"jpeg+":        "id is missing",
		`"jpeg"`:       "only values",
		`jpeg@"="x`:    "@name=value",
	} {
		if specs, err := ParseSpecs(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, %v; want an error with %q", text, specs, err, says)
		}
	}
}

func FuzzParseSpecs(f *testing.F) {
	f.Add(`jpeg@subsampling="4:4:4"+rbqe@s=1:10-90/5,webp:5+10`)
	f.Fuzz(func(t *testing.T, text string) {
		specs, err := ParseSpecs(text)
		if err != nil {
			return
		}
		for _, s := range specs {
			if again, err := ParseSpec(s.String()); err != nil || again.String() != s.String() {
				t.Fatalf("%q is written as %q, which reads back as %q, %v", text, s, again, err)
			}
		}
	})
}
