package codecs

import (
	"fmt"
	"sync"
)

// keptModels bounds a ModelCache; it is emptied when full.
const keptModels = 4

// ModelCache finds a codec's model files and keeps what parsing made of the last few. It
// is safe for concurrent use.
type ModelCache[T any] struct {
	models *Models
	codec  string
	parse  func([]byte) (T, error)

	mu     sync.Mutex
	byHash map[uint32]T
}

// NewModelCache returns an empty cache of a codec's models; parse depends on nothing but
// the file.
func NewModelCache[T any](models *Models, codec string, parse func([]byte) (T, error)) *ModelCache[T] {
	return &ModelCache[T]{models: models, codec: codec, parse: parse, byHash: map[uint32]T{}}
}

// Load returns a shipped model by name, or that of a file by path, and the file's hash.
func (c *ModelCache[T]) Load(nameOrPath string) (T, uint32, error) {
	data, err := c.models.Load(c.codec, nameOrPath)
	if err != nil {
		var none T
		return none, 0, err
	}
	hash := HashModel(data)
	m, err := c.get(data, hash)
	if err != nil {
		err = fmt.Errorf("model %s: %w", nameOrPath, err)
	}
	return m, hash, err
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
	}
	c.byHash[hash] = m
	return m, nil
}
