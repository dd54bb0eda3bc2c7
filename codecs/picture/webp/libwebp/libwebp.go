// Package libwebp writes WebP files: by libwebp, or in builds without C code lossless
// ones by nativewebp. Pictures are packed, their origin is 0,0.
//
// It reads nothing: package webp does, in Go alone.
package libwebp
