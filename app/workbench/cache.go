package workbench

import "container/list"

// cache keeps recent results, the longest unused leaving first, within a bound of
// bytes.
type cache struct {
	limit, size int64
	order       *list.List // of *Result, most recently used first
	byKey       map[string]*list.Element
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, order: list.New(), byKey: map[string]*list.Element{}}
}

func (c *cache) get(key string) *Result {
	e := c.byKey[key]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*Result)
}

// put adds a result; one that is larger than the whole bound stays out.
func (c *cache) put(r *Result) {
	if old := c.byKey[r.key]; old != nil {
		c.drop(old)
	}
	if r.size() > c.limit {
		return
	}
	c.byKey[r.key] = c.order.PushFront(r)
	c.size += r.size()
	for c.size > c.limit {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(e *list.Element) {
	r := c.order.Remove(e).(*Result)
	delete(c.byKey, r.key)
	c.size -= r.size()
}
