#!/usr/bin/env python3
"""Reports transform codecs on Kodak beside jpeg and webp; nothing is chosen or stopped by these figures.

Rates are estimates from its probabilities; those of jpeg (4:2:0,
progressive, optimised) and webp (method 6) are lengths of files by Pillow.
"""

from __future__ import annotations

import argparse
import csv
import glob
import os
import sys

import numpy as np
import torch
from PIL import Image

from cwtrain import curves, safetensors
from cwtrain.catalogue import described
from cwtrain.evaluate import measure
from cwtrain.export import load_weights

LAMBDA = 0.013  # of the cost that is reported beside BD-rate


def peers(pictures: list, cache: str) -> dict:
    """Curves of jpeg and webp, from the cache where there are any."""
    out = {}
    for kind in curves.QUALITIES:
        file = os.path.join(cache, f"{kind}-{len(pictures)}.npy") if cache else ""
        if file and os.path.exists(file):
            out[kind] = np.load(file)
            continue
        out[kind] = curves.peer(kind, pictures)
        if file:
            os.makedirs(cache, exist_ok=True)
            np.save(file, out[kind])
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", nargs="+", help=".safetensors files: a model or a run's snapshots")
    parser.add_argument("--kodak", required=True, help="folder of kodim01.png ...")
    parser.add_argument("--every", type=int, default=1, help="only every nth picture")
    parser.add_argument("--csv", default="", help="also write every file's points there")
    parser.add_argument("--peer-cache", default="", help="folder to keep the curves of jpeg and webp in")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    files = sorted(glob.glob(os.path.join(args.kodak, "*.png")))[:: args.every]
    if not files:
        sys.exit(f"no pictures in {args.kodak}")
    pictures = [np.array(Image.open(f).convert("RGB")) for f in files]
    others = peers(pictures, args.peer_cache)
    for kind, rows in others.items():
        print(f"{kind}: J at {LAMBDA} {curves.best_cost(rows, LAMBDA):.4f}", *(f"{b:.4f}/{p:.2f}" for b, p in curves.mean_curve(rows)))
    table = []
    for path in args.weights:
        model = described(safetensors.read(path)[1]).eval()
        total = load_weights(path, model)
        rows = np.stack([measure(model, p, range(model.levels), torch.device("cpu")) for p in pictures])[:, :, [0, 2]]
        points = curves.mean_curve(rows)
        cost = curves.best_cost(rows, LAMBDA)
        print(f"\n{os.path.basename(path)}: {total} steps, {len(pictures)} pictures, J at {LAMBDA} {cost:.4f}")
        for level, (bpp, db) in enumerate(points):
            lam = float(model.lambdas(torch.tensor(float(level))))
            print(f"  level {level} lambda {lam:.4f}: {bpp:.4f} bpp {db:.3f} dB")
            name = os.path.basename(path)
            table.append((name, total, level, f"{lam:.4f}", f"{bpp:.4f}", f"{db:.3f}"))
        bd = {kind: curves.bd_rate(curves.mean_curve(r), points) for kind, r in others.items()}
        print("  BD-rate", *(f"against {kind} {v:+.2f} %" for kind, v in bd.items()), flush=True)
    if args.csv:
        with open(args.csv, "w", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows([("file", "steps", "level", "lambda", "bpp", "psnr"), *table])


if __name__ == "__main__":
    main()
