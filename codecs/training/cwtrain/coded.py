"""What symbols cost by a model file's integer tables, as a codec would code them."""

from __future__ import annotations

import json
from typing import Dict, Mapping, NamedTuple, Tuple

import numpy as np
import torch

from . import integer_emulator, mlic, tables
from .data import to_tensor
from .export import ROWS
from .factorized import Factorized
from .hyperprior import Hyperprior
from .integer import PREFIX, IntegerNetwork
from .mlic_emulator import Contexts
from .mlic_spec import HEADS
from .transform import TransformCodec

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
    """Bits of a picture, and its squared error."""

    bits: float
    mse: float
    off: float  # share of scale indices that differ from the float network's; 0 where there are none


def integer_networks(tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> Dict[str, IntegerNetwork]:
    """The networks in integers, from a model file: the hyper-synthesis, and contexts."""
    mine = {k: t for k, t in tensors.items() if k.startswith(PREFIX)}
    return {name: IntegerNetwork(d, mine, None) for name, d in json.loads(metadata["integer"]).items()}


class Coder:
    """Codes pictures, uint8 [H, W, 3] with sides that are multiples of 64, by the tables of a model file alone."""

    def __init__(self, model: TransformCodec, tensors: Dict[str, np.ndarray], metadata: Mapping[str, str]):
        self.model = model
        if isinstance(model, Factorized):
            self.costs = Costs(tensors, "y")
            return
        self.networks = integer_networks(tensors, metadata)
        self.costs, self.hyper_costs = Costs(tensors, "sigma"), Costs(tensors, "z")

    @torch.no_grad()
    def code(self, picture: np.ndarray, level: float) -> Coded:
        at = torch.tensor([float(level)])
        y = self.model.analysis(to_tensor(picture[None], torch.device("cpu")), at)
        y_hat, bits, off = (self._hyperprior if isinstance(self.model, Hyperprior) else self._factorized)(y, at)
        shown = torch.from_numpy(y_hat.astype(np.float32)).permute(2, 0, 1)[None]
        got = ((self.model.synthesis(shown, at)[0] + 0.5).clamp(0, 1) * 255).round().permute(1, 2, 0).numpy()
        return Coded(bits, float(np.square(got - picture).mean()), off)

    def _factorized(self, y: torch.Tensor, at: torch.Tensor) -> Tuple[np.ndarray, float, float]:
        symbols = np.rint(last_axis(y))
        return symbols, self.costs.total(symbols, row_tables(symbols, ROWS * at.item())), 0.0

    def _hyperprior(self, y: torch.Tensor, at: torch.Tensor) -> Tuple[np.ndarray, float, float]:
        """Means in 1/64 and scales from the integer networks."""
        z = self.model.hyper_analysis(y, at).round()
        z_int = last_axis(z).astype(np.int64)
        base, floats = integer_emulator.run(self.networks["hyper_synthesis"], z_int), self.model.hyper_synthesis(z, at)
        if isinstance(self.model, mlic.Mlic):
            symbols, mean, index = self._contexts(last_axis(y), base)
            log_sigma = self.model.predict(y, floats)[1]
        else:
            mean, index = base[..., : y.shape[1]], base[..., y.shape[1] :].astype(np.int64)
            symbols, log_sigma = np.rint(last_axis(y) - mean / MEAN_STEPS), floats[:, y.shape[1] :]
        bits = self.costs.total(symbols, index) + self.hyper_costs.total(z_int, row_tables(z_int, at.item()))
        grid = np.log(tables.sigma_grid())
        nearest = np.rint((last_axis(log_sigma).astype(np.float64) - grid[0]) / (grid[1] - grid[0])).clip(0, len(grid) - 1)
        return symbols + mean / MEAN_STEPS, bits, float((nearest != index).mean())

    def _contexts(self, y: np.ndarray, base: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Symbols, means and scales of latents [h, w, m], whose regions' contexts go by what is coded."""
        assert isinstance(self.model, mlic.Mlic)
        contexts, starts = Contexts(self.networks, self.model.slices, HEADS), np.cumsum([0, *self.model.slices])
        out = tuple(np.zeros(y.shape, np.int64) for _ in range(3))
        for r in mlic.regions(*y.shape[:2]):
            part = (slice(r.y0, r.y1), slice(r.x0, r.x1))
            flat = y[part].reshape(-1, y.shape[2])

            def code(k: int, at: np.ndarray, means: np.ndarray, _scales: np.ndarray, flat: np.ndarray = flat) -> np.ndarray:
                return np.floor(flat[at, starts[k] : starts[k + 1]] - means / MEAN_STEPS + 0.5).astype(np.int64)

            for whole, values in zip(out, contexts.region(base[part], code)):
                whole[part] = values
        return out[0], out[1], out[2]


def last_axis(x: torch.Tensor) -> np.ndarray:
    """[1, C, H, W] as [H, W, C]."""
    return x[0].permute(1, 2, 0).numpy()


def row_tables(values: np.ndarray, row: float) -> np.ndarray:
    """Numbers of the tables of values [H, W, C] in the nearest row."""
    c = values.shape[2]
    return np.broadcast_to(int(np.rint(row)) * c + np.arange(c), values.shape)
