"""Mean-scale hyperprior (Minnen et al., NeurIPS 2018) of variable rate.

Mean and scale are predicted for gained values: the latent is quantized around the mean.
"""

from __future__ import annotations

from typing import Dict

import torch
from torch import Tensor

from .entropy import SIGMA_MIN, LevelPrior, gaussian_bits, noisy, ste_round
from .spec import Layers, last_named
from .transform import Output, TransformCodec


class Hyperprior(TransformCodec):
    """Four networks and the prior of z; the picture's sides are multiples of 64."""

    networks = ("analysis", "synthesis", "hyper_analysis", "hyper_synthesis")
    encoder = ("analysis", "hyper_analysis")

    def __init__(self, specs: Dict[str, Layers], low: float, high: float, levels: int, codec: str = "hyperprior"):
        super().__init__(codec, specs, low, high, levels)
        z = next(layer["in"] for layer in specs["hyper_synthesis"] if "in" in layer)
        self.prior = LevelPrior(levels, z)

    def forward(self, x: Tensor, level: Tensor, hard: bool = False) -> Output:
        y = self.analysis(x, level)
        z = self.hyper_analysis(y, level)
        z_hat = ste_round(z)
        mean, log_sigma = self.hyper_synthesis(z_hat, level).float().chunk(2, 1)
        y = y.float()
        residual = y - mean
        symbols = ste_round(residual)
        picture = self.synthesis(mean + symbols, level).float()
        if hard:
            bits_y = gaussian_bits(residual.round(), log_sigma)
            bits_z = self.prior.bits(z_hat.float(), level)
        else:
            bits_y = gaussian_bits(noisy(y) - mean, log_sigma)
            bits_z = self.prior.bits(noisy(z.float()), level)
        pixels = x.shape[2] * x.shape[3]
        bpp_z = bits_z.flatten(1).sum(1) / pixels
        return Output(picture, bits_y.flatten(1).sum(1) / pixels + bpp_z, bpp_z)

    @torch.no_grad()
    def start(self, x: Tensor) -> None:
        """Mean 0 and each channel's own sigma at the middle level, whatever z is at first."""
        y = self.analysis(x, torch.full((len(x),), (self.levels - 1) / 2))
        last = self.hyper_synthesis.find(last_named(self.specs["hyper_synthesis"]))
        last.weight.mul_(0.1)
        last.bias[: self.channels] = 0
        last.bias[self.channels :] = y.std((0, 2, 3)).clamp_min(SIGMA_MIN).log()
