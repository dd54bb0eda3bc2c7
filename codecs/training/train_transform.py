#!/usr/bin/env python3
"""Trains a transform codec of variable rate; see README.md and QUEUE.md."""

from __future__ import annotations

import argparse
import os
from typing import Dict

import torch
from torch import Tensor

from cwtrain import safetensors
from cwtrain.catalogue import add_model_options, new_model
from cwtrain.data import Crops, Photos, centre_crops
from cwtrain.evaluate import evaluate, score
from cwtrain.export import load_weights, save_weights
from cwtrain.options import add_run_options, device_of, schedule_of, settings_of, shared_data
from cwtrain.schedule import HARD
from cwtrain.start import borrow, start
from cwtrain.trainer import Task, Trainer
from cwtrain.transform import TransformCodec, rate_distortion


class TransformTask(Task):
    """Random levels, a different one for each crop; validation at every whole level."""

    def __init__(self, model: TransformCodec, photos: Photos, device: torch.device):
        self.model, self.device = model, device
        self.pictures = list(centre_crops(photos, 256))
        self.objective = rate_distortion

    def loss(self, x: Tensor, phase: str, progress: float) -> Dict[str, Tensor]:
        # One from each part of the range: less noise than levels that are drawn apart.
        n = x.shape[0]
        level = ((torch.arange(n) + torch.rand(n)) / n * (self.model.levels - 1)).to(self.device)
        out = self.objective(self.model, x, level, hard=phase == HARD)
        return {"loss": out.total, "bpp": out.bpp, "mse": out.mse}

    def validate(self) -> Dict[str, float]:
        points = evaluate(self.model, self.pictures, range(self.model.levels), self.device)
        figures = {"score": score(points)}
        for p in points:
            figures[f"bpp{p.level:.0f}"], figures[f"psnr{p.level:.0f}"], figures[f"cost{p.level:.0f}"] = p.bpp, p.psnr, p.cost
        return figures

    def freeze(self) -> None:
        self.model.freeze_encoder()


class TransformTrainer(Trainer):
    """Keeps the averaged weights of every validation, small enough to measure a learning curve by later."""

    def validate(self) -> None:
        super().validate()
        folder = self.path("snapshots")
        os.makedirs(folder, exist_ok=True)
        self.average.swap(self.task.model)
        total = self.settings.steps_before + self.step
        save_weights(os.path.join(folder, f"{total:07d}-{self.phase}.safetensors"), self.task.model, total)
        self.average.swap(self.task.model)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_run_options(parser, folder="transform", batch=8, crop=128, branch_batch=4, branch_crop=192)
    add_model_options(parser)
    # No --amp: bfloat16 would round the latent to 8 bits before it is quantized.
    parser.add_argument("--compile", action="store_true", help="torch.compile (torch 2); keep --threads at 1 or on an idle machine")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    device = device_of(args)
    train = Crops(Photos.load(shared_data(args), "train", args.cache), args.seed)
    model = new_model(args)
    before = 0
    if args.trunk and safetensors.read(args.trunk)[1]["codec"] == args.codec:
        before = load_weights(args.trunk, model)
    elif os.path.exists(os.path.join(args.folder, "checkpoint.pt")):
        pass  # all is in there
    elif args.trunk:
        borrow(args.trunk, model, train)
    else:
        start(model, train)
    model.to(device)
    task = TransformTask(model, Photos.load(shared_data(args), "val", args.cache), device)
    trainer = TransformTrainer(task, train, schedule_of(args), settings_of(args, before), device)
    if args.compile:
        task.objective = torch.compile(rate_distortion, dynamic=False)
    if trainer.resume():
        print(f"resumed at step {trainer.step}", flush=True)
    print("finished" if trainer.run() else "stopped", f"at step {trainer.step}", flush=True)


if __name__ == "__main__":
    main()
