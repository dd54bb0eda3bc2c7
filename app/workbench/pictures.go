package workbench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

// Entry is one picture of the list: a file, read when it is chosen, or a sample.
type Entry struct {
	Name   string
	Path   string // empty for samples
	sample int    // index into Config.Samples; -1 for files
	batch  int    // which call of openFiles brought it; 0: none
	pic    *picture.Picture
	hash   picture.Hash // of pic, also once pic was dropped
	hashed bool         // hash is known
	unread bool         // curves found that it can't be read
	// open reads a file that is no picture's; nil: it is one.
	open func() (*picture.Picture, error)
}

// pictureList is the opened pictures and which one is current.
type pictureList struct {
	entries []*Entry
	current int // index; meaningless while entries is empty
	wanted  *Entry
	pic     *picture.Picture // the current picture; nil before the first is read
	batch   int              // the number of the last call of openFiles
	// compressed files to open as candidates once the current picture is there
	compressed []string
}

// keepPictures and keepPictureBytes bound the decoded pictures of the list that stay in
// memory: of large ones the current one alone.
const (
	keepPictures     = 4
	keepPictureBytes = 128 << 20
)

// Picture returns the current picture; nil before the first one is read.
func (w *Workbench) Picture() *picture.Picture { return w.pictures.pic }

// Entries lists the opened pictures, and says which one is current.
func (w *Workbench) Entries() (entries []Entry, current int) {
	for _, e := range w.pictures.entries {
		entries = append(entries, *e)
	}
	return entries, w.pictures.current
}

// Opening reports whether files are being read.
func (w *Workbench) Opening() bool { return w.opening > 0 }

// OpenSample opens one of the program's pictures.
func (w *Workbench) OpenSample(i int) {
	if i < 0 || i >= len(w.config.Samples) {
		return
	}
	w.choose(w.entry(&Entry{Name: w.config.Samples[i].Name, sample: i}))
}

// entry returns the entry for the same picture that the list has already, or adds e.
func (w *Workbench) entry(e *Entry) *Entry {
	for _, have := range w.pictures.entries {
		if have.Path == e.Path && have.sample == e.sample {
			return have
		}
	}
	w.pictures.entries = append(w.pictures.entries, e)
	return e
}

// OpenPaths opens files and folders: pictures join the list and the first becomes
// current; a compressed file (.cwb) becomes a candidate for the current picture, the
// curves of a file of results (.json, .csv, .tsv, .txt) join the others.
// What can't be opened is told and the rest stands.
func (w *Workbench) OpenPaths(paths []string) {
	if len(paths) == 0 {
		return
	}
	w.busy(1)
	starting := w.saver.loading
	go func() {
		found, errs := expand(paths)
		w.config.Post(func() {
			w.busy(-1)
			w.saver.worked = w.saver.worked || !starting
			if len(found) > 0 {
				w.remember(paths...)
			}
			w.openFiles(found)
			for _, err := range errs {
				w.Fail(err)
			}
		})
	}()
}

// busy counts running reads and tells observers.
func (w *Workbench) busy(n int) {
	w.opening += n
	w.notify(Progress)
}

// openFiles chooses the first picture, and loads compressed files after it, since
// their size must fit it.
func (w *Workbench) openFiles(paths []string) {
	var first *Entry
	var compressed []string
	w.pictures.batch++
	for _, path := range paths {
		if isSession(path) {
			w.OpenSession(path)
			continue
		}
		if isPreset(path) {
			w.OpenPreset(path)
			continue
		}
		if isContainer(path) {
			compressed = append(compressed, path)
			continue
		}
		if isResults(path) {
			w.OpenResults([]string{path})
			w.Tell("The curves of " + filepath.Base(path) + " are on the screen Curves.")
			continue
		}
		e := w.entry(w.fileEntry(path, w.pictures.batch))
		if first == nil {
			first = e
		}
	}
	w.pictures.compressed = append(w.pictures.compressed, compressed...)
	if first != nil {
		w.choose(first)
	} else {
		w.openWaiting()
	}
}

// openWaiting opens the compressed files that had to wait for their picture.
func (w *Workbench) openWaiting() {
	waiting := w.pictures.compressed
	w.pictures.compressed = nil
	for _, path := range waiting {
		w.OpenCompressed(path)
	}
}

// expand replaces folders by the pictures directly in them; what can't be opened
// leaves the rest standing.
func expand(paths []string) (files []string, errs []error) {
	for _, path := range paths {
		found, err := picture.List(path)
		if err != nil {
			errs = append(errs, err)
		}
		files = append(files, found...)
	}
	return files, errs
}

// Choose makes an entry of the list current.
func (w *Workbench) Choose(i int) {
	if i >= 0 && i < len(w.pictures.entries) {
		w.choose(w.pictures.entries[i])
	}
}

// Next makes the following (or, for -1, the preceding) entry of the list current.
func (w *Workbench) Next(step int) {
	n := len(w.pictures.entries)
	if n < 2 {
		return
	}
	i := w.pictures.current
	if w.pictures.wanted != nil {
		i = slices.Index(w.pictures.entries, w.pictures.wanted)
	}
	w.choose(w.pictures.entries[((i+step)%n+n)%n])
}

// choose makes e current, reading its file first where it is not in memory.
func (w *Workbench) choose(e *Entry) {
	w.pictures.wanted = e
	if e.pic != nil {
		w.arrive(e, e.pic)
		return
	}
	w.busy(1)
	samples := w.config.Samples
	go func() {
		var p *picture.Picture
		var err error
		if p, err = e.read(samples); err == nil {
			p.Hash() // computed here, not on the interface's thread
		}
		w.config.Post(func() { w.read(e, p, err) })
	}()
}

// read takes a file that was read; one that is no longer wanted only stays in memory.
func (w *Workbench) read(e *Entry, p *picture.Picture, err error) {
	w.busy(-1)
	if err != nil {
		w.Fail(fmt.Errorf("%s can't be opened: %w", e.Name, err))
		w.unreadable(e)
		return
	}
	e.pic = p
	if w.pictures.wanted == e {
		w.arrive(e, p)
	}
}

// unreadable takes an entry off the list. Where it was to be shown, the next one that
// came with it is tried: one bad file does not hide a folder.
func (w *Workbench) unreadable(e *Entry) {
	list := &w.pictures
	at := slices.Index(list.entries, e)
	if at < 0 {
		return
	}
	list.entries = slices.Delete(list.entries, at, at+1)
	if list.pic != nil && at < list.current {
		list.current--
	}
	if list.wanted == e {
		list.wanted = nil
		for _, next := range append(slices.Clone(list.entries[at:]), list.entries[:at]...) {
			if list.pic == nil || e.batch > 0 && next.batch == e.batch && at < len(list.entries) {
				w.choose(next)
				break
			}
		}
	}
	w.notify(Pictures)
}

// arrive makes p current.
func (w *Workbench) arrive(e *Entry, p *picture.Picture) {
	w.pictures.wanted = nil
	w.pictures.current = slices.Index(w.pictures.entries, e)
	w.pictures.pic = p
	w.forgetPictures()
	for _, r := range w.runs {
		*r = Run{}
	}
	clear(w.maps.shown)
	for _, note := range p.Source().Notes {
		w.Tell(e.Name + ": " + note)
	}
	w.touched(Pictures | Results | Curves)
	w.openWaiting()
}

// forgetPictures drops the pixels of all but the latest few pictures of the list.
func (w *Workbench) forgetPictures() {
	n, bytes := 0, 0
	for i := range w.pictures.entries {
		// Walk away from the current entry, so that its neighbours stay.
		e := w.pictures.entries[(w.pictures.current+i)%len(w.pictures.entries)]
		if e.pic == nil {
			continue
		}
		n++
		if bytes += 4 * e.pic.Pixels(); (n > keepPictures || bytes > keepPictureBytes) && e.pic != w.pictures.pic {
			e.pic = nil
		}
	}
}

// isContainer reports whether a file is a .cwb file, by its name.
func isContainer(path string) bool { return strings.EqualFold(filepath.Ext(path), ".cwb") }

// fileEntry makes an entry for a file, not read yet: a picture, or a compressed file that
// stands in for its original.
func (w *Workbench) fileEntry(path string, batch int) *Entry {
	e := &Entry{Name: filepath.Base(path), Path: path, sample: -1, batch: batch}
	if isContainer(path) {
		e.open = func() (*picture.Picture, error) {
			f, c, err := w.readCompressed(path)
			if err != nil {
				return nil, err
			}
			return decodeAlone(f, c)
		}
	}
	return e
}

// decodeAlone decodes a compressed file that stands in for its original.
func decodeAlone(f *File, c codecs.Codec) (*picture.Picture, error) {
	out, err := c.Decode(context.Background(), f.Stream, codecs.DecodeOptions{})
	if err != nil {
		return nil, err
	}
	return out.Picture.WithSource(picture.Source{Name: f.Name, Path: f.Path, Bytes: int64(f.Bytes)}), nil
}

// readCompressed reads a compressed file; callable from any goroutine.
func (w *Workbench) readCompressed(path string) (*File, codecs.Codec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	f := &File{Name: filepath.Base(path), Path: path, Bytes: len(data), Hash: hashBytes(data)}
	c, err := w.parse(f, data)
	return f, c, err
}

// OpenCompressed reads a compressed file, a .cwb or a codec's own format, as a
// candidate for the current picture.
func (w *Workbench) OpenCompressed(path string) {
	w.busy(1)
	go func() {
		f, c, err := w.readCompressed(path)
		w.config.Post(func() {
			w.busy(-1)
			if err == nil {
				err = w.addCompressed(f, c)
			}
			if err != nil {
				w.Fail(fmt.Errorf("%s can't be opened: %w", filepath.Base(path), err))
			}
		})
	}()
}

// openAlone shows a compressed file that came without a picture: its decoding
// stands in for the original.
func (w *Workbench) openAlone(f *File, c codecs.Codec) {
	w.busy(1)
	go func() {
		p, err := decodeAlone(f, c)
		w.config.Post(func() {
			w.busy(-1)
			if err != nil {
				w.Fail(fmt.Errorf("%s can't be decoded: %w", f.Name, err))
				return
			}
			e := w.entry(w.fileEntry(f.Path, 0))
			e.pic = p
			w.choose(e)
			w.Tell(f.Name + " came without its original: what it decodes to stands in for it, so nothing can be measured.")
		})
	}()
}

func (w *Workbench) addCompressed(f *File, codec codecs.Codec) error {
	p := w.pictures.pic
	if p == nil && w.pictures.wanted == nil {
		w.addSlot(Slot{Codec: codec.Info().ID, File: f})
		w.openAlone(f, codec)
		return nil
	}
	if p != nil && (f.Stream.Width != p.Width() || f.Stream.Height != p.Height()) {
		return fmt.Errorf("it holds %d × %d pixels, the current picture has %d × %d; open its original first",
			f.Stream.Width, f.Stream.Height, p.Width(), p.Height())
	}
	w.addSlot(Slot{Codec: codec.Info().ID, File: f})
	return nil
}

// parse fills in the file's stream and finds its codec.
func (w *Workbench) parse(f *File, data []byte) (codecs.Codec, error) {
	if container.Is(data) {
		s, c, err := w.config.Tools.Codecs.Parse(data)
		f.Stream = s
		return c, err
	}
	c, ok := w.config.Tools.Codecs.ByNative(strings.ToLower(filepath.Ext(f.Path)))
	if !ok {
		return nil, errors.New("it is neither a .cwb file nor the format of a codec here")
	}
	p, err := picture.Decode(data, picture.Source{Name: f.Name})
	if err != nil {
		return nil, err
	}
	f.Stream = codecs.NativeStream(c.Info().ID, p.Width(), p.Height(), data)
	return c, nil
}
