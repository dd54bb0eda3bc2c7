package sweep

import (
	"context"
	"encoding/json"
	"math"

	"codecworkbench/metrics"
)

// Job is one encode, decode and measurement. It survives JSON, so that it can run
// in another process or on another machine.
type Job struct {
	Spec    string   `json:"spec"`  // one point: `jpeg@subsampling=4:4:4:75`
	Image   string   `json:"image"` // hash of the pixels
	Metrics []string `json:"metrics"`
}

// Outcome is what a Job measured.
type Outcome struct {
	Bytes int `json:"bytes"`
	// PayloadBytes is the part of Bytes that codes the picture, see codecs.PayloadSize;
	// 0 in results of earlier versions.
	PayloadBytes int                     `json:"payload_bytes,omitempty"`
	BPP          float64                 `json:"bpp"` // of the unpadded picture
	EncodeMS     float64                 `json:"encode_ms"`
	DecodeMS     float64                 `json:"decode_ms"` // filters included
	Values       map[string]MetricResult `json:"values"`    // by metric id
	Notes        []string                `json:"notes,omitempty"`
	Model        string                  `json:"model,omitempty"` // hash of the model file
	// Alone: nothing else of this program ran meanwhile, and the times are the
	// least of three.
	Alone bool `json:"alone,omitempty"`
	// PeakBytes is the process's peak memory; 0 where it was not measured.
	PeakBytes int64 `json:"peak_bytes,omitempty"`
	// Cached: taken from an earlier run.
	Cached bool `json:"-"`
}

// MetricResult is a metric's value with its note; NaN and infinities are null in JSON.
type MetricResult struct{ metrics.Value }

type metricJSON struct {
	Value *float64 `json:"value"`
	Inf   bool     `json:"infinite,omitempty"`
	Note  string   `json:"note,omitempty"`
}

// MarshalJSON writes non-finite numbers as null.
func (m MetricResult) MarshalJSON() ([]byte, error) {
	out := metricJSON{Note: m.Note, Inf: math.IsInf(m.Number, 1)}
	if m.Finite() {
		out.Value = &m.Number
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *MetricResult) UnmarshalJSON(data []byte) error {
	var in metricJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	m.Note, m.Number = in.Note, math.NaN()
	switch {
	case in.Value != nil:
		m.Number = *in.Value
	case in.Inf:
		m.Number = math.Inf(1)
	}
	return nil
}

// Executor runs jobs: here, in a child process, or on another machine. It is safe
// for concurrent use.
type Executor interface {
	Execute(ctx context.Context, job Job) (*Outcome, error)
}
