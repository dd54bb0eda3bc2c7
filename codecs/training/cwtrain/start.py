"""What training starts from: principal components, or another codec's networks."""

from __future__ import annotations

import json

import torch

from . import klt, safetensors
from .data import Crops, to_tensor
from .export import load_weights
from .hyperprior import Hyperprior
from .levels import load_networks
from .spec import walk
from .transform import TransformCodec


def start(model: TransformCodec, crops: Crops, batches: int = 64) -> None:
    """The start of an untrained model, from 64 * batches random crops of 64 x 64."""
    x = torch.cat([to_tensor(crops.batch(64, 64), torch.device("cpu")) for _ in range(batches)])
    if any(layer.get("name") == "analysis.stem" for layer in walk(model.specs["analysis"])):
        klt.start(model, x)
    else:
        klt.start_strided(model, x)
    model.start(x[:512])


def borrow(path: str, model: TransformCodec, crops: Crops, batches: int = 16) -> None:
    """Takes analysis and synthesis from a file of another codec on the same networks; what codes the latent starts anew."""
    arrays, metadata = safetensors.read(path)
    load_networks(model, ("analysis", "synthesis"), arrays, metadata)
    model.start(torch.cat([to_tensor(crops.batch(64, 64), torch.device("cpu")) for _ in range(batches)]))


def opened(path: str, model: TransformCodec) -> Hyperprior:
    """The trained hyperprior of a file, at the model's rate levels."""
    specs = json.loads(safetensors.read(path)[1]["networks"])
    trained = Hyperprior(specs, model.low, model.high, model.levels).eval()
    load_weights(path, trained)
    return trained
