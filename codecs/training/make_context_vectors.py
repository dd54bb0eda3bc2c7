#!/usr/bin/env python3
"""Writes test vectors for the operations of codecs/nn/integer that mix several tensors: linear attention, and channels
weighed by what their means say. numpy only."""

from __future__ import annotations

import argparse
from typing import Dict

import numpy as np

from cwtrain import safetensors
from cwtrain.mlic_emulator import attention, means, reweight

# By name: queries, keys, heads, numbers of a key and of a value in each head, largest magnitude.
ATTENTION = {
    "plain": (5, 7, 2, 3, 4, 500),
    "one": (1, 1, 1, 1, 1, 60),
    "wide": (9, 40, 4, 8, 8, 4000),
    "extreme": (6, 512, 4, 8, 8, 32767),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="../nn/integer/testdata/contexts.safetensors")
    args = parser.parse_args()
    rng = np.random.default_rng(7)
    out: Dict[str, np.ndarray] = {}
    for name, (n, m, heads, d, e, reach) in ATTENTION.items():
        shapes = {"query": (n, heads * d), "key": (m, heads * d), "value": (m, heads * e)}
        parts = {key: rng.integers(-reach, reach + 1, shape) for key, shape in shapes.items()}
        if name == "extreme":
            parts = {key: np.where(x < 0, -reach if key == "value" else reach, reach) for key, x in parts.items()}
        result = {**parts, "heads": np.array([heads]), "out": attention(*parts.values(), heads)}
        out.update({f"attention/{name}/{key}": x.astype(np.int16) for key, x in result.items()})
    for name, (n, c, reach) in {"plain": (7, 5, 900), "one": (1, 33, 50), "extreme": (600, 3, 32767)}.items():
        x, gate = rng.integers(-reach, reach + 1, (n, c)), rng.integers(-6000, 6001, c)
        result = {"in": x, "gate": gate, "means": means(x), "out": reweight(x, gate)}
        out.update({f"reweight/{name}/{key}": t.astype(np.int16) for key, t in result.items()})
    print(f"{args.out}: {len(safetensors.write(args.out, out, {}))} bytes")


if __name__ == "__main__":
    main()
