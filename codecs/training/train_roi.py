#!/usr/bin/env python3
"""Fine-tunes a hyperprior for rate levels that are maps; see README.md and QUEUE.md."""

from __future__ import annotations

import argparse
from typing import Dict

import torch
from torch import Tensor

from cwtrain.data import Crops, Photos
from cwtrain.options import add_run_options, device_of, schedule_of, settings_of, shared_data
from cwtrain.roi import SCALE, masked_score, opened, random_levels, rate_distortion
from cwtrain.schedule import HARD
from train_transform import TransformTask, TransformTrainer

EVERY = 4  # of the validation crops that are tried with a mask too
TRIED = (2.0, 4.0)  # mean levels, counted from the top: there is room for a mask above and below


class RoiTask(TransformTask):
    """Random maps on half of the crops; validation uniform at every whole level, and with a mask."""

    def loss(self, x: Tensor, phase: str, progress: float) -> Dict[str, Tensor]:
        level = random_levels(x.shape[0], x.shape[2] // SCALE, self.model.levels - 1).to(self.device)
        out = rate_distortion(self.model, x, level, hard=phase == HARD)
        return {"loss": out.total, "bpp": out.bpp, "mse": out.mse}

    def validate(self) -> Dict[str, float]:
        levels = [max(self.model.levels - 1 - below, 0) for below in TRIED]
        masked = masked_score(self.model, self.pictures[::EVERY], levels, self.device)
        return {"masked": masked, **super().validate()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_run_options(parser, folder="roi", batch=8, crop=128, branch_batch=4, branch_crop=192)
    parser.set_defaults(rate=2e-4)
    args = parser.parse_args()
    if not args.trunk:
        parser.error("--trunk is needed: weights of a hyperprior, or of an earlier run of this")

    torch.manual_seed(args.seed)
    device = device_of(args)
    data = shared_data(args)
    model, before = opened(args.trunk)
    model.to(device)
    task = RoiTask(model, Photos.load(data, "val", args.cache), device)
    crops = Crops(Photos.load(data, "train", args.cache), args.seed)
    trainer = TransformTrainer(task, crops, schedule_of(args), settings_of(args, before), device)
    if trainer.resume():
        print(f"resumed at step {trainer.step}", flush=True)
    print("finished" if trainer.run() else "stopped", f"at step {trainer.step}", flush=True)


if __name__ == "__main__":
    main()
