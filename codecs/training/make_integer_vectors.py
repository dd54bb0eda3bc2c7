#!/usr/bin/env python3
"""Writes test vectors for codecs/nn/integer: tiny networks with random weights, every
operation among them, and what the int64 emulator makes of some inputs.

One file: the networks as in a model file, and I16 tensors vectors/NET/CASE/in and out.
numpy only.
"""

from __future__ import annotations

import argparse
import json
from typing import Dict, List, Tuple

import numpy as np

from cwtrain import safetensors, spec
from cwtrain.integer import Output, quantize_network
from cwtrain.integer_emulator import calibrate, run
from cwtrain.spec import Layers

SIZES = [(2, 2), (4, 10), (10, 6)]  # even, for unshuffle
ODD = [(1, 1), (3, 5), (9, 7)]


def networks() -> Dict[str, Layers]:
    """Networks by name; convolutions' names are unique because each starts with its network's."""
    s = spec

    def after(name: str, *layers: s.Layer) -> Layers:
        """Layers with a 1x1 convolution from 5 channels to 8 before them."""
        return [s.conv(name + ".first", 5, 8), *layers]

    out: Dict[str, Layers] = {
        "conv1": [s.conv("conv1.c", 5, 7)],
        "conv3": [s.conv("conv3.c", 3, 33, 3)],
        "conv3s2": [s.conv("conv3s2.c", 16, 6, 3, 2)],
        "conv5s2": [s.conv("conv5s2.c", 3, 6, 5, 2)],
        "conv_pad2": [{**s.conv("conv_pad2.c", 3, 4, 3), "pad": 2}],
        "conv_nobias": [{**s.conv("conv_nobias.c", 4, 4, 3), "bias": False}],
        "depthwise3": [s.conv("depthwise3.c", 20, 20, 3, groups=20)],
        "depthwise3s2": [s.conv("depthwise3s2.c", 16, 16, 3, 2, groups=16), s.leaky()],
        "depthwise5": [s.conv("depthwise5.c", 6, 6, 5, groups=6)],
        "deconv3s2": [s.deconv("deconv3s2.c", 4, 3, 3, 2)],
        "deconv4s2": [s.deconv("deconv4s2.c", 3, 4, 4, 2), s.activation("relu")],
        "deconv5s2": [s.deconv("deconv5s2.c", 4, 5, 5, 2)],
        "linear": [s.linear("linear.c", 6, 4), s.activation("relu")],
        "shuffle": after("shuffle", s.leaky(), s.shuffle(2)),
        "shuffle_alone": after("shuffle_alone", s.activation("tanh"), s.shuffle(2)),
        "unshuffle": [s.unshuffle(2), s.conv("unshuffle.c", 12, 9), s.unshuffle(1)],
        "two_activations": after("two_activations", s.leaky(), s.leaky(), s.activation("relu")),
        "softmax": after("softmax", s.activation("softmax")),
        "softmax_groups": after("softmax_groups", {"op": "softmax", "groups": 4}),
        "residual": [s.residual(s.conv("residual.c", 5, 5, 3))],
        "dwb": s.dwb("dwb", 16),
        "nested": [s.residual(s.conv("nested.a", 4, 4), s.residual(s.leaky(), s.conv("nested.b", 4, 4, 3))), s.conv("nested.c", 4, 4, 3)],
    }
    out.update({op: after(op, s.activation(op)) for op in ("exp", "sigmoid", "tanh", "silu", "gelu")})
    return out


def weights(rng: np.random.Generator, layers: Layers) -> Dict[str, np.ndarray]:
    """Random weights of variance 2 / fan-in."""
    tensors = {}
    for layer in spec.walk(layers):
        if layer["op"] not in ("conv", "deconv", "linear"):
            continue
        cin, cout, k = layer["in"] // layer.get("groups", 1), layer["out"], layer.get("kernel", 1)
        shape = {"conv": (cout, cin, k, k), "deconv": (cin, cout, k, k), "linear": (cout, cin)}[layer["op"]]
        tensors[layer["name"] + ".weight"] = rng.normal(0, np.sqrt(2 / (cin * k * k)), shape)
        tensors[layer["name"] + ".bias"] = rng.normal(0, 0.5, cout)
    return tensors


def cases(rng: np.random.Generator, layers: Layers, channels: int) -> List[Tuple[str, np.ndarray]]:
    """Inputs by name: several sizes, and one of extremes that is clamped."""
    sizes = SIZES if layers[0]["op"] == "unshuffle" else ODD
    out = [(f"{h}x{w}", np.rint(rng.laplace(0, 20, (h, w, channels)))) for h, w in sizes]
    h, w = sizes[1]
    return out + [("extreme", rng.choice([-32768, 32767], (h, w, channels)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="../nn/integer/testdata/vectors.safetensors")
    args = parser.parse_args()

    rng = np.random.default_rng(1)
    tensors: Dict[str, np.ndarray] = {}
    descriptions = {}
    small = {"hyper_tiny": spec.hyperprior_s8(16, 8, 16, 6)["hyper_synthesis"]}
    for name, layers in {**networks(), **small}.items():
        source = weights(rng, layers)
        channels = layers[0].get("in") or (3 if name == "unshuffle" else spec_channels(layers))
        inputs = cases(rng, layers, channels)
        measured = calibrate(layers, source, [x / 16 for _, x in inputs[:3]])
        output = Output.gaussian(8) if name == "hyper_tiny" else None
        network = quantize_network(layers, source, measured, name, input_scale=1 / 16, output=output)
        descriptions[name] = network.description
        tensors.update(network.tensors)
        for case, x in inputs:
            tensors[f"vectors/{name}/{case}/in"] = x.astype(np.int16)
            tensors[f"vectors/{name}/{case}/out"] = run(network, x).astype(np.int16)
    data = safetensors.write(args.out, tensors, {"integer": json.dumps(descriptions, separators=(",", ":"))})
    print(f"{args.out}: {len(data)} bytes, {len(descriptions)} networks")


def spec_channels(layers: Layers) -> int:
    """Channels that a network's first convolution takes."""
    return next(layer["in"] for layer in spec.walk(layers) if "in" in layer)


if __name__ == "__main__":
    main()
