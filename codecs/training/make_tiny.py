#!/usr/bin/env python3
"""Made the frozen models for tests in testdata of codecs/hyperprior and codecs/factorized, from made-up pictures.

    python3 make_tiny.py hyperprior OUT
    python3 make_tiny.py hyperprior-gdn OUT --steps 5000
    python3 make_tiny.py factorized OUT --steps 300

Eight latent channels, trained for some minutes on one core. Other versions of torch make
other weights, and then golden.cwb is to be made anew too (go test -run TestGolden -update).
"""

from __future__ import annotations

import argparse

import numpy as np
import torch

from cwtrain import safetensors, spec
from cwtrain.catalogue import KINDS
from cwtrain.data import to_tensor
from cwtrain.export import load_weights, model_file, save_weights
from cwtrain.start import start
from cwtrain.transform import TransformCodec, rate_distortion

SPECS = {
    "hyperprior": lambda: spec.hyperprior_s8(c=8, m=8, h=8, z=4, n=2),
    "hyperprior-gdn": lambda: spec.hyperprior_gdn(12, 8),
    "factorized": lambda: spec.backbone_s8(c=8, m=8, n=2),
}


class Scenes:
    """Crops of shaded discs with noise; stands in for data.Crops."""

    def __init__(self, seed: int):
        self.random = np.random.default_rng(seed)

    def scene(self, side: int) -> np.ndarray:
        y, x = np.mgrid[0:side, 0:side]
        r = self.random
        out = np.stack([r.uniform(0, 256) + r.uniform(-3, 3) * x + r.uniform(-3, 3) * y for _ in range(3)], 2) % 256
        for _ in range(4):
            cy, cx, radius = r.uniform(0, side, 3)
            inside = (x - cx) ** 2 + (y - cy) ** 2 < radius**2 / 2
            shade = r.uniform(0, 256, 3) + ((x - cx) / 3 + (y - cy) / 5)[:, :, None]
            out = np.where(inside[:, :, None], shade, out)
        return (out + r.uniform(-4, 4, out.shape)).clip(0, 255).round().astype(np.uint8)

    def batch(self, count: int, side: int) -> np.ndarray:
        return np.stack([self.scene(side) for _ in range(count)])


def train(model: TransformCodec, scenes: Scenes, steps: int) -> None:
    start(model, scenes, 4)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * (1 - step / steps)
        level = (torch.arange(8) + torch.rand(8)) / 8 * (model.levels - 1)
        loss = rate_distortion(model, to_tensor(scenes.batch(8, 64), torch.device("cpu")), level)
        optimizer.zero_grad()
        loss.total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 250 == 0 or step == steps - 1:
            print(f"{step}: {float(loss.bpp):.3f} bpp, MSE {float(loss.mse):.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("codec", choices=list(SPECS))
    parser.add_argument("out")
    parser.add_argument("--steps", type=int, default=1500)
    args = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    model = KINDS[args.codec](SPECS[args.codec](), 0.0018, 0.05, 3, args.codec)
    train(model, Scenes(1), args.steps)
    model.eval()
    # Tables and ranges are those of the weights as stored.
    save_weights(args.out, model, args.steps)
    load_weights(args.out, model)
    tensors, metadata, _ = model_file(model, args.steps, Scenes(2).batch(64, 128), Scenes(3).batch(16, 128), {"data": "made-up scenes"})
    print(f"{args.out}: {len(safetensors.write(args.out, tensors, metadata))} bytes")


if __name__ == "__main__":
    main()
