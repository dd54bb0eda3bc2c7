#!/usr/bin/env python3
"""Compares a model file's integer path with the float estimate: bits and errors on validation crops."""

from __future__ import annotations

import argparse

import numpy as np
import torch

from cwtrain import safetensors, spec
from cwtrain.coded import Costs, code, integer_network
from cwtrain.data import Photos, centre_crops
from cwtrain.evaluate import measure
from cwtrain.export import load_weights
from cwtrain.hyperprior import Hyperprior
from cwtrain.options import shared_data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--data", default="")
    parser.add_argument("--cache", default="")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--crops", type=int, default=16)
    parser.add_argument("--low", type=float, default=0.0018)
    parser.add_argument("--high", type=float, default=0.05)
    parser.add_argument("--levels", type=int, default=8)
    args = parser.parse_args()
    model = Hyperprior(spec.hyperprior_s8(), args.low, args.high, args.levels).eval()
    load_weights(args.model, model)
    tensors, metadata = safetensors.read(args.model)
    network, y_costs, z_costs = integer_network(tensors, metadata), Costs(tensors, "sigma"), Costs(tensors, "z")
    pictures = centre_crops(Photos.load(shared_data(args), "val", args.cache), args.side, args.crops)
    for level in range(args.levels):
        estimate = np.mean([measure(model, p, [level], torch.device("cpu"))[0] for p in pictures], 0)
        coded = np.mean([code(model, network, y_costs, z_costs, p, level) for p in pictures], 0)
        bpp = coded[0] / args.side**2
        print(
            f"level {level}: tables {bpp:.4f} bpp, estimate {estimate[0]:.4f} ({100 * (bpp / estimate[0] - 1):+.2f} %); "
            f"MSE {coded[1]:.2f}, {estimate[2]:.2f}; {100 * coded[2]:.1f} % of scale indices differ"
        )


if __name__ == "__main__":
    main()
