package heatmap

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"codecworkbench/metrics"
)

// NPY writes a map's values as a NumPy file, version 1.0: little-endian float32 of
// shape (height, width), which numpy.load and most plotting programs read.
func NPY(m *metrics.Map) []byte {
	const magic, align = "\x93NUMPY\x01\x00", 64
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", m.Height, m.Width)
	fill := align - (len(magic)+2+len(header)+1)%align
	header += strings.Repeat(" ", fill%align) + "\n"
	out := make([]byte, 0, len(magic)+2+len(header)+4*len(m.Values))
	out = append(out, magic...)
	out = binary.LittleEndian.AppendUint16(out, uint16(len(header)))
	out = append(out, header...)
	for _, v := range m.Values {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
	}
	return out
}
