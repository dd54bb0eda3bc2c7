#!/usr/bin/env python3
"""Trains the VQ tokenizer of size S; see README.md and QUEUE.md."""

from __future__ import annotations

import argparse
import json

import numpy as np
import torch

from cwtrain import checkpoint, quantizers, safetensors, spec
from cwtrain.data import Crops, Photos, centre_crops
from cwtrain.options import add_run_options, device_of, schedule_of, settings_of, shared_data
from cwtrain.tokenizer import Tokenizer, TokenizerTask
from cwtrain.trainer import Trainer


def export(path: str, model: Tokenizer, kind: str, total: int) -> None:
    """Networks and the table of codes, float16."""
    named = {**model.encoder.tensors(), **model.decoder.tensors(), "codebook": model.quantizer.table()}
    tensors = {key: t.detach().float().cpu().numpy().astype(np.float16) for key, t in named.items()}
    quantizer = {"kind": kind, "codes": model.quantizer.codes, "dim": model.quantizer.dim}
    if kind == "fsq":
        quantizer["levels"] = model.quantizer.levels.int().tolist()
    networks = json.dumps(model.specs, separators=(",", ":"))
    metadata = {"format": "1", "codec": "tokenizer", "networks": networks, "quantizer": json.dumps(quantizer), "steps": str(total)}
    safetensors.write(path, tensors, {**metadata, "data": "train"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_run_options(parser, folder="tokenizer-s", batch=16, crop=128, branch_batch=4, branch_crop=256)
    parser.add_argument("--quantizer", choices=("simvq", "ema", "fsq"), default="simvq")
    parser.add_argument("--codes", type=int, default=1024)
    parser.add_argument("--dim", type=int, default=16, help="numbers a code (simvq, ema)")
    parser.add_argument("--fsq-levels", type=int, nargs="+", default=[8, 5, 5, 5])
    parser.add_argument("--adversarial", action="store_true", help="hinge patch discriminator from half of the run on")
    parser.add_argument("--amp", action="store_true", help="bfloat16 where torch deems it safe (GPU)")
    parser.add_argument("--out", default="", help="model file to write at the end")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    device = device_of(args)
    quantizer = quantizers.make(args.quantizer, args.codes, args.dim, args.fsq_levels)
    model = Tokenizer(spec.tokenizer_s(quantizer.dim), quantizer).to(device)
    before = 0
    if args.trunk:
        state = checkpoint.load(args.trunk, device)
        model.load_state_dict(state["model"])
        before = int(state["total"])
    pictures = centre_crops(Photos.load(shared_data(args), "val", args.cache), 256)
    task = TokenizerTask(model, pictures, device, args.adversarial)
    crops = Crops(Photos.load(shared_data(args), "train", args.cache), args.seed)
    trainer = Trainer(task, crops, schedule_of(args), settings_of(args, before, args.amp), device)
    if trainer.resume():
        print(f"resumed at step {trainer.step}", flush=True)
    done = trainer.run()
    print("finished" if done else "stopped", f"at step {trainer.step}", flush=True)
    if done and args.out:
        trainer.average.swap(model)
        export(args.out, model, args.quantizer, before + trainer.step)


if __name__ == "__main__":
    main()
