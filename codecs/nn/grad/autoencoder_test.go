package grad

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"codecworkbench/codecs/container"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/optim"
	"codecworkbench/codecs/nn/safetensors"
	samples "codecworkbench/sample_images"
)

// The test's autoencoder: blocks of 4 x 4 pixels to 16 latents and back.
const (
	analysisSpec = `[{"op":"unshuffle","factor":4},
		{"op":"conv","name":"a","in":48,"out":16,"kernel":1,"stride":1,"pad":0}]`
	synthesisSpec = `[{"op":"conv","name":"s","in":16,"out":48,"kernel":1,"stride":1,"pad":0},
		{"op":"residual","body":[
			{"op":"conv","name":"r","in":48,"out":48,"kernel":1,"stride":1,"pad":0},
			{"op":"leaky_relu","slope":0.125},
			{"op":"conv","name":"q","in":48,"out":48,"kernel":1,"stride":1,"pad":0}]},
		{"op":"shuffle","factor":4}]`
	latents = 16
	// lambda weighs the squared error of 8-bit samples against bits a pixel.
	lambda = 0.01
	// gain is that of latents before rounding: it makes the learning rate of the analysis
	// suit integers.
	gain = 20
)

// autoencoder is two transforms and an entropy bottleneck.
type autoencoder struct {
	inner               [2]*nn.Network
	analysis, synthesis *Network
	prior               *Prior
	tape                *Tape
}

// newAutoencoder starts from random weights of a seed.
func newAutoencoder(t testing.TB) *autoencoder {
	t.Helper()
	seed := uint64(10)
	start := func(name string, shape ...int) ([]float32, error) {
		seed++
		n, fan := shape[0], 1
		for _, s := range shape[1:] {
			n, fan = n*s, fan*s
		}
		if len(shape) == 1 {
			return make([]float32, n), nil // biases
		}
		return random(seed, n, 1/math.Sqrt(float64(fan))), nil
	}
	m := &autoencoder{tape: NewTape()}
	for i, text := range []string{analysisSpec, synthesisSpec} {
		spec, err := nn.ParseSpec([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if m.inner[i], err = nn.Build(spec, start); err != nil {
			t.Fatal(err)
		}
	}
	var errs [3]error
	m.analysis, errs[0] = New(m.inner[0])
	m.synthesis, errs[1] = New(m.inner[1])
	m.prior, errs[2] = NewPrior(latents, 3)
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func (m *autoencoder) params() []*optim.Param {
	return append(append(m.analysis.Params(), m.synthesis.Params()...), m.prior.Param())
}

// loss records a pass over a picture [h, w, 3] of samples from -1/2 to 1/2.
func (m *autoencoder) loss(h, w int, picture []float32, seed uint64) (loss, bits *Scalar) {
	t := m.tape
	x := t.Input(h, w, 3, picture)
	y := t.Noise(t.Affine(m.analysis.Forward(t, x), gain, 0), seed)
	bits = t.FactorizedBits(y, m.prior)
	mse := t.MSE(m.synthesis.Forward(t, t.Affine(y, 1.0/gain, 0)), x)
	return t.Weighted(lambda*255*255, mse, 1/float64(h*w), bits), bits
}

// scenes decodes the rendered sample images to [512, 768, 3] samples from -1/2 to 1/2.
func scenes(t testing.TB, n int) [][]float32 {
	t.Helper()
	var out [][]float32
	for _, s := range samples.All()[:n] {
		file, err := s.PNG()
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != image.Rect(0, 0, 768, 512) {
			t.Fatalf("%s is %v", s.Name, img.Bounds())
		}
		var data []float32
		for y := range 512 {
			for x := range 768 {
				c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
				for _, v := range []uint8{c.R, c.G, c.B} {
					data = append(data, float32(v)/255-0.5)
				}
			}
		}
		out = append(out, data)
	}
	return out
}

// crop copies a square of a scene.
func crop(dst, scene []float32, x, y, side int) {
	for row := range side {
		copy(dst[row*side*3:(row+1)*side*3], scene[((y+row)*768+x)*3:])
	}
}

// train takes steps of two crops each and returns the mean losses of the first and last
// twenty of them.
func (m *autoencoder) train(t testing.TB, pictures [][]float32, steps int) (first, last float64) {
	t.Helper()
	const side, crops, mean = 64, 2, 20
	params := m.params()
	adam, err := optim.NewAdam(params, optim.AdamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	schedule := optim.Schedule{Base: 1e-2, Final: 5e-4, Warmup: 10, Steps: steps}
	rng := rand.New(rand.NewPCG(1, 2))
	picture := make([]float32, side*side*3)
	for step := range steps {
		optim.Zero(params)
		for k := range crops {
			crop(picture, pictures[rng.IntN(len(pictures))], rng.IntN(768-side), rng.IntN(512-side), side)
			m.tape.Reset(context.Background())
			loss, _ := m.loss(side, side, picture, uint64(step*crops+k))
			if err := m.tape.Backward(loss); err != nil {
				t.Fatal(err)
			}
			if step < mean {
				first += loss.Value / mean / crops
			} else if step >= steps-mean {
				last += loss.Value / mean / crops
			}
		}
		optim.Clip(params, 50)
		adam.Step(schedule.At(step))
		m.analysis.Refresh()
		m.synthesis.Refresh()
	}
	return first, last
}

// symbols rounds the latents of a picture around the medians.
func (m *autoencoder) symbols(h, w int, picture, medians []float32) []int {
	m.tape.Reset(context.Background())
	y := m.tape.Affine(m.analysis.Forward(m.tape, m.tape.Input(h, w, 3, picture)), gain, 0)
	out := make([]int, len(y.Data))
	for i, v := range y.Data {
		out[i] = int(math.RoundToEven(float64(v - medians[i%latents])))
	}
	return out
}

// estimate is the prior's rate of symbols, in bits.
func (m *autoencoder) estimate(h, w int, symbols []int, medians []float32) float64 {
	m.tape.Reset(context.Background())
	y := make([]float32, len(symbols))
	for i, v := range symbols {
		y[i] = float32(v) + medians[i%latents]
	}
	return m.tape.FactorizedBits(m.tape.Input(h/4, w/4, latents, y), m.prior).Value
}

// encode writes symbols as a file.
func encode(t *testing.T, tables *entropy.Factorized, h, w int, symbols []int) []byte {
	t.Helper()
	e := entropy.NewEncoder()
	for i, v := range symbols {
		tables.At(i%latents).Encode(e, v)
	}
	f := container.File{Width: w, Height: h, Sections: []container.Section{{Payload: e.Bytes()}}}
	data, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// decode reads n symbols of a file.
func decode(t *testing.T, tables *entropy.Factorized, file []byte, n int) []int {
	t.Helper()
	f, err := container.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	d := entropy.NewDecoder(f.Sections[0].Payload)
	out := make([]int, n)
	for i := range out {
		out[i] = tables.At(i % latents).Decode(d)
	}
	return out
}

// decoder is what a model file gives.
type decoder struct {
	synthesis *nn.Network
	tables    *entropy.Factorized
	medians   []float32
}

// export writes the decoder's part as a model file and reads it again.
func (m *autoencoder) export(t *testing.T) decoder {
	t.Helper()
	medians := m.prior.Medians()
	tables, err := m.prior.Tables(medians, 1e-6, 1000, entropy.DefaultBits)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := nn.ParseSpec([]byte(synthesisSpec))
	if err != nil {
		t.Fatal(err)
	}
	file := &safetensors.File{Tensors: tables.Tensors("prior")}
	file.Tensors["medians"] = safetensors.Of(medians, latents)
	if err := nn.Store(file, map[string][]nn.LayerSpec{"synthesis": spec}, m.inner[1].Params(), false); err != nil {
		t.Fatal(err)
	}
	data, err := file.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	model, err := nn.ParseModel(data)
	if err != nil {
		t.Fatal(err)
	}
	var d decoder
	var errs [3]error
	d.synthesis, errs[0] = model.Network("synthesis")
	d.tables, errs[1] = entropy.LoadFactorized(model.File(), "prior")
	d.medians, errs[2] = model.Floats("medians", latents)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAutoencoder trains a small codec from nothing, exports it as a model file, and codes
// whole pictures with it, one of them never trained on: the loss falls by 40 % at least, and
// files are within 2 % of the estimated rate.
func TestAutoencoder(t *testing.T) {
	pictures := scenes(t, 3)
	m := newAutoencoder(t)
	first, last := m.train(t, pictures[:2], 150)
	t.Logf("loss %.3f, after training %.3f", first, last)
	if !(last <= 0.6*first) {
		t.Errorf("the loss fell from %.3f to %.3f, less than 40 %%", first, last)
	}
	d := m.export(t)
	medians := d.medians
	square := make([]float32, 64*64*3)
	crop(square, pictures[2], 100, 200, 64)
	before, after := m.refine(t, square, medians, 100)
	t.Logf("latents of one picture: loss %.3f, refined %.3f", before, after)
	if !(after < 0.97*before) {
		t.Errorf("refining latents changed the loss from %.3f to %.3f", before, after)
	}
	for k, picture := range pictures[1:] {
		symbols := m.symbols(512, 768, picture, medians)
		file := encode(t, d.tables, 512, 768, symbols)
		bits, estimate := float64(8*len(file)), m.estimate(512, 768, symbols, medians)
		decoded := decode(t, d.tables, file, len(symbols))
		if !slices.Equal(decoded, symbols) {
			t.Fatalf("picture %d: decoded symbols differ", k)
		}
		psnr := d.psnr(t, picture, decoded)
		t.Logf("picture %d: file %.4f bpp, estimated %.4f (%+.2f %%), %.2f dB", k, bits/(512*768), estimate/(512*768), 100*(bits/estimate-1), psnr)
		if math.Abs(bits/estimate-1) > 0.02 {
			t.Errorf("picture %d: file of %.0f bits, estimated %.0f", k, bits, estimate)
		}
		if k == 1 && psnr < 25 {
			t.Errorf("a picture never trained on has %.2f dB", psnr)
		}
	}
}

// refine optimises the latents of a 64 x 64 crop through the synthesis, and returns
// the loss of rounded latents before and after.
func (m *autoencoder) refine(t *testing.T, picture, medians []float32, steps int) (before, after float64) {
	t.Helper()
	const side = 64
	synthesis, err := New(m.inner[1])
	if err != nil {
		t.Fatal(err)
	}
	ctx, tape := context.Background(), m.tape
	tape.Reset(ctx)
	y := optim.Param{Data: slices.Clone(tape.Affine(m.analysis.Forward(tape, tape.Input(side, side, 3, picture)), gain, 0).Data)}
	for i := range y.Data {
		y.Data[i] -= medians[i%latents]
	}
	y.Grad = make([]float32, len(y.Data))
	loss := func(quantize func(*Value) *Value) *Scalar {
		tape.Reset(ctx)
		v := quantize(tape.Leaf(side/4, side/4, latents, y.Data, y.Grad))
		v = tape.Add(v, tape.Broadcast(tape.Input(1, 1, latents, medians), side/4, side/4))
		mse := tape.MSE(synthesis.Forward(tape, tape.Affine(v, 1.0/gain, 0)), tape.Input(side, side, 3, picture))
		return tape.Weighted(lambda*255*255, mse, 1.0/side/side, tape.FactorizedBits(v, m.prior))
	}
	rounded := func() float64 { return loss(tape.Round).Value }
	before = rounded()
	adam, err := optim.NewAdam([]*optim.Param{&y}, optim.AdamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for step := range steps {
		clear(y.Grad)
		temperature := 0.5 * math.Exp(-1.6*float64(step)/float64(steps))
		mustBackward(t, tape, loss(func(v *Value) *Value { return tape.Gumbel(v, temperature, uint64(step)) }))
		adam.Step(0.02)
	}
	return before, rounded()
}

// psnr runs the synthesis on decoded symbols and returns the PSNR in dB.
func (d *decoder) psnr(t *testing.T, picture []float32, symbols []int) float64 {
	t.Helper()
	y := nn.NewTensor(128, 192, latents)
	for i, v := range symbols {
		y.Data[i] = (float32(v) + d.medians[i%latents]) / gain
	}
	out, err := d.synthesis.Run(context.Background(), nn.NewSession(), y, nn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, v := range out.Data {
		sum += math.Pow(float64(min(max(v, -0.5), 0.5)-picture[i]), 2)
	}
	return -10 * math.Log10(sum/float64(len(picture)))
}
