package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// Image is one picture of a sweep: known by its content, read when it is needed.
type Image struct {
	Name   string // file name
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
			failures = append(failures, Failure{Image: filepath.Base(path), Message: err.Error()})
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
	return images, failures, nil
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
	spec, err := ParseSpec(job.Spec)
	if err != nil {
		return nil, err
	}
	list, err := l.Tools.Metrics.Select(job.Metrics)
	if err != nil {
		return nil, err
	}
	p, err := l.Tools.resolve(spec)
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
	for _, m := range list {
		v, err := metrics.Measure(ctx, m, run.Reference, run.Decoded)
		if err != nil {
			return nil, err
		}
		out.Values[m.Info().ID] = MetricResult{v}
	}
	if err := l.keep(spec, pic, p.codec.Info(), run); err != nil {
		return nil, err
	}
	return out, l.toCache(runKey, list, out)
}

// code returns the decoded picture and its record: from a cached file, which then
// only is decoded, or by encoding.
func (l *Local) code(ctx context.Context, p *pipeline, pic *picture.Picture, runKey string) (*Outcome, *Run, error) {
	var out Outcome
	if l.Cache != nil && !l.Fresh && l.Cache.load(runKey, &out) {
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
		if err := l.Cache.write(runKey, ".cwb", data); err != nil {
			return nil, nil, fmt.Errorf("cache: %w", err)
		}
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
	if !l.Cache.load(runKey, &out) {
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

func (l *Local) toCache(runKey string, list []metrics.Metric, out *Outcome) error {
	if l.Cache == nil {
		return nil
	}
	record := *out
	record.Values = nil
	if err := l.Cache.store(runKey, record); err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	for _, m := range list {
		if err := l.Cache.store(metricKey(runKey, m.Info()), out.Values[m.Info().ID]); err != nil {
			return fmt.Errorf("cache: %w", err)
		}
	}
	return nil
}

// keep writes the coded and the decoded file into the Keep folder.
func (l *Local) keep(spec Spec, pic *picture.Picture, info codecs.Info, run *Run) error {
	if l.Keep == "" {
		return nil
	}
	if err := os.MkdirAll(l.Keep, 0o755); err != nil {
		return err
	}
	stem := safeName(trimExt(pic.Source().Name) + "_" + spec.String())
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

func trimExt(name string) string { return name[:len(name)-len(filepath.Ext(name))] }

// safeName keeps a name legal on every file system.
func safeName(name string) string {
	out := []rune(name)
	for i, r := range out {
		switch r {
		case '/', '\\', ':', '"', '*', '?', '<', '>', '|':
			out[i] = '-'
		}
	}
	return string(out)
}
