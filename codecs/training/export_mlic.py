#!/usr/bin/env python3
"""Makes mlic's model file from a run's final weights, or a trunk for the next run; see README.md."""

from __future__ import annotations

import argparse
import os

from cwtrain import safetensors
from cwtrain.data import Crops, Photos, centre_crops
from cwtrain.export import load_weights, save_weights
from cwtrain.log import digest
from cwtrain.mlic import opened
from cwtrain.mlic_export import model_file
from cwtrain.options import shared_data
from export_transform import load_run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", help="final.pt, or trunk.pt with --trunk-out")
    parser.add_argument("--trunk", required=True, help="what the run started from: it has the architecture and the levels")
    parser.add_argument("--out", default="", help="the model file")
    parser.add_argument("--trunk-out", default="", help="write the raw weights, for the next run to go on from, and nothing else")
    parser.add_argument("--hyperprior", default="", help="put the run's contexts on this hyperprior's model file or trunk")
    parser.add_argument("--log", default="", help="the run's log.csv, whose hash goes into the file")
    parser.add_argument("--data", default="")
    parser.add_argument("--cache", default="")
    args = parser.parse_args()
    if not args.out and not args.trunk_out:
        parser.error("--out or --trunk-out is needed")
    model, before = opened(args.trunk)
    total = load_run(args.checkpoint, model, averaged=not args.trunk_out)
    if args.trunk_out:
        save_weights(args.trunk_out, model, total)
        return
    # Tables and integers are those of the weights as stored.
    rounded = args.out + ".rounded"
    save_weights(rounded, model, total)
    if args.hyperprior:
        model, steps = opened(args.hyperprior, rounded)
        total += steps - before
    else:
        load_weights(rounded, model)
    model.eval()
    os.remove(rounded)

    data = shared_data(args)
    photos = Photos.load(data, "train", args.cache)
    extra = {"data": "train", "manifest_sha256": digest(os.path.join(data, "manifest.csv")), "pictures": str(len(photos))}
    if args.log:
        extra["log_sha256"] = digest(args.log)
    validation = centre_crops(Photos.load(data, "val", args.cache), 256)
    tensors, metadata, _ = model_file(model, total, Crops(photos, seed=1).batch(256, 256), validation, extra)
    print(f"{args.out}: {len(safetensors.write(args.out, tensors, metadata))} bytes, {total} steps")


if __name__ == "__main__":
    main()
