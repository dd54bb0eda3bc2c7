package exif

import (
	"encoding/binary"
	"testing"
)

// block builds an EXIF block with an unrelated entry before the orientation.
func block(order binary.AppendByteOrder, kind uint16, value int) []byte {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x010f)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint32(b, 4)
	b = append(b, "abc\x00"...)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, kind)
	b = order.AppendUint32(b, 1)
	if kind == 3 || kind == 8 {
		b = order.AppendUint16(b, uint16(value))
		b = order.AppendUint16(b, 0)
	} else {
		b = order.AppendUint32(b, uint32(value))
	}
	return order.AppendUint32(b, 0)
}

func TestOrientation(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, kind := range []uint16{3, 4, 8, 9} {
			for v := range 12 {
				want := v
				if v < 1 || v > 8 {
					want = 1
				}
				b := block(order, kind, v)
				if got := Orientation(b); got != want {
					t.Errorf("%v type %d: orientation %d read as %d", order, kind, v, got)
				}
				if got := Orientation(append([]byte("Exif\x00\x00"), b...)); got != want {
					t.Errorf("%v type %d with prefix: orientation %d read as %d", order, kind, v, got)
				}
			}
		}
	}
}

// TestCut cuts a good block everywhere: as long as the entry is whole it counts.
func TestCut(t *testing.T) {
	b := block(binary.BigEndian, 3, 6)
	for n := range len(b) {
		want := 1
		if n >= 8+2+24 {
			want = 6
		}
		if got := Orientation(b[:n]); got != want {
			t.Errorf("cut to %d bytes: %d, want %d", n, got, want)
		}
	}
}

func TestFromJPEG(t *testing.T) {
	b := append([]byte("Exif\x00\x00"), block(binary.LittleEndian, 3, 8)...)
	file := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xe1, 0, byte(2 + len(b))}
	file = append(file, b...)
	file = append(file, 0xff, 0xda, 0, 2)
	if got := Orientation(FromJPEG(file)); got != 8 {
		t.Errorf("orientation %d, want 8", got)
	}
	for n := range len(file) - 4 {
		if FromJPEG(file[:n]) != nil {
			t.Errorf("found EXIF in a file cut to %d bytes", n)
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(block(binary.LittleEndian, 3, 6))
	f.Add(block(binary.BigEndian, 4, 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := Orientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
		FromJPEG(data)
	})
}
