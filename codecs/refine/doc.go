// Package refine improves the latents of one picture, with the decoder as it is: the encoder
// of a learned transform codec is a network that guesses latents in one go, and rounds each
// by itself; here, all symbols of a picture are chosen together, so that
//
//	J = bits + lambda * squared error
//
// falls. Files stay files of their codec, and every decoder reads them.
//
// The idea is that of Yang, Bamler and Mandt, "Improving Inference for Neural Image
// Compression", NeurIPS 2020, whose method (stochastic Gumbel annealing: random rounding by
// a temperature, a step of Adam a draw) takes hundreds of steps. What runs here needs ten:
//
//   - A latent u between two integers stands for the upper with probability f, its
//     fraction, and the lower else. The expected bits are then linear between the
//     integers, and the expected error, were it quadratic with curvature h along u, is that
//     at u plus h f (1-f) / 2. So the expectation is known without a draw. Bits come from
//     the integer tables that will code the symbols.
//   - With that last term times beta = 1, the expectation is linear along each latent, and
//     its minima are integers; with beta = 0, it has no local minima where the error has
//     none. Beta rises from 1/2 to 2: graduated non-convexity (Blake and Zisserman, "Visual
//     Reconstruction", 1987), and in the last step every latent becomes an integer.
//   - A step is a gradient of the error through the frozen synthesis (package nn/grad), and
//     then for each latent the exact minimum of bits, beta's term and the quadratic bound
//     of the error around the step's point: proximal gradient descent with momentum (Beck
//     and Teboulle, SIAM J. Imaging Sciences 2009). Channels have steps of their own, from
//     their curvatures, which one random projection gives (Hutchinson's estimate of a
//     Hessian's diagonal).
//
// Hard symbols are measured now and then, by the tables and on rounded pixels, and the best
// are kept. Where symbols tell how others are coded (Problem.Predict), means and tables
// follow in every second step, and each time that symbols are measured, in the order of
// coding; latents stay where they are meanwhile. The result is never worse than the
// encoder's, and a run can end at any time. Large pictures are refined window by window, each
// around the fixed latents of its neighbours and with all pixels that it touches, in memory
// that does not grow with the picture. Results are the same bits on any number of cores.
//
// Hyper-latents come first and are another matter: see hyper.Search, which codecs with a
// hyperprior run before, as many steps as fit the number of iterations.
//
// # What it gains
//
// BD-rate (PSNR) of a hyperprior after 24,192 steps of training against itself without
// refinement, on six validation photos of 512 x 384 (`go run ./codecs/refine/bench -n 6
// -width 512 -height 384 -q 2,4.5,7,9.5`):
//
//	iterations     1       2       5       10        30       100
//	BD-rate     -3.0 %  -5.4 %  -8.6 %  -10.4 %  -11.8 %  -12.3 %
//
// Later, with a search for z and 50,428 steps of training: -6.3 % after 2 iterations and
// -11.8 % after 10, where y alone gave -4.8 and -9.7 % (two photos at q 1, 3, 5.5 and 8, four
// steps of the search an iteration). Of other codecs, mlic gains 4.4 and 10.3 %, walloc 4.4
// and 5.3 %, factorized 6.4 and 18.3 % (one photo at q 3, 5.5 and 8). On Kodak (eight pictures,
// q 0 to 10), 10 iterations save 9.6 % of a hyperprior's bytes.
//
// The gain is greatest at high rates. In MS-SSIM it is about a third of that: squared error is
// what falls. On three photos at two rates, the means saved at equal PSNR were 13.5 % after 8 steps,
// and 7.8 and 12.3 % after 30 and 100 steps of stochastic Gumbel annealing of the same latents
// with its temperature from 0.5 to 0.1.
//
// After 104,614 steps of training, 10 iterations gain 10.3 % and 20 gain 11.3 %, in 1.2 and 2.0 s
// of processor time an encode (four validation photos of 512 x 512 at q 2, 5 and 8). What was
// tried there and does no better: the trade-off 15 % higher (10.3 %) or lower (10.0 %), beta up to
// 3 (10.2 %), 8 steps of the search for 20 (10.2 % in 12 % less time), and a second search half
// way, for latents not yet rounded (9.9 %).
//
// An iteration is a run of the synthesis and one back, each about as long as a decode; all
// cores share it. Encoding 24 megapixels at size L took 1.2 GB.
//
// It knows no codec: Problem says how positions are coded, and what the synthesis reads.
package refine
