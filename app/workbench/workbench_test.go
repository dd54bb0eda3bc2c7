package workbench

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// The first start shows a sample with two codecs at equal rate and fills their
// curves.
func TestFirstStart(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	s := b.Setup()
	if len(s.Slots) != 3 || s.Left != 2 || s.Right != 3 || s.Active != 3 {
		t.Fatalf("setup %+v", s)
	}
	for _, n := range []int{2, 3} {
		r := b.Run(n)
		if r.Phase != Done || !r.Fresh || len(r.Result.Values) != 2 {
			t.Errorf("slot %d: phase %v, %d values", n, r.Phase, len(r.Result.Values))
		}
		if c := b.Curve(n); len(c.Finished()) != 8 {
			t.Errorf("slot %d: %d points on the curve, want 8", n, len(c.Finished()))
		}
	}
	if p := b.CurveProgress(); p.Done != p.Total || p.Total != 16 {
		t.Errorf("curve progress %+v", p)
	}
	if b.Run(2).Result.Bytes != b.Run(3).Result.Bytes {
		t.Error("the second codec was not matched to the first one's rate")
	}
	if b.seen&(Pictures|Slots|Results|Curves|Progress) != Pictures|Slots|Results|Curves|Progress {
		t.Errorf("observers saw %b only", b.seen)
	}
	if got := Plain(b.Sentence()); !strings.Contains(got, "two and one need the same bytes") {
		t.Errorf("sentence %q", got)
	}
}

// Moving a slider shows each newest setting in the end, drops the values of stale
// ones, and going back is instant.
func TestNewestSettingWins(t *testing.T) {
	c := &bits{id: "one", delay: 5 * time.Millisecond}
	b := newBench(t, Config{}, c)
	b.Start(nil)
	b.settle()
	for _, q := range []string{"1", "2", "3", "5", "6", "7"} {
		b.SetParam(2, "q", q)
	}
	if b.Run(2).Fresh {
		t.Error("a result counts as fresh right after the setting changed")
	}
	b.settle()
	if r := b.Run(2); !r.Fresh || !strings.Contains(r.Result.key, "q=7") {
		t.Fatalf("the last setting did not win: %q", r.Result.key)
	}
	before := c.encodes.Load()
	b.SetParam(2, "q", "2") // the default start setting
	if r := b.Run(2); !r.Fresh || r.Phase != Done {
		t.Error("going back to a known setting is not instant")
	}
	b.settle()
	if c.encodes.Load() != before {
		t.Error("a known setting was encoded again")
	}
}

// A slow encode for an earlier setting is cancelled and its result never shown as
// the present one's.
func TestStaleRunIsCancelled(t *testing.T) {
	slow := &bits{id: "slow", delay: 30 * time.Second}
	b := newBench(t, Config{}, slow)
	b.Start(nil)
	b.until("the encoder to start", func() bool { return slow.encodes.Load() > 0 })
	start := time.Now()
	b.SetParam(2, "q", "7")
	b.until("the stale run to end", func() bool { return slow.ends.Load() > 0 })
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	b.CancelRun(2)
	b.until("the lane to be free", func() bool { return b.lane.task == nil })
	if r := b.Run(2); r.Phase != Cancelled {
		t.Errorf("phase %v after cancel", r.Phase)
	}
	slow.delay = 0
	b.Retry(2)
	b.settle()
	if r := b.Run(2); !r.Fresh || r.Phase != Done {
		t.Errorf("phase %v after retry", r.Phase)
	}
}

func TestCurvesStopAndGoOn(t *testing.T) {
	c := &bits{id: "one", delay: 20 * time.Millisecond}
	b := newBench(t, Config{}, c)
	b.Start(nil)
	b.until("two points", func() bool { return b.CurveProgress().Done >= 2 })
	b.StopCurves(true)
	b.until("a stop", func() bool { return b.lane.task == nil })
	done := b.CurveProgress().Done
	if !b.Idle() || done >= 8 || !b.CurveProgress().Stopped {
		t.Fatalf("curves went on after the stop: %+v", b.CurveProgress())
	}
	b.StopCurves(false)
	b.settle()
	if p := b.CurveProgress(); p.Done != 8 {
		t.Errorf("%+v after going on", p)
	}
}

// A failing or panicking codec is told in its place and leaves the others running.
func TestFailuresStayWhereTheyAre(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "good"}, &bits{id: "bad", fail: func(float64) error { return errBroken }}, &bits{id: "wild", panics: true})
	b.Start(nil)
	b.SetMatch(Match{})
	b.Add("wild")
	b.settle()
	if r := b.Run(2); r.Phase != Done {
		t.Errorf("the good codec is at phase %v", r.Phase)
	}
	if r := b.Run(3); r.Phase != Failed || !strings.Contains(r.Err.Error(), "broken on purpose") {
		t.Errorf("the bad codec: %v %v", r.Phase, r.Err)
	}
	if r := b.Run(4); r.Phase != Failed || !strings.Contains(r.Err.Error(), "internal error") {
		t.Errorf("the panicking codec: %v %v", r.Phase, r.Err)
	}
	b.SetCodec(4, "good")
	b.settle()
	if r := b.Run(4); r.Phase != Done {
		t.Errorf("another codec in the failed slot: phase %v", r.Phase)
	}
}

func TestUndo(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	first := b.Setup()
	for _, q := range []string{"3", "4", "5"} {
		b.SetParam(2, "q", q) // one drag
	}
	b.Add("one")
	b.Delete(3)
	if s := b.Setup(); len(s.Slots) != 3 || s.Slots[2].Number != 4 {
		t.Fatalf("numbers moved: %+v", s.Slots)
	}
	if n := b.Add("two"); n != 3 {
		t.Errorf("the free number 3 was not taken again: %d", n)
	}
	for range 4 {
		b.Undo()
	}
	if b.CanUndo() {
		t.Error("a drag is more than one step of undo")
	}
	if got := b.Setup(); got.Slots[1].Params.String() != first.Slots[1].Params.String() || len(got.Slots) != 3 {
		t.Errorf("undo led to %+v", got)
	}
	b.Redo()
	if s, _ := b.Slot(2); s.Params["q"] != "5" {
		t.Errorf("redo led to q %s", s.Params["q"])
	}
	b.settle()
	if r := b.Run(2); !r.Fresh || r.Phase != Done {
		t.Error("redo did not run the candidate")
	}
}

func TestShowRules(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.Add("one") // 4, now at the right
	shown := func(left, right, active int) {
		t.Helper()
		if s := b.Setup(); s.Left != left || s.Right != right || s.Active != active {
			t.Errorf("left %d right %d active %d, want %d %d %d", s.Left, s.Right, s.Active, left, right, active)
		}
	}
	shown(2, 4, 4)
	b.Show(2) // shown already: only becomes active
	shown(2, 4, 2)
	b.Show(1)
	shown(2, 1, 1)
	b.ShowLeft(3)
	shown(3, 1, 1)
	b.ShowLeft(1) // at the right: change sides
	shown(1, 3, 1)
	b.Delete(3)
	shown(1, 4, 1)
	b.Delete(Original)
	shown(1, 4, 1)
}

// The right candidate follows the left one's rate; moving it by hand makes it lead.
func TestMatch(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	b.SetParam(2, "q", "6")
	b.settle()
	if s, _ := b.Slot(3); s.Params["q"] != "6" {
		t.Errorf("the match stands at q %s, want 6", s.Params["q"])
	}
	b.SetMatch(Match{On: true, Metric: "psnr-rgb"})
	b.SetParam(2, "q", "3")
	b.settle()
	if s, _ := b.Slot(3); s.Params["q"] != "3" {
		t.Errorf("the metric match stands at q %s, want 3", s.Params["q"])
	}
	b.SetParam(3, "q", "5")
	b.settle()
	if s, _ := b.Slot(2); s.Params["q"] != "5" || b.MatchLead() != 3 {
		t.Errorf("moving the follower makes %d lead and puts the other to q %s", b.MatchLead(), s.Params["q"])
	}
	b.SetMatch(Match{})
	b.ShowLeft(Original)
	if b.CanMatch() == nil {
		t.Error("matching against the original is not refused")
	}
}

// The other side gets the active one's codec and settings, in one step of undo.
func TestCopySettings(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.SetMatch(Match{})
	b.SetParam(3, "q", "5")
	b.settle()
	if !b.CanCopy() {
		t.Fatal("it can't be copied")
	}
	b.CopySettings(3, 2)
	b.settle()
	if s, _ := b.Slot(2); s.Codec != "two" || s.Params["q"] != "5" || b.Run(2).Result.Bytes != b.Run(3).Result.Bytes {
		t.Errorf("the left one is %s at %v", s.Codec, s.Params)
	}
	b.Undo()
	if s, _ := b.Slot(2); s.Codec != "one" {
		t.Error("undo does not bring it back")
	}
	b.CopySettings(3, Original)
	b.ShowLeft(Original)
	if b.CanCopy() {
		t.Error("the original gets settings")
	}
}

// All candidates go to one rate, to a number that was typed, or there once only.
func TestMatchAll(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	b.Add("one")
	b.Show(3)
	b.SetMatch(Match{On: true, All: true})
	b.SetParam(2, "q", "7")
	b.settle()
	qs := func(want string) {
		t.Helper()
		got := ""
		for n := 2; n <= 4; n++ {
			s, _ := b.Slot(n)
			got += s.Params["q"]
		}
		if got != want {
			t.Errorf("the candidates stand at q %s, want %s", got, want)
		}
	}
	qs("777")
	if done, total, running := b.MatchProgress(); done != 2 || total != 2 || running {
		t.Errorf("%d of %d matched, running %v", done, total, running)
	}
	b.SetMatch(Match{})
	b.SetParam(2, "q", "4")
	b.settle()
	qs("477")
	b.MatchOnce()
	b.settle()
	qs("447") // those that are shown
	b.SetParam(2, "q", "6")
	b.settle()
	qs("647")
	b.SetMatch(Match{On: true, All: true, Metric: "psnr-rgb"})
	b.settle()
	value, _ := b.MatchTarget()
	qs("666")
	b.SetMatch(Match{Metric: "psnr-rgb", All: true})
	for n := 2; n <= 4; n++ {
		b.SetParam(n, "q", "3")
	}
	b.settle()
	b.SetMatch(Match{On: true, Metric: "psnr-rgb", All: true})
	if err := b.SetMatchTarget(value); err != nil {
		t.Fatal(err)
	}
	b.settle()
	qs("666")
	if b.SetMatchTarget("much") == nil {
		t.Error("a word is taken for a number")
	}
	b.SetParam(2, "q", "8") // lossless here: an infinite PSNR
	b.settle()
	if got := b.MatchProblem(); !strings.Contains(got, "no psnr-rgb that others could") {
		t.Errorf("a leader without a finite value is explained by %q", got)
	}
	if _, _, running := b.MatchProgress(); running {
		t.Error("it is waited for a leader without a value")
	}
	b.Undo()
	b.Undo()
	b.settle()
	if b.Setup().Match.Fixed {
		t.Error("undo does not bring the leader back")
	}
}

// A match that can't be reached is told beside its switch, until something changes.
func TestMatchProblem(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two", fail: func(float64) error { return errors.New("two broke") }})
	b.Start(nil)
	b.settle()
	if got := b.MatchProblem(); !strings.Contains(got, "two broke") {
		t.Errorf("a search that failed says %q", got)
	}
	if _, unread := b.Message(); unread != 0 {
		t.Error("it is told twice")
	}
	b.SetParam(3, "invert", "true")
	if got := b.MatchProblem(); got != "" {
		t.Errorf("another setting still says %q", got)
	}
}

// Errors become sentences; the names of codecs keep their case.
func TestPlainly(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"})
	for in, want := range map[string]string{"no room": "No room.", "one has no room": "one has no room.", "a.png: gone.": "a.png: gone."} {
		if got := b.Plainly(errors.New(in)); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
	if got := b.Plainly(fmt.Errorf("%w: it is too wide", codecs.ErrNotApplicable)); got != "It is too wide." {
		t.Errorf("a refusal becomes %q", got)
	}
}

func TestFormatQuality(t *testing.T) {
	for _, c := range []struct {
		info metrics.Info
		v    float64
		want string
	}{
		{metrics.Info{Name: "PSNR", Unit: "dB"}, 28.94, "28.9 dB"},
		{metrics.Info{Name: "MS-SSIM", DB: true}, 9.56, "9.6 dB"},
		{metrics.Info{Name: "GMSD"}, 0.0884, "GMSD 0.088"},
		{metrics.Info{Name: "Butteraugli"}, 3.613, "Butteraugli 3.61"},
		{metrics.Info{Name: "SSIMULACRA 2"}, -20.04, "SSIMULACRA 2 -20.0"},
	} {
		if got := FormatQuality(c.info, c.v); got != c.want {
			t.Errorf("%v is written %q, want %q", c.v, got, c.want)
		}
	}
}

func TestCacheBound(t *testing.T) {
	c := newCache[*Result](10_000)
	pic := gradient(20, 20) // 1600 bytes of pixels, 1024 counted on top
	for _, key := range []string{"a", "b", "c"} {
		c.put(&Result{key: key, Decoded: pic, Stream: &codecs.Stream{}})
	}
	c.get("a")
	c.put(&Result{key: "d", Decoded: pic, Stream: &codecs.Stream{}})
	if c.get("b") != nil || c.get("a") == nil || c.get("d") == nil || c.bytes > 10_000 {
		t.Errorf("size %d: the longest unused result did not leave", c.bytes)
	}
	c.put(&Result{key: "huge", Decoded: gradient(100, 100), Stream: &codecs.Stream{}})
	if c.get("huge") != nil || c.get("a") == nil {
		t.Error("a result over the bound displaced others")
	}
}

func writePNG(t *testing.T, path string, p *picture.Picture) {
	t.Helper()
	data, err := p.EncodePNG()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestOpenFilesAndFolders(t *testing.T) {
	dir := t.TempDir()
	writePNG(t, filepath.Join(dir, "a.png"), gradient(20, 10))
	writePNG(t, filepath.Join(dir, "b.PNG"), gradient(30, 10))
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, Config{}, &bits{id: "one"})
	b.Start([]string{dir})
	b.settle()
	if e, _ := b.Entries(); len(e) != 2 || b.Picture().Width() != 20 {
		t.Fatalf("entries %v", e)
	}
	b.Next(1)
	b.settle()
	if b.Picture().Width() != 30 || !b.Run(2).Fresh {
		t.Error("the next picture was not opened and coded")
	}
	b.Next(1)
	b.settle()
	if b.Picture().Width() != 20 {
		t.Error("the list does not wrap")
	}
	for _, bad := range []string{filepath.Join(dir, "notes.txt"), filepath.Join(dir, "absent.png")} {
		b.OpenPaths([]string{bad})
		b.settle()
		if m, _ := b.Message(); !m.Error || !strings.Contains(m.Text, filepath.Base(bad)) {
			t.Errorf("%s: message %q", bad, m.Text)
		}
		if b.Picture().Width() != 20 {
			t.Errorf("%s: the current picture was lost", bad)
		}
		b.Dismiss()
	}
}

// What is saved opens again as a candidate with the same bytes and pixels.
func TestSaveAndOpenCompressed(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, Config{}, &bits{id: "one"})
	b.Start(nil)
	b.settle()
	name, err := b.SaveName(2, SaveContainer)
	if err != nil || name != "sample-64x48-one-q2.cwb" {
		t.Fatalf("name %q %v", name, err)
	}
	cwb, native, decoded := filepath.Join(dir, name), filepath.Join(dir, "x.one"), filepath.Join(dir, "x.png")
	b.Save(2, SaveContainer, cwb)
	b.Save(2, SaveNative, native)
	b.Save(2, SaveDecoded, decoded)
	b.settle()
	want := b.Run(2).Result
	if data, err := os.ReadFile(native); err != nil || len(data) != want.Bytes {
		t.Errorf("native file: %v, %d bytes", err, len(data))
	}
	if p, err := picture.Open(decoded); err != nil || !bytes.Equal(p.RGB8().Pix, want.Decoded.RGB8().Pix) {
		t.Errorf("decoded file: %v", err)
	}
	b.OpenPaths([]string{cwb})
	b.settle()
	r := b.Run(3)
	if !r.Fresh || r.Phase != Done || !r.Result.Decoded.Equal(want.Decoded) {
		t.Fatalf("the .cwb did not come back: %v %v", r.Phase, r.Err)
	}
	if s, _ := b.Slot(3); b.Title(s) != name {
		t.Errorf("title %q", b.Title(s))
	}
	if b.Curve(3) != nil {
		t.Error("a compressed file has a curve")
	}
	b.OpenSample(1) // of another size
	b.settle()
	if r := b.Run(3); r.Phase != Failed || !strings.Contains(r.Err.Error(), "64 × 48") {
		t.Errorf("a file of another size: %v %v", r.Phase, r.Err)
	}
	b.Save(2, SaveContainer, filepath.Join(dir, "no", "such", "folder.cwb"))
	b.settle()
	if m, _ := b.Message(); !m.Error || !strings.Contains(m.Text, "folder.cwb") {
		t.Errorf("saving into a missing folder says %q", m.Text)
	}
}

// The session survives a restart; a damaged one is told and replaced by the first
// start.
func TestSession(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "p.png")
	writePNG(t, file, gradient(40, 40))
	b := newBench(t, Config{Folder: dir}, &bits{id: "one"}, &bits{id: "two"})
	b.Start([]string{file})
	b.settle()
	b.SetParam(2, "q", "7")
	b.Add("two")
	b.SetMode(Diff)
	b.SetPanes(3)
	b.SetDiff(DiffView{Kind: DiffColor, Pair: true})
	b.SetFlicker(1000, true)
	b.SetSmooth(true)
	b.SetGrid(false)
	b.SetLoupe(true)
	b.settle()
	b.Close()

	again := newBench(t, Config{Folder: dir}, &bits{id: "one"}, &bits{id: "two"})
	again.Start(nil)
	again.settle()
	if again.Picture().Width() != 40 || len(again.Setup().Slots) != 4 || again.ViewSettings() != b.ViewSettings() {
		t.Errorf("restored: %+v %+v", again.Setup(), again.ViewSettings())
	}
	if s, _ := again.Slot(2); s.Params["q"] != "7" {
		t.Errorf("q %s", s.Params["q"])
	}
	again.Close()

	if err := os.WriteFile(filepath.Join(dir, sessionName+".json"), []byte("{broken"), 0o644); err != nil {
		t.Fatal(err)
	}
	third := newBench(t, Config{Folder: dir}, &bits{id: "one"}, &bits{id: "two"})
	third.Start(nil)
	third.settle()
	if m, _ := third.Message(); !m.Error || third.Picture() == nil || len(third.Setup().Slots) != 3 {
		t.Errorf("after a damaged session: %q %+v", m.Text, third.Setup())
	}
}

func TestTable(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.SetMatch(Match{})
	b.SetParam(2, "q", "2")
	b.SetParam(3, "q", "6")
	b.settle()
	rows := map[string]Row{}
	for _, r := range b.Table() {
		rows[r.Name] = r
	}
	if r := rows["Bytes"]; !slices.Equal(r.Best, []bool{true, false}) || r.Values[0] == "" || r.Values[1] == "" {
		t.Errorf("bytes %+v", r)
	}
	if r := rows["psnr-rgb dB"]; !slices.Equal(r.Best, []bool{false, true}) {
		t.Errorf("psnr %+v", r)
	}
	b.SetMode(Side)
	b.SetPanes(3)
	if got := b.TableColumns(); !slices.Equal(got, b.Panes()) || len(got) != 3 {
		t.Errorf("with three panes the columns are %v", got)
	}
	for _, r := range b.Table() {
		if r.Name == "psnr-rgb dB" && (r.Values[1] != "" || !slices.Equal(r.Best, []bool{false, false, true})) {
			t.Errorf("the original has a PSNR, or another one is the best: %+v", r)
		}
	}
}

// What is as good as the best is marked like it, unless all are.
func TestTableBest(t *testing.T) {
	cells := func(values ...float64) (out []cell) {
		for _, v := range values {
			out = append(out, cell{v, FormatMS(v)})
		}
		return out
	}
	near := func(best, other float64) bool { return other <= timeNoise*best }
	for want, in := range map[string][]cell{"true true false": cells(10, 12, 30), "false false": cells(10, 12),
		"false true": cells(20, 10), "false false true": append(cells(40, 40), cell{10, "10"}), "false": cells(1)} {
		if got := strings.Trim(fmt.Sprint(row("", "", in, true, near).Best), "[]"); got != want {
			t.Errorf("of %v the best are %s", in, got)
		}
	}
	if got := row("", "", []cell{{math.NaN(), ""}, {3, "3"}, {2, "2"}}, false, nil).Best; !slices.Equal(got, []bool{false, true, false}) {
		t.Errorf("beside an unknown one the best are %v", got)
	}
}

func TestSentence(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	b.SetParam(3, "invert", "true") // another curve of the same codec; same bytes
	b.settle()
	if got := Plain(b.Sentence()); !strings.HasPrefix(got, "At ") {
		t.Errorf("sentence %q", got)
	}
	b.SetParam(2, "q", "8") // lossless here: an infinite PSNR
	b.settle()
	if got := Plain(b.Sentence()); !strings.Contains(got, "identical to the original") {
		t.Errorf("sentence %q", got)
	}
	b.Show(Original)
	if got := b.Sentence(); got != nil {
		t.Errorf("the original is compared as a codec: %v", got)
	}
}

func TestFormats(t *testing.T) {
	for in, want := range map[int64]string{980: "980 B", 11253: "11.3 kB", 557_000: "557 kB", 2_400_000: "2.40 MB"} {
		if got := FormatBytes(in); got != want {
			t.Errorf("%d is %q, want %q", in, got, want)
		}
	}
	if FormatCount(1234567) != "1,234,567" || FormatCount(-1234) != "-1,234" || FormatCount(12) != "12" {
		t.Error("thousands")
	}
	if got := FormatLeft(90 * time.Second); got != "about 2 min left" {
		t.Error(got)
	}
	if got := sentence("no such file"); got != "No such file." {
		t.Error(got)
	}
	if got := sentence("a.png can't be opened"); got != "a.png can't be opened." {
		t.Error(got)
	}
	for n := range 20 {
		seen := map[int]bool{}
		for _, i := range spreadOrder(n) {
			seen[i] = true
		}
		if len(seen) != n || len(spreadOrder(n)) != n {
			t.Errorf("order of %d: %v", n, spreadOrder(n))
		}
	}
}

// A sweep fills its grid, keeps its failures as sentences, goes on from the cache
// after a stop, and hands its curves to the screen Curves.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	writePNG(t, filepath.Join(dir, "a.png"), gradient(40, 40))
	writePNG(t, filepath.Join(dir, "b.png"), gradient(30, 20))
	bad := &bits{id: "bad", fail: func(q float64) error {
		if q > 7 {
			return errBroken
		}
		return nil
	}}
	b := newBench(t, Config{CacheDir: t.TempDir()}, &bits{id: "one"}, bad)
	b.Start([]string{dir})
	b.settle()
	if s := b.Sweep(); len(s.Plan.Specs) != 2 || len(s.Plan.Pictures) != 2 {
		t.Fatalf("the proposed plan is %+v", s.Plan)
	}
	b.AddSweepSpec("none")
	if m, _ := b.Message(); !m.Error || !strings.Contains(m.Text, "none") {
		t.Errorf("an unknown codec says %q", m.Text)
	}
	b.RemoveSweepSpec(0)
	b.AddSweepSpec("one:2-6/3")
	run := func() Sweep {
		b.StartSweep()
		b.until("the sweep's end", func() bool { return !b.Sweep().Running })
		return b.Sweep()
	}
	s := run()
	if s.Done != 22 || s.Total != 22 || len(s.Rows) != 2 || len(s.Rows[1].Cells) != 3 || s.Rows[1].Cells[0].Done != 2 {
		t.Errorf("progress %d of %d, rows %+v", s.Done, s.Total, s.Rows)
	}
	if len(s.Failures) != 1 || s.Rows[0].Cells[7].Failed != 2 || !strings.Contains(s.Failures[0].Text, "broken on purpose") {
		t.Errorf("failures %v", s.Failures)
	}
	if len(s.Curves) != 2 || len(b.Extras()) != 2 {
		t.Errorf("%d curves, %d on the screen Curves", len(s.Curves), len(b.Extras()))
	}
	if again := run(); again.Cached != 20 {
		t.Errorf("%d from the cache, want 20", again.Cached)
	}
	if c := b.SweepCommand(); !strings.Contains(c, "--codecs bad,one:2-6/3 ") {
		t.Errorf("command %q", c)
	}
}

func TestSweepStops(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "slow", delay: 50 * time.Millisecond})
	b.Start(nil)
	b.StopCurves(true)
	b.settle()
	b.StartSweep() // on the sample
	b.until("some progress", func() bool { return b.Sweep().Done > 1 })
	b.StopSweep()
	b.until("the end", func() bool { return !b.Sweep().Running })
	if s := b.Sweep(); s.Done >= s.Total || !strings.HasPrefix(s.Ended, "Stopped") {
		t.Errorf("%d of %d, %q", s.Done, s.Total, s.Ended)
	}
}

// Results files and published curves stand beside the candidates' curves and are
// compared with them.
func TestLibrary(t *testing.T) {
	b := newBench(t, Config{}, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	file := filepath.Join(t.TempDir(), "theirs.json")
	const theirs = `{"name":"theirs","results":{"bpp":[2,4,8,16],"psnr-rgb":[19,27,37,46]}}`
	if err := os.WriteFile(file, []byte(theirs), 0o644); err != nil {
		t.Fatal(err)
	}
	b.OpenResults([]string{file, file + "x"})
	b.settle()
	if m, _ := b.Message(); !m.Error || !strings.Contains(m.Text, "theirs.jsonx") {
		t.Errorf("a missing file says %q", m.Text)
	}
	if list := b.Plotted(); len(list) != 3 || list[2].Curve.Name != "theirs" || !list[2].Extra {
		t.Fatalf("plotted %+v", list)
	}
	m, err := b.Tools().Metrics.Metric("psnr-rgb")
	if err != nil {
		t.Fatal(err)
	}
	if d := b.Deltas(m.Info()); len(d) != 2 || d[1].Test != "theirs" || !(d[1].Percent > -90 && d[1].Percent < 90) {
		t.Errorf("deltas %+v", d)
	}
	again := []rd.Curve{{Name: "two", Points: b.Plotted()[1].Curve.Points, Images: []rd.ImageCurve{{Name: "a"}, {Name: "b"}}}}
	b.addResults("sweep", again)
	list := b.Plotted()
	if last := list[len(list)-1]; last.Curve.Name != "two (sweep)" {
		t.Errorf("a second curve of the same name is called %q", last.Curve.Name)
	}
	if d := b.Deltas(m.Info()); !math.IsNaN(d[2].Percent) || !strings.Contains(d[2].Note, "2 pictures") {
		t.Errorf("a mean over other pictures is compared: %+v", d[2])
	}
	kodak := rd.Curve{}
	for i := range 24 {
		kodak.Images = append(kodak.Images, rd.ImageCurve{Name: fmt.Sprintf("kodim%02d.png", i+1)})
	}
	if got := b.measuredOn(kodak); got != "Kodak" {
		t.Errorf("a sweep over Kodak was measured on %q", got)
	}
	again[0].Images = []rd.ImageCurve{{Name: "a", Hash: b.Picture().Hash().String()}}
	b.addResults("sweep", again)
	if list := b.Plotted(); len(list) != 3 || b.AnchorOn() != "this picture" {
		t.Errorf("a sweep over the current picture alone is drawn over its curve")
	}
	b.SetAnchor("theirs")
	if d := b.Deltas(m.Info()); b.Anchor() != "theirs" || d[0].Anchor != "theirs" {
		t.Errorf("anchor %q", b.Anchor())
	}
	b.ShowCurve(2, false)
	for _, e := range b.Extras() {
		b.ShowExtra(e.ID, false)
	}
	if list := b.Plotted(); len(list) != 1 || b.Anchor() != "two" {
		t.Errorf("after hiding: %d curves, anchor %q", len(list), b.Anchor())
	}
}

// A compressed file named on the command line shows itself: its decoding stands in
// for the original that is not there.
func TestCompressedFileAlone(t *testing.T) {
	first := newBench(t, Config{}, &bits{id: "one"})
	first.Start(nil)
	first.settle()
	path := filepath.Join(t.TempDir(), "alone.cwb")
	first.Save(2, SaveContainer, path)
	first.settle()

	b := newBench(t, Config{}, &bits{id: "one"})
	b.Start([]string{path})
	b.settle()
	if p := b.Picture(); p == nil || p.Width() != 64 || p.Source().Name != "alone.cwb" {
		t.Fatalf("picture %v", p)
	}
	if m, _ := b.Message(); m.Error || !strings.Contains(m.Text, "without its original") {
		t.Errorf("message %q", m.Text)
	}
	if s := b.Setup(); s.Right != 3 {
		t.Errorf("the file is not shown: %+v", s)
	}
}
