"""Networks from a spec: torch modules whose weights have the model file's names."""

from __future__ import annotations

from typing import Dict, Optional

import torch
from torch import Tensor, nn

from . import layers as L
from .spec import Layer, Layers


class Residual(L.Op):
    """x + body(x)."""

    def __init__(self, body: Layers, levels: int):
        super().__init__()
        self.body = Network(body, levels)

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        return x + self.body(x, level)

    def tensors(self) -> L.Tensors:
        return self.body.tensors()

    def load(self, tensors: L.Tensors) -> None:
        self.body.load(tensors)


class Network(nn.Module):
    """The layers of a spec in sequence. Input and output are NCHW."""

    def __init__(self, spec: Layers, levels: int = 1):
        super().__init__()
        self.spec = spec
        previous = ""
        ops = []
        for layer in spec:
            # An activation may overwrite what a convolution has just made, nothing else.
            op = build(layer, levels, inplace=previous in ("conv", "deconv", "linear"))
            op.name = layer.get("name", "")
            ops.append(op)
            previous = layer["op"]
        self.ops = nn.ModuleList(ops)

    def forward(self, x: Tensor, level: Optional[Tensor] = None) -> Tensor:
        for op in self.ops:
            x = op(x, level)
        return x

    def tensors(self) -> L.Tensors:
        """Weights as the model file holds them, by name."""
        out: Dict[str, Tensor] = {}
        for op in self.ops:
            out.update(op.tensors())
        return out

    def load(self, tensors: L.Tensors) -> None:
        """Takes weights as tensors() returns them; others in the dict are ignored."""
        for op in self.ops:
            op.load(tensors)

    def find(self, name: str) -> L.Op:
        """The layer of a name, also inside residual branches."""
        for module in self.modules():
            if isinstance(module, L.Op) and module.name == name:
                return module
        raise KeyError(name)


def build(layer: Layer, levels: int, inplace: bool) -> L.Op:
    op = layer["op"]
    if op in ("shuffle", "unshuffle"):
        return L.Shuffle(layer, op == "unshuffle")
    if op in ("leaky_relu", "relu", "gelu", "silu", "sigmoid", "tanh"):
        return L.Activation(layer, inplace)
    if op == "residual":
        return Residual(layer["body"], levels)
    if op == "modulate":
        return L.Modulate(layer, levels)
    kinds = {
        "conv": L.Conv, "linear": L.Conv, "deconv": L.Deconv, "gdn": L.GDN, "layer_norm": L.LayerNorm,
        "group_norm": L.GroupNorm, "window_attention": L.WindowAttention, "upsample": L.Upsample,
    }  # fmt: skip
    if op not in kinds:
        raise ValueError(f"unknown op {op!r}")
    return kinds[op](layer)


@torch.no_grad()
def zero_branches(network: nn.Module) -> None:
    """Zeroes the last layer of each residual branch, so that every branch starts as the identity."""
    for module in network.modules():
        if isinstance(module, Residual):
            last = module.body.ops[-1]
            last.weight.zero_()
            if last.bias is not None:
                last.bias.zero_()
