"""Networks of the multi-reference context model: a mean-scale hyperprior's, and those that correct its means and scales."""

from __future__ import annotations

from typing import Dict, List, Sequence

from .spec import Layers, conv, leaky

SLICES = 4  # of the latent's channels, unevenly wide
HEADS = 4  # of the global context's attention
KEYS = 8  # numbers a query or key, and a value, of each head
GATE = 16  # width of the networks that weigh channels

HYPER = ("analysis", "synthesis", "hyper_analysis", "hyper_synthesis")
BY_SLICE = ("guide", "values", "local", "anchor", "other", "gate_anchor", "gate_other")


def context_names() -> List[str]:
    """All networks beside the hyperprior's, each of which has an integer form."""
    names = ["hyper_context"]
    for k in range(SLICES):
        names += [f"previous{k}"] * (k > 0) + [f"{part}{k}" for part in BY_SLICE]
    return names


def fusion(name: str, cin: int, width: int, cout: int) -> Layers:
    return [conv(name + ".0", cin, width), leaky(), conv(name + ".1", width, width), leaky(), conv(name + ".2", width, cout)]


def gate(name: str, channels: int) -> Layers:
    return [conv(name + ".0", channels, GATE), leaky(), conv(name + ".1", GATE, channels)]


def window(name: str, cin: int, cout: int) -> Layers:
    """5x5 of every channel, then all channels of a position."""
    return [conv(name + ".depthwise", cin, cin, 5, groups=cin), conv(name + ".mix", cin, cout)]


def contexts(m: int, slices: Sequence[int], features: int, width: int) -> Dict[str, Layers]:
    """The context networks of a latent of m channels. Slice k has its anchors (a checkerboard's half) predicted from
    base means and scales, hyper-features and the slices before it; its other positions from its anchors too."""
    if len(slices) != SLICES or sum(slices) != m:
        raise ValueError(f"{SLICES} slices of {m} channels in all are expected, not {slices}")
    g = HEADS * KEYS
    nets = {"hyper_context": [conv("hyper_context.0", 2 * m, features), leaky(), conv("hyper_context.1", features, features)]}
    before = 0
    for k, s in enumerate(slices):
        known = features + 2 * s
        if k:
            nets[f"previous{k}"] = window(f"previous{k}", before, features)
            known += features
        nets[f"guide{k}"] = [conv(f"guide{k}", known - 2 * s, 2 * g)]
        nets[f"values{k}"] = [conv(f"values{k}", s, g)]
        nets[f"local{k}"] = window(f"local{k}", s, features)
        for name, channels in ((f"anchor{k}", known), (f"other{k}", known + features + g)):
            nets[name] = fusion(name, channels, width, 2 * s)
            nets[f"gate_{name}"] = gate(f"gate_{name}", channels)
        before += s
    return nets


def mlic(hyperprior: Dict[str, Layers], features: int = 64, width: int = 128) -> Dict[str, Layers]:
    """The multi-reference context model on a hyperprior's networks, with slices of 1/8, 1/8, 1/4 and 1/2 of the channels."""
    m = hyperprior["hyper_synthesis"][-1]["out"] // 2
    nets = {name: hyperprior[name] for name in HYPER}
    return {**nets, **contexts(m, (m // 8, m // 8, m // 4, m // 2), features, width)}
