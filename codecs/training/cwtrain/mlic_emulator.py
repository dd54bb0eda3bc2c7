"""The entropy model of mlic in integers: exactly what the Go package codecs/mlic computes, in int64.

All activations between networks are in 1/64 (of scales' logarithms, in 1/16 steps of the grid). numpy only; tensors
are [H, W, C].
"""

from __future__ import annotations

from typing import Callable, FrozenSet, List, Mapping, NamedTuple, Sequence, Tuple

import numpy as np

from . import integer_emulator
from .integer import MEAN_FRACTION, SCALE_FRACTION, SCALE_LEVELS, IntegerNetwork

LIMIT = (1 << 15) - 1
GATE_ONE = 1 << 12  # a channel's weight of 1; 2 is the most


def clip(x: np.ndarray) -> np.ndarray:
    return np.clip(x, -LIMIT, LIMIT)


def divide(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a / b rounded to the nearest, halves up; b is positive."""
    return (2 * a + b) // (2 * b)


def attention(query: np.ndarray, key: np.ndarray, value: np.ndarray, heads: int) -> np.ndarray:
    """Linear attention of positions [n, heads * d] to others [m, heads * d] with values [m, heads * e], by ReLU
    features; means are rounded to the nearest. The sum of weights has one unit added, so that it is never 0."""
    q, k = (np.maximum(x.astype(np.int64), 0).reshape(len(x), heads, -1) for x in (query, key))
    v = value.astype(np.int64).reshape(len(value), heads, -1)
    sums = np.einsum("mhd,mhe->hde", k, v)
    above = np.einsum("nhd,hde->nhe", q, sums)
    below = np.einsum("nhd,hd->nh", q, k.sum(0)) + 1
    return divide(above, below[..., None]).reshape(len(query), -1)


def means(x: np.ndarray) -> np.ndarray:
    """Of the channels of positions [n, C], [C]."""
    return divide(x.astype(np.int64).sum(0), np.int64(len(x)))


def reweight(x: np.ndarray, gate: np.ndarray) -> np.ndarray:
    """Positions [n, C] with channels multiplied by 1 + gate / 4096, at least 0 and at most 2."""
    factor = np.clip(GATE_ONE + gate.astype(np.int64), 0, 2 * GATE_ONE)
    return clip((x.astype(np.int64) * factor + GATE_ONE // 2) >> 12)


class Coded(NamedTuple):
    """Of a region, [h, w, m]."""

    symbols: np.ndarray
    means: np.ndarray  # in 1/64
    scales: np.ndarray  # numbers of tables


class Contexts:
    """The networks of a file."""

    def __init__(self, networks: Mapping[str, IntegerNetwork], slices: Sequence[int], heads: int, off: FrozenSet[str] = frozenset()):
        self.networks, self.slices, self.heads, self.off = networks, slices, heads, off

    def net(self, name: str, x: np.ndarray) -> np.ndarray:
        return integer_emulator.run(self.networks[name], x)

    def rows(self, name: str, x: np.ndarray) -> np.ndarray:
        """A network on positions [n, C]."""
        return self.net(name, x[None])[0]

    def region(self, base: np.ndarray, code: Callable[[int, np.ndarray, np.ndarray, np.ndarray], np.ndarray]) -> Coded:
        """Goes through the passes of a region with base means and scales [h, w, 2 m]. code(k, positions, means, scales)
        returns the symbols [n, s] of slice k at positions, indices into the region row by row."""
        h, w = base.shape[:2]
        m = base.shape[2] // 2
        flat = base.reshape(h * w, 2 * m).astype(np.int64)
        hyper = self.rows("hyper_context", flat)
        y, x = np.divmod(np.arange(h * w), w)
        passes = [np.flatnonzero((x + y) % 2 == parity) for parity in (0, 1)]
        out = Coded(*(np.zeros((h * w, m), np.int64) for _ in range(3)))
        values, first = np.zeros((h * w, m), np.int64), 0
        for k, s in enumerate(self.slices):
            mine = slice(first, first + s)
            known = [hyper]
            if k:
                before = self.net(f"previous{k}", values[:, :first].reshape(h, w, -1)).reshape(h * w, -1)
                known.append(before * ("channel" not in self.off))
            guide = self.rows(f"guide{k}", np.concatenate(known, 1))
            known += [flat[:, mine], flat[:, m + first : m + first + s]]
            for parity, at in enumerate(passes):
                if len(at) == 0:
                    continue
                parts = [t[at] for t in known]
                if parity:
                    parts += self.anchored(k, guide, values[:, mine].reshape(h, w, s), passes)
                mean, scale = self.correct(f"{('anchor', 'other')[parity]}{k}", parts)
                mean = clip(flat[at, mine] + mean)
                index = np.clip((flat[at, m + first : m + first + s] + scale + SCALE_FRACTION // 2) >> 4, 0, SCALE_LEVELS - 1)
                symbols = code(k, at, mean, index)
                unforeseen = clip(symbols * MEAN_FRACTION + mean - flat[at, mine])
                for t, v in zip((*out, values), (symbols, mean, index, unforeseen)):
                    t[at, mine] = v
            first += s
        return Coded(*(t.reshape(h, w, m) for t in out))

    def anchored(self, k: int, guide: np.ndarray, value: np.ndarray, passes: Sequence[np.ndarray]) -> List[np.ndarray]:
        """Local and global context of the second pass, from anchors' values [h, w, s] with zeros between them."""
        here, there = passes
        local = self.net(f"local{k}", value).reshape(len(guide), -1)[there]
        keys = guide.shape[1] // 2
        v = self.rows(f"values{k}", value.reshape(len(guide), -1)[here])
        far = attention(guide[there, :keys], guide[here, keys:], v, self.heads)
        return [local * ("local" not in self.off), far * ("global" not in self.off)]

    def correct(self, name: str, parts: Sequence[np.ndarray]) -> Tuple[np.ndarray, np.ndarray]:
        x = np.concatenate(parts, 1)
        if "reweight" not in self.off:
            x = reweight(x, self.rows(f"gate_{name}", means(x)[None])[0])
        out = self.rows(name, x)
        return out[:, : out.shape[1] // 2], out[:, out.shape[1] // 2 :]
