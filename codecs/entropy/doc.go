// Package entropy holds the lossless back end that all codecs share.
//
//   - Encoder and Decoder: a range coder over integer frequencies with totals of
//     up to 2^24, binary decisions of 16-bit probability, and raw bits.
//   - Table: a static integer distribution (cumulative frequencies, 16 bits by
//     default, up to 24 in the wide mode) with an optional escape for values
//     outside. Quantize makes one from probabilities with the least loss.
//   - Factorized: a set of tables by channel or context, stored in model files;
//     ScaleTables makes the grids of Gaussian and Laplace tables that learned
//     codecs index by a quantized scale.
//   - Bit, Tree, Golomb: adaptive models for flags, small alphabets, numbers.
//   - Mixer, APM, IndexCoder: logistic mixing of several context models, for
//     index maps of vector quantizers, where spatial context is all there is to gain;
//     trained coders are kept in model files.
//
// Of the codecs here, klt uses tables, vq adaptive bits, numbers and mixers; trees,
// probability maps, index coders and scale tables are the kit for further ones.
//
// A codec writes into one Encoder through any of them and reads back in the same
// order:
//
//	e := entropy.NewEncoder()
//	table.Encode(e, -3)
//	var flag entropy.Bit
//	flag.Encode(e, 1)
//	data := e.Bytes()
//
//	d := entropy.NewDecoder(data)
//	v := table.Decode(d) // -3
//	var same entropy.Bit
//	bit := same.Decode(d) // 1
//
// Everything between a model file and a symbol is integer arithmetic in a fixed
// order, so that a file decodes to the same symbols on every machine. Floating
// point serves two ends only: making tables when a model is exported (Quantize,
// ScaleTables) and estimating costs in an encoder (Bits, Cost).
//
// Decoders never fail and never panic: damaged input gives wrong symbols, and
// containers carry checksums for that. The coder adds no length, no checksum and
// no end mark; a stream's end is known from its section.
package entropy
