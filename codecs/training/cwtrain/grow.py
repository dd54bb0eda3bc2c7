"""A wider and deeper hyperprior that starts as the smaller one it grows from (after Net2Net, Chen et al., ICLR 2016).

Channels that are added come after those of the smaller network, which at first do not read them: weights from new to old
are zero, and new blocks end with zeros, so that pictures and files' first channels are the same. What new channels hold is not
zero, so that those weights learn at once, and from the second step on everything does. New latents are the principal components of
what the smaller network leaves out, found by the analysis with least squares. Multiplied by a small number, they round to
zero, cost nothing and change nothing, until training finds that they pay.
"""

from __future__ import annotations

import math
import re

import torch
from torch import Tensor
from torch.nn import functional as F

from . import klt
from .entropy import SIGMA_MIN
from .fit import fit_conv
from .hyperprior import Hyperprior
from .layers import Conv, Modulate
from .levels import even_gains
from .spec import Layers, last_named, walk

QUIET = 0.25  # the largest new latent at the highest level, in steps
LOWEST = math.log(SIGMA_MIN) - 0.5  # logarithm of deviations that are certainly skipped
ENDINGS = (".out", ".contract")  # of the last layers of residual branches


def blocks(layers: Layers) -> int:
    return sum(layer.get("name", "").endswith(".depthwise") for layer in walk(layers))


def counterpart(name: str, large: int, small: int) -> str:
    """The layer of a network of small blocks that one of large blocks goes on from; empty if it is new. Blocks are added
    at the end of each half, before and behind the modulation in the middle."""
    found = re.match(r"(\w+)\.(\d+)\.(\w+)$", name)
    if not found:
        return name
    at, half, small_half = int(found[2]), (large + 1) // 2, (small + 1) // 2
    in_half, offset, there = (at, 0, small_half) if at < half else (at - half, small_half, small - small_half)
    return f"{found[1]}.{offset + in_half}.{found[3]}" if in_half < there else ""


@torch.no_grad()
def widen(layer: Conv, small: Conv, outputs: Tensor) -> None:
    """Takes over the outputs that a smaller convolution has; inputs that it has not are not read by them."""
    layer.weight[outputs] = 0
    inputs = small.weight.shape[1]
    wide = layer.weight[outputs]
    wide[:, :inputs] = small.weight
    layer.weight[outputs] = wide
    layer.bias[outputs] = small.bias


def grown_outputs(model: Hyperprior, small: Hyperprior, name: str, count: int) -> Tensor:
    """Which outputs of a layer are those of the smaller network: the first, but of the hyper-synthesis both halves' first."""
    if name != last_named(model.specs["hyper_synthesis"]):
        return torch.arange(count)
    old = torch.arange(small.channels)
    return torch.cat([old, model.channels + old])


@torch.no_grad()
def start(model: Hyperprior, small: Hyperprior, x: Tensor) -> None:
    """Sets a model from a smaller one of the same levels, by pictures [N, 3, H, W]."""
    for network in model.networks:
        large, old = getattr(model, network), getattr(small, network)
        counts = blocks(model.specs[network]), blocks(small.specs[network])
        for layer in walk(model.specs[network]):
            if "name" not in layer:
                continue
            op, name = large.find(layer["name"]), counterpart(layer["name"], *counts)
            if isinstance(op, Modulate):
                op.log_scale[:, : old.find(name).log_scale.shape[1]] = old.find(name).log_scale
                continue
            if layer["name"].endswith(ENDINGS):
                op.weight.zero_()
                op.bias.zero_()
            if name:
                widen(op, old.find(name), grown_outputs(model, small, name, len(old.find(name).weight)))
    start_z(model, small)
    if width(model) > width(small):
        rest = left_out(small, x)
        start_stems(model, small, x, rest)
        if model.channels > small.channels:
            start_latents(model, small, x, rest)
    elif model.channels > small.channels:
        raise ValueError("latents are added with channels of the backbone, which here has as many as the smaller one")


def width(model: Hyperprior) -> int:
    """Channels of the backbone."""
    return len(model.analysis.find("analysis.stem").weight)


def start_z(model: Hyperprior, small: Hyperprior) -> None:
    """New channels of z are zero, which their prior expects."""
    model.prior.grow_from(small.prior)
    count = small.prior.mean.shape[1]
    last = model.hyper_analysis.find(last_named(model.specs["hyper_analysis"]))
    last.weight[count:] = 0
    last.bias[count:] = 0


def start_stems(model: Hyperprior, small: Hyperprior, x: Tensor, rest: Tensor) -> None:
    """New channels of both stems: the analysis' hold what the old ones cannot see, the synthesis' the principal components
    of what the smaller network leaves out."""
    stem, back = model.analysis.find("analysis.stem"), model.synthesis.find("synthesis.stem")
    c = width(small)
    rows = F.pixel_unshuffle(x, 8).permute(0, 2, 3, 1).flatten(0, 2)
    unseen = torch.linalg.svd(stem.weight[:c, :, 0, 0]).Vh[c:]
    added, scale = len(stem.weight) - c, klt.spread(model)
    basis = klt.principal(rows @ unseen.t(), added) @ unseen
    stem.weight[c:] = scale * basis[:, :, None, None]
    stem.bias[c:] = -scale * basis @ rows.mean(0)
    basis = klt.principal(F.pixel_unshuffle(rest, 8).permute(0, 2, 3, 1).flatten(0, 2), added)
    back.weight[:, c:] = basis.t()[:, :, None, None] / scale
    head_back = model.synthesis.find("synthesis.head")
    head_back.weight[4 * c :] = 0
    head_back.bias[4 * c :] = 0


def left_out(small: Hyperprior, x: Tensor) -> Tensor:
    """What the highest level of the smaller network lacks of pictures, quantization apart."""
    top = torch.full((len(x),), small.levels - 1.0)
    return x - small.synthesis(small.analysis(x, top), top)


def start_latents(model: Hyperprior, small: Hyperprior, x: Tensor, rest: Tensor) -> None:
    """New latents are principal components of 2x2 places of the synthesis' new channels; the analysis finds them by least
    squares. They are so quiet that they round to zero, and sure to be skipped."""
    m, c, scale = small.channels, width(small), klt.spread(model)
    back, head_back = model.synthesis.find("synthesis.stem"), model.synthesis.find("synthesis.head")
    basis = (back.weight[:, c:, 0, 0] * scale).t()
    pairs = F.pixel_unshuffle(F.conv2d(scale * F.pixel_unshuffle(rest, 8), basis[:, :, None, None]), 2)
    wide = klt.principal(pairs.permute(0, 2, 3, 1).flatten(0, 2), model.channels - m)
    head_back.weight[4 * c :, m:] = wide.t()[:, :, None, None]

    level = torch.full((len(x),), (model.levels - 1) / 2)
    features = x
    for op in model.analysis.ops[:-2]:
        features = op(features, level)
    head = model.analysis.find("analysis.head")
    added = Conv({"op": "conv", "in": head.weight.shape[1], "out": model.channels - m, "kernel": 3, "stride": 2, "pad": 1})
    fit_conv(added, features, F.conv2d(pairs, wide[:, :, None, None]))
    head.weight[m:], head.bias[m:] = added.weight, added.bias

    gain, gain_back = model.analysis.find("analysis.gain").log_scale, model.synthesis.find("synthesis.gain").log_scale
    gain[:, m:] = even_gains(model)
    # Not louder for being quiet: gradients through the rounding of symbols that are all zero would drown the others.
    gain_back[:, m:] = -gain[:, m:]
    largest = model.analysis(x, torch.full((len(x),), model.levels - 1.0))[:, m:].abs().amax((0, 2, 3))
    gain[:, m:] += (QUIET / largest).log().clamp_max(0)
    last = model.hyper_synthesis.find(last_named(model.specs["hyper_synthesis"]))
    for part, bias in ((slice(m, model.channels), 0.0), (slice(model.channels + m, None), LOWEST)):
        last.weight[part] = 0
        last.bias[part] = bias
