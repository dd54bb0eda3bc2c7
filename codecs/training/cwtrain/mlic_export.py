"""The model file of mlic: a hyperprior's, with all context networks in integers."""

from __future__ import annotations

import copy
import json
from typing import Dict, List, Tuple

import numpy as np
import torch
from torch import Tensor

from . import tables as T
from .data import to_tensor
from .export import description, flat, hyper_tables, latents, weights
from .integer import MAX_BITS, MEAN_FRACTION, IntegerNetwork, Output, quantize_network
from .integer_emulator import calibrate
from .mlic import Mlic, anchors
from .mlic_emulator import GATE_ONE
from .mlic_spec import HEADS, context_names

CROPS = 12  # that ranges and moments are measured on, at every level
POSITIONS = 8192  # of them that a network sees, at most
PICTURES = 32  # the same for networks with a window


def whole(name: str) -> bool:
    """Whether a network looks beyond single positions."""
    return name.startswith(("previous", "local", "hyper_synthesis"))


class Watch:
    """Keeps what context networks get, [H, W, C] each, from positions that their pass codes."""

    def __init__(self, model: Mlic):
        self.inputs: Dict[str, List[np.ndarray]] = {name: [] for name in ("hyper_synthesis", *context_names())}
        self.hooks = [getattr(model, name).register_forward_hook(self.hook(name)) for name in self.inputs]

    def hook(self, name: str):  # type: ignore[no-untyped-def]
        def keep(_module: object, args: Tuple[Tensor, ...], _output: object) -> None:
            x = args[0].detach().permute(0, 2, 3, 1).cpu().numpy()
            if whole(name):
                self.inputs[name] += list(x)
                return
            if name.startswith(("anchor", "other")):
                here = anchors(*x.shape[1:3]).numpy() == (1 if name.startswith("anchor") else 0)
                x = x[:, here]
            self.inputs[name].append(x.reshape(1, -1, x.shape[-1]))

        return keep

    def taken(self, name: str, rng: np.random.Generator) -> List[np.ndarray]:
        """A sample of a network's inputs."""
        found = self.inputs[name]
        if whole(name):
            return [found[i] for i in rng.permutation(len(found))[:PICTURES]]
        rows = np.concatenate(found, 1)
        return [rows[:, rng.permutation(rows.shape[1])[:POSITIONS]]]


@torch.no_grad()
def integer_networks(model: Mlic, crops: np.ndarray, seed: int = 0) -> Dict[str, IntegerNetwork]:
    """The hyper-synthesis and all contexts' networks in integers; crops, uint8 [n, h, w, 3], give their ranges at every level."""
    model = copy.deepcopy(model).cpu().eval()
    watch = Watch(model)
    for level in range(model.levels):
        for x in to_tensor(crops, torch.device("cpu")).split(1):
            model(x, torch.tensor([float(level)]), True)
    rng = np.random.default_rng(seed)
    out = {}
    for name in watch.inputs:
        floats = {key: t.detach().numpy() for key, t in getattr(model, name).tensors().items()}
        measured = calibrate(model.specs[name], floats, watch.taken(name, rng))
        if name == "hyper_synthesis":
            gaussian = Output.gaussian(model.channels)
            gaussian.index_from = None  # scales are corrected before they become indices
            out[name] = quantize_network(model.specs[name], floats, measured, name, output=gaussian)
            continue
        channels = model.specs[name][-1]["out"]
        unit = 1 / (GATE_ONE if name.startswith("gate_") else MEAN_FRACTION)
        units = Output(np.full(channels, unit), np.zeros(channels))
        out[name] = quantize_network(
            model.specs[name], floats, measured, name, input_scale=1 / MEAN_FRACTION, input_bits=MAX_BITS, output=units
        )
    return out


def model_file(
    model: Mlic, total: int, counting: np.ndarray, validation: np.ndarray, extra: Dict[str, str]
) -> Tuple[Dict[str, np.ndarray], Dict[str, str], Dict[str, IntegerNetwork]]:
    """Everything the codec needs: float16 networks, tables of z (counted on training crops) and of the 64 scales, and
    the entropy model in integers (ranges from the validation crops)."""
    out = weights(model)
    metadata = {**description(model, total), **extra, "contexts": json.dumps({"slices": model.slices, "heads": HEADS})}
    out.update(hyper_tables(model, [flat(latents(model, counting, level)) for level in range(model.levels)]))
    out.update(T.tensors("sigma", [T.gaussian(s) for s in T.sigma_grid()]))
    networks = integer_networks(model, validation[:: -(-len(validation) // CROPS)])
    for network in networks.values():
        out.update(network.tensors)
    described = {name: network.description for name, network in networks.items()}
    metadata["integer"] = json.dumps(described, separators=(",", ":"))
    return out, metadata, networks


def skips() -> np.ndarray:
    """Of each scale, whether its symbols are so likely 0 that they are not coded (codecs/latent, Skips)."""
    shares = [t.frequencies[-t.first] / t.frequencies.sum() for t in (T.gaussian(s) for s in T.sigma_grid())]
    return np.array(shares) >= 0.999
