"""How many threads pay on a CPU that others use too.

With two threads a step waits for the slower one at every layer; where another program
holds a core, that is several times slower than one thread alone. So the count is
measured again every now and then.
"""

from __future__ import annotations

import time
from typing import Callable, Dict

import torch


class ThreadTuner:
    """Tries 1 .. limit threads in turn for a few steps, then keeps the best for a while."""

    def __init__(self, limit: int, trial: int = 6, hold: int = 400, set_threads: Callable[[int], None] = torch.set_num_threads):
        self.limit, self.trial, self.hold, self.set_threads = limit, trial, hold, set_threads
        self.times: Dict[int, float] = {}
        self.count, self.left, self.started = limit, 0, 0.0
        self.set_threads(limit)

    def step(self, now: float | None = None) -> None:
        """To be called before every step."""
        if self.limit < 2:
            return
        if self.left > 0:
            self.left -= 1
            return
        now = time.monotonic() if now is None else now
        if self.started:
            self.times[self.count] = now - self.started
        untried = [n for n in range(1, self.limit + 1) if n not in self.times]
        if untried:
            self.count, self.left, self.started = untried[0], self.trial - 1, now
        else:
            self.count = min(self.times, key=lambda n: self.times[n])
            self.times, self.left, self.started = {}, self.hold - 1, 0.0
        self.set_threads(self.count)
