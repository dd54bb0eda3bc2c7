// Package grad differentiates networks of package nn in reverse mode, with the losses and
// the entropy bottlenecks of learned compression: mean squared error, rates under
// Gaussian, Laplace, logistic and factorized distributions, noise, soft and
// straight-through rounding, Gumbel annealing. It is for training small networks inside the
// program; the shipped weights are trained elsewhere (codecs/training). Where weights stay and
// latents of a picture are sought, a Pullback takes less time and far less memory than a Tape.
//
// A training step is a forward pass on a Tape, then Backward, then a step of package optim:
//
//	optim.Zero(params)
//	tape.Reset(ctx)
//	x := tape.Input(128, 128, 3, crop)
//	y := tape.Noise(analysis.Forward(tape, x), seed)
//	bits := tape.FactorizedBits(y, prior)
//	mse := tape.MSE(synthesis.Forward(tape, y), x)
//	err := tape.Backward(tape.Weighted(lambda, mse, 1, bits))
//	adam.Step(rate)
//	analysis.Refresh()
//	synthesis.Refresh()
//
// Gradients add up over Backward calls, so that several crops make a batch, until
// optim.Zero. Values are float32, channels last, as in nn; losses and the inside of rates
// are float64. Forward passes run nn's own layers. Results are the same bits on any number
// of cores (sums are taken in pieces of a fixed size, in order), but may differ in the last
// bits between kernels. In the steady state of equal shapes nothing is allocated.
//
// A training step of the hyperprior S8-96/128 (8 crops of 128 x 128, AVX2, one thread)
// takes as much processor time as in PyTorch 2.15 to a few per cent; bench/step.py compares.
//
// Rates here are estimates. What a file takes is known from the range coder alone;
// Prior.Tables exports what was learned as integers for it.
package grad
