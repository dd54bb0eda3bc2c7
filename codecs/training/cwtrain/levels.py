"""Rows of gain vectors from a model's rate levels to those of another."""

from __future__ import annotations

import json
import math
from typing import Dict, Iterable, List, Mapping, Sequence

import numpy as np
import torch

from .spec import walk
from .transform import TransformCodec

REACH = 3  # levels that a slope beyond the ends is taken over: the outermost pair alone is noisy


def positions(old: Sequence[float], new: Sequence[float]) -> np.ndarray:
    """Where trade-offs lie among a model's, in levels; below 0 or above the last, where there are none."""
    if len(old) == 1:
        return np.zeros(len(new))
    step = math.log(old[-1] / old[0]) / (len(old) - 1)
    at = np.log(np.asarray(new) / old[0]) / step
    return np.where(np.abs(at - np.rint(at)) < 1e-3, np.rint(at), at)  # lambdas are rounded in files


def resample(rows: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Rows [levels, c] at positions, linear between them and on beyond both ends."""
    top = len(rows) - 1
    inside = np.clip(at, 0, top)
    low = np.minimum(np.floor(inside).astype(int), max(top - 1, 0))
    part = (inside - low)[:, None]
    out = rows[low] * (1 - part) + rows[np.minimum(low + 1, top)] * part
    if top > 0:
        reach = min(REACH, top)
        below, above = (rows[reach] - rows[0]) / reach, (rows[top] - rows[top - reach]) / reach
        out = out + np.minimum(at, 0)[:, None] * below + np.maximum(at - top, 0)[:, None] * above
    return out


def trade_offs(model: TransformCodec) -> List[float]:
    """Lambda of each whole level."""
    return [float(model.lambdas(torch.tensor(float(i)))) for i in range(model.levels)]


def even_gains(model: TransformCodec) -> torch.Tensor:
    """Logarithms [levels, 1] of gains in proportion to the root of lambda, 1 at the middle."""
    levels = torch.arange(model.levels).float()
    return (model.lambdas(levels) / (model.low * model.high) ** 0.5).sqrt().log()[:, None]


@torch.no_grad()
def level_gains(model: TransformCodec) -> None:
    """Sets the gains of every channel so."""
    gain = even_gains(model)
    model.analysis.find("analysis.gain").log_scale.copy_(gain.expand(-1, model.channels))
    model.synthesis.find("synthesis.gain").log_scale.copy_(-gain.expand(-1, model.channels))


@torch.no_grad()
def load_networks(model: TransformCodec, names: Iterable[str], arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> np.ndarray:
    """Takes networks of a file, which must be of the same architecture; where it has other rate levels, gains are
    interpolated and go on geometrically. Returns the positions of this model's levels among the file's."""
    specs = json.loads(metadata["networks"])
    at = positions(json.loads(metadata["lambdas"]), trade_offs(model))
    for name in names:
        if specs.get(name) != model.specs.get(name, ""):
            raise ValueError(f"the file's {name} has another architecture")
        named: Dict[str, torch.Tensor] = {}
        gains = {layer["name"] + ".scale" for layer in walk(model.specs[name]) if layer["op"] == "modulate"}
        for key, a in arrays.items():
            if a.dtype.kind == "f":
                values = np.exp(resample(np.log(a.astype(np.float64)), at)) if key in gains else a
                named[key] = torch.from_numpy(values.astype(np.float32))
        getattr(model, name).load(named)
    return at
