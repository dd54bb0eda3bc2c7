package workbench

import (
	"slices"
	"testing"
)

// What Inside decodes a file with is there again after a restart, and decoded.
func TestChangesKept(t *testing.T) {
	config := Config{Folder: t.TempDir()}
	look := func() *bench {
		b := newBench(t, config, rows{})
		b.Start(nil)
		b.settle()
		b.LookInto(2)
		b.LoadInside()
		b.until("the inside", func() bool { return b.Inside().Number == 2 && !b.Inside().Loading })
		return b
	}
	b := look()
	b.SwitchPart("levels", false)
	b.ReplaceSymbol(b.Inside().Symbols[0], 0, 7, 0, 99)
	b.DamagePart(2)
	b.TrustDamage(true)
	want := b.Changes()
	b.Close()

	again := look()
	if got := again.Changes(); !got.equal(want) {
		t.Errorf("after a restart: %+v, want %+v", got, want)
	}
	if a := again.decoded(); a.Picture == nil || a.Err != nil {
		t.Errorf("it is not decoded: %v", a.Err)
	}
	again.SetParam(2, "q", "1")
	again.settle()
	again.LoadInside()
	again.until("the other file", func() bool { return !again.Inside().Loading })
	if c := again.Changes(); len(c.Edits)+len(c.Bytes) != 0 || len(c.Off) != 1 {
		t.Errorf("with another quality: %+v", c)
	}
}

// A session that somebody wrote by hand brings no bytes that are none.
func TestChangesDamaged(t *testing.T) {
	s := &sessionChanges{Off: []string{"b", "a", "b"}, UpTo: -3, Of: "key", Bytes: [][2]int{{-1, 3}, {4, 256}, {5, 255}}}
	c := s.changes()
	if !slices.Equal(c.Off, []string{"a", "b"}) || c.UpTo != 0 || len(c.Bytes) != 1 || c.Bytes[0] != (ByteChange{5, 255}) || c.key != "key" {
		t.Errorf("it gives %+v", c)
	}
	if (Changes{}).sessionOf() != nil || (*sessionChanges)(nil).changes().Any() {
		t.Error("no changes are kept as some")
	}
}
