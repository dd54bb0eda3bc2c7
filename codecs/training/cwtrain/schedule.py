"""Learning rate and phases over a run of a given length, in steps or minutes.

trunk   warm-up, then a constant rate: the next run goes on from here;
branch  the last quarter: decay to zero, larger crops; its weights are shipped;
hard    the branch's last fifth: rounded symbols, encoder frozen.

The decay is 1 - sqrt (Hägele et al., NeurIPS 2024, "Scaling Laws and Compute-Optimal
Training Beyond Fixed Training Durations").
"""

from __future__ import annotations

from dataclasses import dataclass

TRUNK, BRANCH, HARD = "trunk", "branch", "hard"


@dataclass(frozen=True)
class Schedule:
    """Ends after steps or after minutes, whichever is given (0: not given) and comes first."""

    rate: float
    steps: int = 0
    minutes: float = 0.0
    warmup: int = 500
    branch: float = 0.25  # part of the run
    hard: float = 0.05

    def __post_init__(self) -> None:
        if self.steps <= 0 and self.minutes <= 0:
            raise ValueError("a run needs --steps or --minutes")

    def progress(self, step: int, minutes: float) -> float:
        """0 at the start, 1 at the end."""
        by_step = step / self.steps if self.steps > 0 else 0.0
        by_time = minutes / self.minutes if self.minutes > 0 else 0.0
        return min(max(by_step, by_time), 1.0)

    def phase(self, progress: float) -> str:
        if progress < 1 - self.branch:
            return TRUNK
        return BRANCH if progress < 1 - self.hard else HARD

    def learning_rate(self, step: int, progress: float) -> float:
        """At a step of this run (0 first), whatever earlier runs did."""
        warm = min((step + 1) / self.warmup, 1.0) if self.warmup > 0 else 1.0
        into = (progress - (1 - self.branch)) / self.branch if self.branch > 0 else 0.0
        decay = 1 - min(max(into, 0.0), 1.0) ** 0.5
        return self.rate * warm * decay
