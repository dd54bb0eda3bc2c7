// Package raster holds what several metrics need of pictures: linear light from 8-bit
// samples, pictures of half the size, filters with the usual ways to treat borders. All
// work on rows of float32 through package kernel, a part of the picture at a time. It
// knows no metric.
package raster
