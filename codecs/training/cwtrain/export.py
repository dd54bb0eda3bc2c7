"""Weights to and from model files."""

from __future__ import annotations

import copy
import json
from typing import Dict, Sequence, Tuple

import numpy as np
import torch

from . import safetensors
from . import tables as T
from .data import to_tensor
from .hyperprior import Hyperprior
from .integer import IntegerNetwork, Output, quantize_network
from .ranges import activation_ranges

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


@torch.no_grad()
def latents(model: Hyperprior, crops: np.ndarray, level: float, device: torch.device) -> torch.Tensor:
    """Rounded z of crops, [n, C, H, W] on the CPU."""
    x = to_tensor(crops, device)
    at = torch.full((len(crops),), float(level), device=device)
    return model.hyper_analysis(model.analysis(x, at), at).round().cpu()


def prior_tables(model: Hyperprior, samples: Sequence[np.ndarray]) -> Dict[str, np.ndarray]:
    """Tables "z": that of channel c at whole level l is number l * channels + c."""
    tables = []
    for level, z in enumerate(samples):
        mean, log_scale = model.prior.mean[level].tolist(), model.prior.log_scale[level].tolist()
        tables += [T.counted(z[:, c], mean[c], log_scale[c]) for c in range(z.shape[1])]
    return T.tensors("z", tables)


def model_file(
    model: Hyperprior, total: int, counting: np.ndarray, validation: np.ndarray, extra: Dict[str, str]
) -> Tuple[Dict[str, np.ndarray], Dict[str, str], IntegerNetwork]:
    """Everything a codec needs: float16 networks, the hyper-decoder in integers, tables of z
    (counted on training crops) and of the 64 scales, and metadata. Activation ranges come
    from the validation crops."""
    device = next(model.parameters()).device
    batches = np.array_split(counting, max(len(counting) // 16, 1))
    samples, ranging = [], []
    for level in range(model.levels):
        z = torch.cat([latents(model, b, level, device) for b in batches])
        samples.append(z.permute(0, 2, 3, 1).flatten(0, 2).numpy().astype(np.int64))
        ranging.append(latents(model, validation, level, device))
    out = weights(model)
    out.update(prior_tables(model, samples))
    out.update(T.tensors("sigma", [T.gaussian(s) for s in T.sigma_grid()]))
    name = "hyper_synthesis"
    floats = {key: t.detach().cpu().numpy() for key, t in model.hyper_synthesis.tensors().items()}
    channels = floats["hyper_synthesis.4.bias"].shape[0] // 2
    hyper = copy.deepcopy(model.hyper_synthesis).cpu()
    ranges = activation_ranges(hyper, ranging)
    network = quantize_network(model.specs[name], floats, ranges, name, output=Output.gaussian(channels))
    out.update(network.tensors)
    metadata = {**description(model, total), "integer": json.dumps({name: network.description}, separators=(",", ":")), **extra}
    return out, metadata, network
