#!/usr/bin/env python3
"""Makes a transform codec's model file and its test vectors from a run's final weights; see README.md."""

from __future__ import annotations

import argparse
import json
from typing import Dict

import numpy as np
import torch

from cwtrain import checkpoint, integer_emulator, safetensors
from cwtrain.catalogue import add_model_options, new_model
from cwtrain.checkpoint import Average
from cwtrain.export import finished, save_weights
from cwtrain.hyperprior import Hyperprior
from cwtrain.integer import IntegerNetwork
from cwtrain.transform import TransformCodec


def load_run(path: str, model: TransformCodec, averaged: bool) -> int:
    """Weights of a checkpoint of train_transform.py; returns the steps they have had."""
    state = checkpoint.load(path, torch.device("cpu"))
    model.load_state_dict(state["model"])
    if averaged:
        average = Average(model)
        average.restore(state["average"])
        average.swap(model)
    return int(state["total"])


def picture(h: int, w: int) -> np.ndarray:
    """A made-up picture with shading, edges and texture, uint8 [h, w, 3]."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    rng = np.random.default_rng(0)
    shade = 0.5 + 0.3 * np.sin(x / 23) * np.cos(y / 17)
    disc = (x - w / 2) ** 2 + (y - h / 2) ** 2 < (min(h, w) / 3) ** 2
    out = np.stack([shade + 0.3 * disc, shade - 0.2 * disc + 0.1 * np.sin(x * 0.9), 0.4 + 0.2 * np.sin((x + y) / 9)], 2)
    out[: h // 4] += 0.1 * rng.standard_normal((h // 4, w, 1))
    return (out.clip(0, 1) * 255).round().astype(np.uint8)


@torch.no_grad()
def float_vectors(model: TransformCodec, h: int, w: int, level: float) -> Dict[str, np.ndarray]:
    """NETWORK/HxW/in and /out, float32 [H, W, C], of a chain through all networks."""
    x = torch.from_numpy(picture(h, w)).float().permute(2, 0, 1)[None] / 255 - 0.5
    at = torch.tensor([level])
    y = model.analysis(x, at)
    pairs = {"analysis": (x, y), "synthesis": (y.round(), model.synthesis(y.round(), at))}
    if isinstance(model, Hyperprior):
        z = model.hyper_analysis(y, at)
        pairs.update(hyper_analysis=(y, z), hyper_synthesis=(z.round(), model.hyper_synthesis(z.round(), at)))
    out = {}
    for name in model.networks:
        for end, t in zip(("in", "out"), pairs[name]):
            out[f"{name}/{h}x{w}/{end}"] = t[0].permute(1, 2, 0).contiguous().numpy()
    return out


def integer_vectors(network: IntegerNetwork, samples: np.ndarray) -> Dict[str, np.ndarray]:
    """integer/hyper_synthesis/CASE/in and /out, int16 [H, W, C]: a real z, and one of large numbers."""
    out = {}
    rng = np.random.default_rng(0)
    for case, z in (("picture", samples), ("large", rng.integers(-40, 41, (3, 2, samples.shape[2])))):
        out[f"integer/hyper_synthesis/{case}/in"] = z.astype(np.int16)
        out[f"integer/hyper_synthesis/{case}/out"] = integer_emulator.run(network, z).astype(np.int16)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", help="final.pt, or trunk.pt with --trunk-out")
    parser.add_argument("--out", default="", help="the model file")
    parser.add_argument("--vectors", default="", help="the file of test vectors")
    parser.add_argument("--trunk-out", default="", help="write the raw weights, for the next run to go on from, and nothing else")
    parser.add_argument("--log", default="", help="the run's log.csv, whose hash goes into the file")
    parser.add_argument("--data", default="")
    parser.add_argument("--cache", default="")
    parser.add_argument("--counted", type=int, default=256, help="training crops that tables are counted on")
    add_model_options(parser)
    args = parser.parse_args()
    model = new_model(args).eval()
    if args.trunk_out:
        save_weights(args.trunk_out, model, load_run(args.checkpoint, model, averaged=False))
        return
    total = load_run(args.checkpoint, model, averaged=True)
    tensors, metadata, network, _ = finished(args, model, total)
    content = safetensors.write(args.out, tensors, metadata)
    print(f"{args.out}: {len(content)} bytes, {total} steps")
    if args.vectors:
        level = 4.25
        vectors = float_vectors(model, 64, 128, level)
        if network is not None:
            vectors.update(integer_vectors(network, np.rint(vectors["hyper_synthesis/64x128/in"])))
        names = json.dumps({f"{name}/64x128": level for name in model.networks})
        print(f"{args.vectors}: {len(safetensors.write(args.vectors, vectors, {'levels': names}))} bytes")


if __name__ == "__main__":
    main()
