// Package nn runs small neural networks on the CPU: the analysis and synthesis
// transforms of the learned codecs. It computes in float32, so what it returns may differ
// in the last bits between machines; rates and probabilities come from package integer.
//
// A network is a list of layers that its model file describes in JSON (LayerSpec) and
// whose weights are the file's tensors (Load, Build). Data are channels-last: the element
// c at row y and column x of a Tensor is Data[(y*W+x)*C+c]. Convolutions are then matrix
// products that read activations where they lie.
//
// Build compiles the layers into segments: a layer that looks at neighbours, then all
// layers after it that work on each position alone, with their activations and residual
// sums. A segment runs tile by tile, depth first, so that what lies between its layers
// stays in the second-level cache; the tiles are shared out to all cores. Between segments
// lie bands of rows. Run computes the output in strips of rows; a band keeps, from one
// strip to the next, only the rows that its readers still need, so nothing is computed
// twice, memory is bounded (Options.Memory), and a picture's edges are the only place where
// padding happens. A whole picture is one strip of the same code. Results don't depend on
// strips, tiles or cores.
package nn
