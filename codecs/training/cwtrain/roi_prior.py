"""Generalized Gaussians for latents: a shape beta for each channel, out of a few, chosen by what training crops' symbols cost.

With beta 2 it is the Gaussian, with 1 the Laplace distribution. Scales are standard deviations, so that the same network
serves every shape. (Zhang, Li and Liu, "Generalized Gaussian Model for Learned Image Compression", 2024.)
"""

from __future__ import annotations

import math
from typing import Dict, NamedTuple, Sequence

import numpy as np
import torch

from . import tables as T
from .data import to_tensor
from .entropy import SIGMA_LEVELS
from .roi import Roi

BETAS = (0.5, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0)
REACH = 255  # entries on either side, at most: longer tails are left to the escape
SEED = 3


def beyond(x: np.ndarray, beta: float, sigma: float) -> np.ndarray:
    """The probability of more than x, which is 0 or more."""
    alpha = sigma * math.exp(0.5 * (math.lgamma(1 / beta) - math.lgamma(3 / beta)))
    shape = torch.tensor(1 / beta, dtype=torch.float64)
    return 0.5 * torch.special.gammaincc(shape, torch.from_numpy((x / alpha) ** beta)).numpy()


def table(beta: float, sigma: float) -> T.Table:
    """Zero mean, out to where less than tables.TAIL is left on both sides together, or REACH."""
    tail = 2 * beyond(np.arange(REACH + 1) + 0.5, beta, sigma)
    reach = int(np.argmax(tail <= T.TAIL)) if (tail <= T.TAIL).any() else REACH
    side = (tail[:reach] - tail[1 : reach + 1]) / 2
    p = np.concatenate([side[::-1], [1 - tail[0]], side, [tail[reach]]])
    return T.Table(T.quantize(p), -reach)


def scales(beta: float) -> np.ndarray:
    """The deviations that the 64 indices stand for. The lowest means "at most" to the network: for heavier tails than
    the Gaussian's it is lower, so that as little is left outside of 0."""
    grid, half = T.sigma_grid(), np.array([0.5])
    want, low, high = beyond(half, 2.0, grid[0])[0], 0.0, grid[0]
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(half, beta, middle)[0] < want else (low, middle)
    return np.concatenate([[high], grid[1:]])


@torch.no_grad()
def counts(model: Roi, crops: np.ndarray) -> np.ndarray:
    """How often each magnitude occurs, by channel and scale index [channels, 64, REACH + 2], in crops at all levels; the
    last is for all larger ones."""
    grid = np.log(T.sigma_grid())
    out = np.zeros((model.channels, SIGMA_LEVELS, REACH + 2), np.int64)
    channel = np.arange(model.channels)[:, None, None]
    spread = np.random.default_rng(SEED).permutation(len(crops))
    for crop, at in zip(crops, spread):
        level = torch.tensor([(at + 0.5) / len(crops) * (model.levels - 1)], dtype=torch.float32)
        y = model.analysis(to_tensor(crop[None], torch.device("cpu")), level)
        mean, log_sigma = model.hyper_synthesis(model.hyper_analysis(y, level).round(), level).chunk(2, 1)
        size = (y - mean).round().abs().clamp(max=REACH + 1)[0].numpy().astype(np.int64)
        index = np.rint((log_sigma[0].numpy() - grid[0]) / (grid[1] - grid[0])).clip(0, SIGMA_LEVELS - 1).astype(np.int64)
        np.add.at(out, (np.broadcast_to(channel, size.shape), index, size), 1)
    return out


def bits(t: T.Table) -> np.ndarray:
    """What each magnitude costs by a symmetric table [REACH + 2]; beyond it, its escape with the shortest number."""
    cost = T.WIDTH - np.log2(t.frequencies)
    out = np.full(REACH + 2, cost[-1] + 2.0)
    out[: 1 - t.first] = cost[-t.first : -1]
    return out


class Fit(NamedTuple):
    betas: Sequence[float]  # those that occur
    shape: np.ndarray  # of each channel, which of them
    gain: float  # share of bits that the Gaussian's tables take more, on what was fitted


def fit(seen: np.ndarray) -> Fit:
    """The shape of each channel by which counted symbols cost least."""
    cost = np.stack([np.einsum("cik,ik->c", seen, np.stack([bits(table(b, s)) for s in scales(b)])) for b in BETAS], 1)
    best = cost.argmin(1)
    used = sorted(set(best.tolist()))
    gain = cost[:, BETAS.index(2.0)].sum() / cost.min(1).sum() - 1
    return Fit([BETAS[i] for i in used], np.searchsorted(used, best), float(gain))


def tensors(found: Fit) -> Dict[str, np.ndarray]:
    """ "ggd": table shape * 64 + scale; its deviations, shapes, and the shape of each channel."""
    grids = np.stack([scales(b) for b in found.betas])
    out = T.tensors("ggd", [table(b, s) for b, grid in zip(found.betas, grids) for s in grid])
    out.update({"ggd.beta": np.array(found.betas, np.float32), "ggd.scale": grids.astype(np.float32)})
    out["ggd.shape"] = found.shape.astype(np.int32)
    return out
