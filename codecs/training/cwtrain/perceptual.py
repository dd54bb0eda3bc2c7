"""Picture losses that need no foreign network; pictures are NCHW with samples 0..1 (any offset)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

MS_SSIM_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # Wang, Simoncelli, Bovik 2003
WINDOW, SIGMA = 11, 1.5
C1, C2 = 0.01**2, 0.03**2


def blur(x: Tensor) -> Tensor:
    """Gaussian window, valid positions only."""
    at = torch.arange(WINDOW, device=x.device, dtype=x.dtype) - WINDOW // 2
    w = torch.exp(-at.square() / (2 * SIGMA**2))
    w = w / w.sum()
    c = x.shape[1]
    x = F.conv2d(x, w.view(1, 1, -1, 1).expand(c, 1, -1, 1), groups=c)
    return F.conv2d(x, w.view(1, 1, 1, -1).expand(c, 1, 1, -1), groups=c)


def ms_ssim(a: Tensor, b: Tensor) -> Tensor:
    """Mean MS-SSIM of RGB samples 0..1, with as many of the five scales as the size allows."""
    scales = 1
    while scales < 5 and min(a.shape[2:]) >> scales >= WINDOW:
        scales += 1
    weights = torch.tensor(MS_SSIM_WEIGHTS[:scales], device=a.device)
    weights = weights / weights.sum()
    total = a.new_ones(())
    for i in range(scales):
        mean_a, mean_b = blur(a), blur(b)
        var_a, var_b = blur(a * a) - mean_a**2, blur(b * b) - mean_b**2
        covariance = blur(a * b) - mean_a * mean_b
        value = (2 * covariance + C2) / (var_a + var_b + C2)
        if i == scales - 1:
            value = value * (2 * mean_a * mean_b + C1) / (mean_a**2 + mean_b**2 + C1)
        total = total * value.mean((1, 2, 3)).clamp_min(1e-4) ** weights[i]
        a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
    return total.mean()


def gradients(a: Tensor, b: Tensor, scales: int = 3) -> Tensor:
    """L1 distance of differences in four directions, over octaves."""
    d, total = a - b, a.new_zeros(())
    for _ in range(scales):
        total = total + (d[:, :, 1:] - d[:, :, :-1]).abs().mean() + (d[..., 1:] - d[..., :-1]).abs().mean()
        total = total + (d[:, :, 1:, 1:] - d[:, :, :-1, :-1]).abs().mean() + (d[:, :, 1:, :-1] - d[:, :, :-1, 1:]).abs().mean()
        d = F.avg_pool2d(d, 2)
    return total / (4 * scales)
