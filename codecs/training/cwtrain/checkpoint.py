"""Checkpoints that resume exactly, and the moving average of the weights."""

from __future__ import annotations

import os
from typing import Any, Dict

import torch
from torch import nn


class Average:
    """Exponential moving average, updated every few steps; young averages forget faster."""

    def __init__(self, model: nn.Module, decay: float = 0.99, every: int = 10):
        self.decay, self.every, self.updates = decay, every, 0
        self.weights = {name: p.detach().clone() for name, p in model.named_parameters()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        if step % self.every:
            return
        self.updates += 1
        keep = min(self.decay, self.updates / (self.updates + 9.0))
        for name, p in model.named_parameters():
            self.weights[name].lerp_(p.detach(), 1 - keep)

    def state(self) -> Dict[str, Any]:
        return {"weights": self.weights, "updates": self.updates}

    def restore(self, state: Dict[str, Any]) -> None:
        self.updates = state["updates"]
        for name, w in self.weights.items():
            w.copy_(state["weights"][name])

    def swap(self, model: nn.Module) -> None:
        """Exchanges the model's weights with the averaged ones; a second call exchanges them back."""
        with torch.no_grad():
            for name, p in model.named_parameters():
                kept = p.detach().clone()
                p.copy_(self.weights[name])
                self.weights[name].copy_(kept)


def save(path: str, state: Dict[str, Any]) -> None:
    """Writes a checkpoint whole or not at all."""
    part = path + ".part"
    with open(part, "wb") as f:
        torch.save(state, f)
        f.flush()
        os.fsync(f.fileno())
    os.replace(part, path)


def load(path: str, device: torch.device) -> Dict[str, Any]:
    """Reads a checkpoint; with torch 2 only tensors and plain values, nothing that runs code."""
    # Torch 1.13 has the option, but refuses numbers with it.
    safe = {} if torch.__version__.startswith("1.") else {"weights_only": True}
    return torch.load(path, map_location=device, **safe)
