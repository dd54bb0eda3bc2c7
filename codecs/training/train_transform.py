#!/usr/bin/env python3
"""Trains a transform codec of variable rate; see README.md and QUEUE.md."""

from __future__ import annotations

import argparse
import os
from typing import Any, Dict

import torch
from torch import Tensor

from cwtrain import grow, safetensors, teacher
from cwtrain.catalogue import add_model_options, new_model
from cwtrain.data import Crops, Photos, centre_crops, to_tensor
from cwtrain.evaluate import evaluate, score
from cwtrain.export import load_weights, save_weights
from cwtrain.options import add_run_options, device_of, schedule_of, settings_of, shared_data
from cwtrain.schedule import HARD
from cwtrain.start import borrow, opened, start
from cwtrain.trainer import Task, Trainer
from cwtrain.transform import Loss, TransformCodec, rate_distortion

SAMPLES = 128  # crops that least squares are taken over, where a start needs them


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


class Imitation(TransformTask):
    """A student's first steps, so many of them; then as ever."""

    def __init__(self, model: TransformCodec, photos: Photos, device: torch.device, tutor: TransformCodec, steps: int):
        super().__init__(model, photos, device)
        self.tutor, self.left = tutor.to(device), steps

    def loss(self, x: Tensor, phase: str, progress: float) -> Dict[str, Tensor]:
        if self.left <= 0 or phase == HARD:
            return super().loss(x, phase, progress)
        self.left -= 1
        own, self.objective = self.objective, self.imitate
        values = super().loss(x, phase, progress)
        self.objective = own
        return values

    def imitate(self, model: TransformCodec, x: Tensor, level: Tensor, hard: bool) -> Loss:
        return teacher.imitation(model, self.tutor, x, level)

    def state(self) -> Dict[str, Any]:
        return {"left": self.left}

    def restore(self, state: Dict[str, Any]) -> None:
        self.left = state["left"]


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
    parser.add_argument("--teacher", default="", help="a hyperprior's trunk, for hyperprior-gdn to start from and to imitate at first")
    parser.add_argument("--grow", default="", help="a smaller hyperprior's trunk, for size l to start as")
    parser.add_argument("--imitate", type=int, default=500, help="so many steps")
    args = parser.parse_args()
    if args.grow and args.codec != "hyperprior":
        parser.error("--grow is for hyperprior")
    if args.teacher and args.codec != "hyperprior-gdn":
        parser.error("--teacher is for hyperprior-gdn")

    torch.manual_seed(args.seed)
    device = device_of(args)
    train = Crops(Photos.load(shared_data(args), "train", args.cache), args.seed)
    model = new_model(args)
    tutor = opened(args.teacher, model) if args.teacher else None
    before = 0
    if args.trunk and safetensors.read(args.trunk)[1]["codec"] == args.codec:
        before = load_weights(args.trunk, model)
    elif os.path.exists(os.path.join(args.folder, "checkpoint.pt")):
        pass  # all is in there
    elif args.trunk:
        borrow(args.trunk, model, train)
    elif args.grow:
        grow.start(model, opened(args.grow, model), to_tensor(train.batch(SAMPLES, 128), torch.device("cpu")))
    elif tutor is not None:
        teacher.start(model, tutor, to_tensor(train.batch(SAMPLES, 128), torch.device("cpu")))
    else:
        start(model, train)
    model.to(device)
    validation = Photos.load(shared_data(args), "val", args.cache)
    if tutor is not None:
        task: TransformTask = Imitation(model, validation, device, tutor, args.imitate)
    else:
        task = TransformTask(model, validation, device)
    trainer = TransformTrainer(task, train, schedule_of(args), settings_of(args, before), device)
    if args.compile:
        task.objective = torch.compile(rate_distortion, dynamic=False)
    if trainer.resume():
        print(f"resumed at step {trainer.step}", flush=True)
    print("finished" if trainer.run() else "stopped", f"at step {trainer.step}", flush=True)


if __name__ == "__main__":
    main()
