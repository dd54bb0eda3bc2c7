"""A textbook network that starts from a trained backbone and at first imitates it.

Both latents have the same channels at the same places, so that the student's hyper-networks,
gains and prior can be those of the teacher: convolutions of 1x1 and 3x3 inside 5x5, channels
of z that the teacher has not at zero. What has another shape starts by least squares.
"""

from __future__ import annotations

import math
from typing import Callable, List, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from . import klt
from .entropy import SIGMA_MIN, gaussian_bits, noisy, ste_round
from .fit import fit_conv, fit_deconv
from .hyperprior import Hyperprior
from .layers import Conv, Deconv
from .transform import PEAK, Loss

STEADY = 0.5  # deviations are not taken for smaller, where errors of latents are weighed by them


class Lesson(NamedTuple):
    """What a teacher makes of pictures."""

    y: Tensor  # latents, gained
    mean: Tensor
    log_sigma: Tensor

    @property
    def quantized(self) -> Tensor:
        return self.mean + (self.y - self.mean).round()


@torch.no_grad()
def lesson(teacher: Hyperprior, x: Tensor, level: Tensor) -> Lesson:
    y = teacher.analysis(x, level)
    z = teacher.hyper_analysis(y, level).round()
    return Lesson(y, *teacher.hyper_synthesis(z, level).chunk(2, 1))


def imitation(model: Hyperprior, teacher: Hyperprior, x: Tensor, level: Tensor) -> Loss:
    """Each network learns its part from the teacher's latents: the analysis to give them (errors in deviations that the
    teacher expects), the hyper-networks to code them, the synthesis to make the picture of them."""
    t = lesson(teacher, x, level)
    away = (model.analysis(x, level) - t.y) / t.log_sigma.exp().clamp_min(STEADY)
    z = model.hyper_analysis(t.y, level)
    mean, log_sigma = model.hyper_synthesis(ste_round(z), level).chunk(2, 1)
    bits = gaussian_bits(noisy(t.y) - mean, log_sigma).flatten(1).sum(1) + model.prior.bits(noisy(z), level).flatten(1).sum(1)
    bpp = bits / (x.shape[2] * x.shape[3])
    mse = (model.synthesis(t.quantized, level) - x).square().flatten(1).mean(1) * PEAK**2
    total = ((bpp + model.lambdas(level) * mse) * model.weight(level)).mean() + away.square().mean()
    return Loss(total, bpp.detach().mean(), mse.detach().mean())


@torch.no_grad()
def start(model: Hyperprior, teacher: Hyperprior, x: Tensor) -> None:
    """Sets a textbook network from a teacher of the same levels, by pictures [N, 3, H, W]."""
    stages = klt.start_strided(model, x)
    for name in ("analysis", "synthesis"):
        gain = f"{name}.gain"
        getattr(model, name).find(gain).log_scale.copy_(getattr(teacher, name).find(gain).log_scale)
    level = torch.full((len(x),), (model.levels - 1) / 2)
    t = lesson(teacher, x, level)
    head, gain = model.analysis.find("analysis.head"), model.analysis.find("analysis.gain")
    before = x
    for op in model.analysis.ops[:-2]:
        before = op(before, level)
    fit_conv(head, before, t.y / gain(torch.ones_like(t.y), level))
    start_synthesis(model, t.quantized, level, stages)
    start_hyper(model, teacher, t)


@torch.no_grad()
def start_synthesis(model: Hyperprior, features: Tensor, level: Tensor, stages: List[Tensor]) -> None:
    """Each layer in turn gets what makes the components of its size best; the larger they are, the fewer pictures it takes."""
    for op in model.synthesis.ops:
        if isinstance(op, Deconv):
            target = stages.pop(0)
            fit_deconv(op, features, target[: len(features)])
            kept = -(-len(features) // 3)
            features, level = features[:kept], level[:kept]
        features = op(features, level)


@torch.no_grad()
def start_hyper(model: Hyperprior, teacher: Hyperprior, t: Lesson) -> None:
    """Hyper-networks and prior. The student's hyper-synthesis has a layer less: it gets the teacher's last hidden layer as it
    would be were the one before linear, and its own last layer by least squares."""
    own, theirs = model.hyper_analysis, teacher.hyper_analysis
    for i in range(3):
        place(own.find(f"hyper_analysis.{i}"), theirs.find(f"hyper_analysis.{i}"))
    model.prior.grow_from(teacher.prior)

    find = teacher.hyper_synthesis.find
    first, hidden = model.hyper_synthesis.find("hyper_synthesis.0"), model.hyper_synthesis.find("hyper_synthesis.1")
    up, mix = find("hyper_synthesis.0"), find("hyper_synthesis.1")
    wide = place_linear(first, 0, teacher.prior.mean.shape[1], lambda v: mix(F.pixel_shuffle(up(v, None), 2), None))
    up2, mix2 = find("hyper_synthesis.2"), find("hyper_synthesis.3")
    at = place_linear(hidden, 0, wide, lambda v: F.pixel_shuffle(up2(v, None), 2))
    place_linear(hidden, at, wide, lambda v: mix2(F.pixel_shuffle(up2(v, None), 2), None))
    z = teacher.hyper_analysis(t.y).round()
    features = F.pad(z, (0, 0, 0, 0, 0, len(first.weight) - z.shape[1]))
    for op in model.hyper_synthesis.ops[:-1]:
        features = op(features, None)
    target = torch.cat([t.mean, t.log_sigma.clamp_min(math.log(SIGMA_MIN))], 1)  # a smaller deviation means the same
    fit_conv(model.hyper_synthesis.find("hyper_synthesis.2"), features, target)


def place(layer: Conv, inner: Conv) -> None:
    """Sets a convolution to a smaller one of as many inputs; outputs that the smaller one has not are zero."""
    rim = (layer.weight.shape[2] - inner.weight.shape[2]) // 2
    count = len(inner.weight)
    layer.weight.zero_()
    layer.bias.zero_()
    layer.weight[:count, : inner.weight.shape[1]] = F.pad(inner.weight, (rim,) * 4)
    layer.bias[:count] = inner.bias


def place_linear(layer: Deconv, at: int, inputs: int, f: Callable[[Tensor], Tensor]) -> int:
    """Sets outputs from number at on to an affine map to twice the size, from its responses to impulses; inputs beyond those
    that the map has get no weight. Returns the next output."""
    kernel, pad = layer.weight.shape[2], layer.pad
    impulses = torch.zeros(inputs + 1, inputs, 3, 3)  # the last one has none
    impulses[:inputs, :, 1, 1] = torch.eye(inputs)
    responses = f(impulses)
    begin = 2 - pad  # where the first tap of the middle lies
    window = responses[:, :, begin : begin + kernel, begin : begin + kernel]
    end = at + window.shape[1]
    layer.weight[:, at:end] = 0
    layer.weight[:inputs, at:end] = window[:-1] - window[-1:]
    layer.bias[at:end] = responses[-1, :, 2:4, 2:4].mean((1, 2))  # the map's may differ from phase to phase
    return end
