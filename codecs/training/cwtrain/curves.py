"""Rate-distortion curves of jpeg and webp, and BD-rate."""

from __future__ import annotations

import io
from typing import Dict, Sequence

import numpy as np
from PIL import Image

from .evaluate import psnr

QUALITIES = {"jpeg": (10, 20, 30, 40, 50, 60, 70, 80, 88, 93), "webp": (1, 10, 25, 40, 55, 70, 80, 88, 93)}
OPTIONS: Dict[str, Dict[str, object]] = {
    "jpeg": {"optimize": True, "progressive": True, "subsampling": 2},
    "webp": {"method": 6},
}


def peer(kind: str, pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Rows [pictures, qualities, (bpp, mse)] of files written by Pillow."""
    out = np.empty((len(pictures), len(QUALITIES[kind]), 2))
    for i, p in enumerate(pictures):
        for j, q in enumerate(QUALITIES[kind]):
            file = io.BytesIO()
            Image.fromarray(p).save(file, kind, quality=q, **OPTIONS[kind])
            got = np.asarray(Image.open(file).convert("RGB"), np.float64)
            out[i, j] = 8 * file.tell() / (p.shape[0] * p.shape[1]), np.square(got - p).mean()
    return out


def bd_rate(anchor: np.ndarray, test: np.ndarray) -> float:
    """Bjontegaard's average rate difference in percent (VCEG-M33), on rows (bpp, psnr), by
    monotone piecewise cubics through the logarithm of the rate; nan without overlap."""
    a, t = (c[np.argsort(c[:, 1])] for c in (anchor, test))
    low, high = max(a[0, 1], t[0, 1]), min(a[-1, 1], t[-1, 1])
    if not low < high:
        return float("nan")
    at = np.linspace(low, high, 1001)
    d = pchip(t[:, 1], np.log(t[:, 0]), at) - pchip(a[:, 1], np.log(a[:, 0]), at)
    return float(100 * (np.exp(np.mean((d[1:] + d[:-1]) / 2)) - 1))


def pchip(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Fritsch-Carlson interpolation of rising x at points inside its range."""
    h, delta = np.diff(x), np.diff(y) / np.diff(x)
    slope = np.empty_like(y)
    slope[0], slope[-1] = delta[0], delta[-1]
    w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    same = delta[:-1] * delta[1:] > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        slope[1:-1] = np.where(same, (w1 + w2) / (w1 / delta[:-1] + w2 / delta[1:]), 0)
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(h) - 1)
    t = (at - x[i]) / h[i]
    return (
        (1 + 2 * t) * (1 - t) ** 2 * y[i] + t * (1 - t) ** 2 * h[i] * slope[i]
        + t * t * (3 - 2 * t) * y[i + 1] - t * t * (1 - t) * h[i] * slope[i + 1]
    )  # fmt: skip


def mean_curve(rows: np.ndarray) -> np.ndarray:
    """(mean bpp, mean PSNR) a quality, from rows [pictures, qualities, (bpp, mse)]."""
    return np.stack([rows[:, :, 0].mean(0), psnr(rows[:, :, 1]).mean(0)], 1)


def best_cost(rows: np.ndarray, lam: float) -> float:
    """Mean over pictures of the least bpp + lambda * MSE that any quality gives."""
    return float((rows[:, :, 0] + lam * rows[:, :, 1]).min(1).mean())
