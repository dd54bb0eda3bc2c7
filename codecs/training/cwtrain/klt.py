"""The start of a transform: a Karhunen-Loeve transform of some levels in its convolutions.

In the 1/8-scale backbone, pixel-unshuffle and a 1x1 convolution are a block transform. The
principal components of 8x8x3 blocks, then of 2x2 neighbours of those, make the analysis;
transposed, the synthesis. Residual branches start at zero. In the textbook network, each
convolution of stride 2 takes the principal components of 2x2 neighbours.
"""

from __future__ import annotations

import math
from typing import List

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .layers import GDN
from .levels import level_gains
from .model import zero_branches
from .spec import Layers
from .transform import PEAK, TransformCodec

# Grey levels a step at which rate and distortion balance: 26 / lambda is the square of
# the step where d(bpp)/d(MSE) of a uniform quantizer at high rate, 6/ln 2 a coefficient
# and three of them a pixel, equals -lambda.
BALANCE = 26.0
NEARLY = 0.01  # of a channel's own square in its norm, where a normalization starts near the identity


def principal(rows: Tensor, count: int) -> Tensor:
    """The top principal components of rows [n, d], as [count, d]."""
    covariance = np.cov(rows.numpy().astype(np.float64), rowvar=False)
    _, vectors = np.linalg.eigh(covariance)
    return torch.from_numpy(np.ascontiguousarray(vectors.T[::-1][:count])).float()


def spread(model: TransformCodec) -> float:
    """Latents a unit of the picture, of principal components, at the middle level."""
    return PEAK * math.sqrt((model.low * model.high) ** 0.5 / BALANCE)


@torch.no_grad()
def start(model: TransformCodec, x: Tensor) -> None:
    """Sets the backbone's weights from pictures [N, 3, H, W]."""
    blocks = F.pixel_unshuffle(x, 8)
    stem, stem_back = model.analysis.find("analysis.stem"), model.synthesis.find("synthesis.stem")
    head, head_back = model.analysis.find("analysis.head"), model.synthesis.find("synthesis.head")
    c, m = stem.weight.shape[0], head.weight.shape[0]
    scale = spread(model)

    rows = blocks.permute(0, 2, 3, 1).flatten(0, 2)
    mean, basis = rows.mean(0), principal(rows, c)
    stem.weight.copy_(scale * basis[:, :, None, None])
    stem.bias.copy_(-scale * basis @ mean)
    stem_back.weight.copy_(basis.t()[:, :, None, None] / scale)
    stem_back.bias.copy_(mean)

    pairs = F.pixel_unshuffle(F.conv2d(blocks, stem.weight, stem.bias), 2)
    wide = principal(pairs.permute(0, 2, 3, 1).flatten(0, 2), m)
    head.weight.zero_()
    head.weight[:, :, 1:3, 1:3] = wide.view(m, c, 2, 2)
    head.bias.zero_()
    head_back.weight.copy_(wide.t()[:, :, None, None])
    head_back.bias.zero_()

    zero_branches(model)
    level_gains(model)


def named(layers: Layers, op: str) -> List[str]:
    return [layer["name"] for layer in layers if layer["op"] == op]


@torch.no_grad()
def start_strided(model: TransformCodec, x: Tensor) -> List[Tensor]:
    """Sets the convolutions of the textbook network from pictures [N, 3, H, W]; its normalizations start near the identity.
    Returns what the synthesis is to make: components at 1/8, 1/4 and 1/2 of the size, and the pictures."""
    scale = spread(model)
    stages: List[Tensor] = []
    names = list(zip(named(model.specs["analysis"], "conv"), reversed(named(model.specs["synthesis"], "deconv"))))
    for conv, deconv in ((model.analysis.find(a), model.synthesis.find(b)) for a, b in names):
        stages.insert(0, x)
        rows = F.pixel_unshuffle(x, 2).permute(0, 2, 3, 1).flatten(0, 2)
        used, count = x.shape[1], min(len(conv.weight), rows.shape[1])
        mean, basis = rows.mean(0), principal(rows, count)
        # Deviations of 1 inside; the last undoes what the ones before have multiplied by.
        factor = scale if conv.name == names[-1][0] else 1 / float((rows @ basis[0]).std())
        scale /= factor
        taps = basis.view(count, used, 2, 2)
        # Channels that are left over read what chance gives them, and nothing reads them yet.
        conv.weight[:, used:], deconv.weight[count:] = 0, 0
        conv.weight[:count], deconv.weight[:count, :used] = 0, 0
        conv.weight[:count, :used, 2:4, 2:4], deconv.weight[:count, :used, 2:4, 2:4] = factor * taps, taps / factor
        conv.bias[:count], deconv.bias[:used] = -factor * basis @ mean, mean.view(used, 4).mean(1)
        x = F.conv2d(x, conv.weight[:count, :used], conv.bias[:count], 2, 2)
    for module in model.modules():
        if isinstance(module, GDN):
            module.gamma.copy_((NEARLY * torch.eye(len(module.beta)) + 1e-4).sqrt())
    level_gains(model)
    return stages
