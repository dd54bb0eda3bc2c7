// Package integer runs neural networks in integers, for all that reaches a probability:
// hyper-synthesis and context networks. Encoder and decoder must get the same numbers on
// every machine; sums of integers do not depend on their order, so any kernel gives them
// (Ballé et al., ICLR 2019; post-training quantization after He et al. 2022,
// arXiv:2202.07513). Networks are quantized and written by cwtrain/integer.py of
// codecs/training, which also emulates them in 64 bits.
//
// # Format
//
// A model file's metadata have, under the key "integer", a JSON object of networks (Spec)
// by name. Activations are 16-bit, channels-last, one scale a tensor, which the file need
// not know; each layer that makes new values stores their range in bits: 12 to 15, for
// magnitudes of up to 2^bits - 1, to which they are clamped. The operations:
//
//	conv         zero padding; groups are 1, or in and out (depthwise). Tensors NAME.weight I8
//	             [out, in/groups, kernel, kernel], NAME.bias I32 [out], NAME.multiplier I32 [out].
//	             Sums have 32 bits; y = clamp((sum*multiplier + 2^(shift-1)) >> shift), the
//	             product in 64 bits, shift 32 to 62: halves are rounded up
//	leaky_relu   max(x, (x+4)>>3): slope 1/8, rounded to the nearest, halves up
//	relu         max(x, 0)
//	shuffle      torch.pixel_shuffle by factor; unshuffle is its inverse
//	residual     clamp((x*factors[0] + body(x)*factors[1] + 2^(shift-1)) >> shift) in 32 bits
//	table        any function of one variable (exp, sigmoid, GELU, ...). NAME I16 [2^b + 1] has its
//	             values at -2^in_bits to 2^in_bits in even steps; between them, linear:
//	             t[i] + ((t[i+1]-t[i])*f + half) >> s, where i and f are the upper bits and the
//	             lower s = in_bits+1-b bits of x + 2^in_bits
//	softmax      over each of groups equal parts of the channels, to 1/32767: with e = 2^(30-n/256)
//	             from a table, n = ((max-x)*multiplier + 2^(shift-1)) >> shift in 64 bits,
//	             y = (e*32767 + sum/2) / sum
//	scale_index  channels from first on become (x+8)>>4, clamped to 0..levels-1; levels are up to 4096
//
// A mean-scale hyperprior's last convolution has means in 1/64 and, in its second half, the
// logarithm of sigma in 1/16 steps of the grid of scale tables; scale_index makes it the
// table's number. Transposed convolutions are written as a convolution and a shuffle.
// Normalisation over channels or positions, window attention but for its softmax, and
// interpolation have no integer form yet. What takes more than one tensor stands beside the
// networks: Attention (linear), and Means with Reweight, which weigh channels.
//
// On a hyperprior S8-96/128 after 9,011 steps of training (41 validation crops, three
// levels), integers cost 0.08 % of the latents' bits against floats, what 64 scales alone
// cost: 2.8 % of the indices differ from the floats', by 1, and means by 0.005 (RMS).
//
// # Overflow
//
// No sum leaves 32 bits: the exporter narrows a layer's range until
//
//	sum of |weights| * (2^bits - 1) + |bias| < 2^31
//
// holds for every output channel, and Build refuses a network that breaks it (ErrOverflow).
// It bounds every part of the sum too. 8-bit weights against full 15-bit ranges can
// break it beyond a fan-in of 516.
//
// # Memory
//
// A session holds the largest two or three tensors of a run whole, at 2 bytes a number:
// hyper networks are tiny. For 100 megapixels and 128 latent channels at 1/16 scale, the
// output takes 200 MB and what leads to it 50 MB twice. Tensors of over 2^28 numbers are
// refused.
//
// # Speed
//
// Against package nn on the same shapes in the same run, with AVX2, on one core of an AMD Zen 3
// (BenchmarkNetworks here, BenchmarkGemmInt in package kernel; the best of many times): the
// hyper-synthesis of S8-96/128 for 768x512 pixels takes 1.55 ms, indices included, and is
// 1.38 times as fast as float32 without them. The products alone are 1.38 to 1.58 times as
// fast; with requantisation they are 1.01 times at a fan-in of 32, 1.24 at 64, 1.32 at 96,
// 1.44 at 192 and 1.54 at 576. The kernels for AVX-512 and AVX512_VNNI pass all tests on an
// emulated processor (Bochs, Ice Lake); they have not been timed.
package integer
