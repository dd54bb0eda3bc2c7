package hyperprior

import (
	"sync"

	"codecworkbench/codecs"
	"codecworkbench/codecs/nn"
)

// tensor is y in a layout's shape.
func tensor(l layout, m *model, y []float32) nn.Tensor {
	return nn.Tensor{H: l.high, W: l.wide, C: m.channels, Data: y}
}

// serial makes a progress function safe to be called from several goroutines.
func serial(f func(codecs.Progress)) func(codecs.Progress) {
	var lock sync.Mutex
	return func(p codecs.Progress) {
		lock.Lock()
		defer lock.Unlock()
		f(p)
	}
}
