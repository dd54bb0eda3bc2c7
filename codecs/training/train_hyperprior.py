#!/usr/bin/env python3
"""Trains the mean-scale hyperprior S8-96/128 of variable rate; see README.md and QUEUE.md."""

from __future__ import annotations

import argparse
import os
from typing import Dict

import torch
from torch import Tensor

from cwtrain import klt, spec
from cwtrain.data import Crops, Photos, centre_crops
from cwtrain.evaluate import evaluate, score
from cwtrain.export import load_weights, save_weights
from cwtrain.hyperprior import Hyperprior, rate_distortion
from cwtrain.options import add_run_options, device_of, schedule_of, settings_of, shared_data
from cwtrain.schedule import HARD
from cwtrain.trainer import Task, Trainer


class HyperpriorTask(Task):
    """Random levels, a different one for each crop; validation at every whole level."""

    def __init__(self, model: Hyperprior, photos: Photos, device: torch.device):
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


class HyperpriorTrainer(Trainer):
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
    add_run_options(parser, folder="hyperprior-s", batch=8, crop=128, branch_batch=4, branch_crop=192)
    parser.add_argument("--low", type=float, default=0.0018, help="lambda of level 0")
    parser.add_argument("--high", type=float, default=0.05, help="lambda of the highest level")
    parser.add_argument("--levels", type=int, default=8, help="gain vectors; 1 with --low equal to --high: one fixed rate")
    # No --amp: bfloat16 would round the latent to 8 bits before it is quantized.
    parser.add_argument("--compile", action="store_true", help="torch.compile (torch 2); keep --threads at 1 or on an idle machine")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    device = device_of(args)
    train = Crops(Photos.load(shared_data(args), "train", args.cache), args.seed)
    model = Hyperprior(spec.hyperprior_s8(), args.low, args.high, args.levels)
    before = 0
    if args.trunk:
        before = load_weights(args.trunk, model)
    elif not os.path.exists(os.path.join(args.folder, "checkpoint.pt")):
        klt.start(model, train)
    model.to(device)
    task = HyperpriorTask(model, Photos.load(shared_data(args), "val", args.cache), device)
    trainer = HyperpriorTrainer(task, train, schedule_of(args), settings_of(args, before), device)
    if args.compile:
        task.objective = torch.compile(rate_distortion, dynamic=False)
    if trainer.resume():
        print(f"resumed at step {trainer.step}", flush=True)
    print("finished" if trainer.run() else "stopped", f"at step {trainer.step}", flush=True)


if __name__ == "__main__":
    main()
