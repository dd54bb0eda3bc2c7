"""Weights to and from model files."""

from __future__ import annotations

import json
from typing import Dict

import numpy as np
import torch

from . import safetensors
from .hyperprior import Hyperprior

NETWORKS = ("analysis", "synthesis", "hyper_analysis", "hyper_synthesis")


def weights(model: Hyperprior, dtype: type = np.float16) -> Dict[str, np.ndarray]:
    """All float tensors by name, the prior's parameters of z included (prior.mean, prior.log_scale)."""
    named = {}
    for name in NETWORKS:
        named.update(getattr(model, name).tensors())
    named.update({f"prior.{key}": p for key, p in model.prior.named_parameters()})
    return {key: t.detach().float().cpu().numpy().astype(dtype) for key, t in named.items()}


def description(model: Hyperprior, total: int) -> Dict[str, str]:
    return {
        "format": "1",
        "codec": "hyperprior",
        "networks": json.dumps(model.specs, separators=(",", ":")),
        "lambdas": json.dumps([float(f"{float(model.lambdas(torch.tensor(float(i)))):.6g}") for i in range(model.levels)]),
        "steps": str(total),
    }


def save_weights(path: str, model: Hyperprior, total: int) -> None:
    """Weights alone, float16, to measure or to go on from."""
    safetensors.write(path, weights(model), description(model, total))


@torch.no_grad()
def load_weights(path: str, model: Hyperprior) -> int:
    """Takes the weights of a file of the same architecture; returns the steps they have had."""
    arrays, metadata = safetensors.read(path)
    if json.loads(metadata["networks"]) != model.specs:
        raise ValueError(f"{path} has another architecture")
    named = {key: torch.from_numpy(a.astype(np.float32)) for key, a in arrays.items() if a.dtype.kind == "f"}
    for name in NETWORKS:
        getattr(model, name).load(named)
    for key, p in model.prior.named_parameters():
        p.copy_(named[f"prior.{key}"])
    return int(metadata["steps"])
