package workbench

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"codecworkbench/app/blind"
	"codecworkbench/codecs/picture"
)

// blindBench is a workbench with two codecs at different settings, come to rest.
func blindBench(t *testing.T, config Config) *bench {
	t.Helper()
	b := newBench(t, config, &bits{id: "one"}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	b.SetMatch(Match{})
	b.SetParam(2, "q", "3")
	b.SetParam(3, "q", "6")
	b.settle()
	return b
}

// ask runs a test and answers every trial with what answer says.
func (b *bench) ask(answer func(t blind.Trial, pictures func(place rune) *picture.Picture) blind.Answer) {
	b.t.Helper()
	b.StartBlind()
	b.until("the first trial", func() bool { s := b.Blind(); return s.Phase != BlindPreparing })
	for b.Blind().Phase == BlindRunning {
		b.until("a trial's pictures", func() bool { return b.Blind().Ready })
		s := b.Blind()
		b.BlindSeen()
		b.BlindSwitched()
		b.AnswerBlind(answer(s.Test.Trials[s.Trial], b.BlindPicture), 2)
	}
}

// A whole ABX test: files at one rate, X the very picture of A or B, votes kept through a
// restart and written as CSV.
func TestBlindABX(t *testing.T) {
	dir := t.TempDir()
	b := blindBench(t, Config{Folder: dir})
	s := b.Blind().Setup
	if s.Kind != blind.ABX || !slices.Equal(s.Candidates, []int{2, 3}) || s.Terms != BlindByRate || s.Trials != 16 {
		t.Fatalf("proposed: %+v", s)
	}
	s.Seed, s.Terms = 11, BlindAsTheyAre
	b.SetBlind(s)
	b.ask(func(_ blind.Trial, p func(rune) *picture.Picture) blind.Answer {
		if p('R') != nil {
			t.Error("an ABX trial shows the original")
		}
		if x := p('X'); bytes.Equal(x.RGB8().Pix, p('A').RGB8().Pix) {
			return blind.A
		} else if !bytes.Equal(x.RGB8().Pix, p('B').RGB8().Pix) {
			t.Error("X is neither A nor B")
		}
		return blind.B
	})
	test := b.Blind().Test
	if b.Blind().Phase != BlindDone || test.Sentence() != "16 of 16 right; guessing does as well in fewer than 0.1 % of cases." {
		t.Fatalf("phase %v, %q", b.Blind().Phase, test.Sentence())
	}
	if b.setup.Slots[2].Params["q"] != "6" {
		t.Error("the test changed a candidate's setting")
	}
	if v := test.Votes[3]; v.Zoom != 2 || v.Switches != 1 {
		t.Errorf("vote %+v", v)
	}
	csv, err := test.CSV()
	if err != nil || !strings.Contains(string(csv), ",11,abx,as they are set,16,") {
		t.Errorf("%s %v", csv, err)
	}
	b.Close()
	again := newBench(t, Config{Folder: dir}, &bits{id: "one"}, &bits{id: "two"})
	again.Start(nil)
	if list := again.BlindTests(); len(list) != 1 || len(list[0].Votes) != 16 || again.Blind().Setup.Seed != 11 || again.Blind().Phase != BlindSetting {
		t.Fatalf("after a restart: %d tests, %+v", len(list), again.Blind())
	}
	again.ShowBlindTest(0)
	if again.Blind().Test.Sentence() != test.Sentence() {
		t.Error("another result after a restart")
	}
	again.ForgetBlindTest()
	if len(again.BlindTests()) != 0 || again.Blind().Phase != BlindSetting {
		t.Error("a forgotten test is still there")
	}
}

// Forced choice with the original hidden among the candidates, over all pictures.
func TestBlindChoice(t *testing.T) {
	b := blindBench(t, Config{})
	b.OpenSample(1)
	b.settle()
	b.Choose(0)
	b.settle()
	s := b.Blind().Setup
	s.Kind, s.Candidates, s.Terms, s.All, s.Trials, s.Ties = blind.Choice, []int{1, 2, 3}, BlindAsTheyAre, true, 24, true
	b.SetBlind(s)
	b.ask(func(r blind.Trial, p func(rune) *picture.Picture) blind.Answer {
		if p('R') == nil || p('X') != nil || p('A') == nil || p('B') == nil || p('A').Width() != p('B').Width() {
			t.Error("wrong pictures")
		}
		if w := p('A').Width(); w != []int{64, 31}[r.Picture] {
			t.Errorf("picture %d is %d wide", r.Picture, w)
		}
		rank := map[int]int{1: 3, 3: 2, 2: 1} // the original before q 6 before q 3
		if rank[r.A] > rank[r.B] {
			return blind.A
		}
		return blind.B
	})
	list := b.Blind().Test.Standings()
	if len(list) != 3 || list[0].Number != 1 || list[1].Number != 3 || list[2].Number != 2 {
		t.Fatalf("%+v", list)
	}
	a := b.Blind().Test.Agreements()
	if len(a) != 2 || a[0].Agreed != a[0].Among || a[0].Among != 8 {
		t.Errorf("%+v", a)
	}
	if b.Run(2).Phase != Done || !b.Idle() {
		t.Error("work did not go on after the test")
	}
}

// Candidates at one rate, then at one value of a metric: the poorest, or one that is typed.
func TestBlindTerms(t *testing.T) {
	b := blindBench(t, Config{})
	s := b.Blind().Setup
	s.Trials = 1
	b.SetBlind(s)
	any := func(blind.Trial, func(rune) *picture.Picture) blind.Answer { return blind.A }
	b.ask(any)
	one, _ := b.Blind().Test.Sample(2, 0)
	two, ok := b.Blind().Test.Sample(3, 0)
	if !ok || math.Abs(one.BPP/two.BPP-1) > 0.02 || two.Params != "invert=false q=3" || len(two.Values) != 2 {
		t.Errorf("not at one rate: %+v %+v", one, two)
	}
	s.Terms, s.Metric = BlindByMetric, "psnr-rgb"
	b.NewBlind()
	b.SetBlind(s)
	b.ask(any)
	one, _ = b.Blind().Test.Sample(2, 0)
	two, _ = b.Blind().Test.Sample(3, 0)
	if one.Values["psnr-rgb"] != two.Values["psnr-rgb"] || !strings.Contains(one.Params, "q=3") {
		t.Errorf("%+v %+v", one, two)
	}
	if err := b.SetBlindTarget("x"); err == nil {
		t.Error("x is a value")
	}
	if err := b.SetBlindTarget("38"); err != nil {
		t.Fatal(err)
	}
	if got := b.BlindTarget(); got != "38.00" {
		t.Errorf("target %q", got)
	}
	b.RepeatBlind()
	b.until("a trial", func() bool { return b.Blind().Phase == BlindRunning })
	for n := 2; n <= 3; n++ {
		if s, _ := b.Blind().Test.Sample(n, 0); s.Values["psnr-rgb"] < 38 || s.Values["psnr-rgb"] > 48 {
			t.Errorf("candidate %d at %g dB", n, s.Values["psnr-rgb"])
		}
	}
}

// Answers count once the pictures were seen; they can be taken back, and an early end
// keeps them.
func TestBlindUndoAndEarlyEnd(t *testing.T) {
	b := blindBench(t, Config{})
	b.StartBlind()
	b.until("a trial", func() bool { return b.Blind().Ready })
	b.AnswerBlind(blind.A, 1)
	if len(b.Blind().Test.Votes) != 0 {
		t.Error("an answer to what was not seen")
	}
	for range 3 {
		b.until("a trial", func() bool { return b.Blind().Ready })
		b.BlindSeen()
		b.AnswerBlind(blind.A, 1)
	}
	b.AnswerBlind(blind.Tie, 1)
	b.UndoBlind()
	if n := b.Blind().Trial; n != 2 {
		t.Errorf("at trial %d after undo", n)
	}
	b.until("the trial again", func() bool { return b.Blind().Ready })
	b.EndBlind()
	if s := b.Blind(); s.Phase != BlindDone || len(s.Test.Votes) != 2 || len(b.BlindTests()) != 1 {
		t.Errorf("%+v", s)
	}
	b.NewBlind()
	b.StartBlind()
	b.until("a trial", func() bool { return b.Blind().Phase == BlindRunning })
	b.EndBlind()
	if s := b.Blind(); s.Phase != BlindSetting || len(b.BlindTests()) != 1 {
		t.Errorf("a test without answers left %+v", s)
	}
}

// What can't be done is said in a sentence, and a picture that can't take part is left
// out.
func TestBlindProblems(t *testing.T) {
	b := blindBench(t, Config{})
	s := b.Blind().Setup
	s.Candidates = []int{2}
	b.SetBlind(s)
	b.StartBlind()
	if p := b.Blind().Problem; p != "Choose two candidates at least." {
		t.Error(p)
	}
	s.Candidates, s.Fixed, s.Target = []int{2, 3}, true, 1e-6
	b.SetBlind(s)
	b.StartBlind()
	b.until("the end", func() bool { return b.Blind().Phase == BlindSetting })
	if p := b.Blind().Problem; !strings.Contains(p, "cannot reach") {
		t.Error(p)
	}
	bad := filepath.Join(t.TempDir(), "gone.png")
	img, _ := gradient(64, 48).EncodePNG()
	if err := os.WriteFile(bad, img, 0o600); err != nil {
		t.Fatal(err)
	}
	b.OpenPaths([]string{bad})
	b.settle()
	for i := range b.pictures.entries {
		b.pictures.entries[i].pic = nil // as if many pictures had been looked at since
	}
	if err := os.Remove(bad); err != nil {
		t.Fatal(err)
	}
	s.Fixed, s.All = false, true
	b.SetBlind(s)
	b.StartBlind()
	b.until("a trial", func() bool { return b.Blind().Phase != BlindPreparing })
	if n := b.Blind().Test.Notes; len(n) != 1 || !strings.HasPrefix(n[0], "gone.png is left out. ") {
		t.Errorf("notes %q", n)
	}
	b.EndBlind()
	slow := &bits{id: "slow", delay: 30 * time.Second}
	c := newBench(t, Config{}, slow, &bits{id: "two"})
	c.Start(nil)
	c.StartBlind()
	c.until("the encoder to start", func() bool { return slow.encodes.Load() > 0 })
	c.StopBlind()
	if c.Blind().Phase != BlindSetting {
		t.Error("not stopped")
	}
}

// Sessions from elsewhere do no harm.
func TestBlindSessionIsChecked(t *testing.T) {
	b := blindBench(t, Config{})
	var s sessionBlind
	if err := json.Unmarshal([]byte(`{"setup":{"Kind":"abx","Candidates":[2,77],"Trials":-3},"tests":[null,{"votes":[{"answer":"A"}],"trials":[{"a":9}]}]}`), &s); err != nil {
		t.Fatal(err)
	}
	b.restoreBlind(&s)
	if got := b.Blind(); len(b.BlindTests()) != 0 || got.Setup.Trials != 1 || !slices.Equal(got.Setup.Candidates, []int{2}) {
		t.Errorf("%+v", got.Setup)
	}
}

// While trials run, large pictures of candidates are not kept; afterwards they are decoded
// again, not coded, and are what they were.
func TestBlindParksLargePictures(t *testing.T) {
	one, two := &bits{id: "one"}, &bits{id: "two"}
	b := newBench(t, Config{CacheBytes: 100 << 10}, one, two) // of which pictures of 12 kB are a lot
	b.Start(nil)
	b.SetMatch(Match{})
	b.StopCurves(true)
	b.settle()
	before, value := b.Run(2).Result, b.Run(2).Result.Values["psnr-rgb"]
	s := b.Blind().Setup
	s.Terms, s.Trials = BlindAsTheyAre, 1
	b.SetBlind(s)
	b.StartBlind()
	b.until("a trial", func() bool { return b.Blind().Ready })
	for _, n := range []int{2, 3} {
		if r := b.Run(n); r.Result != nil || b.Shown(n) != nil {
			t.Errorf("candidate %d keeps its picture", n)
		}
	}
	if b.cache.bytes > b.large() {
		t.Errorf("the cache keeps %d bytes", b.cache.bytes)
	}
	encodes := one.encodes.Load() + two.encodes.Load()
	b.BlindSeen()
	b.AnswerBlind(blind.A, 1)
	b.settle()
	after := b.Run(2).Result
	if after == nil || after == before || !after.Decoded.Equal(before.Decoded) || after.Values["psnr-rgb"] != value || after.EncodeMS != before.EncodeMS {
		t.Errorf("candidate 2 came back as %+v", after)
	}
	if n := one.encodes.Load() + two.encodes.Load(); n != encodes {
		t.Errorf("%d encodes after the test", n-encodes)
	}
}
