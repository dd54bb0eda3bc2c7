package sweep

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// maxCacheBytes bounds the cache folder; the oldest entries go first.
const maxCacheBytes = 2 << 30

// Cache keeps what was encoded and measured, by content. A coded picture is keyed
// by the picture's hash, the codec with its version, its parameters with the
// content of files they name, and the filters; metric values lie apart, under the
// metric's version, so that a new metric needs a decode, not an encode.
type Cache struct {
	dir string

	mu  sync.Mutex
	err error // the first
}

// OpenCache uses dir, which it makes, and removes its oldest entries where it has
// outgrown its bound.
func OpenCache(dir string) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	c := &Cache{dir: dir}
	return c, c.prune(maxCacheBytes)
}

// entryName is what the cache's own files are called, unfinished ones included.
var entryName = regexp.MustCompile(`^[0-9a-f]{2}/\.?[0-9a-f]{40}\.(json|cwb)(\.[0-9a-f]{8}\.tmp)?$`)

func (c *Cache) prune(limit int64) error {
	type entry struct {
		path string
		size int64
		at   time.Time
	}
	var entries []entry
	var total int64
	err := filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !entryName.MatchString(filepath.Base(filepath.Dir(path))+"/"+d.Name()) {
			return nil // not ours: another program's, or the user's own
		}
		if info, err := d.Info(); err == nil {
			entries = append(entries, entry{path, info.Size(), info.ModTime()})
			total += info.Size()
		}
		return nil
	})
	slices.SortFunc(entries, func(a, b entry) int { return a.at.Compare(b.at) })
	for _, e := range entries {
		if total <= limit {
			break
		}
		if os.Remove(e.path) == nil {
			total -= e.size
		}
	}
	return err
}

// key hashes its parts; each is length-prefixed, so that none runs into the next.
func key(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:20])
}

// runKey identifies the coded picture of a pipeline.
func (t Tools) runKey(p *pipeline, image string) (string, error) {
	parts := []string{"run 1", image}
	stages := []struct {
		info   codecs.Info
		params codecs.Params
	}{{p.codec.Info(), p.params}}
	for _, f := range p.filters {
		stages = append(stages, struct {
			info   codecs.Info
			params codecs.Params
		}{f.Info(), f.params})
	}
	for _, s := range stages {
		parts = append(parts, s.info.ID, fmt.Sprint(s.info.Version), s.info.Fingerprint())
		for _, param := range s.info.Schema() {
			v, err := t.content(s.info.ID, param, s.params[param.Name])
			if err != nil {
				return "", fmt.Errorf("%s: %s: %w", s.info.ID, param.Name, err)
			}
			parts = append(parts, param.Name, v)
		}
	}
	return key(parts...), nil
}

// content is a parameter's value for a key: files count by what is in them.
func (t Tools) content(codec string, p codecs.Param, value string) (string, error) {
	if p.Kind == codecs.Model {
		return t.models(codec, value)
	}
	if value == "" {
		return "", nil
	}
	switch p.Kind {
	case codecs.File:
		data, err := os.ReadFile(value)
		return key(string(data)), err
	case codecs.PicFile:
		pic, err := picture.Open(value)
		if err != nil {
			return "", err
		}
		return pic.Hash().String(), nil
	}
	return value, nil
}

// models is a key of a model; where none is named, of all that another parameter may choose from.
func (t Tools) models(codec, name string) (string, error) {
	names := []string{name}
	if name == "" {
		names = t.Models.Names(codec)
	}
	var parts []string
	for _, n := range names {
		data, err := t.Models.Load(codec, n)
		if err != nil {
			return "", err
		}
		parts = append(parts, string(data))
	}
	return key(parts...), nil
}

func (c *Cache) path(key, ext string) string {
	return filepath.Join(c.dir, key[:2], key+ext)
}

// load reads an entry into v; false if there is none or it is unreadable.
func (c *Cache) load(key string, v any) bool {
	data, err := os.ReadFile(c.path(key, ".json"))
	return err == nil && json.Unmarshal(data, v) == nil
}

// store keeps an entry for the next run.
func (c *Cache) store(key string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		c.failed(err)
		return
	}
	c.write(key, ".json", data)
}

func (c *Cache) write(key, ext string, data []byte) {
	path := c.path(key, ext)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		c.failed(err)
		return
	}
	c.failed(picture.WriteFile(path, data))
}

// failed keeps the first error: what was measured stands, only the next run will
// not find it.
func (c *Cache) failed(err error) {
	if err == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = fmt.Errorf("cache: %w", err)
	}
}

// Err is why some results were not kept for the next run; nil if all were, and
// where there is no cache.
func (c *Cache) Err() error {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// stream reads a cached .cwb file; nil if there is none.
func (c *Cache) stream(key string) []byte {
	data, err := os.ReadFile(c.path(key, ".cwb"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return data
}

// DefaultCacheDir is where results are kept between runs.
func DefaultCacheDir() string {
	base, err := os.UserCacheDir()
	base = cmp.Or(base, os.TempDir())
	if err != nil {
		base = os.TempDir()
	}
	return filepath.Join(base, "codecworkbench", "results")
}
