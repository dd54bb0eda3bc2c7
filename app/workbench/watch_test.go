package workbench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A watched folder's pictures join the list as they come, are read again when they
// change, and are waited for while they are written.
func TestWatchFolder(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	writePNG(t, at("a.png"), gradient(20, 20))
	b := newBench(t, Config{}, &bits{id: "one"})
	b.Start(nil)
	b.settle()
	b.WatchFolder(dir)
	b.until("the picture", func() bool { return b.Picture().Width() == 20 })
	b.settle()
	count := func() int { list, _ := b.Entries(); return len(list) }
	if count() != 2 || !b.Follows(Original) {
		t.Fatalf("%d pictures, followed %v", count(), b.Follows(Original))
	}
	writePNG(t, at("a.png"), gradient(30, 20))
	b.until("the changed picture", func() bool { return b.Picture().Width() == 30 })

	data, err := gradient(25, 25).EncodePNG()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(at("b.png"))
	if err != nil {
		t.Fatal(err)
	}
	f.Write(data[:len(data)/2])
	b.until("the new one in the list", func() bool { return count() == 3 })
	if m, _ := b.Message(); m.Error || !strings.Contains(m.Text, "b.png") {
		t.Errorf("it says %q", m.Text)
	}
	f.Write(data[len(data)/2:])
	f.Close()
	list, _ := b.Entries()
	b.until("the whole file to be seen", func() bool { return b.watching.seen[list[2].Path].used == stampOf(list[2].Path) })
	b.Choose(2)
	b.until("the new picture", func() bool { return b.Picture().Width() == 25 })

	// A shown one that is half written stays as it was until it is whole.
	if err := os.WriteFile(at("b.png"), data[:len(data)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	pause := time.Now().Add(3 * lookEvery)
	b.until("a few looks", func() bool { return time.Now().After(pause) })
	if m, _ := b.Message(); m.Error || b.Picture().Width() != 25 {
		t.Errorf("half a file: %q", m.Text)
	}
	writePNG(t, at("b.png"), gradient(26, 25))
	b.until("the rest", func() bool { return b.Picture().Width() == 26 })
	b.StopWatching(filepath.Join(t.TempDir(), "another"))
	if len(b.Watched()) != 1 {
		t.Error("another folder was named, and this one is not watched any more")
	}
	b.StopWatching(b.Watched()...)
	if b.Follows(Original) || len(b.Watched()) != 0 {
		t.Error("it is still watched")
	}
	b.Undo()
	if !b.Follows(Original) {
		t.Error("undo does not watch it again")
	}
	b.Redo()
	if b.Follows(Original) {
		t.Error("redo does not leave it")
	}
}

// A candidate from a file follows it, and says what it is of when it no longer fits.
func TestFollowCandidate(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "c.cwb")
	b := newBench(t, Config{Folder: filepath.Join(dir, "home")}, &bits{id: "one"})
	b.Start(nil)
	b.settle()
	b.Save(2, SaveContainer, file)
	b.settle()
	b.OpenCompressed(file)
	b.settle()
	before := b.Run(3).Result.Bytes
	b.Follow(3, true)
	b.SetParam(2, "q", "7")
	b.settle()
	b.Save(2, SaveContainer, file)
	b.until("the changed file", func() bool { r := b.Run(3); return r.Fresh && r.Result.Bytes != before })
	if r := b.Run(3); int64(r.Result.Bytes) != stampOf(file).size {
		t.Errorf("%d bytes, the file has %d", r.Result.Bytes, stampOf(file).size)
	}
	b.Close()
	again := newBench(t, Config{Folder: filepath.Join(dir, "home")}, &bits{id: "one"})
	again.Start(nil)
	again.settle()
	if !again.Follows(3) {
		t.Error("the session forgot that the file is followed")
	}
}
