"""Integer tables of probabilities, as codecs/entropy reads them (LoadFactorized).

A table stands for the integers first .. first + n - 2 and, with its last entry, for all
others (escape). NAME.cum has the cumulative frequencies of all tables one after the
other, each without its last; NAME.table has entries, first, width, escape a table.
"""

from __future__ import annotations

import heapq
import math
from typing import Callable, Dict, List, NamedTuple, Sequence

import numpy as np

from .entropy import SIGMA_LEVELS, SIGMA_MAX, SIGMA_MIN

WIDTH = 16  # logarithm of a table's total
TAIL = 2e-5  # of the probability that is left to the escape, at most
REACH = 2000  # entries on either side, at most


class Density(NamedTuple):
    """What training thinks of a symbol."""

    cdf: Callable[[np.ndarray], np.ndarray]
    low: float  # to high: all but TAIL, about
    high: float


class Table(NamedTuple):
    frequencies: np.ndarray  # int64, their sum is 2^WIDTH; the last is the escape's
    first: int


def quantize(p: Sequence[float], width: int = WIDTH) -> np.ndarray:
    """Frequencies of at least 1 that sum to 2^width and cost the fewest bits under p."""
    mass = np.asarray(p, np.float64)
    mass = mass / mass.sum()
    total = 1 << width
    if len(mass) > total:
        raise ValueError(f"{len(mass)} symbols for {total} counts")
    freq = np.maximum(np.floor(mass * total), 1).astype(np.int64)
    rest = total - int(freq.sum())
    # What the next (or last) count of a symbol is worth, in bits; convex, so greedy is optimal.
    if rest > 0:
        heap = [(-m * math.log2((f + 1) / f), i) for i, (m, f) in enumerate(zip(mass, freq))]
    else:
        heap = [(m * math.log2(f / (f - 1)), i) for i, (m, f) in enumerate(zip(mass, freq)) if f > 1]
    heapq.heapify(heap)
    for _ in range(abs(rest)):
        i = heap[0][1]
        freq[i] += 1 if rest > 0 else -1
        f, m = int(freq[i]), mass[i]
        if rest > 0:
            heapq.heapreplace(heap, (-m * math.log2((f + 1) / f), i))
        elif f > 1:
            heapq.heapreplace(heap, (m * math.log2(f / (f - 1)), i))
        else:
            heapq.heappop(heap)
    return freq


def tensors(name: str, tables: Sequence[Table]) -> Dict[str, np.ndarray]:
    """A set of tables as tensors of a model file."""
    cum: List[np.ndarray] = []
    head = []
    for t in tables:
        cum.append(np.concatenate([[0], np.cumsum(t.frequencies)[:-1]]))
        head.append((len(t.frequencies), t.first, WIDTH, 1))
    return {name + ".cum": np.concatenate(cum).astype(np.uint16), name + ".table": np.array(head, np.int32)}


def sigma_grid() -> np.ndarray:
    """64 scales from 0.11 to 256, even in the logarithm."""
    return SIGMA_MIN * (SIGMA_MAX / SIGMA_MIN) ** (np.arange(SIGMA_LEVELS) / (SIGMA_LEVELS - 1))


def gaussian(sigma: float) -> Table:
    """Zero mean, out to where less than TAIL is left on both sides together."""
    half = math.sqrt(0.5) / sigma
    reach = 0
    while math.erfc((reach + 0.5) * half) > TAIL:
        reach += 1
    v = [abs(k) for k in range(-reach, reach + 1)]
    p = [0.5 * (math.erfc((k - 0.5) * half) - math.erfc((k + 0.5) * half)) for k in v]
    return Table(quantize([*p, math.erfc((reach + 0.5) * half)]), -reach)


def logistic(mean: float, log_scale: float) -> Density:
    """A logistic distribution."""
    scale = math.exp(log_scale)
    spread = -scale * math.log(TAIL / 2)
    return Density(lambda x: 1 / (1 + np.exp(-np.clip((x - mean) / scale, -60, 60))), mean - spread, mean + spread)


def counted(values: np.ndarray, density: Density, weight: float = 30.0) -> Table:
    """From a sample of integers and, as if it were weight samples more, a distribution."""
    low = max(min(int(values.min()), math.floor(density.low)), -REACH)
    high = min(max(int(values.max()), math.ceil(density.high)), REACH)
    grid = np.arange(low, high + 1)
    inside = values[(values >= low) & (values <= high)].astype(np.int64)
    mass = np.diff(density.cdf(np.append(grid - 0.5, high + 0.5)))
    p = np.bincount(inside - low, minlength=len(grid)) + weight * mass
    # Beyond what was seen and where the distribution ends, an escape costs less than entries do.
    keep = np.flatnonzero(p / p.sum() > 1e-6)
    p, low = p[keep[0] : keep[-1] + 1], low + int(keep[0])
    return Table(quantize([*p, p.sum() * TAIL]), low)
