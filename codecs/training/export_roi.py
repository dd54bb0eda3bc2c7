#!/usr/bin/env python3
"""Makes roi's model file from a run's final weights or from a hyperprior's file as it is; see README.md."""

from __future__ import annotations

import argparse

from cwtrain import roi_prior, safetensors
from cwtrain.export import finished, save_weights
from cwtrain.roi import opened
from export_transform import load_run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", help="what the run started from; without --checkpoint, what is exported")
    parser.add_argument("--checkpoint", default="", help="the run's final.pt, or its trunk.pt with --trunk-out")
    parser.add_argument("--out", default="", help="the model file")
    parser.add_argument("--trunk-out", default="", help="write the raw weights, for the next run to go on from, and nothing else")
    parser.add_argument("--log", default="", help="the run's log.csv, whose hash goes into the file")
    parser.add_argument("--data", default="")
    parser.add_argument("--cache", default="")
    parser.add_argument("--counted", type=int, default=256, help="training crops that tables are counted on")
    args = parser.parse_args()
    if not args.out and not args.trunk_out:
        parser.error("--out or --trunk-out is needed")
    model, total = opened(args.weights)
    model.eval()
    if args.checkpoint:
        total = load_run(args.checkpoint, model, averaged=not args.trunk_out)
    if args.trunk_out:
        save_weights(args.trunk_out, model, total)
        return
    tensors, metadata, _, counting = finished(args, model, total)
    found = roi_prior.fit(roi_prior.counts(model, counting))
    tensors.update(roi_prior.tensors(found))
    print(f"betas {found.betas} in {[int(n) for n in (found.shape[:, None] == range(len(found.betas))).sum(0)]} channels:", end=" ")
    print(f"Gaussian tables would take {100 * found.gain:.2f} % more bits of y")
    print(f"{args.out}: {len(safetensors.write(args.out, tensors, metadata))} bytes, {total} steps")


if __name__ == "__main__":
    main()
