"""Factorized prior (Ballé et al., ICLR 2017 and 2018) of variable rate: a distribution for each channel."""

from __future__ import annotations

from typing import Dict

import torch
from torch import Tensor

from .entropy import FactorizedPrior, noisy, ste_round
from .spec import Layers
from .transform import Output, TransformCodec

LOGISTIC_MEAN = 0.76  # of absolute values, for a deviation of 1
FIT_STEPS, FIT_BATCH = 300, 32  # of the distributions, before training


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

    def start(self, x: Tensor) -> None:
        """Every channel's mean and spread at each level, then a short fit of the distributions alone: with those that do not
        fit, gradients of the rate would at first lead the networks astray."""
        samples = []
        with torch.no_grad():
            for row in range(self.levels):
                y = self.analysis(x, torch.full((len(x),), float(row)))
                mean = y.mean((0, 2, 3))
                # By absolute values, in which outliers weigh less than in squares.
                away = (y - mean[:, None, None]).abs().mean((0, 2, 3)) / LOGISTIC_MEAN
                self.prior.mean[row], self.prior.log_scale[row] = mean, away.clamp_min(0.1).log()
                samples.append(y)
        optimizer = torch.optim.Adam(self.prior.parameters(), 0.01)
        for _ in range(FIT_STEPS):
            row = int(torch.randint(self.levels, ()))
            y = samples[row][torch.randperm(len(x))[:FIT_BATCH]]
            loss = self.prior.bits(noisy(y), torch.full((len(y),), float(row))).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
