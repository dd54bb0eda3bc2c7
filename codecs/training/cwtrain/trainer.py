"""The training loop: phases, checkpoints, logs. What is trained is the Task's business."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import Any, Dict

import torch
from torch import Tensor, nn

from . import checkpoint
from .checkpoint import Average
from .data import Crops, to_tensor
from .log import CSVLog
from .schedule import HARD, TRUNK, Schedule
from .threads import ThreadTuner


class Task:
    """A model, its loss and what happens at the milestones."""

    model: nn.Module

    def loss(self, x: Tensor, phase: str, progress: float) -> Dict[str, Tensor]:
        """Numbers to log; "loss" is the one that is minimised."""
        raise NotImplementedError

    def after_step(self, x: Tensor, phase: str, progress: float) -> Dict[str, Tensor]:
        """More to train after the step of the model (a discriminator), more numbers to log."""
        return {}

    def validate(self) -> Dict[str, float]:
        """Figures of the validation split; called with the averaged weights in place."""
        return {}

    def freeze(self) -> None:
        """Called at the start of the hard phase."""

    def state(self) -> Dict[str, Any]:
        """What a checkpoint needs beyond the model."""
        return {}

    def restore(self, state: Dict[str, Any]) -> None:
        """Takes state() back."""


@dataclass(frozen=True)
class Shape:
    """Of a batch."""

    count: int
    side: int


@dataclass(frozen=True)
class Settings:
    folder: str  # checkpoints, logs, snapshots; outside the repository
    trunk: Shape
    branch: Shape
    clip: float = 1.0
    threads: int = 2
    log_every: int = 100  # steps
    save_minutes: float = 3.0
    validate_every: int = 2000  # steps; 0: at the end alone
    steps_before: int = 0  # of earlier runs of the same trunk
    amp: bool = False


LOG_COLUMNS = ("step", "total", "minutes", "phase", "rate", "threads", "steps_per_s", "loss")


class Trainer:
    """Runs a task. Files in settings.folder: checkpoint.pt (to resume), trunk.pt, final.pt, log.csv, val.csv.

    It ends early, with a checkpoint, on SIGTERM or SIGINT or when a file "stop" appears there. The file "pid" there
    holds its process: kill -STOP and -CONT pause it while others measure.
    """

    def __init__(self, task: Task, crops: Crops, schedule: Schedule, settings: Settings, device: torch.device):
        self.task, self.crops, self.schedule, self.settings, self.device = task, crops, schedule, settings, device
        self.cuda = device.type == "cuda"
        self.optimizer = torch.optim.Adam(task.model.parameters(), lr=schedule.rate)
        self.average = Average(task.model)
        self.step, self.phase, self.minutes_before = 0, TRUNK, 0.0
        self.started, self.saved = time.monotonic(), time.monotonic()
        self.stopping = False
        self.tuner = ThreadTuner(1 if self.cuda else settings.threads)
        self.sums: Dict[str, Tensor] = {}
        self.mark = (0, time.monotonic())
        os.makedirs(settings.folder, exist_ok=True)

    # -- state -----------------------------------------------------------------

    def path(self, name: str) -> str:
        return os.path.join(self.settings.folder, name)

    @property
    def minutes(self) -> float:
        return self.minutes_before + (time.monotonic() - self.started) / 60

    def state(self) -> Dict[str, Any]:
        return {
            "model": self.task.model.state_dict(), "optimizer": self.optimizer.state_dict(), "average": self.average.state(),
            "step": self.step, "total": self.settings.steps_before + self.step, "phase": self.phase, "minutes": self.minutes,
            "random": torch.get_rng_state(), "cuda": torch.cuda.get_rng_state() if self.cuda else None,
            "crops": self.crops.random.get_state(), "task": self.task.state(),
        }  # fmt: skip

    def save(self, name: str = "checkpoint.pt") -> None:
        checkpoint.save(self.path(name), self.state())
        self.saved = time.monotonic()

    def resume(self) -> bool:
        """Goes on from checkpoint.pt, if there is one, with the very next batch."""
        if not os.path.exists(self.path("checkpoint.pt")):
            return False
        state = checkpoint.load(self.path("checkpoint.pt"), self.device)
        self.task.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average.restore(state["average"])
        self.task.restore(state["task"])
        self.step, self.phase, self.minutes_before = state["step"], state["phase"], state["minutes"]
        torch.set_rng_state(state["random"].cpu())
        if self.cuda and state["cuda"] is not None:
            torch.cuda.set_rng_state(state["cuda"].cpu())
        self.crops.random.set_state(state["crops"].cpu())
        self.started, self.mark = time.monotonic(), (self.step, time.monotonic())
        if self.phase == HARD:
            self.task.freeze()
        return True

    # -- the loop --------------------------------------------------------------

    def run(self) -> bool:
        """Trains to the schedule's end; False if it was stopped before."""
        for sig in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sig, self._stop)
        with open(self.path("pid"), "w") as f:
            f.write(str(os.getpid()))
        while True:
            progress = self.schedule.progress(self.step, self.minutes)
            if progress >= 1:
                break
            self.enter(self.schedule.phase(progress))
            if self.settings.validate_every and self.step % self.settings.validate_every == 0:
                self.validate()
            self.train_step(progress)
            if self.step % self.settings.log_every == 0:
                self.write_log(progress)
            if time.monotonic() - self.saved > 60 * self.settings.save_minutes:
                self.save()
            if self.stopping or os.path.exists(self.path("stop")):
                self.save()
                return False
        self.validate()
        self.save()
        self.save("final.pt")
        return True

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def enter(self, phase: str) -> None:
        if phase == self.phase:
            return
        if self.phase == TRUNK:
            self.save("trunk.pt")
        if phase == HARD:
            # The averaged weights from here on: what ships is the encoder that the decoder now learns to follow.
            self.average.swap(self.task.model)
            self.task.freeze()
        # A new average: one as long as the trunk's would lag behind the decay.
        self.average = Average(self.task.model)
        self.phase = phase
        self.save()

    def batch(self) -> Tensor:
        shape = self.settings.trunk if self.phase == TRUNK else self.settings.branch
        x = to_tensor(self.crops.batch(shape.count, shape.side), self.device)
        return x if self.cuda else x.contiguous()

    def train_step(self, progress: float) -> float:
        """One step; returns the loss only to tests, it costs a synchronisation."""
        self.tuner.step()
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.learning_rate(self.step, progress)
        x = self.batch()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.settings.amp):
            values = self.task.loss(x, self.phase, progress)
        self.optimizer.zero_grad(set_to_none=True)
        values["loss"].backward()
        norm = nn.utils.clip_grad_norm_(self.task.model.parameters(), self.settings.clip)
        if torch.isfinite(norm):
            self.optimizer.step()
        self.average.update(self.task.model, self.step)
        values = {**values, "gradient": norm, **self.task.after_step(x, self.phase, progress)}
        for key, v in values.items():
            self.sums[key] = self.sums.get(key, 0.0) + v.detach()
        self.step += 1
        return values["loss"]

    # -- records ---------------------------------------------------------------

    def write_log(self, progress: float) -> None:
        steps, now = self.step - self.mark[0], time.monotonic()
        row: Dict[str, object] = {key: v.item() / max(steps, 1) for key, v in self.sums.items()}
        row.update(
            step=self.step, total=self.settings.steps_before + self.step, minutes=self.minutes, phase=self.phase,
            rate=self.schedule.learning_rate(self.step, progress), threads=self.tuner.count,
            steps_per_s=steps / (now - self.mark[1]),
        )  # fmt: skip
        others = sorted(k for k in self.sums if k != "loss")
        CSVLog(self.path("log.csv"), [*LOG_COLUMNS, *others]).write(row)
        self.sums, self.mark = {}, (self.step, now)

    def validate(self) -> None:
        began = time.monotonic()
        self.average.swap(self.task.model)
        figures = self.task.validate()
        self.average.swap(self.task.model)
        row: Dict[str, object] = dict(figures)
        row.update(step=self.step, total=self.settings.steps_before + self.step, minutes=self.minutes, phase=self.phase)
        CSVLog(self.path("val.csv"), ["step", "total", "minutes", "phase", *figures]).write(row)
        self.mark = (self.mark[0], self.mark[1] + time.monotonic() - began)
