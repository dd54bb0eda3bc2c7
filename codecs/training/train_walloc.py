#!/usr/bin/env python3
"""Trains the wavelet-packet codec of one linear encoder; see README.md and QUEUE.md."""

from __future__ import annotations

import argparse
import os

import torch

from cwtrain import walloc
from cwtrain.data import Crops, Photos
from cwtrain.export import load_weights
from cwtrain.options import add_run_options, device_of, schedule_of, settings_of, shared_data
from train_transform import TransformTask, TransformTrainer


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Architecture and rate levels."""
    parser.add_argument("--latents", type=int, default=24, help="numbers for 8 x 8 pixels")
    parser.add_argument("--width", type=int, default=96, help="of the decoder")
    parser.add_argument("--blocks", type=int, default=5, help="of the decoder")
    parser.add_argument("--low", type=float, default=0.0018, help="lambda of level 0")
    parser.add_argument("--high", type=float, default=0.05, help="lambda of the highest level")
    parser.add_argument("--levels", type=int, default=8, help="gain vectors")


def new_model(args: argparse.Namespace) -> walloc.Walloc:
    return walloc.Walloc(walloc.specs(args.width, args.latents, args.blocks), args.low, args.high, args.levels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_run_options(parser, folder="walloc", batch=8, crop=128, branch_batch=4, branch_crop=192)
    add_model_options(parser)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    device, data = device_of(args), shared_data(args)
    crops = Crops(Photos.load(data, "train", args.cache), args.seed)
    model = new_model(args)
    before = 0
    if args.trunk:
        before = load_weights(args.trunk, model)
    elif not os.path.exists(os.path.join(args.folder, "checkpoint.pt")):
        walloc.started(model, crops)
    model.to(device)
    task = TransformTask(model, Photos.load(data, "val", args.cache), device)
    trainer = TransformTrainer(task, crops, schedule_of(args), settings_of(args, before), device)
    if trainer.resume():
        print(f"resumed at step {trainer.step}", flush=True)
    print("finished" if trainer.run() else "stopped", f"at step {trainer.step}", flush=True)


if __name__ == "__main__":
    main()
