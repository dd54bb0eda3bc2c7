"""Vector quantizers with straight-through gradients: SimVQ, moving averages, FSQ."""

from __future__ import annotations

from typing import NamedTuple, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

COMMITMENT = 0.25


class Quantized(NamedTuple):
    values: Tensor  # what the decoder gets, in the encoder's shape; gradients pass straight through
    index: Tensor  # [N, H, W]
    loss: Tensor  # of codebook and commitment


class Quantizer(nn.Module):
    """NCHW in, the nearest code at each position out."""

    codes = 0
    dim = 0

    def table(self) -> Tensor:
        """All codes, [codes, dim], as a decoder looks them up."""
        raise NotImplementedError

    def forward(self, z: Tensor) -> Quantized:
        table = self.table()
        flat = z.permute(0, 2, 3, 1).reshape(-1, z.shape[1])
        with torch.no_grad():
            distance = table.square().sum(1) - 2 * flat @ table.t()
            index = distance.argmin(1)
        self.observe(flat.detach(), index)
        e = F.embedding(index, table)
        loss = self.codebook_loss(flat, e) + COMMITMENT * (flat - e.detach()).square().mean()
        n, _, h, w = z.shape
        values = (flat + (e - flat).detach()).view(n, h, w, -1).permute(0, 3, 1, 2)
        return Quantized(values, index.view(n, h, w), loss)

    def codebook_loss(self, flat: Tensor, e: Tensor) -> Tensor:
        return (flat.detach() - e).square().mean()

    def observe(self, flat: Tensor, index: Tensor) -> None:
        """Called with each batch's vectors and their codes."""


class SimVQ(Quantizer):
    """A frozen random codebook behind one learned linear map, so that no code dies (SimVQ, arXiv:2411.02038)."""

    def __init__(self, codes: int, dim: int):
        super().__init__()
        self.codes, self.dim = codes, dim
        self.register_buffer("base", torch.randn(codes, dim) * dim**-0.5)
        self.map = nn.Linear(dim, dim)

    def table(self) -> Tensor:
        return self.map(self.base)


class MovingAverage(Quantizer):
    """Codes are running means of what they stand for (van den Oord et al. 2017, appendix); unused ones start anew."""

    decay = 0.99
    least = 0.02  # of the average usage; below it a code is put on a vector of the batch

    def __init__(self, codes: int, dim: int):
        super().__init__()
        self.codes, self.dim = codes, dim
        table = torch.randn(codes, dim) * dim**-0.5
        self.register_buffer("sums", table.clone())
        self.register_buffer("counts", torch.ones(codes))
        self.register_buffer("codebook", table)

    def table(self) -> Tensor:
        return self.codebook

    def codebook_loss(self, flat: Tensor, e: Tensor) -> Tensor:
        return flat.new_zeros(())

    @torch.no_grad()
    def observe(self, flat: Tensor, index: Tensor) -> None:
        if not self.training:
            return
        flat = flat.float()
        counts = torch.bincount(index, minlength=self.codes).float()
        sums = torch.zeros_like(self.sums).index_add_(0, index, flat)
        self.counts.lerp_(counts, 1 - self.decay)
        self.sums.lerp_(sums, 1 - self.decay)
        dead = torch.nonzero(self.counts < self.least * self.counts.mean())[:, 0]
        fresh = flat[torch.randint(len(flat), (len(dead),), device=flat.device)]
        start = self.counts.mean()
        self.counts[dead] = start
        self.sums[dead] = fresh * start
        # New memory: the table of this step stays as autograd saw it.
        self.codebook = self.sums / self.counts[:, None].clamp_min(1e-8)


class FSQ(Quantizer):
    """Each number bounded by tanh and rounded to one of a few levels (Mentzer et al., ICLR 2024); no codebook to learn."""

    def __init__(self, levels: Sequence[int]):
        super().__init__()
        self.dim, self.codes = len(levels), 1
        for n in levels:
            self.codes *= n
        self.register_buffer("levels", torch.tensor(levels, dtype=torch.float32), persistent=False)

    def forward(self, z: Tensor) -> Quantized:
        levels = self.levels[:, None, None]
        half = (levels - 1) * 1.001 / 2
        offset = torch.where(levels % 2 == 0, 0.5, 0.0)
        bounded = torch.tanh(z + torch.atanh(offset / half)) * half - offset
        rounded = bounded + (bounded.round() - bounded).detach()
        width = torch.div(levels, 2, rounding_mode="floor")
        digits = (rounded.detach() + width).round().long()
        index = torch.zeros_like(digits[:, 0])
        for i in range(self.dim):
            index = index * int(self.levels[i]) + digits[:, i]
        return Quantized(rounded / width, index, z.new_zeros(()))

    def table(self) -> Tensor:
        index = torch.arange(self.codes, device=self.levels.device)
        digits = []
        for n in reversed(self.levels.long().tolist()):
            digits.append(index % n)
            index = torch.div(index, n, rounding_mode="floor")
        width = torch.div(self.levels, 2, rounding_mode="floor")
        return (torch.stack(digits[::-1], 1) - width) / width


def make(kind: str, codes: int, dim: int, levels: Sequence[int]) -> Quantizer:
    if kind == "simvq":
        return SimVQ(codes, dim)
    if kind == "ema":
        return MovingAverage(codes, dim)
    if kind == "fsq":
        return FSQ(levels)
    raise ValueError(f"unknown quantizer {kind!r}: simvq, ema or fsq")


class Usage(NamedTuple):
    """Whether a codebook collapses."""

    perplexity: float  # 2 to the entropy of the codes, in 1..codes
    used: int  # codes that occur at all
    largest: float  # share of the most frequent code


def usage(index: Tensor, codes: int) -> Usage:
    p = torch.bincount(index.flatten().cpu(), minlength=codes).double() / index.numel()
    seen = p[p > 0]
    return Usage(float(torch.exp2(-(seen * seen.log2()).sum())), len(seen), float(p.max()))
