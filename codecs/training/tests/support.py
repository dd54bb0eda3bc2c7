"""Small things that several tests need."""

from __future__ import annotations

import numpy as np
import torch

from cwtrain import spec
from cwtrain.data import Crops, Photos
from cwtrain.hyperprior import Hyperprior


def photos(count: int = 3, h: int = 80, w: int = 96) -> Photos:
    """Made-up photographs: smooth, with noise."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0:h, 0:w]
    parts = []
    for i in range(count):
        p = 128 + 60 * np.sin(x / (7 + i))[..., None] * np.cos(y / 9)[..., None] + 8 * rng.standard_normal((h, w, 3))
        parts.append(p.clip(0, 255).astype(np.uint8).reshape(-1))
    return Photos(np.concatenate(parts), np.array([(h, w)] * count))


def tiny_model(levels: int = 3) -> Hyperprior:
    torch.manual_seed(0)
    return Hyperprior(spec.hyperprior_s8(8, 12, 8, 4, 2), 0.002, 0.05, levels)


def crops(seed: int = 0) -> Crops:
    return Crops(photos(), seed)
