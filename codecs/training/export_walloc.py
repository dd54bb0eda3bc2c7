#!/usr/bin/env python3
"""Makes walloc's model file from a run's final weights, or a trunk for the next run; see README.md."""

from __future__ import annotations

import argparse
import os

from cwtrain import safetensors
from cwtrain.data import Crops, Photos
from cwtrain.export import load_weights, save_weights
from cwtrain.log import digest
from cwtrain.options import shared_data
from cwtrain.walloc_export import model_file
from export_transform import load_run
from train_walloc import add_model_options, new_model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", help="final.pt, or trunk.pt with --trunk-out")
    parser.add_argument("--out", default="", help="the model file")
    parser.add_argument("--trunk-out", default="", help="write the raw weights, for the next run to go on from, and nothing else")
    parser.add_argument("--log", default="", help="the run's log.csv, whose hash goes into the file")
    parser.add_argument("--data", default="")
    parser.add_argument("--cache", default="")
    add_model_options(parser)
    args = parser.parse_args()
    if not args.out and not args.trunk_out:
        parser.error("--out or --trunk-out is needed")
    model = new_model(args).eval()
    total = load_run(args.checkpoint, model, averaged=not args.trunk_out)
    if args.trunk_out:
        save_weights(args.trunk_out, model, total)
        return
    # Contexts and tables are those of the weights as stored.
    rounded = args.out + ".rounded"
    save_weights(rounded, model, total)
    load_weights(rounded, model)
    os.remove(rounded)

    data = shared_data(args)
    photos = Photos.load(data, "train", args.cache)
    extra = {"data": "train", "manifest_sha256": digest(os.path.join(data, "manifest.csv")), "pictures": str(len(photos))}
    if args.log:
        extra["log_sha256"] = digest(args.log)
    tensors, metadata = model_file(model, total, Crops(photos, seed=1).batch(64, 256), extra)
    print(f"{args.out}: {len(safetensors.write(args.out, tensors, metadata))} bytes, {total} steps")


if __name__ == "__main__":
    main()
