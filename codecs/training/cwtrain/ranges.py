"""Largest activations of a network over sample inputs, for its integer form."""

from __future__ import annotations

from typing import Dict, Iterable, List, Tuple

import torch
from torch import Tensor

from .layers import Op
from .model import Network, Residual


def places(network: Network, prefix: str = "") -> List[Tuple[str, Op]]:
    """Layers and their places: "0", "1", ... and "3.0", "3.1", ... inside the residual layer 3."""
    out: List[Tuple[str, Op]] = []
    for i, op in enumerate(network.ops):
        out.append((f"{prefix}{i}", op))
        if isinstance(op, Residual):
            out += places(op.body, f"{prefix}{i}.")
    return out


@torch.no_grad()
def activation_ranges(network: Network, inputs: Iterable[Tensor]) -> Dict[str, float]:
    """The largest |output| of each layer, by place. The network must not depend on a level."""
    ranges: Dict[str, float] = {}
    hooks = []
    for place, op in places(network):

        def record(_module: object, _input: object, output: Tensor, place: str = place) -> None:
            ranges[place] = max(ranges.get(place, 0.0), float(output.abs().max()))

        hooks.append(op.register_forward_hook(record))
    try:
        for x in inputs:
            network(x)
    finally:
        for hook in hooks:
            hook.remove()
    return ranges
