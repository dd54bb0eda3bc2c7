package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// Image is one picture of a sweep: known by its content, read when it is needed.
type Image struct {
	Name   string // file name, with as many folders as tell it from the others
	Path   string
	Hash   string // of the pixels
	Width  int
	Height int
}

// LoadImages opens every file once, to know its content. Files that can't be read
// come back as failures; the rest stand.
func LoadImages(ctx context.Context, paths []string, on func(done, total int)) ([]Image, []Failure, error) {
	var images []Image
	var failures []Failure
	seen := map[string]string{}
	for i, path := range paths {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		p, err := picture.Open(path)
		if err != nil {
			failures = append(failures, Failure{Image: filepath.Base(path), Message: err.Error()}) // which names the path
			continue
		}
		hash := p.Hash().String()
		if other, ok := seen[hash]; ok {
			failures = append(failures, Failure{Image: filepath.Base(path), NotApplicable: true,
				Message: fmt.Sprintf("%s has the same pixels as %s and was left out", path, other)})
			continue
		}
		seen[hash] = path
		images = append(images, Image{Name: filepath.Base(path), Path: path, Hash: hash, Width: p.Width(), Height: p.Height()})
		if on != nil {
			on(i+1, len(paths))
		}
	}
	distinguish(images)
	return images, failures, nil
}

// distinguish puts folders before names that come up twice, as many as it takes.
func distinguish(images []Image) {
	for depth := 1; depth < 256; depth++ {
		count := map[string]int{}
		for _, img := range images {
			count[img.Name]++
		}
		if len(count) == len(images) {
			return
		}
		for i := range images {
			if count[images[i].Name] > 1 {
				images[i].Name = tail(images[i].Path, depth+1)
			}
		}
	}
}

// tail is the last n elements of a path, with slashes.
func tail(path string, n int) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	parts := strings.Split(filepath.ToSlash(path), "/")
	return strings.Join(parts[max(len(parts)-n, 0):], "/")
}

// Local runs jobs in this process. Set its fields, then share it.
type Local struct {
	Tools  Tools
	Images []Image
	Cache  *Cache // nil: none
	Keep   string // folder for coded and decoded files; empty: none
	// Fresh runs every job, even if the cache knows it.
	Fresh bool

	mu     sync.Mutex
	opened []*opening // the last few pictures, newest last
}

// opening is a picture that is being read once for all jobs that want it.
type opening struct {
	hash string
	once sync.Once
	pic  *picture.Picture
	err  error
}

// keepOpen is how many decoded pictures stay in memory between jobs.
const keepOpen = 3

// open returns a picture by hash, reading each file once for neighbouring jobs.
func (l *Local) open(hash string) (*picture.Picture, error) {
	l.mu.Lock()
	var o *opening
	for _, have := range l.opened {
		if have.hash == hash {
			o = have
		}
	}
	if o == nil {
		o = &opening{hash: hash}
		l.opened = append(l.opened, o)
		if len(l.opened) > keepOpen {
			l.opened = append([]*opening(nil), l.opened[1:]...)
		}
	}
	l.mu.Unlock()
	o.once.Do(func() { o.pic, o.err = l.read(hash) })
	return o.pic, o.err
}

func (l *Local) read(hash string) (*picture.Picture, error) {
	for _, img := range l.Images {
		if img.Hash != hash {
			continue
		}
		p, err := picture.Open(img.Path)
		if err == nil && p.Hash().String() != hash {
			err = fmt.Errorf("%s changed while the sweep ran", img.Path)
		}
		return p, err
	}
	return nil, fmt.Errorf("no picture with hash %s", hash)
}

// Execute runs one job, taking from the cache what it has.
func (l *Local) Execute(ctx context.Context, job Job) (*Outcome, error) {
	spec, p, list, err := l.Tools.task(job)
	if err != nil {
		return nil, err
	}
	runKey, err := l.Tools.runKey(p, job.Image)
	if err != nil {
		return nil, err
	}
	if out := l.fromCache(runKey, list); out != nil {
		return out, nil
	}
	pic, err := l.open(job.Image)
	if err != nil {
		return nil, err
	}
	out, run, err := l.code(ctx, p, pic, runKey)
	if err != nil {
		return nil, err
	}
	pair, err := metrics.NewPair(run.Reference, run.Decoded)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		v, err := metrics.Measure(ctx, m, pair)
		if err != nil {
			return nil, err
		}
		out.Values[m.Info().ID] = MetricResult{v}
	}
	if err := l.keep(spec, job, p.codec.Info(), run); err != nil {
		return nil, err
	}
	l.toCache(runKey, list, out)
	return out, nil
}

// task finds what a job names.
func (t Tools) task(job Job) (Spec, *pipeline, []metrics.Metric, error) {
	spec, err := ParseSpec(job.Spec)
	if err != nil {
		return spec, nil, nil, err
	}
	list, err := t.Metrics.Select(job.Metrics)
	if err != nil {
		return spec, nil, nil, err
	}
	p, err := t.resolve(spec)
	return spec, p, list, err
}

// code returns the decoded picture and its record: from a cached file, which then
// only is decoded, or by encoding.
func (l *Local) code(ctx context.Context, p *pipeline, pic *picture.Picture, runKey string) (*Outcome, *Run, error) {
	var out Outcome
	if l.Cache != nil && !l.Fresh && l.Cache.load(runKey, &out) && out.Bytes > 0 {
		if data := l.Cache.stream(runKey); data != nil {
			if run, err := l.decodeCached(ctx, p, pic, data); err == nil {
				out.Values = map[string]MetricResult{}
				run.Bytes, run.BPP = out.Bytes, out.BPP
				return &out, run, nil
			}
		}
	}
	run, err := p.run(ctx, pic)
	if err != nil {
		return nil, nil, err
	}
	if l.Cache != nil {
		data, err := codecs.Marshal(run.Stream)
		if err != nil {
			return nil, nil, err
		}
		l.Cache.write(runKey, ".cwb", data)
	}
	return run.outcome(), run, nil
}

func (l *Local) decodeCached(ctx context.Context, p *pipeline, pic *picture.Picture, data []byte) (*Run, error) {
	stream, _, err := l.Tools.Codecs.Parse(data)
	if err != nil {
		return nil, err
	}
	ready, _, err := p.codec.Info().Prepare(pic)
	if err != nil {
		return nil, err
	}
	run := &Run{Reference: ready, Stream: stream}
	return run, p.decode(ctx, run)
}

func metricKey(runKey string, info metrics.Info) string {
	return key("metric 1", runKey, info.ID, fmt.Sprint(info.Version))
}

// fromCache returns a full result, or nil if anything is missing.
func (l *Local) fromCache(runKey string, list []metrics.Metric) *Outcome {
	if l.Cache == nil || l.Fresh || l.Keep != "" {
		return nil
	}
	var out Outcome
	if !l.Cache.load(runKey, &out) || out.Bytes <= 0 {
		return nil
	}
	out.Values = map[string]MetricResult{}
	for _, m := range list {
		var v MetricResult
		if !l.Cache.load(metricKey(runKey, m.Info()), &v) {
			return nil
		}
		out.Values[m.Info().ID] = v
	}
	out.Cached = true
	return &out
}

func (l *Local) toCache(runKey string, list []metrics.Metric, out *Outcome) {
	if l.Cache == nil {
		return
	}
	record := *out
	record.Values = nil
	l.Cache.store(runKey, record)
	for _, m := range list {
		l.Cache.store(metricKey(runKey, m.Info()), out.Values[m.Info().ID])
	}
}

// keep writes the coded and the decoded file into the Keep folder.
func (l *Local) keep(spec Spec, job Job, info codecs.Info, run *Run) error {
	if l.Keep == "" {
		return nil
	}
	if err := os.MkdirAll(l.Keep, 0o755); err != nil {
		return err
	}
	stem := SafeName(l.stem(job) + "_" + spec.String())
	data, ext, err := FileOf(info, run.Stream)
	if err != nil {
		return err
	}
	if err := picture.WriteFile(filepath.Join(l.Keep, stem+ext), data); err != nil {
		return err
	}
	png, err := run.Decoded.EncodePNG()
	if err != nil {
		return err
	}
	return picture.WriteFile(filepath.Join(l.Keep, stem+".decoded.png"), png)
}

// FileOf returns a stream as the file whose size is its rate: native where the
// codec has a format of its own, else .cwb.
func FileOf(info codecs.Info, s *codecs.Stream) (data []byte, ext string, err error) {
	if info.Native != "" {
		data, err = s.Native()
		return data, info.Native, err
	}
	data, err = codecs.Marshal(s)
	return data, ".cwb", err
}

// stem is a picture's name without its extension, unless another picture of the
// sweep differs in the extension alone.
func (l *Local) stem(job Job) string {
	var name string
	count := map[string]int{}
	for _, img := range l.Images {
		count[trimExt(img.Name)]++
		if img.Hash == job.Image {
			name = img.Name
		}
	}
	if count[trimExt(name)] > 1 {
		return name
	}
	return trimExt(name)
}

func trimExt(name string) string { return name[:len(name)-len(filepath.Ext(name))] }

// SafeName makes a curve's or a picture's name a file name that is legal on every
// file system.
func SafeName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return -1
		case r < ' ' || strings.ContainsRune(`/\:*?<>|`, r):
			return '-'
		}
		return r
	}, name)
}
