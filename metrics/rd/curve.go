// Package rd holds rate-distortion curves and what is computed from them:
// means over pictures, Bjontegaard deltas, their overlap and bootstrap intervals.
package rd

// Keys of Point.Values beside the metrics' ids, as in CompressAI's results.
const (
	KeyBPP     = "bpp"           // bits a pixel of the unpadded picture, of the whole file
	KeyPayload = "payload_bpp"   // the same without container, headers and tables
	KeyEncode  = "encoding_time" // seconds
	KeyDecode  = "decoding_time" // seconds
)

// Point is one file, or the mean over the files of several pictures at one setting.
type Point struct {
	Q float64 // quality setting; NaN where unknown
	// Values by metric id and the keys above; metrics as measured (MS-SSIM linear).
	// NaN or absent: undefined.
	Values map[string]float64
}

// Curve is one codec at one setting over a ladder of rates.
type Curve struct {
	Name        string // the sweep SPEC without its range, or a published curve's name
	Description string
	Points      []Point        // means over Images, in ladder order
	Images      []ImageCurve   // empty for curves that came without per-picture values
	Meta        map[string]any // provenance, as read or to be written
}

// ImageCurve is a curve of one picture. Its Points match the curve's by index; a
// point that failed has no Values.
type ImageCurve struct {
	Name   string // file name
	Hash   string // of the pixels; may be empty
	Points []Point
}
