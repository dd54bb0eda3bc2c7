package latent

import (
	"errors"
	"fmt"
	"strconv"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/safetensors"
)

// modelFormat is the version of the model files' layout that this package reads.
const modelFormat = 1

// ErrModel marks a file that is no model of the codec that reads it.
var ErrModel = errors.New("not a model of this codec")

// OpenModel parses a model file and checks that it is one of a codec.
func OpenModel(data []byte, codec string) (*nn.Model, error) {
	f, err := nn.ParseModel(data)
	if err != nil {
		return nil, err
	}
	if id := f.Metadata["codec"]; id != codec {
		return nil, fmt.Errorf("%w: it names the codec %q, expected %q", ErrModel, id, codec)
	}
	if v := f.Metadata["format"]; v != strconv.Itoa(modelFormat) {
		return nil, fmt.Errorf("%w that this version reads: format %q, expected %d", ErrModel, v, modelFormat)
	}
	return f, nil
}

// Tables is a factorized prior: an integer distribution for each channel in each of some
// rows, which lie evenly from a model's lowest level to its highest.
type Tables struct {
	Rows, Channels int
	Set            *entropy.Factorized // table of channel c in row r: r * Channels + c
}

// LoadTables reads the tables NAME.cum and NAME.table of a model file: that of channel c in
// row r is number r * channels + c.
func LoadTables(f *safetensors.File, name string, channels int) (Tables, error) {
	set, err := entropy.LoadFactorized(f, name)
	if err != nil {
		return Tables{}, err
	}
	if channels < 1 || set.Len() == 0 || set.Len()%channels != 0 {
		return Tables{}, fmt.Errorf("%w: %d tables of %s for %d channels", ErrModel, set.Len(), name, channels)
	}
	return Tables{set.Len() / channels, channels, set}, nil
}

// At is the table of a channel in a row.
func (t Tables) At(row, channel int) *entropy.Table { return t.Set.At(row*t.Channels + channel) }

// Latents whose table gives 0 at least this share are not worth coding: up to a sigma of
// 0.14 in the models of codecs/training. On validation photos this costs nothing: files of
// a hyperprior are 0.16 % smaller at the same PSNR.
const (
	skipShare = 999
	skipUnit  = 1000
)

// Skips tells of each distribution whether its latents are so likely 0 that they are not
// coded, but taken to be 0.
func Skips(tables *entropy.Factorized) []bool {
	out := make([]bool, tables.Len())
	for i := range out {
		t := tables.At(i)
		if t.First() <= 0 && t.Last() >= 0 {
			zero := -t.First()
			frequency := uint64(t.Cum()[zero+1] - t.Cum()[zero])
			out[i] = frequency*skipUnit >= skipShare<<t.Width()
		}
	}
	return out
}
