package workbench

import "container/list"

// cached is what a cache keeps.
type cached interface {
	cacheKey() string
	size() int64 // bytes
}

// cache keeps what was used recently, the longest unused leaving first, within a
// bound of bytes.
type cache[T cached] struct {
	limit, bytes int64
	order        *list.List // of T, most recently used first
	byKey        map[string]*list.Element
}

func newCache[T cached](limit int64) *cache[T] {
	return &cache[T]{limit: limit, order: list.New(), byKey: map[string]*list.Element{}}
}

// get returns what has a key; T's zero value if nothing has.
func (c *cache[T]) get(key string) (found T) {
	if e := c.byKey[key]; e != nil {
		c.order.MoveToFront(e)
		found = e.Value.(T)
	}
	return found
}

// put adds a value; one that is larger than the whole bound stays out.
func (c *cache[T]) put(v T) {
	if old := c.byKey[v.cacheKey()]; old != nil {
		c.drop(old)
	}
	if v.size() > c.limit {
		return
	}
	c.byKey[v.cacheKey()] = c.order.PushFront(v)
	c.bytes += v.size()
	for c.bytes > c.limit {
		c.drop(c.order.Back())
	}
}

// forget drops what is larger than a number of bytes.
func (c *cache[T]) forget(larger int64) {
	for e := c.order.Front(); e != nil; {
		next := e.Next()
		if e.Value.(T).size() > larger {
			c.drop(e)
		}
		e = next
	}
}

func (c *cache[T]) drop(e *list.Element) {
	v := c.order.Remove(e).(T)
	delete(c.byKey, v.cacheKey())
	c.bytes -= v.size()
}
