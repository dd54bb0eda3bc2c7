"""The transform codecs that can be trained, by id and size."""

from __future__ import annotations

import argparse
import json
from typing import Callable, Dict, Mapping, Tuple, Type

from . import spec
from .factorized import Factorized
from .hyperprior import Hyperprior
from .mlic import Mlic
from .transform import TransformCodec

KINDS: Dict[str, Type[TransformCodec]] = {"hyperprior": Hyperprior, "hyperprior-gdn": Hyperprior, "factorized": Factorized, "mlic": Mlic}

# S lives on two cores while a slider moves; L takes half a second there.
SPECS: Dict[Tuple[str, str], Callable[[], Dict[str, spec.Layers]]] = {
    ("hyperprior", "s"): spec.hyperprior_s8,
    ("hyperprior", "l"): lambda: spec.hyperprior_s8(192, 256, 96, 48, 6),
    ("hyperprior-gdn", "s"): spec.hyperprior_gdn,
    ("factorized", "s"): spec.backbone_s8,
}


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """--codec, --size and the rate levels."""
    parser.add_argument("--codec", choices=sorted({codec for codec, _ in SPECS}), default="hyperprior")
    parser.add_argument("--size", default="s", help="s, or l (hyperprior alone)")
    parser.add_argument("--low", type=float, default=0.0018, help="lambda of level 0")
    parser.add_argument("--high", type=float, default=0.05, help="lambda of the highest level")
    parser.add_argument("--levels", type=int, default=8, help="gain vectors; 1 with --low equal to --high: one fixed rate")
    parser.add_argument("--below", type=int, default=0, help="so many levels more, below --low, as far apart; 3 reach lambda 0.00043")


def new_model(args: argparse.Namespace) -> TransformCodec:
    """The untrained model that the options name."""
    if (args.codec, args.size) not in SPECS:
        raise SystemExit(f"there is no {args.codec} of size {args.size}")
    low, levels = args.low, args.levels
    if args.below:
        low *= (args.low / args.high) ** (args.below / (levels - 1))
    return KINDS[args.codec](SPECS[args.codec, args.size](), low, args.high, levels + args.below, args.codec)


def described(metadata: Mapping[str, str]) -> TransformCodec:
    """The untrained model of a file's metadata, whatever size it is."""
    lambdas = json.loads(metadata["lambdas"])
    codec = metadata["codec"]
    return KINDS[codec](json.loads(metadata["networks"]), lambdas[0], lambdas[-1], len(lambdas), codec)
