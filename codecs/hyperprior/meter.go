package hyperprior

import (
	"sync/atomic"

	"codecworkbench/codecs"
)

// meter counts rows of latents and reports them.
type meter struct {
	done  atomic.Int64
	total int
	on    func(codecs.Progress)
}

func (m *meter) tick() { codecs.Report(m.on, int(m.done.Add(1)), m.total) }
