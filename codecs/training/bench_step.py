#!/usr/bin/env python3
"""Times training steps of a transform codec on this machine with this torch; see README.md for figures."""

from __future__ import annotations

import argparse
import time

import torch

from cwtrain.catalogue import add_model_options, new_model
from cwtrain.transform import rate_distortion


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_model_options(parser)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--crop", type=int, default=128)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    layout = torch.channels_last if args.channels_last else torch.contiguous_format
    model = new_model(args).to(args.device, memory_format=layout)
    optimizer = torch.optim.Adam(model.parameters(), 1e-4)
    step = torch.compile(rate_distortion, dynamic=False) if args.compile else rate_distortion
    times = []
    for _ in range(args.steps):
        began = time.perf_counter()
        x = torch.rand(args.batch, 3, args.crop, args.crop, device=args.device).contiguous(memory_format=layout) - 0.5
        with torch.autocast(args.device, torch.bfloat16, enabled=args.bf16):
            loss = step(model, x, torch.rand(args.batch, device=args.device) * (model.levels - 1)).total
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        loss.item()
        times.append(time.perf_counter() - began)
    times.sort()
    print(f"torch {torch.__version__}: {1e3 * times[0]:.1f} ms a step at best, {1e3 * times[len(times) // 2]:.1f} ms in the middle")


if __name__ == "__main__":
    main()
