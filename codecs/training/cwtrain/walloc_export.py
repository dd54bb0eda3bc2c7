"""Model files of walloc."""

from __future__ import annotations

import json
from typing import Dict, Tuple

import numpy as np
import torch

from . import contexts
from .data import to_tensor
from .export import BATCH, ROWS, description, weights
from .walloc import Walloc


@torch.no_grad()
def symbols(model: Walloc, crops: np.ndarray, level: float) -> np.ndarray:
    """Of crops, int64 [n, C, H, W]."""
    device = next(model.parameters()).device
    out = []
    for batch in np.array_split(crops, max(len(crops) // BATCH, 1)):
        at = torch.full((len(batch),), float(level), device=device)
        out.append(model.symbols(to_tensor(batch, device), at).long().cpu().numpy())
    return np.concatenate(out)


def model_file(model: Walloc, total: int, counting: np.ndarray, extra: Dict[str, str]) -> Tuple[Dict[str, np.ndarray], Dict[str, str]]:
    """float16 networks, and what the entropy coder needs at every whole and half level."""
    rows = [contexts.fit(symbols(model, counting, row / ROWS)) for row in range(ROWS * (model.levels - 1) + 1)]
    metadata = {**description(model, total), **extra, "compander": json.dumps({"bits": model.compander.bits})}
    return {**weights(model), **contexts.tensors(rows)}, metadata


@torch.no_grad()
def vectors(model: Walloc, picture: np.ndarray, level: float) -> Tuple[Dict[str, np.ndarray], Dict[str, str]]:
    """input, uint8 [H, W, 3]; latents before they are rounded, float32 [H', W', C]; symbols, int16; output, samples minus 0.5."""
    x, at = to_tensor(picture[None], torch.device("cpu")), torch.tensor([level])
    u, s = model.latents(x, at), model.symbols(x, at)
    plain = {"latents": u, "symbols": s, "output": model.picture(s, at)}
    out = {key: t[0].permute(1, 2, 0).contiguous().numpy() for key, t in plain.items()}
    out["symbols"] = out["symbols"].astype(np.int16)
    return {"input": picture, **out}, {"level": str(level)}
