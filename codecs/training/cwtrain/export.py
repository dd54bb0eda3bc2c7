"""Weights to and from model files."""

from __future__ import annotations

import argparse
import copy
import json
import os
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch

from . import safetensors
from . import tables as T
from .data import Crops, Photos, centre_crops, to_tensor
from .factorized import Factorized
from .hyperprior import Hyperprior
from .integer import IntegerNetwork, Output, quantize_network
from .levels import load_networks, trade_offs
from .log import digest
from .options import shared_data
from .ranges import activation_ranges
from .transform import TransformCodec

ROWS = 2  # of a factorized prior's tables, a level: every half level has its own
BATCH = 16  # crops that run at a time


def weights(model: TransformCodec, dtype: type = np.float16) -> Dict[str, np.ndarray]:
    """All float tensors by name, the prior's parameters included (prior.mean, ...)."""
    named = {}
    for name in model.networks:
        named.update(getattr(model, name).tensors())
    named.update({f"prior.{key}": p for key, p in model.prior.named_parameters()})
    return {key: t.detach().float().cpu().numpy().astype(dtype) for key, t in named.items()}


def description(model: TransformCodec, total: int) -> Dict[str, str]:
    return {
        "format": "1",
        "codec": model.codec,
        "networks": json.dumps(model.specs, separators=(",", ":")),
        "lambdas": json.dumps([float(f"{v:.6g}") for v in trade_offs(model)]),
        "steps": str(total),
    }


def save_weights(path: str, model: TransformCodec, total: int) -> None:
    """Weights alone, float16, to measure or to go on from."""
    safetensors.write(path, weights(model), description(model, total))


@torch.no_grad()
def load_weights(path: str, model: TransformCodec) -> int:
    """Takes the weights of a file of the same codec and architecture; returns the steps they have had. Where the file has
    other rate levels, gains are interpolated and go on geometrically, and priors are those of the nearest level."""
    arrays, metadata = safetensors.read(path)
    if metadata["codec"] != model.codec:
        raise ValueError(f"{path} is a {metadata['codec']}")
    at = load_networks(model, model.networks, arrays, metadata)
    rows = np.rint(at).clip(0, len(json.loads(metadata["lambdas"])) - 1).astype(int)
    for key, p in model.prior.named_parameters():
        a = arrays[f"prior.{key}"].astype(np.float32)
        p.copy_(torch.from_numpy(a[rows] if key in ("mean", "log_scale") else a))
    return int(metadata["steps"])


@torch.no_grad()
def latents(model: TransformCodec, crops: np.ndarray, level: float) -> torch.Tensor:
    """What the prior's tables code, of crops, rounded: [n, C, H, W] on the CPU."""
    device = next(model.parameters()).device
    out = []
    for batch in np.array_split(crops, max(len(crops) // BATCH, 1)):
        at = torch.full((len(batch),), float(level), device=device)
        y = model.analysis(to_tensor(batch, device), at)
        out.append((model.hyper_analysis(y, at) if isinstance(model, Hyperprior) else y).round().cpu())
    return torch.cat(out)


def flat(latents: torch.Tensor) -> np.ndarray:
    """[n, C, H, W] as integers [positions, C]."""
    return latents.permute(0, 2, 3, 1).flatten(0, 2).numpy().astype(np.int64)


def hyper_tables(model: Hyperprior, samples: Sequence[np.ndarray]) -> Dict[str, np.ndarray]:
    """Tables "z": that of channel c at whole level l is number l * channels + c."""
    tables = []
    for level, z in enumerate(samples):
        mean, log_scale = model.prior.mean[level].tolist(), model.prior.log_scale[level].tolist()
        tables += [T.counted(z[:, c], T.logistic(mean[c], log_scale[c])) for c in range(z.shape[1])]
    return T.tensors("z", tables)


@torch.no_grad()
def factorized_tables(model: Factorized, counting: np.ndarray) -> Dict[str, np.ndarray]:
    """Tables "y": that of channel c in row r, level r / ROWS, is number r * channels + c."""
    tables: List[T.Table] = []
    prior = copy.deepcopy(model.prior).cpu()
    edges = np.arange(-T.REACH, T.REACH + 2) - 0.5
    for row in range(ROWS * (model.levels - 1) + 1):
        y = flat(latents(model, counting, row / ROWS))
        cdf = prior.cdf(torch.from_numpy(edges).float(), row / ROWS).double().numpy()
        for c in range(y.shape[1]):
            inside = edges[(cdf[c] > T.TAIL / 2) & (cdf[c] < 1 - T.TAIL / 2)]
            low, high = (inside[0], inside[-1]) if len(inside) else (0.0, 0.0)
            tables.append(T.counted(y[:, c], T.Density(lambda x, p=cdf[c]: np.interp(x, edges, p), low, high)))
    return T.tensors("y", tables)


def integer_hyper(model: Hyperprior, ranging: Sequence[torch.Tensor]) -> IntegerNetwork:
    """The hyper-synthesis in integers, its activations' ranges from latents z."""
    name = "hyper_synthesis"
    floats = {key: t.detach().cpu().numpy() for key, t in model.hyper_synthesis.tensors().items()}
    ranges = activation_ranges(copy.deepcopy(model.hyper_synthesis).cpu(), ranging)
    return quantize_network(model.specs[name], floats, ranges, name, output=Output.gaussian(model.channels))


def model_file(
    model: TransformCodec, total: int, counting: np.ndarray, validation: np.ndarray, extra: Dict[str, str]
) -> Tuple[Dict[str, np.ndarray], Dict[str, str], Optional[IntegerNetwork]]:
    """Everything a codec needs: float16 networks, metadata, and what its entropy model is. For a hyperprior the
    hyper-decoder in integers (activation ranges from the validation crops), tables of z (counted on training crops) and
    of the 64 scales; for a factorized prior, tables of y."""
    out, metadata = weights(model), {**description(model, total), **extra}
    if isinstance(model, Factorized):
        out.update(factorized_tables(model, counting))
        return out, metadata, None
    assert isinstance(model, Hyperprior)
    out.update(hyper_tables(model, [flat(latents(model, counting, level)) for level in range(model.levels)]))
    out.update(T.tensors("sigma", [T.gaussian(s) for s in T.sigma_grid()]))
    network = integer_hyper(model, [latents(model, validation, level) for level in range(model.levels)])
    out.update(network.tensors)
    metadata["integer"] = json.dumps({"hyper_synthesis": network.description}, separators=(",", ":"))
    return out, metadata, network


def finished(
    args: argparse.Namespace, model: TransformCodec, total: int
) -> Tuple[Dict[str, np.ndarray], Dict[str, str], Optional[IntegerNetwork], np.ndarray]:
    """The model file of a run's weights by an export script's options, and the crops that its tables are counted on. The
    model is left with its weights as stored: all else in the file is theirs."""
    rounded = args.out + ".rounded"
    save_weights(rounded, model, total)
    load_weights(rounded, model)
    os.remove(rounded)
    data = shared_data(args)
    photos = Photos.load(data, "train", args.cache)
    counting = Crops(photos, seed=1).batch(args.counted, 256)
    validation = centre_crops(Photos.load(data, "val", args.cache), 256)
    extra = {"data": "train", "manifest_sha256": digest(os.path.join(data, "manifest.csv")), "pictures": str(len(photos))}
    if args.log:
        extra["log_sha256"] = digest(args.log)
    return (*model_file(model, total, counting, validation, extra), counting)
