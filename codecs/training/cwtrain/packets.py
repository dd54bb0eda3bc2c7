"""Wavelet packets by lifting, CDF 9/7 (bior4.4), where the samples lie.

A level lifts samples t = 1, 2, 4, ... apart: of each pair of neighbours at that distance
in every band, the first becomes the low half and the second the high one. So all bands
are split each time, and `pixel_unshuffle` by 2^levels sorts them into channels. Edges are
mirrored. codecs/transform does the same in Go.
"""

from __future__ import annotations

import torch
from torch import Tensor

# Daubechies and Sweldens, "Factoring wavelet transforms into lifting steps", 1998, 7.4.
STEPS = (-1.5861343420693648, -0.0529801185718856, 0.8829110755411875, 0.4435068520511142)
SCALE = 1.1496043988602418  # of the low half: both halves get the gain of an orthonormal basis


def after(s: Tensor) -> Tensor:
    """The low sample on each high sample's far side, that on the near side at the edge."""
    return torch.cat([s[:, :, 1:], s[:, :, -1:]], 2)


def before(d: Tensor) -> Tensor:
    """The high sample on each low sample's far side, likewise."""
    return torch.cat([d[:, :, :1], d[:, :, :-1]], 2)


def lift(x: Tensor, t: int) -> Tensor:
    """One level along the rows of [N, C, H, W]: a lifting of columns t apart."""
    pairs = x.reshape(-1, x.shape[2], x.shape[3] // (2 * t), 2, t)
    s, d = pairs[:, :, :, 0], pairs[:, :, :, 1]
    d = d + STEPS[0] * (s + after(s))
    s = s + STEPS[1] * (d + before(d))
    d = d + STEPS[2] * (s + after(s))
    s = s + STEPS[3] * (d + before(d))
    return torch.stack([s * SCALE, d / SCALE], 3).reshape(x.shape)


def drop(x: Tensor, t: int) -> Tensor:
    """The inverse of lift."""
    pairs = x.reshape(-1, x.shape[2], x.shape[3] // (2 * t), 2, t)
    s, d = pairs[:, :, :, 0] / SCALE, pairs[:, :, :, 1] * SCALE
    s = s - STEPS[3] * (d + before(d))
    d = d - STEPS[2] * (s + after(s))
    s = s - STEPS[1] * (d + before(d))
    d = d - STEPS[0] * (s + after(s))
    return torch.stack([s, d], 3).reshape(x.shape)


def forward(x: Tensor, levels: int) -> Tensor:
    """Packets of pictures [N, C, H, W], whose sides are multiples of 2^levels; coefficients lie where their samples lay."""
    for _ in range(2):
        for j in range(levels):
            x = lift(x, 1 << j)
        x = x.transpose(2, 3)
    return x


def inverse(x: Tensor, levels: int) -> Tensor:
    """The pictures of forward's coefficients."""
    for _ in range(2):
        for j in reversed(range(levels)):
            x = drop(x, 1 << j)
        x = x.transpose(2, 3)
    return x
