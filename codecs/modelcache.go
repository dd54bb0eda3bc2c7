package codecs

import (
	"fmt"
	"sync"
)

// keptModels bounds a ModelCache; it is emptied when full.
const keptModels = 4

// ModelCache finds a codec's model files and keeps what parsing made of the last few. A
// file is read again when its size or time changes. It is safe for concurrent use.
type ModelCache[T any] struct {
	models *Models
	codec  string
	parse  func([]byte) (T, error)

	mu      sync.Mutex
	byHash  map[uint32]T
	byStamp map[string]uint32 // hashes of files that were read
}

// NewModelCache returns an empty cache of a codec's models; parse depends on nothing but
// the file.
func NewModelCache[T any](models *Models, codec string, parse func([]byte) (T, error)) *ModelCache[T] {
	return &ModelCache[T]{models: models, codec: codec, parse: parse, byHash: map[uint32]T{}, byStamp: map[string]uint32{}}
}

// Load returns a shipped model by name, or that of a file by path, and the file's hash.
func (c *ModelCache[T]) Load(nameOrPath string) (T, uint32, error) {
	stamp := c.models.stamp(c.codec, nameOrPath)
	if m, hash, ok := c.stamped(stamp); ok {
		return m, hash, nil
	}
	data, err := c.models.Load(c.codec, nameOrPath)
	if err != nil {
		var none T
		return none, 0, err
	}
	hash := HashModel(data)
	m, err := c.get(data, hash)
	if err != nil {
		return m, hash, fmt.Errorf("model %s: %w", nameOrPath, err)
	}
	if stamp != "" {
		c.mu.Lock()
		c.byStamp[stamp] = hash
		c.mu.Unlock()
	}
	return m, hash, nil
}

// stamped returns what a file with that stamp was parsed to, if it still is at hand.
func (c *ModelCache[T]) stamped(stamp string) (m T, hash uint32, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hash, ok = c.byStamp[stamp]; ok {
		m, ok = c.byHash[hash]
	}
	return m, hash, ok
}

// Find returns the model whose file has a hash.
func (c *ModelCache[T]) Find(hash uint32) (T, error) {
	c.mu.Lock()
	m, ok := c.byHash[hash]
	c.mu.Unlock()
	if ok {
		return m, nil
	}
	data, err := c.models.Find(c.codec, hash)
	if err != nil {
		return m, err
	}
	m, err = c.get(data, hash)
	if err != nil {
		err = fmt.Errorf("model %08x: %w", hash, err)
	}
	return m, err
}

func (c *ModelCache[T]) get(data []byte, hash uint32) (T, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.byHash[hash]; ok {
		return m, nil
	}
	m, err := c.parse(data)
	if err != nil {
		return m, err
	}
	if len(c.byHash) >= keptModels {
		clear(c.byHash)
		clear(c.byStamp)
	}
	c.byHash[hash] = m
	return m, nil
}
