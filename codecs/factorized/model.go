package factorized

import (
	"fmt"
	"sync"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/refine"
)

// model is what training made: two networks and the distributions of y.
type model struct {
	*latent.Backbone
	y latent.Tables

	refiner func() (*refine.Decoder, error) // made when it is first asked for
	spaces  sync.Pool                       // of *nn.Session
}

// parseModel reads a model file and checks all that the codec relies on.
func parseModel(data []byte) (*model, error) {
	f, err := latent.OpenModel(data, ID)
	if err != nil {
		return nil, err
	}
	m := &model{spaces: sync.Pool{New: func() any { return nn.NewSession() }}}
	if m.Backbone, err = latent.LoadBackbone(f); err != nil {
		return nil, err
	}
	if m.y, err = latent.LoadTables(f.File(), "y", m.Channels); err != nil {
		return nil, err
	}
	if steps := m.Levels.Count - 1; steps > 0 && (m.y.Rows-1)%steps != 0 || m.y.Rows < m.Levels.Count {
		return nil, fmt.Errorf("%w: %d rows of tables for %d levels", latent.ErrModel, m.y.Rows, m.Levels.Count)
	}
	m.refiner = sync.OnceValues(func() (*refine.Decoder, error) { return refine.LoadDecoder(f, m.Channels) })
	return m, nil
}

// likeliest is the most probable symbol of a table.
func likeliest(t *entropy.Table) int {
	cum, best := t.Cum(), t.First()
	most := uint32(0)
	for v := t.First(); v <= t.Last(); v++ {
		if n := cum[v-t.First()+1] - cum[v-t.First()]; n > most {
			most, best = n, v
		}
	}
	return best
}
