package roi

import (
	"bytes"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/nn/safetensors"
)

func TestDamagedParts(t *testing.T) {
	c := withMask(t)
	s := latenttest.Encode(t, c, latenttest.Scene(t, 600, 50, false, 5), nil)
	if s.Sections[1].Kind != sectionZ || s.Sections[2].Kind != sectionMap {
		t.Fatalf("sections %v", s.Sections)
	}
	damaged := func(name string, wantErr bool, change func(d *codecs.Stream)) {
		t.Helper()
		latenttest.Damaged(t, c, s, name, change, wantErr)
	}
	payload := s.Sections[2].Payload
	damaged("damaged z", true, func(d *codecs.Stream) { d.Sections[1].Damaged = true })
	damaged("cut z", false, func(d *codecs.Stream) { d.Sections[1].Payload = nil })
	damaged("damaged map", true, func(d *codecs.Stream) { d.Sections[2].Damaged = true })
	damaged("empty map", true, func(d *codecs.Stream) { d.Sections[2].Payload = nil })
	damaged("cut map", true, func(d *codecs.Stream) { d.Sections[2].Payload = payload[:6] })
	damaged("high q", true, func(d *codecs.Stream) { d.Sections[2].Payload = append([]byte{0, 0, 255, 255}, payload[4:]...) })
	damaged("falling q", true, func(d *codecs.Stream) { d.Sections[2].Payload = append([]byte{1, 1, 0, 0}, payload[4:]...) })
	damaged("high weights", true, func(d *codecs.Stream) {
		l := latent.NewLayout(s.Width, s.Height, 16)
		d.Sections[2].Payload = writeMap(l, &latent.Map{Q: between(100, 500), Index: bytes.Repeat([]byte{fullWeight + 1}, l.Positions())})
	})
	damaged("unknown flag", true, func(d *codecs.Stream) {
		head := bytes.Clone(d.Sections[0].Payload)
		head[1] |= 1 << 6
		d.Sections[0].Payload = head
	})
}

func parse(data []byte) error {
	_, err := parseModel(data)
	return err
}

func TestModelChecks(t *testing.T) {
	latenttest.Refuses(t, tinyModel, parse, map[string]func(f *safetensors.File){
		"codec":       func(f *safetensors.File) { f.Metadata["codec"] = "hyperprior" },
		"no networks": func(f *safetensors.File) { delete(f.Metadata, "networks") },
		"no integers": func(f *safetensors.File) { delete(f.Metadata, "integer") },
		"few scales":  func(f *safetensors.File) { latenttest.FewTables(f, "sigma") },
		"few tables":  func(f *safetensors.File) { latenttest.FewTables(f, "ggd") },
		"no shapes":   func(f *safetensors.File) { delete(f.Tensors, "ggd.shape") },
		"no betas":    func(f *safetensors.File) { f.Tensors["ggd.beta"] = safetensors.Of([]float32{}, 0) },
		"beta 0":      func(f *safetensors.File) { f.Tensors["ggd.beta"] = safetensors.Of([]float32{0, 1}, 2) },
		"beta":        func(f *safetensors.File) { f.Tensors["ggd.beta"] = safetensors.Of([]float32{1}, 1) },
		"shape":       func(f *safetensors.File) { f.Tensors["ggd.shape"] = safetensors.Of([]int32{0, 1, 2, 0, 0, 0, 0, 0}, 8) },
		"shapes":      func(f *safetensors.File) { f.Tensors["ggd.shape"] = safetensors.Of([]int32{0}, 1) },
		"scale":       func(f *safetensors.File) { f.Tensors["ggd.scale"] = safetensors.Of(make([]float32, 128), 2, 64) },
	})
}

func FuzzDecode(f *testing.F)     { latenttest.FuzzDecode(f, tinyCodec(f)) }
func FuzzParseModel(f *testing.F) { latenttest.FuzzModel(f, tinyModel, parse) }

// streamOf is a stream of a map alone.
func streamOf(payload []byte) *codecs.Stream {
	return &codecs.Stream{Sections: []container.Section{{Kind: sectionMap, Payload: payload}}}
}

// Whatever a map's section holds, it is read as weights that exist or refused, and what is
// read is written as the same map.
func FuzzMap(f *testing.F) {
	l := latent.NewLayout(300, 200, 16)
	weights := make([]uint8, l.Positions())
	for i := range weights {
		weights[i] = uint8(i % l.Wide / 4)
	}
	f.Add(writeMap(l, newMap(500, 5, weights)))
	f.Add([]byte{0, 0, 1, 0})
	f.Fuzz(func(t *testing.T, payload []byte) {
		m, err := readMap(streamOf(payload), l)
		if err != nil {
			return
		}
		again, err := readMap(streamOf(writeMap(l, m)), l)
		if err != nil || !bytes.Equal(again.Index, m.Index) || again.Q[0] != m.Q[0] || again.Q[fullWeight] != m.Q[fullWeight] {
			t.Errorf("written anew, the map is %v, was %v: %v", again, m, err)
		}
	})
}
