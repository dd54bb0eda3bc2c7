// Package latent is the kit of the learned transform codecs: what is the same in all codecs
// that turn a picture into a grid of latents by a network, code rounded latents, and turn
// them back into a picture by another network.
//
//   - Layout, Region: the grid over a picture, and the regions of it that are coded apart.
//   - Header, Levels: what a file says of its rate, and what a model's gains make of it.
//   - Backbone: analysis and synthesis with their checks, from pixels to latents and back,
//     in memory that does not grow with the picture.
//   - Tables: a factorized prior, integer tables for each level and channel.
//   - Payloads: the regions' sections of a file, of which some may be lost.
//   - Account: where a file's bits went, as panels.
//
// It has no codec, and no more of an entropy model than tables; package hyper beside it has
// the hyper-latents that many codecs code first, and package shell what is around all of them.
// How means, scales and contexts are used is what codecs differ in. A codec of this kind is a
// package with its model (parse with OpenModel and LoadBackbone), an encoder and a decoder that
// walk the regions, and its panels, put together by shell.New; codecs/hyperprior and
// codecs/factorized are examples, and latenttest has the tests that they all have to pass.
//
// Sources: variable rate by gain vectors, Cui et al., "Asymmetric Gained Deep Image
// Compression With Continuous Rate Adaptation", CVPR 2021; factorized priors, Ballé et al.,
// ICLR 2017 and 2018.
package latent
