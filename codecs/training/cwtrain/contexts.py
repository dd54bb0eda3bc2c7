"""What walloc's entropy coder knows of a symbol before it comes, counted on training crops.

Symbols [n, C, H, W] are coded row by row, at each position channel by channel. From the
neighbours left, above and above left comes a prediction; what is coded is the distance
from it. From the distances around it and in the channels before comes an activity, which
chooses one of a channel's tables. All of it is integers: codecs/walloc does the same.
"""

from __future__ import annotations

import math
from typing import Dict, List, NamedTuple, Sequence, Tuple

import numpy as np

from . import tables as T

SHIFT = 6  # of weights: 64 is 1
CHANNELS_BEFORE = 3  # that enter a symbol's activity
QUANTILES = (0.25, 0.45, 0.6, 0.72, 0.82, 0.9, 0.96)  # of activity, between a channel's classes
CLASSES = len(QUANTILES) + 1


class Channel(NamedTuple):
    """How one channel is coded at one rate."""

    predict: np.ndarray  # weights of left, above, above left
    activity: np.ndarray  # weights of |distance| left, above, above left, above right, then of the channels before
    bounds: np.ndarray  # activity from which on each class but the first begins
    tables: List[T.Table]


def shifted(a: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """The value dy rows above and dx columns to the left, 0 where there is none; [n, H, W]."""
    n, h, w = a.shape
    out = np.zeros_like(a)
    out[:, dy:, max(dx, 0) : w + min(dx, 0)] = a[:, : h - dy, max(-dx, 0) : w - max(dx, 0)]
    return out


def neighbours(s: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Left, above, above left; at an edge, all are the one that there is."""
    left, above, corner = shifted(s, 0, 1), shifted(s, 1, 0), shifted(s, 1, 1)
    left[:, :, 0] = corner[:, :, 0] = above[:, :, 0]
    above[:, 0], corner[:, 0] = left[:, 0], left[:, 0]
    return left, above, corner


def weighted(features: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
    return sum(f * int(w) for f, w in zip(features, weights))


def solve(features: Sequence[np.ndarray], target: np.ndarray) -> np.ndarray:
    """Least squares, a little damped: features that tell nothing get no weight."""
    a = np.stack([f.ravel() for f in features], 1).astype(np.float64)
    square = a.T @ a + 0.01 * len(a) * np.eye(a.shape[1])
    return np.linalg.solve(square, a.T @ target.ravel().astype(np.float64))


def predictor(s: np.ndarray) -> np.ndarray:
    """Weights of the neighbours for symbols [n, H, W] of one channel."""
    return np.rint(solve(neighbours(s), s) * (1 << SHIFT)).clip(-128, 128).astype(np.int16)


def predict(s: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return (weighted(neighbours(s), weights) + (1 << SHIFT >> 1)) >> SHIFT


def surroundings(distances: Sequence[np.ndarray], d: np.ndarray) -> List[np.ndarray]:
    """What activity is made of: magnitudes around distances d [n, H, W], then in the channels before."""
    size = np.abs(d)
    around = [shifted(size, 0, 1), shifted(size, 1, 0), shifted(size, 1, 1), shifted(size, 1, -1)]
    before = [np.abs(distances[-k]) if k <= len(distances) else np.zeros_like(size) for k in range(1, CHANNELS_BEFORE + 1)]
    return around + before


def fit(symbols: np.ndarray) -> List[Channel]:
    """All channels of symbols [n, C, H, W] at one rate."""
    distances: List[np.ndarray] = []
    out = []
    for c in range(symbols.shape[1]):
        s = symbols[:, c].astype(np.int64)
        weights = predictor(s)
        d = s - predict(s, weights)
        features = surroundings(distances, d)
        activity = np.rint(solve(features, np.abs(d)) * (1 << SHIFT)).clip(0, 1 << SHIFT).astype(np.int16)
        a = weighted(features, activity)
        bounds = np.maximum(np.ceil(np.quantile(a, QUANTILES)), 1).astype(np.int32)
        which = classes(a, bounds)
        inside = [d[which == k] for k in range(CLASSES)]
        # Of all distances, where a class has none.
        out.append(Channel(weights, activity, bounds, [table(v if len(v) else d.ravel()) for v in inside]))
        distances.append(d)
    return out


def classes(a: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """The number of bounds that are not above the activity."""
    return np.searchsorted(bounds, a, side="right")


def table(distances: np.ndarray) -> T.Table:
    """Of distances of one class."""
    scale = max(float(np.sqrt(np.mean(distances.astype(np.float64) ** 2))), 0.05) * math.sqrt(3) / math.pi
    return T.counted(distances, T.logistic(0, math.log(scale)))


def bits(symbols: np.ndarray, channels: Sequence[Channel]) -> float:
    """What symbols take, in all; escapes count as their entry alone."""
    distances: List[np.ndarray] = []
    total = 0.0
    for c, how in enumerate(channels):
        s = symbols[:, c].astype(np.int64)
        d = s - predict(s, how.predict)
        which = classes(weighted(surroundings(distances, d), how.activity), how.bounds)
        for k, t in enumerate(how.tables):
            at = d[which == k] - t.first
            n = len(t.frequencies) - 1
            total += (T.WIDTH - np.log2(t.frequencies[np.where((at >= 0) & (at < n), at, n)])).sum()
        distances.append(d)
    return total


def tensors(rows: Sequence[Sequence[Channel]]) -> Dict[str, np.ndarray]:
    """Of a model file: context.* [rows, C, ...]; table k of channel c in row r is number (r C + c) CLASSES + k."""
    out = {f"context.{key}": np.array([[getattr(c, key) for c in row] for row in rows]) for key in ("predict", "activity", "bounds")}
    out.update(T.tensors("y", [t for row in rows for c in row for t in c.tables]))
    return out
