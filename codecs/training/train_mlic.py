#!/usr/bin/env python3
"""Trains the multi-reference context model on top of a hyperprior's trunk; see README.md and QUEUE.md."""

from __future__ import annotations

import argparse
from typing import Dict

import torch
from torch import Tensor

from cwtrain.data import Crops, Photos
from cwtrain.mlic import opened
from cwtrain.mlic_spec import HYPER
from cwtrain.options import add_run_options, device_of, schedule_of, settings_of, shared_data
from train_transform import TransformTask, TransformTrainer


class ContextTask(TransformTask):
    """Contexts alone, on a transform that stays: no synthesis, no distortion, two fifths of the time a step."""

    def loss(self, x: Tensor, phase: str, progress: float) -> Dict[str, Tensor]:
        n = x.shape[0]
        level = ((torch.arange(n) + torch.rand(n)) / n * (self.model.levels - 1)).to(self.device)
        bpp = self.model.rate(x, level)
        return {"loss": (bpp * self.model.weight(level)).mean(), "bpp": bpp.detach().mean()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_run_options(parser, folder="mlic", batch=8, crop=128, branch_batch=4, branch_crop=192)
    parser.add_argument("--contexts-only", action="store_true", help="leave the hyperprior's weights as they are")
    parser.add_argument("--contexts", default="", help="take contexts from this trunk of an earlier run, all else from --trunk")
    args = parser.parse_args()
    if not args.trunk:
        parser.error("--trunk is needed: that of a hyperprior, or an earlier one of this codec")

    torch.manual_seed(args.seed)
    device = device_of(args)
    data = shared_data(args)
    model, before = opened(args.trunk, args.contexts)
    model.to(device)
    for name in HYPER if args.contexts_only else ():
        getattr(model, name).requires_grad_(False)
    task = (ContextTask if args.contexts_only else TransformTask)(model, Photos.load(data, "val", args.cache), device)
    crops = Crops(Photos.load(data, "train", args.cache), args.seed)
    trainer = TransformTrainer(task, crops, schedule_of(args), settings_of(args, before), device)
    if trainer.resume():
        print(f"resumed at step {trainer.step}", flush=True)
    print("finished" if trainer.run() else "stopped", f"at step {trainer.step}", flush=True)


if __name__ == "__main__":
    main()
