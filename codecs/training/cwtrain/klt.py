"""The start of the 1/8-scale backbone: a two-level Karhunen-Loeve transform in its convolutions.

Pixel-unshuffle and a 1x1 convolution are a block transform. The principal components of
8x8x3 blocks, then of 2x2 neighbours of those, make the analysis; transposed, the
synthesis. Residual branches start at zero.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .levels import level_gains
from .model import zero_branches
from .transform import PEAK, TransformCodec

# Grey levels a step at which rate and distortion balance: 26 / lambda is the square of
# the step where d(bpp)/d(MSE) of a uniform quantizer at high rate, 6/ln 2 a coefficient
# and three of them a pixel, equals -lambda.
BALANCE = 26.0


def principal(rows: Tensor, count: int) -> Tensor:
    """The top principal components of rows [n, d], as [count, d]."""
    covariance = np.cov(rows.numpy().astype(np.float64), rowvar=False)
    _, vectors = np.linalg.eigh(covariance)
    return torch.from_numpy(np.ascontiguousarray(vectors.T[::-1][:count])).float()


@torch.no_grad()
def start(model: TransformCodec, x: Tensor) -> None:
    """Sets the backbone's weights from pictures [N, 3, H, W]."""
    blocks = F.pixel_unshuffle(x, 8)
    stem, stem_back = model.analysis.find("analysis.stem"), model.synthesis.find("synthesis.stem")
    head, head_back = model.analysis.find("analysis.head"), model.synthesis.find("synthesis.head")
    c, m = stem.weight.shape[0], head.weight.shape[0]
    scale = PEAK * math.sqrt((model.low * model.high) ** 0.5 / BALANCE)

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
