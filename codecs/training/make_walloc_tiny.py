#!/usr/bin/env python3
"""Made the frozen model and the vectors for tests in testdata of codecs/walloc, from made-up pictures.

    python3 make_walloc_tiny.py MODEL VECTORS

Eight latents for 16 x 16 pixels. Other versions of torch make other weights, and then golden.cwb is to be made anew
too (go test -run TestGolden -update).
"""

from __future__ import annotations

import argparse

import torch

from cwtrain import safetensors, walloc
from cwtrain.data import to_tensor
from cwtrain.export import load_weights, save_weights
from cwtrain.transform import rate_distortion
from cwtrain.walloc_export import model_file, vectors
from make_tiny import Scenes

STEPS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("vectors")
    args = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    scenes = Scenes(1)
    model = walloc.started(walloc.Walloc(walloc.specs(12, 8, 1, factor=16), 0.0018, 0.05, 3), scenes, 4)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * (1 - step / STEPS)
        level = (torch.arange(8) + torch.rand(8)) / 8 * (model.levels - 1)
        loss = rate_distortion(model, to_tensor(scenes.batch(8, 64), torch.device("cpu")), level)
        optimizer.zero_grad()
        loss.total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    print(f"{float(loss.bpp):.3f} bpp, MSE {float(loss.mse):.1f}")
    model.eval()
    save_weights(args.model, model, STEPS)
    load_weights(args.model, model)
    tensors, metadata = model_file(model, STEPS, Scenes(2).batch(64, 128), {"data": "made-up scenes"})
    print(f"{args.model}: {len(safetensors.write(args.model, tensors, metadata))} bytes")
    # 3 x 5 positions, so that all edges of the packets take part.
    print(f"{args.vectors}: {len(safetensors.write(args.vectors, *vectors(model, Scenes(3).scene(80)[:48], 1.25)))} bytes")


if __name__ == "__main__":
    main()
