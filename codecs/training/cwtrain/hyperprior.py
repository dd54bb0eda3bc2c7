"""Mean-scale hyperprior (Minnen et al., NeurIPS 2018) of variable rate, and its loss.

The latent y is quantized between the gain at the analysis' end and the inverse gain at
the synthesis' start, so mean and scale are predicted for gained values. Rate level l
stands for lambda = low * (high / low)^(l / (levels - 1)).
"""

from __future__ import annotations

from typing import Dict, NamedTuple

from torch import Tensor, nn

from .entropy import LevelPrior, gaussian_bits, noisy, ste_round
from .model import Network
from .spec import Layers

UNIT = 64  # pixels a hyper-latent position spans on each side
PEAK = 255.0


class Output(NamedTuple):
    picture: Tensor  # 0..1 minus 0.5, not clamped
    bpp: Tensor  # one number an image
    bpp_z: Tensor  # the part of z


class Hyperprior(nn.Module):
    """Four networks and the prior of z; the picture's sides are multiples of 64."""

    def __init__(self, specs: Dict[str, Layers], low: float, high: float, levels: int):
        super().__init__()
        self.specs, self.low, self.high, self.levels = specs, low, high, levels
        self.analysis, self.synthesis, self.hyper_analysis, self.hyper_synthesis = (
            Network(specs[name], levels) for name in ("analysis", "synthesis", "hyper_analysis", "hyper_synthesis")
        )
        z = next(layer["in"] for layer in specs["hyper_synthesis"] if "in" in layer)
        self.prior = LevelPrior(levels, z)

    def lambdas(self, level: Tensor) -> Tensor:
        """The rate-distortion trade-off of each level, for squared errors of 8-bit samples."""
        return self.low * (self.high / self.low) ** (level / max(self.levels - 1, 1))

    def forward(self, x: Tensor, level: Tensor, hard: bool = False) -> Output:
        """hard: rate and picture from the symbols that a file would hold, gradients not into the encoder."""
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

    def freeze_encoder(self) -> None:
        """Leaves only what the decoder runs to be trained."""
        for network in (self.analysis, self.hyper_analysis):
            network.requires_grad_(False)


class Loss(NamedTuple):
    total: Tensor  # what is minimised, one number
    bpp: Tensor  # means over the batch
    mse: Tensor  # of samples 0..255


def rate_distortion(model: Hyperprior, x: Tensor, level: Tensor, hard: bool = False) -> Loss:
    """(bpp + lambda MSE) / sqrt(lambda), so that high rates do not dominate; scaled to 1 at the middle level."""
    out = model(x, level, hard)
    mse = (out.picture - x).square().flatten(1).mean(1) * PEAK**2
    lam = model.lambdas(level)
    weight = ((model.low * model.high) ** 0.5 / lam).sqrt()
    return Loss(((out.bpp + lam * mse) * weight).mean(), out.bpp.detach().mean(), mse.detach().mean())
