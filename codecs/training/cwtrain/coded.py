"""What symbols cost by a model file's integer tables, as a codec would code them."""

from __future__ import annotations

import json
from typing import Dict, Mapping, NamedTuple

import numpy as np
import torch

from . import integer_emulator, tables
from .data import to_tensor
from .hyperprior import Hyperprior
from .integer import PREFIX, IntegerNetwork

MEAN_STEPS = 64  # of a unit of the mean


class Costs:
    """A set of tables as NAME.cum and NAME.table hold it."""

    def __init__(self, tensors: Mapping[str, np.ndarray], name: str):
        head, cum = tensors[name + ".table"], tensors[name + ".cum"].astype(np.int64)
        ends = np.cumsum(head[:, 0])
        self.bits, self.first = [], head[:, 1].astype(np.int64)
        for start, end in zip(ends - head[:, 0], ends):
            frequencies = np.diff(np.append(cum[start:end], 1 << tables.WIDTH))
            self.bits.append(tables.WIDTH - np.log2(frequencies))

    def total(self, values: np.ndarray, table: np.ndarray) -> float:
        """Bits of all values, each by the table of its number."""
        total = 0.0
        for i in np.unique(table):
            v, bits = values[table == i].astype(np.int64), self.bits[i]
            last = self.first[i] + len(bits) - 2
            inside = (v >= self.first[i]) & (v <= last)
            total += bits[v[inside] - self.first[i]].sum()
            v = v[~inside]
            # The escape, a sign, Exp-Golomb of order 0.
            excess = np.where(v < self.first[i], self.first[i] - 1 - v, v - last - 1)
            total += (bits[-1] + 2 + 2 * np.floor(np.log2(excess + 1.0))).sum()
        return float(total)


class Coded(NamedTuple):
    """Bits of a picture, and its squared error from means in 1/64."""

    bits: float
    mse: float
    off: float  # share of scale indices that differ from the float network's


def integer_network(tensors: Dict[str, np.ndarray], metadata: Mapping[str, str]) -> IntegerNetwork:
    """The hyper-synthesis in integers, from a model file."""
    description = json.loads(metadata["integer"])["hyper_synthesis"]
    return IntegerNetwork(description, {k: t for k, t in tensors.items() if k.startswith(PREFIX)}, None)


@torch.no_grad()
def code(model: Hyperprior, network: IntegerNetwork, y_costs: Costs, z_costs: Costs, picture: np.ndarray, level: float) -> Coded:
    """Codes a picture, uint8 [H, W, 3] with sides that are multiples of 64, in tables alone."""
    x = to_tensor(picture[None], torch.device("cpu"))
    at = torch.tensor([float(level)])
    y = model.analysis(x, at)
    z = model.hyper_analysis(y, at).round()
    z_int = z[0].permute(1, 2, 0).numpy().astype(np.int64)
    out = integer_emulator.run(network, z_int)
    m = y.shape[1]
    mean, index = out[..., :m] / MEAN_STEPS, out[..., m:].astype(np.int64)
    symbols = np.rint(y[0].permute(1, 2, 0).numpy() - mean)
    row = int(np.rint(level)) * z_int.shape[2] + np.arange(z_int.shape[2])
    bits = y_costs.total(symbols, index) + z_costs.total(z_int, np.broadcast_to(row, z_int.shape))
    y_hat = torch.from_numpy((symbols + mean).astype(np.float32)).permute(2, 0, 1)[None]
    got = ((model.synthesis(y_hat, at)[0] + 0.5).clamp(0, 1) * 255).round().permute(1, 2, 0).numpy()
    log_sigma = model.hyper_synthesis(z, at)[0, m:].permute(1, 2, 0).numpy().astype(np.float64)
    grid = np.log(tables.sigma_grid())
    nearest = np.rint((log_sigma - grid[0]) / (grid[1] - grid[0])).clip(0, len(grid) - 1)
    return Coded(bits, float(np.square(got - picture).mean()), float((nearest != index).mean()))
