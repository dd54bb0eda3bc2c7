// Package transform holds linear transforms of pictures that are learned from
// statistics: the Karhunen-Loeve transforms of colours and of 8x8 blocks, and the
// lapping of blocks by a filter across their edges. Beside them stands a fixed one,
// wavelet packets.
//
// All of it works on float planes and touches pixels only: nothing here may reach
// a probability. Learning is in float64 and needs the moments of many pictures;
// applying is in float32.
package transform
