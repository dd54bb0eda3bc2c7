package preset

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	p := Preset{Name: "Grün & <fine>", Note: "A note.", EqualRate: true, Candidates: []Candidate{
		{Codec: "jpeg", Params: map[string]string{"q": "12", "optimize": "true"}}, {Codec: "avif", Optional: true}}}
	data, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "Grün & <fine>") {
		t.Errorf("not to be read: %s", data)
	}
	got, err := Parse(data)
	if err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("%+v %v", got, err)
	}
}

// What people write by hand: numbers without quotes, keys of later programs.
func TestByHand(t *testing.T) {
	p, err := Parse([]byte(`{"cwpreset": 1, "later": {}, "candidates": [{"codec": "klt", "params": {"q": 2.5, "rdo": false, "model": "default"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"q": "2.5", "rdo": "false", "model": "default"}; !reflect.DeepEqual(p.Candidates[0].Params, want) {
		t.Errorf("%v", p.Candidates)
	}
}

func TestMistakesAreNamed(t *testing.T) {
	nine := strings.Repeat(`{"codec":"a"},`, 8) + `{"codec":"a"}`
	for text, want := range map[string]string{
		``:                                    "no preset",
		`{}`:                                  `"cwpreset": 1 is missing`,
		`{"cwpreset": 2}`:                     "version 2",
		`{"cwpreset": 1}`:                     "no candidates",
		`{"cwpreset": 1, "candidates": [{}]}`: "names no codec",
		`{"cwpreset": 1, "candidates": [{"codec": "a"}]} x`:                                           "behind its end",
		`{"cwpreset": 1, "candidates": [{"codec": "a", "params": {"q": [1]}}]}`:                       "not [1]",
		`{"cwpreset": 1, "candidates": [{"codec": "a", "params": {"q": null}}]}`:                      "not null",
		`{"cwpreset": 1, "candidates": [` + nine + `]}`:                                               "has 9 candidates",
		`{"cwpreset": 1, "name": "a\u0007b", "candidates": [{"codec": "a"}]}`:                         "no text",
		`{"cwpreset": 1, "candidates": [{"codec": "a", "params": {"": "1"}}]}`:                        "too long, or no text",
		fmt.Sprintf(`{"cwpreset": 1, "note": %q}`, strings.Repeat("x", MaxBytes)):                     "bytes at most",
		fmt.Sprintf(`{"cwpreset":1,"name":%q,"candidates":[{"codec":"a"}]}`, strings.Repeat("é", 81)): "too long",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %q in it", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"cwpreset": 1, "name": "a", "equal_rate": true, "candidates": [{"codec": "jpeg", "params": {"q": 10}, "optional": true}]}`))
	f.Add([]byte(`{"cwpreset": 1, "candidates": [{"codec": "\ud800"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err != nil {
			return
		}
		out, err := p.Marshal()
		if err != nil {
			t.Fatalf("what was read can't be written: %v", err)
		}
		again, err := Parse(out)
		if err != nil || !reflect.DeepEqual(again, p) {
			t.Fatalf("%+v became %+v, %v", p, again, err)
		}
	})
}
