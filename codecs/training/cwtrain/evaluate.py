"""What a transform codec reaches on whole pictures: estimated bits, PSNR of 8-bit samples."""

from __future__ import annotations

import math
from typing import List, NamedTuple, Sequence

import numpy as np
import torch
from torch.nn import functional as F

from .data import to_tensor
from .transform import PEAK, UNIT, TransformCodec


class Point(NamedTuple):
    """Means over pictures at one rate level. The rate is an estimate: no file is written."""

    level: float
    lam: float
    bpp: float
    bpp_z: float
    psnr: float  # mean of the pictures' PSNRs, dB
    mse: float  # of samples 0..255
    cost: float  # mean of bpp + lambda * MSE


@torch.no_grad()
def measure(model: TransformCodec, picture: np.ndarray, levels: Sequence[float], device: torch.device) -> np.ndarray:
    """Rows of (bpp, bpp of z, mse) of one picture, uint8 [H, W, 3], at each level."""
    h, w = picture.shape[:2]
    x = to_tensor(picture[None], device)
    x = F.pad(x, (0, -w % UNIT, 0, -h % UNIT), mode="replicate")
    area = x.shape[2] * x.shape[3] / (h * w)
    target = torch.from_numpy(picture).float()
    rows = []
    for level in levels:
        out = model(x, torch.tensor([float(level)], device=device), hard=True)
        got = ((out.picture[0, :, :h, :w] + 0.5).clamp(0, 1) * PEAK).round().permute(1, 2, 0).cpu()
        rows.append((out.bpp.item() * area, out.bpp_z.item() * area, (got - target).square().mean().item()))
    return np.array(rows)


def psnr(mse: np.ndarray) -> np.ndarray:
    return 10 * np.log10(PEAK**2 / np.maximum(mse, 1e-9))


def evaluate(model: TransformCodec, pictures: Sequence[np.ndarray], levels: Sequence[float], device: torch.device) -> List[Point]:
    """A point a level, means over the pictures."""
    training = model.training
    model.eval()
    rows = np.stack([measure(model, p, levels, device) for p in pictures])  # [pictures, levels, 3]
    model.train(training)
    out = []
    for i, level in enumerate(levels):
        lam = float(model.lambdas(torch.tensor(float(level))))
        bpp, bpp_z, mse = rows[:, i, 0], rows[:, i, 1], rows[:, i, 2]
        out.append(Point(float(level), lam, bpp.mean(), bpp_z.mean(), psnr(mse).mean(), mse.mean(), (bpp + lam * mse).mean()))
    return out


def score(points: Sequence[Point]) -> float:
    """One number to choose by: the mean over levels of log J, so that every rate counts alike."""
    return sum(math.log(p.cost) for p in points) / len(points)
