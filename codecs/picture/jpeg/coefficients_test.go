package jpeg

import (
	"bytes"
	"context"
	"testing"
)

// A decode that edits nothing has the pixels of any other; one that changes a block's
// coefficients changes that block, and its neighbours by upsampling only.
func TestDecodeEdited(t *testing.T) {
	for _, sampling := range []Subsampling{Sampling420, Sampling444} {
		file, err := Encode(context.Background(), testPicture(75, 61), EncodeOptions{Quality: 60, Subsampling: sampling})
		if err != nil {
			t.Fatal(err)
		}
		plain, err := Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		same, err := DecodeEdited(file, func(*Coefficients) {})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(plain.Pix.Pix, same.Pix.Pix) {
			t.Errorf("%v: a decode without an edit differs", sampling)
		}
		changed, err := DecodeEdited(file, func(c *Coefficients) {
			c.Components[0].Block(3, 2)[0] += 40
			c.Components[0].Block(3, 2)[63] = 7
		})
		if err != nil {
			t.Fatal(err)
		}
		for y := range 61 {
			for x := range 75 {
				inside := x/8 == 3 && y/8 == 2
				if differs := plain.Pix.NRGBAAt(x, y) != changed.Pix.NRGBAAt(x, y); differs && !inside {
					t.Fatalf("%v: pixel %d, %d changed", sampling, x, y)
				}
			}
		}
		if plain.Pix.NRGBAAt(28, 20) == changed.Pix.NRGBAAt(28, 20) {
			t.Errorf("%v: the edit changed nothing", sampling)
		}
	}
	if _, err := DecodeEdited([]byte("no"), func(*Coefficients) {}); err == nil {
		t.Error("nonsense is decoded")
	}
}
