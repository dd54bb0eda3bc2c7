"""Regions of interest: a hyperprior whose rate level is a map, one number for each position of y."""

from __future__ import annotations

import json
import math
from typing import Dict, NamedTuple, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from . import safetensors
from .data import to_tensor
from .entropy import LevelPrior
from .export import load_weights
from .hyperprior import Hyperprior
from .spec import Layers
from .transform import PEAK

SCALE = 16  # pixels that a position of y covers along each side
STEPS = 4  # of a map's weights between outside and inside, as files hold them (codecs/roi)
LEAST, MOST = 0.05, 0.6  # of a crop's area that a mask covers
WIDEST = 6.0  # levels between outside and inside


def whole(level: Tensor) -> Tensor:
    """One level an image: the mean of each map, or what is one number already."""
    return level.flatten(1).mean(1) if level.dim() > 1 else level


class MapPrior(LevelPrior):
    """z is coded by the distributions of a map's mean level."""

    def rows(self, level: Tensor) -> Tuple[Tensor, Tensor]:
        return super().rows(whole(level))


class Roi(Hyperprior):
    """Levels are numbers, one an image, or maps [N, h, w] over the positions of y."""

    def __init__(self, specs: Dict[str, Layers], low: float, high: float, levels: int, codec: str = "roi"):
        super().__init__(specs, low, high, levels, codec)
        self.prior = MapPrior(levels, self.prior.mean.shape[1])


def opened(path: str) -> Tuple[Roi, int]:
    """A model from a file of this codec or of a hyperprior, whose weights mean the same, and the steps that it has had."""
    metadata = safetensors.read(path)[1]
    codec = metadata["codec"]
    if codec not in ("roi", "hyperprior"):
        raise ValueError(f"{path} is a {codec}, expected roi or a hyperprior")
    lambdas = json.loads(metadata["lambdas"])
    model = Roi(json.loads(metadata["networks"]), lambdas[0], lambdas[-1], len(lambdas), codec)
    steps = load_weights(path, model)
    model.codec = "roi"
    return model, steps


class Loss(NamedTuple):
    total: Tensor  # what is minimised, one number
    bpp: Tensor  # means over the batch
    mse: Tensor  # of samples 0..255, all positions alike


def rate_distortion(model: Roi, x: Tensor, level: Tensor, hard: bool = False) -> Loss:
    """(bpp + mean over positions of lambda MSE) / sqrt(lambda of the map's mean level), with each position's own lambda."""
    out = model(x, level, hard)
    mse = F.avg_pool2d((out.picture - x).square().mean(1), SCALE) * PEAK**2
    weight = ((model.low * model.high) ** 0.5 / model.lambdas(whole(level))).sqrt()
    distortion = (model.lambdas(level) * mse).flatten(1).mean(1)
    return Loss(((out.bpp + distortion) * weight).mean(), out.bpp.detach().mean(), mse.detach().mean())


def random_mask(side: int) -> Tensor:
    """Weights 0..1 of side x side positions: ellipses, rectangles or a half-plane, with hard or soft edges, whose mean
    is LEAST to MOST. Random numbers are torch's."""
    fine = 4 * side  # so that borders lie anywhere
    at = (torch.arange(fine) + 0.5) / fine
    y, x = at[:, None].expand(fine, fine), at[None].expand(fine, fine)
    kind = int(torch.randint(3, ()))
    if kind == 2:
        angle = 2 * math.pi * float(torch.rand(()))
        inside = (x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle)
    else:
        parts = []
        for _ in range(1 + int(torch.randint(3, ()))):
            cy, cx = torch.rand(2).tolist()
            ry, rx = (0.15 + 0.45 * torch.rand(2)).tolist()
            dy, dx = (y - cy) / ry, (x - cx) / rx
            parts.append(1 - ((dy**2 + dx**2).sqrt() if kind == 0 else torch.maximum(dy.abs(), dx.abs())))
        inside = torch.stack(parts).amax(0)
    # The level line at which the mask has its area.
    share = LEAST + (MOST - LEAST) * float(torch.rand(()))
    line = inside.flatten().kthvalue(max(int((1 - share) * fine * fine), 1))[0]
    soft = 0.3 * float(torch.rand(())) * float(torch.randint(2, ()))
    weight = ((inside - line) / soft + 0.5).clamp(0, 1) if soft > 0.02 else (inside > line).float()
    return (F.avg_pool2d(weight[None, None], 4)[0, 0] * STEPS).round() / STEPS


def level_map(mask: Tensor, level: float, spread: float, top: float) -> Tensor:
    """Levels whose mean is level, spread more inside a mask than outside, as far as there are any."""
    return (level + spread * (mask - mask.mean())).clamp(0, top)


def random_levels(count: int, side: int, top: float) -> Tensor:
    """Maps for count crops of side x side positions, every other one uniform. Mean levels are one from each part of
    the range: less noise than levels that are drawn apart."""
    level = (torch.arange(count) + torch.rand(count)) / count * top
    level = level[torch.randperm(count)]
    out = level[:, None, None].repeat(1, side, side)
    for i in range(0, count, 2):
        spread = 1 + (WIDEST - 1) * float(torch.rand(()))
        out[i] = level_map(random_mask(side), float(level[i]), spread, top)
    return out


def ellipse(h: int, w: int, share: float) -> Tensor:
    """A mask in the middle that covers so much of h x w positions."""
    r = math.sqrt(share / math.pi)
    y, x = (torch.arange(h) + 0.5) / h - 0.5, (torch.arange(w) + 0.5) / w - 0.5
    return ((y[:, None] / r) ** 2 + (x[None] / r) ** 2 < 1).float()


@torch.no_grad()
def masked_score(model: Roi, pictures: Sequence[np.ndarray], levels: Sequence[float], device: torch.device, spread: float = 5.0) -> float:
    """Mean of log(bpp + mean of lambda MSE) with a mask over the middle fifth, over pictures whose sides are multiples of 64."""
    training = model.training
    model.eval()
    total = 0.0
    for level in levels:
        cost = 0.0
        for p in pictures:
            x = to_tensor(p[None], device)
            mask = ellipse(x.shape[2] // SCALE, x.shape[3] // SCALE, 0.2)
            at = level_map(mask, level, spread, model.levels - 1)[None].to(device)
            out = model(x, at, hard=True)
            error = (((out.picture + 0.5).clamp(0, 1) - x - 0.5) * PEAK).square().mean(1)
            cost += float(out.bpp + (model.lambdas(at) * F.avg_pool2d(error, SCALE)).mean())
        total += math.log(cost / len(pictures))
    model.train(training)
    return total / len(levels)
