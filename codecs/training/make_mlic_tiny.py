#!/usr/bin/env python3
"""Made tiny.safetensors and vectors.safetensors in testdata of codecs/mlic, from made-up pictures.

    python3 make_mlic_tiny.py ../hyperprior/testdata/tiny.safetensors ../mlic/testdata

The model lies on a tiny hyperprior and was trained for a minute on one core; the vectors are what the emulator in
64 bits makes of regions. Other versions of torch make other weights, and then the golden file of codecs/mlic is to be
made anew too (go test -run TestGolden -update).
"""

from __future__ import annotations

import argparse
import json
import os
from typing import Dict, Tuple

import numpy as np
import torch

from cwtrain import safetensors
from cwtrain.data import to_tensor
from cwtrain.export import load_weights, save_weights
from cwtrain.mlic import CONTEXTS, Mlic, on_hyperprior
from cwtrain.mlic_emulator import Contexts
from cwtrain.mlic_export import model_file, skips
from cwtrain.mlic_spec import HEADS
from cwtrain.transform import rate_distortion
from make_tiny import Scenes

# Regions' sides, and what is left out of them.
CASES = {
    "all": ((7, 9), ()),
    "one": ((1, 1), ()),
    "row": ((1, 12), ()),
    "square": ((12, 12), ()),
    "all-coded": ((6, 5), ("skip",)),
    **{f"no-{name}": ((6, 7), (name,)) for name in CONTEXTS},
    "none": ((5, 5), (*CONTEXTS, "skip")),
}


def train(model: Mlic, scenes: Scenes, steps: int) -> None:
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * min((step + 1) / 50, 1 - step / steps)
        level = (torch.arange(8) + torch.rand(8)) / 8 * (model.levels - 1)
        loss = rate_distortion(model, to_tensor(scenes.batch(8, 64), torch.device("cpu")), level)
        optimizer.zero_grad()
        loss.total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0 or step == steps - 1:
            print(f"{step}: {float(loss.bpp):.3f} bpp, MSE {float(loss.mse):.1f}", flush=True)


def region(contexts: Contexts, base: np.ndarray, y: np.ndarray) -> Dict[str, np.ndarray]:
    """What a region with base means and scales codes of latents y, in 1/64."""
    skip = np.zeros(64, bool) if "skip" in contexts.off else skips()
    flat, starts = y.reshape(-1, y.shape[2]), np.cumsum([0, *contexts.slices])

    def code(k: int, at: np.ndarray, means: np.ndarray, scales: np.ndarray) -> np.ndarray:
        symbols = (flat[at, starts[k] : starts[k + 1]] - means + 32) // 64
        return np.where(skip[scales], 0, symbols)

    return contexts.region(base, code)._asdict()


def vectors(model: Mlic, networks: Dict) -> Tuple[Dict[str, np.ndarray], Dict[str, str]]:
    """CASE/base, y, symbols, means and scales, int16 [h, w, C]; metadata "off" has what each case is without."""
    rng, m = np.random.default_rng(4), sum(model.slices)
    out: Dict[str, np.ndarray] = {}
    for name, ((h, w), off) in CASES.items():
        base = np.concatenate([rng.normal(0, 200, (h, w, m)), rng.integers(0, 500, (h, w, m))], 2).astype(np.int64)
        y = base[..., :m] + np.rint(rng.laplace(0, 100, (h, w, m))).astype(np.int64)
        if name == "square":  # beyond all limits
            base[::3, ::4], y[::3, ::4] = 32767, -32768
        found = region(Contexts(networks, model.slices, HEADS, frozenset(off)), base, y)
        out.update({f"{name}/{key}": t.astype(np.int16) for key, t in {"base": base, "y": y, **found}.items()})
    return out, {"off": json.dumps({name: list(off) for name, (_, off) in CASES.items()})}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hyperprior")
    parser.add_argument("folder")
    parser.add_argument("--steps", type=int, default=400)
    args = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    model, before = on_hyperprior(args.hyperprior, features=8, width=8)
    train(model, Scenes(4), args.steps)
    model.eval()
    path = os.path.join(args.folder, "tiny.safetensors")
    # Tables and integers are those of the weights as stored.
    save_weights(path, model, before + args.steps)
    load_weights(path, model)
    extra = {"data": "made-up scenes"}
    tensors, metadata, networks = model_file(model, before + args.steps, Scenes(2).batch(64, 128), Scenes(3).batch(16, 128), extra)
    print(f"{path}: {len(safetensors.write(path, tensors, metadata))} bytes")
    path = os.path.join(args.folder, "vectors.safetensors")
    print(f"{path}: {len(safetensors.write(path, *vectors(model, networks)))} bytes")


if __name__ == "__main__":
    main()
