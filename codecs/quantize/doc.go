// Package quantize holds vector quantizers: codebooks of shapes whose index has a
// meaning bit by bit, the k-means that trains them, and fast search.
//
// A codebook here is gain-shape (Sabin and Gray, "Product code vector quantizers for
// waveform and voice coding", 1984): codewords are unit vectors, and a vector is
// coded as an index and a signed gain. Because the gain has a sign, a codeword
// stands for a line through the origin, and the training is a k-means of lines.
//
// Codewords are sorted so that the first b bits of an index name the shape that
// serves best for all codewords below it: every prefix is a coarser codebook of
// 2^b shapes, as in tree-structured vector quantization (Buzo et al., 1980), while
// the full codebook keeps the quality of an unconstrained k-means.
//
// It knows nothing of pictures, streams or entropy coding.
package quantize
