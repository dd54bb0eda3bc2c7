"""What the learned transform codecs have in common: networks, rate levels, and the loss.

A codec's latent y is quantized between the gain at the analysis' end and the inverse gain
at the synthesis' start. Rate level l stands for lambda = low * (high / low)^(l / (levels - 1)).
"""

from __future__ import annotations

from typing import Dict, NamedTuple, Tuple

from torch import Tensor, nn

from .model import Network
from .spec import Layers

UNIT = 64  # pictures' sides are multiples of this
PEAK = 255.0


class Output(NamedTuple):
    picture: Tensor  # 0..1 minus 0.5, not clamped
    bpp: Tensor  # one number an image
    bpp_z: Tensor  # the part of side information


class TransformCodec(nn.Module):
    """The networks of a spec; subclasses add what codes the latent."""

    networks: Tuple[str, ...] = ("analysis", "synthesis")
    encoder: Tuple[str, ...] = ("analysis",)  # those that a decoder does not run

    def __init__(self, codec: str, specs: Dict[str, Layers], low: float, high: float, levels: int):
        super().__init__()
        self.codec, self.specs, self.low, self.high, self.levels = codec, specs, low, high, levels
        for name in self.networks:
            self.add_module(name, Network(specs[name], levels))
        self.channels = self.analysis.find("analysis.gain").log_scale.shape[1]

    def lambdas(self, level: Tensor) -> Tensor:
        """The rate-distortion trade-off of each level, for squared errors of 8-bit samples."""
        return self.low * (self.high / self.low) ** (level / max(self.levels - 1, 1))

    def weight(self, level: Tensor) -> Tensor:
        """What losses (bpp + lambda MSE) are multiplied by, so that high rates do not dominate; 1 at the middle level."""
        return ((self.low * self.high) ** 0.5 / self.lambdas(level)).sqrt()

    def forward(self, x: Tensor, level: Tensor, hard: bool = False) -> Output:
        """hard: rate and picture from the symbols that a file would hold, gradients not into the encoder."""
        raise NotImplementedError

    def start(self, x: Tensor) -> None:
        """Sets what codes the latent, for pictures x and an analysis that has had its own start."""
        raise NotImplementedError

    def freeze_encoder(self) -> None:
        """Leaves only what the decoder runs to be trained."""
        for name in self.encoder:
            getattr(self, name).requires_grad_(False)


class Loss(NamedTuple):
    total: Tensor  # what is minimised, one number
    bpp: Tensor  # means over the batch
    mse: Tensor  # of samples 0..255


def rate_distortion(model: TransformCodec, x: Tensor, level: Tensor, hard: bool = False) -> Loss:
    """(bpp + lambda MSE) / sqrt(lambda), as it is at the middle level."""
    out = model(x, level, hard)
    mse = (out.picture - x).square().flatten(1).mean(1) * PEAK**2
    return Loss(((out.bpp + model.lambdas(level) * mse) * model.weight(level)).mean(), out.bpp.detach().mean(), mse.detach().mean())
