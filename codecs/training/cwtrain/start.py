"""What training starts from: principal components, another codec's networks, or a sane scale."""

from __future__ import annotations

import torch
from torch import Tensor

from . import klt, safetensors
from .data import Crops, to_tensor
from .levels import level_gains, load_networks
from .spec import walk
from .transform import TransformCodec

SPREAD = 2.0  # deviation of a latent at the middle level, where nothing better is known


def start(model: TransformCodec, crops: Crops, batches: int = 64) -> None:
    """The start of an untrained model, from 64 * batches random crops of 64 x 64."""
    x = torch.cat([to_tensor(crops.batch(64, 64), torch.device("cpu")) for _ in range(batches)])
    if any(layer.get("name") == "analysis.stem" for layer in walk(model.specs["analysis"])):
        klt.start(model, x)
    else:
        even(model, x[:64])
    model.start(x[:512])


def borrow(path: str, model: TransformCodec, crops: Crops, batches: int = 16) -> None:
    """Takes analysis and synthesis from a file of another codec on the same networks; what codes the latent starts anew."""
    arrays, metadata = safetensors.read(path)
    load_networks(model, ("analysis", "synthesis"), arrays, metadata)
    model.start(torch.cat([to_tensor(crops.batch(64, 64), torch.device("cpu")) for _ in range(batches)]))


@torch.no_grad()
def even(model: TransformCodec, x: Tensor) -> None:
    """Latents of one deviation, gains of even steps."""
    level_gains(model)
    y = model.analysis(x, torch.full((len(x),), (model.levels - 1) / 2))
    factor = SPREAD / float(y.std())
    head, head_back = model.analysis.find("analysis.head"), model.synthesis.find("synthesis.head")
    head.weight.mul_(factor)
    head.bias.mul_(factor)
    head_back.weight.div_(factor)
