// Package nn runs small neural networks on the CPU: the analysis and synthesis
// transforms of the learned codecs.
//
// A network is a list of layers that its model file describes in JSON (LayerSpec) and
// whose weights are the file's tensors (ParseModel, Build). Data are channels-last: the
// element c at row y and column x of a Tensor is Data[(y*W+x)*C+c]. Convolutions are then
// matrix products (package kernel) that read activations where they lie, without copies.
//
// # Strips, segments, tiles
//
// Build compiles the layers into segments: a layer that looks at neighbours, then all
// layers after it that work on each position alone, with their activations and residual
// sums. A pixel-unshuffle or pixel-shuffle becomes part of the convolution beside it. A
// segment runs tile by tile, depth first, so that what lies between its layers stays in
// the second-level cache; the tiles are shared out to all cores.
//
// Between segments lie bands of rows. Run computes the output in strips of rows; a band
// keeps, from one strip to the next, only the rows that its readers still need. So nothing
// is computed twice, memory is bounded (Options.Memory), and padding happens only at the
// picture's true edges. A whole picture is one strip of the same code. Group normalization
// takes its statistics over fixed regions, and attention works in windows, so that they run
// in strips too. Results don't depend on strips, tiles or cores, to the bit: every element
// is one sum in one order. With RunRows, 24 megapixels pass through S8-96/128 in 60 MiB.
//
// # Accuracy
//
// Arithmetic is float32, normalizations sum up in float64. Outputs are within 1e-4 of
// their range of PyTorch's (TestVectors, every operation). They may differ in the last bits
// between kernels and machines; rates and probabilities come from package integer.
//
// # Speed
//
// Milliseconds and, behind them, ratios of a peer's time to this package's: above 1, this
// package is faster. A picture of 768x512, AMD Zen 3 with AVX2, PyTorch 2.15 (eager, the
// faster of both memory layouts), ONNX Runtime 1.31. Two cores: wall time, the fastest run,
// `go run ./codecs/nn/bench`. One core: processor time, -cpu.
//
//	                             two cores                  one core
//	network                          ms   PyTorch    ONNX       ms   PyTorch    ONNX
//	S8-96/128 analysis             19.1      1.25    1.32     37.1      1.20    1.15
//	S8-96/128 synthesis            18.4      1.24    1.28     36.4      1.16    1.18
//	conv5-GDN-128/192 analysis    177.5      1.76    1.14    355.1      1.44    1.13
//	conv5-GDN-128/192 synthesis   191.3      1.69    1.51    382.6      1.56    1.32
package nn
