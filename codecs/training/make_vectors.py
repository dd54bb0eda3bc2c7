#!/usr/bin/env python3
"""Writes test vectors for the Go runtime: one tiny network an op, with random weights.

Two files: the model OUT/ops.safetensors (weights, metadata "networks") and
OUT/ops-vectors.safetensors with NET/CASE/in and NET/CASE/out, float32 [H, W, C].
A network with modulations takes its level from metadata "levels": {"NET/CASE": level}.
"""

from __future__ import annotations

import argparse
import json
import os
from typing import Dict, List, Tuple

import numpy as np
import torch

from cwtrain import safetensors, spec
from cwtrain.model import Network
from cwtrain.spec import Layers

LEVELS = 3
SIZES = [(1, 1), (3, 5), (9, 7)]


def networks() -> Dict[str, Layers]:
    """Every op of the spec, alone, then two small networks of many."""
    s = spec
    out: Dict[str, Layers] = {
        "unshuffle": [s.unshuffle(2)],
        "shuffle": [s.shuffle(2)],
        "conv1": [s.conv("conv1.c", 5, 7)],
        "conv3": [s.conv("conv3.c", 3, 8, 3)],
        "conv3s2": [s.conv("conv3s2.c", 4, 6, 3, 2)],
        "conv5s2": [s.conv("conv5s2.c", 3, 6, 5, 2)],
        "conv7": [s.conv("conv7.c", 2, 5, 7)],
        "conv4s4": [{**s.conv("conv4s4.c", 3, 6, 4, 4), "pad": 0}],
        "conv_pad2": [{**s.conv("conv_pad2.c", 3, 4, 3), "pad": 2}],
        "conv_groups": [s.conv("conv_groups.c", 6, 9, 3, groups=3)],
        "conv_nobias": [{**s.conv("conv_nobias.c", 4, 4, 3), "bias": False}],
        "depthwise3": [s.conv("depthwise3.c", 9, 9, 3, groups=9)],
        "depthwise3s2": [s.conv("depthwise3s2.c", 8, 8, 3, 2, groups=8)],
        "depthwise5": [s.conv("depthwise5.c", 6, 6, 5, groups=6)],
        "deconv3s2": [s.deconv("deconv3s2.c", 4, 3, 3, 2)],
        "deconv4s2": [s.deconv("deconv4s2.c", 3, 4, 4, 2)],
        "deconv5s2": [s.deconv("deconv5s2.c", 4, 5, 5, 2)],
        "linear": [s.linear("linear.c", 6, 4)],
        "gdn": [s.gdn("gdn.n", 6)],
        "igdn": [s.gdn("igdn.n", 6, inverse=True)],
        "gdn1": [s.gdn("gdn1.n", 6, simple=True)],
        "igdn1": [s.gdn("igdn1.n", 6, inverse=True, simple=True)],
        "leaky_relu": [s.leaky()],
        **{op: [s.activation(op)] for op in ("relu", "gelu", "silu", "sigmoid", "tanh")},
        "layer_norm": [s.layer_norm("layer_norm.n", 7)],
        "group_norm": [s.group_norm("group_norm.n", 8, 2, 4)],
        "group_norm_whole": [s.group_norm("group_norm_whole.n", 6, 3, 64)],
        "window_attention": [s.attention("window_attention.a", 8, 2, 4)],
        "window_attention_shift": [s.attention("window_attention_shift.a", 8, 2, 4, 2)],
        "upsample_nearest": [s.upsample("nearest")],
        "upsample_bilinear": [s.upsample("bilinear")],
        "upsample_separable": [s.upsample("separable", "upsample_separable.u")],
        "residual": [s.residual(s.conv("residual.a", 5, 5, 3), s.leaky(), s.conv("residual.b", 5, 5))],
        "dwb": s.dwb("dwb.d", 6),
        "modulate": [s.modulate("modulate.m", 5)],
        "conv5_gdn": [s.conv("conv5_gdn.a", 3, 6, 5, 2), s.gdn("conv5_gdn.n", 6), s.conv("conv5_gdn.b", 6, 8, 5, 2)],
    }
    for name, layers in tiny().items():
        out["s8_tiny_" + name] = layers
    return out


def tiny() -> Dict[str, Layers]:
    """S8-8/12 with two blocks, every name prefixed."""
    nets = spec.hyperprior_s8(8, 12, 8, 4, 2)
    for layers in nets.values():
        for layer in spec.walk(layers):
            if "name" in layer:
                layer["name"] = "s8_tiny." + layer["name"]
    return nets


def cases(name: str, layers: Layers) -> List[Tuple[int, int, int]]:
    """Heights, widths and channels of a network's inputs."""
    if name.startswith("s8_tiny"):
        return {"s8_tiny_analysis": [(32, 48, 3)], "s8_tiny_synthesis": [(1, 1, 12), (2, 3, 12)],
                "s8_tiny_hyper_analysis": [(5, 7, 12)], "s8_tiny_hyper_synthesis": [(3, 2, 4)]}[name]  # fmt: skip
    first = layers[0]["body"][0] if layers[0]["op"] == "residual" else layers[0]
    c = first.get("in", first.get("channels", 8 if "shuffle" in name else 3))
    if name == "unshuffle":
        return [(2, 4, 3), (6, 10, 2)]
    if name == "conv4s4":
        return [(4, 4, c), (12, 8, c)]
    return [(h, w, c) for h, w in SIZES]


@torch.no_grad()
def randomize(net: Network, generator: torch.Generator) -> None:
    """Weights away from their special starts: no zero biases, no identities."""
    for p in net.parameters():
        noise = torch.randn(p.shape, generator=generator)
        p.copy_(0.7 * p + 0.1 * noise if p.dim() > 1 else p + 0.2 * noise)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=os.path.join(os.path.dirname(__file__), "..", "nn", "testdata"))
    out = parser.parse_args().out
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(1)
    weights: Dict[str, np.ndarray] = {}
    vectors: Dict[str, np.ndarray] = {}
    levels: Dict[str, float] = {}
    specs = networks()
    for name, layers in specs.items():
        net = Network(layers, LEVELS).eval()
        randomize(net, generator)
        weights.update({key: t.detach().numpy().astype(np.float32) for key, t in net.tensors().items()})
        modulated = any(layer["op"] == "modulate" for layer in spec.walk(layers))
        for i, (h, w, c) in enumerate(cases(name, layers)):
            case = f"{name}/{h}x{w}"
            x = torch.randn(1, c, h, w, generator=generator)
            level = None
            if modulated:
                levels[case] = [0.0, 1.25, 2.0][i % LEVELS]
                level = torch.tensor([levels[case]])
            with torch.no_grad():
                y = net(x.clone(), level)
            vectors[case + "/in"] = x[0].permute(1, 2, 0).numpy()
            vectors[case + "/out"] = y[0].permute(1, 2, 0).numpy()
    os.makedirs(out, exist_ok=True)
    common = {"levels": json.dumps(levels)}
    model = {**common, "format": "1", "codec": "test", "networks": json.dumps(specs, separators=(",", ":"))}
    for file, tensors, metadata in (("ops", weights, model), ("ops-vectors", vectors, common)):
        data = safetensors.write(os.path.join(out, file + ".safetensors"), tensors, metadata)
        print(file, len(data), "bytes")


if __name__ == "__main__":
    main()
