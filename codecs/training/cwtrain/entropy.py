"""Rates of quantized latents: Gaussians of predicted mean and scale, logistics of fixed ones."""

from __future__ import annotations

import math
from typing import Tuple

import torch
from torch import Tensor, nn

SIGMA_MIN, SIGMA_MAX, SIGMA_LEVELS = 0.11, 256.0, 64  # Ballé et al., ICLR 2018
LIKELIHOOD_MIN = 1e-9


class _LowerBound(torch.autograd.Function):
    """max(x, bound), whose gradient still reaches an x below the bound that should rise."""

    @staticmethod
    def forward(ctx, x: Tensor, bound: float) -> Tensor:  # type: ignore[override]
        ctx.save_for_backward(x)
        ctx.bound = bound
        return x.clamp_min(bound)

    @staticmethod
    def backward(ctx, grad: Tensor):  # type: ignore[override]
        (x,) = ctx.saved_tensors
        return grad * ((x >= ctx.bound) | (grad < 0)), None


def lower_bound(x: Tensor, bound: float) -> Tensor:
    return _LowerBound.apply(x, bound)


def ste_round(x: Tensor) -> Tensor:
    """Rounds; the gradient passes straight through."""
    return x + (x.round() - x).detach()


def noisy(x: Tensor) -> Tensor:
    """x plus uniform noise of one quantization step."""
    return x + (torch.rand_like(x) - 0.5)


def gaussian_bits(residual: Tensor, log_sigma: Tensor) -> Tensor:
    """Bits of each element under a zero-mean Gaussian integrated over +-1/2, sigma at least 0.11."""
    scale = torch.exp(-lower_bound(log_sigma, math.log(SIGMA_MIN))) * math.sqrt(0.5)
    v = residual.abs()
    # Both from the lower tail, where the difference keeps its precision.
    mass = torch.erfc((v - 0.5) * scale) - torch.erfc((v + 0.5) * scale)
    return -torch.log2(lower_bound(0.5 * mass, LIKELIHOOD_MIN))


class LevelPrior(nn.Module):
    """One logistic distribution a rate level and channel, for the hyper-latent z."""

    def __init__(self, levels: int, channels: int):
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(levels, channels))
        self.log_scale = nn.Parameter(torch.zeros(levels, channels))

    def rows(self, level: Tensor) -> Tuple[Tensor, Tensor]:
        """Means and log scales [N, C, 1, 1] of the whole levels nearest to level [N]."""
        row = level.round().long().clamp(0, len(self.mean) - 1)
        return self.mean[row][:, :, None, None], self.log_scale[row][:, :, None, None]

    def bits(self, z: Tensor, level: Tensor) -> Tensor:
        mean, log_scale = self.rows(level)
        scale = torch.exp(-log_scale)
        v = (z - mean).abs()
        mass = torch.sigmoid((0.5 - v) * scale) - torch.sigmoid((-0.5 - v) * scale)
        return -torch.log2(lower_bound(mass, LIKELIHOOD_MIN))
