"""WaLLoC (Jacobellis and Yadwadkar, DCC 2025): wavelet packets, one linear map to a few latents, a compander, a residual decoder.

What differs from the paper: one model for all rates, by gains before the compander, trained for rate and distortion
together (the paper has a model a rate, whose bits the compander fixes, and trains for distortion alone); the rate is
that of noisy latents, the picture that of rounded ones; decoder blocks are the kit's.
"""

from __future__ import annotations

import math
from typing import Dict

import torch
from torch import Tensor
from torch.nn import functional as F

from . import packets, spec
from .data import Crops, to_tensor
from .entropy import FactorizedPrior, noisy, ste_round
from .klt import BALANCE, principal
from .levels import level_gains
from .model import zero_branches
from .spec import Layers
from .transform import PEAK, Output, TransformCodec

BITS = 8  # of a symbol: -127 to 127


def specs(c: int = 96, n: int = 24, blocks: int = 5, factor: int = 8) -> Dict[str, Layers]:
    """Networks on wavelet packets for factor x factor pixels: n latents, a decoder of width c."""
    bands = 3 * factor * factor
    analysis = [spec.unshuffle(factor), spec.linear("analysis.head", bands, n), spec.modulate("analysis.gain", n)]
    synthesis = [spec.modulate("synthesis.gain", n), spec.conv("synthesis.head", n, c), *spec.blocks("synthesis", c, blocks)]
    synthesis += [spec.conv("synthesis.stem", c, bands), spec.shuffle(factor)]
    return {"analysis": analysis, "synthesis": synthesis}


class Compander:
    """Normally distributed numbers to evenly distributed ones within +-limit, so that they fill their bits, and back."""

    def __init__(self, bits: int = BITS):
        self.bits = bits
        self.limit = 2 ** (bits - 1) - 0.5
        self.largest = 2 ** (bits - 1) - 1
        self.sigma = self.largest / 1.85  # of the numbers that it is made for

    def compress(self, x: Tensor) -> Tensor:
        return self.limit * torch.erf(x / (self.sigma * math.sqrt(2)))

    def expand(self, u: Tensor) -> Tensor:
        return self.sigma * math.sqrt(2) * torch.erfinv(u.clamp(-self.largest, self.largest) / self.limit)


class Walloc(TransformCodec):
    """A linear analysis, a synthesis, and the distribution of each channel; the decoder's own contexts are counted at export."""

    def __init__(self, specs: Dict[str, Layers], low: float, high: float, levels: int, codec: str = "walloc"):
        super().__init__(codec, specs, low, high, levels)
        self.splits = int(math.log2(specs["analysis"][0]["factor"]))
        self.compander = Compander()
        self.prior = FactorizedPrior(levels, self.channels)

    def latents(self, x: Tensor, level: Tensor) -> Tensor:
        """What is rounded to symbols."""
        with torch.no_grad():
            bands = packets.forward(x, self.splits)
        return self.compander.compress(self.analysis(bands, level).float())

    def symbols(self, x: Tensor, level: Tensor) -> Tensor:
        return self.latents(x, level).round().clamp(-self.compander.largest, self.compander.largest)

    def picture(self, symbols: Tensor, level: Tensor) -> Tensor:
        return packets.inverse(self.synthesis(self.compander.expand(symbols), level).float(), self.splits)

    def forward(self, x: Tensor, level: Tensor, hard: bool = False) -> Output:
        u = self.latents(x, level)
        symbols = ste_round(u)
        bits = self.prior.bits(symbols.detach() if hard else noisy(u), level)
        bpp = bits.flatten(1).sum(1) / (x.shape[2] * x.shape[3])
        return Output(self.picture(symbols, level), bpp, torch.zeros_like(bpp))

    @torch.no_grad()
    def start(self, x: Tensor) -> None:
        """Principal components of the packets, and back: a linear codec. Then each channel's distribution."""
        head, head_back = self.analysis.find("analysis.head"), self.synthesis.find("synthesis.head")
        stem = self.synthesis.find("synthesis.stem")
        n, factor = self.channels, 1 << self.splits
        rows = F.pixel_unshuffle(packets.forward(x, self.splits), factor).permute(0, 2, 3, 1).flatten(0, 2)
        mean, basis = rows.mean(0), principal(rows, n)
        scale = PEAK * math.sqrt((self.low * self.high) ** 0.5 / BALANCE)
        head.weight.copy_(scale * basis[:, :, None, None])
        head.bias.copy_(-scale * basis @ mean)
        # The decoder's first n channels are the latents; what the others are to hold, training finds.
        head_back.weight[:n] = torch.eye(n)[:, :, None, None]
        head_back.bias.zero_()
        stem.weight.zero_()
        stem.weight[:, :n] = basis.t()[:, :, None, None] / scale
        stem.bias.copy_(mean)
        zero_branches(self)
        level_gains(self)
        self.start_prior(x[:256])

    @torch.no_grad()
    def start_prior(self, x: Tensor) -> None:
        for row in range(self.levels):
            u = self.latents(x, torch.full((len(x),), float(row)))
            self.prior.mean[row] = u.mean((0, 2, 3))
            self.prior.log_scale[row] = u.std((0, 2, 3)).clamp_min(0.1).log()


def started(model: Walloc, crops: Crops, batches: int = 16) -> Walloc:
    """An untrained model's start, from 64 * batches random crops of 64 x 64."""
    model.start(torch.cat([to_tensor(crops.batch(64, 64), torch.device("cpu")) for _ in range(batches)]))
    return model
