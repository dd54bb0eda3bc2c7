"""Factorized prior (Ballé et al., ICLR 2017 and 2018) of variable rate: a distribution for each channel."""

from __future__ import annotations

from typing import Dict

import torch
from torch import Tensor

from .entropy import FactorizedPrior, noisy, ste_round
from .spec import Layers
from .transform import Output, TransformCodec


class Factorized(TransformCodec):
    """Two networks and the prior of y."""

    def __init__(self, specs: Dict[str, Layers], low: float, high: float, levels: int, codec: str = "factorized"):
        super().__init__(codec, specs, low, high, levels)
        self.prior = FactorizedPrior(levels, self.channels)

    def forward(self, x: Tensor, level: Tensor, hard: bool = False) -> Output:
        y = self.analysis(x, level).float()
        symbols = ste_round(y)
        picture = self.synthesis(symbols, level).float()
        bits = self.prior.bits(symbols.detach() if hard else noisy(y), level)
        bpp = bits.flatten(1).sum(1) / (x.shape[2] * x.shape[3])
        return Output(picture, bpp, torch.zeros_like(bpp))

    @torch.no_grad()
    def start(self, x: Tensor) -> None:
        """Every channel's mean and spread at each level."""
        for row in range(self.levels):
            y = self.analysis(x, torch.full((len(x),), float(row)))
            self.prior.mean[row] = y.mean((0, 2, 3))
            self.prior.log_scale[row] = y.std((0, 2, 3)).clamp_min(0.1).log()
