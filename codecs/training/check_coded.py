#!/usr/bin/env python3
"""Compares the tables and integers of a model file with the float estimate: bits and errors on validation crops."""

from __future__ import annotations

import argparse

import numpy as np
import torch

from cwtrain import safetensors
from cwtrain.catalogue import described
from cwtrain.coded import Coder
from cwtrain.data import Photos, centre_crops
from cwtrain.evaluate import measure
from cwtrain.export import load_weights
from cwtrain.options import shared_data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--data", default="")
    parser.add_argument("--cache", default="")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--crops", type=int, default=16)
    args = parser.parse_args()
    tensors, metadata = safetensors.read(args.model)
    model = described(metadata).eval()
    load_weights(args.model, model)
    coder = Coder(model, tensors, metadata)
    pictures = centre_crops(Photos.load(shared_data(args), "val", args.cache), args.side, args.crops)
    for level in range(model.levels):
        estimate = np.mean([measure(model, p, [level], torch.device("cpu"))[0] for p in pictures], 0)
        coded = np.mean([coder.code(p, level) for p in pictures], 0)
        bpp = coded[0] / args.side**2
        print(
            f"level {level}: tables {bpp:.4f} bpp, estimate {estimate[0]:.4f} ({100 * (bpp / estimate[0] - 1):+.2f} %); "
            f"MSE {coded[1]:.2f}, {estimate[2]:.2f}; {100 * coded[2]:.1f} % of scale indices differ"
        )


if __name__ == "__main__":
    main()
