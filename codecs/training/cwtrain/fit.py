"""Convolutions by least squares: the start of layers whose inputs and outputs are known."""

from __future__ import annotations

from typing import List, Tuple

import torch
from torch import Tensor
from torch.nn import functional as F

from .layers import Conv, Deconv

DAMPING = 1e-3  # of the mean square of the inputs
CHUNK = 16  # pictures that are unfolded at a time


def solve(rows: List[Tuple[Tensor, Tensor]]) -> Tuple[Tensor, Tensor]:
    """Weights [outputs, inputs] and bias that map inputs [n, inputs] to outputs [n, outputs] with least squares, from both in parts."""
    inputs, outputs = rows[0][0].shape[1], rows[0][1].shape[1]
    gram, cross = torch.zeros(inputs + 1, inputs + 1, dtype=torch.double), torch.zeros(inputs + 1, outputs, dtype=torch.double)
    for a, b in rows:
        a = torch.cat([a, a.new_ones(len(a), 1)], 1)
        gram += (a.t() @ a).double()
        cross += (a.t() @ b).double()
    damping = DAMPING * gram.diagonal()[:-1].mean()
    gram.diagonal()[:-1].add_(damping.clamp_min(1e-12))
    weights = torch.linalg.solve(gram, cross).float()
    return weights[:-1].t(), weights[-1]


def unfolded(x: Tensor, kernel: int, stride: int, pad: int) -> Tensor:
    """What a convolution sees of x [N, C, H, W] at each place, [places, C * kernel * kernel]."""
    columns = F.unfold(x, kernel, padding=pad, stride=stride)
    return columns.transpose(1, 2).reshape(-1, columns.shape[1])


def flat(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1).flatten(0, 2)


@torch.no_grad()
def fit_conv(layer: Conv, x: Tensor, y: Tensor) -> None:
    """Sets a convolution to what maps x to y best."""
    kernel = layer.weight.shape[2]
    parts = zip(x.split(CHUNK), y.split(CHUNK))
    weight, bias = solve([(unfolded(a, kernel, layer.stride, layer.pad), flat(b)) for a, b in parts])
    layer.weight.copy_(weight.reshape(layer.weight.shape))
    layer.bias.copy_(bias)


@torch.no_grad()
def fit_deconv(layer: Deconv, x: Tensor, y: Tensor) -> None:
    """The same of a transposed convolution of stride 2, of its first outputs where y has fewer. Each of the four phases of its
    output is a convolution of the taps that reach it: output 2j + f has the input j - d times the tap 2d + f + pad."""
    kernel = layer.weight.shape[2]
    reach = kernel // 2
    biases = []
    for fy in range(2):
        for fx in range(2):
            taps = [[(d, 2 * d + f + layer.pad) for d in range(-reach, reach + 1) if 0 <= 2 * d + f + layer.pad < kernel] for f in (fy, fx)]
            seen = [(reach - dy) * (2 * reach + 1) + reach - dx for dy, _ in taps[0] for dx, _ in taps[1]]
            rows = []
            for a, b in zip(x.split(CHUNK), y.split(CHUNK)):
                columns = unfolded(a, 2 * reach + 1, 1, reach).unflatten(1, (a.shape[1], -1))[:, :, seen]
                rows.append((columns.flatten(1), flat(b[:, :, fy::2, fx::2])))
            weight, bias = solve(rows)
            weight = weight.unflatten(1, (x.shape[1], len(taps[0]), len(taps[1])))
            for i, (_, ky) in enumerate(taps[0]):
                for j, (_, kx) in enumerate(taps[1]):
                    layer.weight[:, : y.shape[1], ky, kx] = weight[:, :, i, j].t()
            biases.append(bias)
    layer.bias[: y.shape[1]] = torch.stack(biases).mean(0)
