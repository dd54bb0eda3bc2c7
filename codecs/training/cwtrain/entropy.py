"""Rates of quantized latents: Gaussians of predicted mean and scale, fixed distributions by channel."""

from __future__ import annotations

import math
from typing import Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIGMA_MIN, SIGMA_MAX, SIGMA_LEVELS = 0.11, 256.0, 64  # Ballé et al., ICLR 2018
LIKELIHOOD_MIN = 1e-9
ALWAYS_ZERO = 0.05  # scale of a logistic distribution by which a zero costs next to nothing


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

    @torch.no_grad()
    def grow_from(self, prior: LevelPrior) -> None:
        """Takes another one of the same levels and fewer channels; the channels that it lacks are expected to be zero."""
        count = prior.mean.shape[1]
        self.mean.zero_()
        self.log_scale.fill_(math.log(ALWAYS_ZERO))
        self.mean[:, :count], self.log_scale[:, :count] = prior.mean, prior.log_scale

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


class FactorizedPrior(nn.Module):
    """The non-parametric distribution of Ballé et al. (ICLR 2018, appendix 6.1), one a channel: a monotone network from
    a value to its cumulative probability. Each level has its own offset and scale, between levels interpolated."""

    WIDTHS = (1, 3, 3, 3, 1)

    def __init__(self, levels: int, channels: int):
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(levels, channels))
        self.log_scale = nn.Parameter(torch.zeros(levels, channels))
        pairs = list(zip(self.WIDTHS, self.WIDTHS[1:]))
        # A logistic distribution of deviation 1 is what it starts as: slope 1.8 in all.
        slope = 1.8 ** (1 / len(pairs))
        for i, (n, m) in enumerate(pairs):
            self.register_parameter(f"matrix{i}", nn.Parameter(torch.full((channels, m, n), math.log(math.expm1(slope / n)))))
            self.register_parameter(f"bias{i}", nn.Parameter(torch.zeros(channels, m, 1)))
            if i < len(pairs) - 1:
                spread = torch.linspace(-0.5, 0.5, m).view(1, m, 1)  # or all units of a layer would stay the same
                self.register_parameter(f"factor{i}", nn.Parameter(0.1 * spread.repeat(channels, 1, 1)))

    def logits(self, v: Tensor) -> Tensor:
        """Of the cumulative probability of v [channels, 1, n], in units of the level's scale."""
        for i in range(len(self.WIDTHS) - 1):
            v = F.softplus(getattr(self, f"matrix{i}")) @ v + getattr(self, f"bias{i}")
            if i < len(self.WIDTHS) - 2:
                v = v + torch.tanh(getattr(self, f"factor{i}")) * torch.tanh(v)
        return v

    def rows(self, level: Tensor) -> Tuple[Tensor, Tensor]:
        """Means and log scales [N, C] at real-valued levels [N]."""
        top = len(self.mean) - 1
        at = level.clamp(0, top)
        low = at.floor().clamp(max=max(top - 1, 0)).long()
        high, part = (low + 1).clamp(max=top), (at - low)[:, None]
        return torch.lerp(self.mean[low], self.mean[high], part), torch.lerp(self.log_scale[low], self.log_scale[high], part)

    def bits(self, y: Tensor, level: Tensor) -> Tensor:
        """Of each element of y [N, C, H, W]."""
        n, c, h, w = y.shape
        mean, log_scale = self.rows(level)
        scale = torch.exp(-log_scale).t()[:, :, None]  # [C, N, 1]
        v = (y.permute(1, 0, 2, 3).reshape(c, n, h * w) - mean.t()[:, :, None]) * scale
        ends = [self.logits((v + sign * 0.5 * scale).reshape(c, 1, -1)) for sign in (-1, 1)]
        # Both from the tail that they lie in, where the difference keeps its precision.
        sign = torch.where(ends[0] + ends[1] > 0, -1.0, 1.0)
        mass = (torch.sigmoid(sign * ends[1]) - torch.sigmoid(sign * ends[0])).abs()
        return -torch.log2(lower_bound(mass, LIKELIHOOD_MIN)).reshape(c, n, h, w).permute(1, 0, 2, 3)

    def cdf(self, x: Tensor, level: float) -> Tensor:
        """Cumulative probabilities [C, n] of values x [n] at a level."""
        mean, log_scale = self.rows(torch.tensor([float(level)], device=self.mean.device))
        v = (x[None] - mean.t()) * torch.exp(-log_scale).t()
        return torch.sigmoid(self.logits(v[:, None])[:, 0])
