"""Multi-reference context model of variable rate, after MLICv2 (Jiang et al., MLIC++ and MLICv2) on a thin backbone.

The latent's channels are coded in uneven slices, each slice in two passes: the anchors of a checkerboard, then the
other positions. What a hyperprior predicts is corrected by networks of contexts: the slices before (channels), the
slice's anchors within 5x5 (local) and all over the region by linear attention (global), whose queries and keys come
from what both passes know, which for the first slice is the hyperprior alone. Contexts see by how much decoded values
differ from the hyperprior's means. Corrections start at zero.

Everything that reaches a probability has an integer form (mlic_integer.py), whose unit is 1/64.
"""

from __future__ import annotations

import json
import math
from typing import Dict, FrozenSet, Iterator, List, Mapping, NamedTuple, Tuple

import numpy as np
import torch
from torch import Tensor

from . import safetensors
from .entropy import gaussian_bits, noisy, ste_round
from .export import load_weights
from .hyperprior import Hyperprior
from .integer import MEAN_FRACTION, SCALE_FRACTION, SCALE_HIGH, SCALE_LEVELS, SCALE_LOW
from .levels import load_networks
from .mlic_spec import HEADS, HYPER, SLICES, context_names, mlic
from .spec import Layers
from .transform import Output

CONTEXTS = ("channel", "local", "global", "reweight")  # that a file can do without; a codec's flags are in this order
DROP = 0.1  # share of crops that train without a context, for each of them; half as many train without any
REGION = 32  # positions a side, at most, that are coded apart (512 pixels)
LIMIT = 32767 / MEAN_FRACTION  # of what contexts see
STEP = math.log(SCALE_HIGH / SCALE_LOW) / (SCALE_LEVELS - 1)  # of the sigma grid, in its logarithm
SHOWN = MEAN_FRACTION / SCALE_FRACTION * STEP  # log sigma for one unit of what contexts see of it
WEAK = 1.0 / MEAN_FRACTION**2  # added to the sum of an attention's weights: one unit of the integer form


class Region(NamedTuple):
    y0: int
    y1: int
    x0: int
    x1: int


def regions(h: int, w: int) -> Iterator[Region]:
    """As few as there can be, all about as large (codecs/latent, Layout.Regions)."""
    down, across = -(-h // REGION), -(-w // REGION)
    for j in range(down):
        for i in range(across):
            yield Region(h * j // down, h * (j + 1) // down, w * i // across, w * (i + 1) // across)


def anchors(h: int, w: int) -> Tensor:
    """[h, w]: 1 where a region's first pass codes."""
    return ((torch.arange(h)[:, None] + torch.arange(w)) % 2 == 0).float()


def attention(guide: Tensor, values: Tensor, here: Tensor) -> Tensor:
    """Linear attention of every position to those where here [h, w] is 1: means of values by the products of ReLU
    features. guide [N, 2 g, h, w] has queries and keys."""
    n, _, h, w = guide.shape
    q, k = guide.relu().view(n, 2, HEADS, -1, h * w).unbind(1)
    k = k * here.flatten()
    v = values.view(n, HEADS, -1, h * w)
    sums = k @ v.transpose(2, 3)  # [N, heads, keys, values]
    total = (q * k.sum(3, keepdim=True)).sum(2, keepdim=True)
    return (sums.transpose(2, 3) @ q / (total + WEAK)).reshape(n, -1, h, w)


class Mlic(Hyperprior):
    """A hyperprior and the contexts' networks. Contexts named in off are left out, as by a file's flags."""

    networks = (*HYPER, *context_names())
    off: FrozenSet[str] = frozenset()

    def __init__(self, specs: Dict[str, Layers], low: float, high: float, levels: int, codec: str = "mlic"):
        super().__init__(specs, low, high, levels, codec)
        self.slices: List[int] = [specs[f"values{k}"][0]["in"] for k in range(SLICES)]
        for name in self.networks:
            if name.startswith(("anchor", "other", "gate_")):
                last = getattr(self, name).ops[-1]
                torch.nn.init.zeros_(last.weight)

    def forward(self, x: Tensor, level: Tensor, hard: bool = False) -> Output:
        y = self.analysis(x, level)
        z = self.hyper_analysis(y, level)
        z_hat = ste_round(z)
        base = self.hyper_synthesis(z_hat, level).float()
        y = y.float()
        mean, log_sigma, y_hat = self.predict(y, base)
        picture = self.synthesis(y_hat, level).float()
        if hard:
            bits_y = gaussian_bits((y - mean).round(), log_sigma)
            bits_z = self.prior.bits(z_hat.float(), level)
        else:
            bits_y = gaussian_bits(noisy(y) - mean, log_sigma)
            bits_z = self.prior.bits(noisy(z.float()), level)
        pixels = x.shape[2] * x.shape[3]
        bpp_z = bits_z.flatten(1).sum(1) / pixels
        return Output(picture, bits_y.flatten(1).sum(1) / pixels + bpp_z, bpp_z)

    def rate(self, x: Tensor, level: Tensor) -> Tensor:
        """Bits a pixel of y [N], with gradients for the contexts alone."""
        with torch.no_grad():
            y = self.analysis(x, level)
            base = self.hyper_synthesis(self.hyper_analysis(y, level).round(), level)
        mean, log_sigma, _ = self.predict(y, base)
        return gaussian_bits(noisy(y) - mean, log_sigma).flatten(1).sum(1) / (x.shape[2] * x.shape[3])

    def predict(self, y: Tensor, base: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        """Means, log sigmas and decoded values [N, m, h, w] of latents y, from the hyper-synthesis' output."""
        h, w = y.shape[2:]
        if h <= REGION and w <= REGION:
            return self.region(y, base)
        out = tuple(torch.empty_like(y) for _ in range(3))
        for r in regions(h, w):
            part = (..., slice(r.y0, r.y1), slice(r.x0, r.x1))
            for whole, values in zip(out, self.region(y[part], base[part])):
                whole[part] = values
        return out[0], out[1], out[2]

    def kept(self, y: Tensor) -> Dict[str, Tensor]:
        """1 or 0 for each context, of each image [N, 1, 1, 1]: in training, some are left out at random."""
        shape = (len(y), 1, 1, 1)
        out = {name: y.new_full(shape, float(name not in self.off)) for name in CONTEXTS}
        if self.training:
            some = torch.rand(shape, device=y.device) >= DROP / 2
            out = {name: t * some * (torch.rand(shape, device=y.device) >= DROP) for name, t in out.items()}
        return out

    def region(self, y: Tensor, base: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        mean, log_sigma = base.chunk(2, 1)
        seen = [mean, (log_sigma - math.log(SCALE_LOW)) / SHOWN]
        hyper = self.net("hyper_context", torch.cat(seen, 1))
        keep, here = self.kept(y), anchors(*y.shape[2:]).to(y)
        means: List[Tensor] = []
        logs: List[Tensor] = []
        values: List[Tensor] = []
        for k, (y_k, mean_k, log_k, *known) in enumerate(zip(*(t.split(self.slices, 1) for t in (y, mean, log_sigma, *seen)))):
            both = [hyper]
            if k:
                both.append(self.net(f"previous{k}", torch.cat(values, 1)) * keep["channel"])
            first = self.correct(f"anchor{k}", [*both, *known], here, keep["reweight"])
            anchor = self.unforeseen(y_k, mean_k, first[0]) * here
            local = self.net(f"local{k}", anchor) * keep["local"]
            far = attention(self.net(f"guide{k}", torch.cat(both, 1)), self.net(f"values{k}", anchor), here) * keep["global"]
            second = self.correct(f"other{k}", [*both, *known, local, far], 1 - here, keep["reweight"])
            shift, scale = (torch.where(here > 0, a, b) for a, b in zip(first, second))
            means.append(mean_k + shift)
            logs.append(log_k + scale)
            values.append(self.unforeseen(y_k, mean_k, shift))
        exact = [m + ste_round(y_k - m) for y_k, m in zip(y.split(self.slices, 1), means)]
        return torch.cat(means, 1), torch.cat(logs, 1), torch.cat(exact, 1)

    @staticmethod
    def unforeseen(y: Tensor, mean: Tensor, shift: Tensor) -> Tensor:
        """Decoded values as contexts see them: how far they lie from the mean that z predicts, whatever it was moved by."""
        return (shift + ste_round(y - mean - shift)).clamp(-LIMIT, LIMIT)

    def net(self, name: str, x: Tensor) -> Tensor:
        """A context network, whose output has the integer form's limits."""
        return getattr(self, name)(x.clamp(-LIMIT, LIMIT)).clamp(-LIMIT, LIMIT)

    def correct(self, name: str, parts: List[Tensor], here: Tensor, keep: Tensor) -> Tuple[Tensor, Tensor]:
        """What is added to means and log sigmas, from contexts whose channels are weighed by their means over the
        pass's positions (squeeze and excitation, for the channel attention of MLICv2)."""
        x = torch.cat(parts, 1)
        mean = (x * here).sum((2, 3), keepdim=True) / here.sum().clamp_min(1)
        x = x * (1 + keep * getattr(self, f"gate_{name}")(mean)).clamp(0, 2)
        shift, scale = self.net(name, x).chunk(2, 1)
        return shift, scale * SHOWN

    def freeze_encoder(self) -> None:
        """Leaves what the decoder runs to be trained."""
        for name in ("analysis", "hyper_analysis"):
            getattr(self, name).requires_grad_(False)


def described(metadata: Mapping[str, str]) -> Mlic:
    """The untrained model of a file's metadata."""
    lambdas = json.loads(metadata["lambdas"])
    return Mlic(json.loads(metadata["networks"]), lambdas[0], lambdas[-1], len(lambdas))


@torch.no_grad()
def on_hyperprior(path: str, features: int = 64, width: int = 128) -> Tuple[Mlic, int]:
    """A model on the networks, levels and prior of a hyperprior's file, and the steps that those have had. It codes
    exactly as the hyperprior does until its contexts are trained."""
    arrays, metadata = safetensors.read(path)
    if metadata["codec"] != "hyperprior":
        raise ValueError(f"{path} is a {metadata['codec']}, expected a hyperprior")
    specs = mlic(json.loads(metadata["networks"]), features, width)
    model = described({**metadata, "networks": json.dumps(specs)})
    load_networks(model, HYPER, arrays, metadata)
    for key, p in model.prior.named_parameters():
        p.copy_(torch.from_numpy(arrays[f"prior.{key}"].astype(np.float32)))
    return model, int(metadata["steps"])


def opened(path: str, contexts: str = "") -> Tuple[Mlic, int]:
    """A model from a file of this codec, or on one of a hyperprior, and the steps that it has had; its contexts from
    another file of this codec, if one is named, whose hyperprior may be an older one and have other rate levels."""
    metadata = safetensors.read(path)[1]
    if metadata["codec"] != "mlic":
        model, steps = on_hyperprior(path)
    else:
        model = described(metadata)
        steps = load_weights(path, model)
    if contexts:
        arrays, metadata = safetensors.read(contexts)
        if metadata["codec"] != model.codec:
            raise ValueError(f"{contexts} is a {metadata['codec']}, expected contexts")
        load_networks(model, context_names(), arrays, metadata)
    return model, steps
