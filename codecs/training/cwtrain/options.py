"""Command-line options that all training scripts share."""

from __future__ import annotations

import argparse
import os

import torch

from .schedule import Schedule
from .trainer import Settings, Shape


def add_run_options(parser: argparse.ArgumentParser, folder: str, batch: int, crop: int, branch_batch: int, branch_crop: int) -> None:
    """Adds the options; the numbers are the defaults for a CPU."""
    base = os.path.join(os.environ.get("XDG_STATE_HOME", os.path.expanduser("~/.local/state")), "codecworkbench", "train")
    add = parser.add_argument
    add("--data", default="", help="folder with manifest.csv and packs (default: ../shared/data/train beside the repository)")
    add("--cache", default="", help="folder of decoded photographs (default: ~/.cache/codecworkbench)")
    add("--folder", default=os.path.join(base, folder), help="folder of this run's checkpoints and logs")
    add("--trunk", default="", help="weights of an earlier trunk (or of another codec on the same networks) to go on from, Adam restarted")
    add("--minutes", type=float, default=0, help="length of the run, the decay in its last quarter included")
    add("--steps", type=int, default=0, help="length of the run in steps")
    add("--rate", type=float, default=1e-3, help="learning rate of the trunk")
    add("--warmup", type=int, default=500, help="steps")
    add("--batch", type=int, default=batch)
    add("--crop", type=int, default=crop)
    add("--branch-batch", type=int, default=branch_batch)
    add("--branch-crop", type=int, default=branch_crop)
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--threads", type=int, default=2, help="at most; how many pay is measured as it runs")
    add("--seed", type=int, default=0)
    add("--save-minutes", type=float, default=3)
    add("--validate-every", type=int, default=2000, help="steps; 0: at the end alone")


def device_of(args: argparse.Namespace) -> torch.device:
    if args.device == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
    return torch.device(args.device)


def shared_data(args: argparse.Namespace) -> str:
    """The folder of the packs: --data, or shared/ beside the repository or inside it."""
    if args.data:
        return args.data
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
    for base in (os.path.join(root, "..", "shared"), os.path.join(root, "shared")):
        folder = os.path.join(base, "data", "train")
        if os.path.exists(os.path.join(folder, "manifest.csv")):
            return folder
    raise SystemExit("no training packs found: give their folder with --data")


def schedule_of(args: argparse.Namespace) -> Schedule:
    return Schedule(rate=args.rate, steps=args.steps, minutes=args.minutes, warmup=args.warmup)


def settings_of(args: argparse.Namespace, steps_before: int, amp: bool = False) -> Settings:
    return Settings(
        folder=args.folder, trunk=Shape(args.batch, args.crop), branch=Shape(args.branch_batch, args.branch_crop),
        threads=args.threads, save_minutes=args.save_minutes, validate_every=args.validate_every,
        steps_before=steps_before, amp=amp,
    )  # fmt: skip
