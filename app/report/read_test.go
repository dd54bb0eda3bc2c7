package report

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codecworkbench/assets"
	"codecworkbench/metrics/rd"
)

func read(t *testing.T, text string) []rd.Curve {
	t.Helper()
	curves, err := ReadResults([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return curves
}

func values(points []rd.Point, key string) []float64 {
	var out []float64
	for _, p := range points {
		out = append(out, value(p, key))
	}
	return out
}

// same is reflect.DeepEqual for which NaN equals NaN.
func same(a, b any) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) }

// near is equality but for the last bits.
func near(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.IsNaN(a[i]) != math.IsNaN(b[i]) || math.Abs(a[i]-b[i]) > 1e-9 {
			return false
		}
	}
	return true
}

func TestDialects(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name, text string
		key        string
		want       []float64
	}{
		{"today", `{"name":"a","results":{"bpp":[0.1,0.2],"psnr-rgb":[30,31.5]}}`, "psnr-rgb", []float64{30, 31.5}},
		{"before 2023", `{"name":"a","results":{"bpp":[0.1,0.2],"psnr":[30,31],"ms-ssim":[0.9,0.95]}}`, "ms-ssim-rgb", []float64{.9, .95}},
		{"msssim", `{"results":{"bpp":[0.1],"msssim":[0.9]}}`, "ms-ssim-rgb", []float64{.9}},
		{"no wrapper", `{"name":"a","bpp":[0.1,0.2],"psnr":[30,31],"note":"x"}`, "psnr-rgb", []float64{30, 31}},
		{"dB key", `{"results":{"bpp":[0.1,0.2],"ms-ssim-db-rgb":[10,20]}}`, "ms-ssim-rgb", []float64{.9, .99}},
		{"dB values", `{"results":{"bpp":[0.1,0.2],"ms-ssim":[10,20]}}`, "ms-ssim-rgb", []float64{.9, .99}},
		{"both MS-SSIM", `{"results":{"bpp":[0.1],"ms-ssim-rgb":[0.5],"ms-ssim-db-rgb":[10]}}`, "ms-ssim-rgb", []float64{.5}},
		{"per image", `{"source":"kodim01","name":"a","results":{"bpp":0.5,"psnr-rgb":32}}`, "psnr-rgb", []float64{32}},
		{"null", `{"results":{"bpp":[0.1,0.2],"psnr-rgb":[null,31]}}`, "psnr-rgb", []float64{nan, 31}},
		{"python", `{"name":"NaN","results":{"bpp":[0.1,0.2,0.3],"psnr-rgb":[NaN,31,-Infinity]}}`, "psnr-rgb", []float64{nan, 31, nan}},
		{"unsorted", `{"results":{"bpp":[0.3,0.1],"psnr-rgb":[33,31]}}`, "psnr-rgb", []float64{33, 31}},
		{"unknown key", `{"results":{"bpp":[0.3],"my_Metric":[7]}}`, "my_Metric", []float64{7}},
		{"mark", "\ufeff{\"results\":{\"bpp\":[0.3],\"fid\":[7]}}", "fid", []float64{7}},
		{"csv", "bpp,psnr-rgb\n0.1,30\n0.2,\n", "psnr-rgb", []float64{30, nan}},
		{"columns", "rate_bpp  psnr_db\n0.1 30\n0.2 31", "psnr-rgb", []float64{30, 31}},
		{"issue", "bpp = [0.1, 0.2]\nPSNR = [30, 31]\n", "psnr-rgb", []float64{30, 31}},
		{"semicolons", "bpp;psnr\n0.1;30", "psnr-rgb", []float64{30}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			curves := read(t, tt.text)
			if len(curves) != 1 {
				t.Fatalf("%d curves", len(curves))
			}
			if got := values(curves[0].Points, tt.key); !near(got, tt.want) {
				t.Errorf("%s: got %v, want %v", tt.key, got, tt.want)
			}
		})
	}
}

func TestPerImageFile(t *testing.T) {
	c := read(t, `{"source":"kodim01","name":"a","description":"Inference (ans)","results":{"bpp":0.5,"psnr-rgb":32,"encoding_time":0.2}}`)[0]
	if len(c.Images) != 1 || c.Images[0].Name != "kodim01" || c.Images[0].Points[0].Values[rd.KeyEncode] != .2 {
		t.Errorf("got %+v", c)
	}
}

func TestBadResults(t *testing.T) {
	tests := []struct{ text, says string }{
		{``, "empty"},
		{`[]`, "no curve"},
		{`[null]`, "null"},
		{`{`, "line 1"},
		{"{\n\n x", "line 3"},
		{`[1]`, "object"},
		{`{"name":"jpeg","results":{"bpp":[1,2],"psnr-rgb":[1]}}`, `"jpeg": results["psnr-rgb"] has 1 values, results["bpp"] has 2`},
		{`{"results":{"psnr-rgb":[1]}}`, `no "bpp"`},
		{`{"results":{"bpp":["1"]}}`, `results["bpp"]`},
		{`{"results":[1]}`, `"results"`},
		{`{"name":5,"results":{"bpp":[1]}}`, `"name"`},
		{`{"bpp":[1,"x"]}`, `"bpp"`},
		{`{"results":{"bpp":[1,2],"ms-ssim":[0.9,12]}}`, "exceed 1"},
		{`{"results":{"bpp":[1,2]},"per_image":[{"name":"k","results":{"bpp":[1]}}]}`, `"k" has 1 points`},
		{`{"field_descriptions":[{"bpp":""}],"field_values":[[1,2]]}`, "row 1 has 2 values"},
		{`{"field_descriptions":[{"bpp":""}],"field_values":[[1]]}`, "original_name"},
		{"a,b\n1,2", `"bpp"`},
		{"0.1,0.2\n1,2", "must name the columns"},
		{"bpp,psnr\n0.1", "line 2 has 1 cells"},
		{"bpp,psnr\nx,3", `column "bpp"`},
		{"bpp,image,q\n1,a,5\n2,a,5", "two rows"},
	}
	for _, tt := range tests {
		_, err := ReadResults([]byte(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s\n gives %v, which should say %s", tt.text, err, tt.says)
		}
	}
}

func sampleCurve() rd.Curve {
	point := func(q, bpp, psnr float64) rd.Point {
		return rd.Point{Q: q, Values: map[string]float64{rd.KeyBPP: bpp, "psnr-rgb": psnr, "ms-ssim-rgb": .5 + psnr/100,
			rd.KeyEncode: .01, rd.KeyDecode: .02}}
	}
	return rd.Curve{
		Name: `jpeg@subsampling="4:4:4"`, Description: "JPEG & <friends>, 日本",
		Points: []rd.Point{point(5, .15, 31), point(50, .35, 35)},
		Images: []rd.ImageCurve{
			{Name: "b.png", Hash: "ff01", Points: []rd.Point{point(5, .1, 30), point(50, .3, 34)}},
			{Name: "a,\"x\".png", Points: []rd.Point{point(5, .2, 32), point(50, .4, 36)}},
		},
		Meta: map[string]any{"codec": "jpeg", "machine": "one [1, 2]"},
	}
}

func TestJSONRoundTrip(t *testing.T) {
	one, two := sampleCurve(), sampleCurve()
	two.Name = "webp"
	two.Images[0].Points[1].Values = nil // a failed job
	for _, curves := range [][]rd.Curve{{one}, {one, two}} {
		data, err := WriteJSON(curves)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, string(data)); !same(got, curves) {
			t.Errorf("got\n%+v\nwant\n%+v\nfrom\n%s", got, curves, data)
		}
	}
}

// The plot script of CompressAI looks for "results" and in it for "bpp" and the
// metric, arrays of numbers of one length, in one object.
func TestJSONShape(t *testing.T) {
	c := sampleCurve()
	c.Points[1].Values["psnr-rgb"] = math.Inf(1)
	data, err := WriteJSON([]rd.Curve{c})
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Name    string
		Results map[string][]*float64
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if file.Name != c.Name || file.Results["psnr-rgb"][1] != nil || *file.Results["bpp"][1] != .35 || *file.Results["q"][0] != 5 {
		t.Errorf("got %s", data)
	}
	if !strings.Contains(string(data), `"bpp": [0.15, 0.35],`) {
		t.Errorf("arrays do not stand on one line each:\n%s", data)
	}
	if _, err := WriteJSON(nil); err == nil {
		t.Error("no curve gave no error")
	}
}

func TestCSVRoundTrip(t *testing.T) {
	c := sampleCurve()
	c.Points[0].Values["psnr-rgb"] = math.Inf(1)
	text := CSV([]rd.Curve{c})
	got := read(t, string(text))[0]
	c.Points[0].Values = map[string]float64{rd.KeyBPP: .15, "ms-ssim-rgb": .81, rd.KeyEncode: .01, rd.KeyDecode: .02}
	c.Description, c.Meta = "", nil
	if !same(got, c) {
		t.Errorf("got\n%+v\nwant\n%+v\nfrom\n%s", got, c, text)
	}
}

func TestCodecCompareRoundTrip(t *testing.T) {
	c := sampleCurve()
	data, err := WriteCodecCompare(c)
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, string(data))[0]
	if got.Name != c.Name || !near(values(got.Points, "psnr-rgb"), []float64{31, 35}) {
		t.Errorf("got %+v", got)
	}
	got.Images[0].Hash = "ff01"
	if !same(got.Images, c.Images) {
		t.Errorf("got\n%+v\nwant\n%+v", got.Images, c.Images)
	}
	if _, err := WriteCodecCompare(rd.Curve{Name: "x"}); err == nil {
		t.Error("a curve without pictures gave no error")
	}
}

func TestCodecCompareSizes(t *testing.T) {
	c := read(t, `{"constant_descriptions":[{"name":""},{"codec":""},{"version":""}],"constant_values":["n","webp","1.2"],
"field_descriptions":[{"original_name":""},{"width":""},{"height":""},{"encoded_size":""},{"quality":""},{"effort":""},{"psnr":""}],
"field_values":[["a",10,20,100,50,4,33.5],["b",10,20,50,50,4,35.5],["a",10,20,30,9,4,20],["b",10,20,20,9,4,21],["a",10,20,30,9,6,20]]}`)
	if len(c) != 2 || c[0].Name != "n@effort=4" || c[1].Name != "n@effort=6" {
		t.Fatalf("got %+v", c)
	}
	if got := values(c[0].Points, rd.KeyBPP); !near(got, []float64{1, 3}) {
		t.Errorf("mean rates %v", got)
	}
	if got := values(c[0].Points, "psnr-rgb"); !near(got, []float64{20.5, 34.5}) {
		t.Errorf("mean PSNR %v", got)
	}
}

// Cool-chic's results: a row a picture and lambda.
func TestCoolChicTable(t *testing.T) {
	c := read(t, "lmbda\tseq_name\tn_pixels\tloss\tpsnr_db\trate_bpp\n0.02\tk1\t9\t1\t24\t0.1\n0.001\tk1\t9\t1\t30\t0.5\n0.02\tk2\t9\t1\t26\t0.3\n0.001\tk2\t9\t1\t32\t0.7\n")[0]
	if len(c.Images) != 2 || !near(values(c.Points, "psnr-rgb"), []float64{31, 25}) {
		t.Errorf("got %+v", c)
	}
}

func TestPublished(t *testing.T) {
	list, err := Published(assets.Published())
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]PublishedCurve{}
	for _, c := range list {
		byID[c.ID] = c
		if c.Name == "" || c.Dataset == "" || c.Source == "" || len(c.Curve.Points) == 0 {
			t.Errorf("%s: incomplete: %+v", c.ID, c)
		}
		data, err := WriteJSON([]rd.Curve{c.Curve})
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, string(data))[0]; !same(got, c.Curve) {
			t.Errorf("%s changes when written and read", c.ID)
		}
	}
	if len(list) != 137 || len(byID) != 137 {
		t.Errorf("%d curves, %d ids", len(list), len(byID))
	}
	if c := byID["vtm"]; !strings.Contains(c.Caveats, "optimistic") || !near(values(c.Curve.Points[:1], "psnr-rgb"), []float64{26.14484539430146}) {
		t.Errorf("vtm: %+v", c)
	}
	if c := byID["clic2020-mobile/jpeg"]; c.Dataset != "CLIC2020 mobile" {
		t.Errorf("clic2020-mobile/jpeg: %+v", c)
	}
	if c := byID["cool-chic-v4.2"].Curve; len(c.Images) != 24 {
		t.Errorf("cool-chic has %d pictures", len(c.Images))
	}
	for _, c := range []string{"paper-elic2022_ms-ssim", "cheng2020-anchor-ms-ssim"} {
		for _, v := range values(byID[c].Curve.Points, "ms-ssim-rgb") {
			if v < .8 || v > 1 {
				t.Errorf("%s: MS-SSIM %v is not linear", c, v)
			}
		}
	}
}

func FuzzReadResults(f *testing.F) {
	for _, s := range []string{
		`{"name":"a","results":{"bpp":[0.1,0.2],"psnr-rgb":[30,NaN]},"per_image":{"k":{"bpp":[1,2]}}}`,
		`[{"bpp":[1],"ms-ssim-db":[12]},{"source":"k","results":{"bpp":1}}]`,
		`{"constant_descriptions":[{"name":""}],"constant_values":["n"],"field_descriptions":[{"original_name":""},{"bpp":""},{"quality":""}],"field_values":[["a",1,2]]}`,
		"curve,image,q,bpp,psnr\na,x,1,0.1,30\na,y,1,0.2,31\n",
		"bpp = [1, 2]\npsnr: 3 4",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		curves, err := ReadResults(data)
		if err != nil {
			return
		}
		text, err := WriteJSON(curves)
		if err != nil {
			t.Fatalf("read but can't be written: %v", err)
		}
		again, err := ReadResults(text)
		if err != nil {
			t.Fatalf("written but can't be read: %v\n%s", err, text)
		}
		if len(again) != len(curves) {
			t.Fatalf("%d curves became %d", len(curves), len(again))
		}
		CSV(curves)
	})
}

func BenchmarkReadResults(b *testing.B) {
	path := filepath.Join("..", "..", "assets", "published", "cool-chic-v4.2.json")
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := ReadResults(data); err != nil {
			b.Fatal(err)
		}
	}
}
