import os
import tempfile
import unittest
from typing import Dict

import numpy as np
import torch
from torch import Tensor

from cwtrain.entropy import LevelPrior, gaussian_bits, lower_bound, ste_round
from cwtrain.evaluate import evaluate
from cwtrain.schedule import BRANCH, HARD, TRUNK, Schedule
from cwtrain.start import start
from cwtrain.threads import ThreadTuner
from cwtrain.trainer import Settings, Shape, Task, Trainer
from cwtrain.transform import rate_distortion
from tests.support import crops, photos, tiny_model


class ScheduleTest(unittest.TestCase):
    def test_phases_by_steps(self) -> None:
        s = Schedule(rate=1e-3, steps=1000, warmup=10)
        self.assertEqual([s.phase(s.progress(n, 0)) for n in (0, 749, 750, 949, 950, 999)], [TRUNK, TRUNK, BRANCH, BRANCH, HARD, HARD])
        rates = [s.learning_rate(n, s.progress(n, 0)) for n in range(1001)]
        self.assertAlmostEqual(rates[0], 1e-4)
        self.assertEqual(set(rates[10:750]), {1e-3})
        self.assertTrue(all(a > b for a, b in zip(rates[750:], rates[751:])))
        self.assertEqual(rates[-1], 0)

    def test_phases_by_minutes(self) -> None:
        s = Schedule(rate=1, minutes=60)
        self.assertEqual([s.phase(s.progress(5, m)) for m in (0, 44, 46, 58)], [TRUNK, TRUNK, BRANCH, HARD])
        self.assertEqual(s.progress(5, 61), 1)

    def test_needs_a_length(self) -> None:
        with self.assertRaises(ValueError):
            Schedule(rate=1)


class Threads(unittest.TestCase):
    def test_keeps_the_faster_count(self) -> None:
        for slow in (1, 2):
            used = []
            tuner = ThreadTuner(2, trial=3, hold=50, set_threads=used.append)
            now = 0.0
            for _ in range(20):
                tuner.step(now)
                now += 5.0 if tuner.count == slow else 1.0
            self.assertEqual(tuner.count, 3 - slow)


class Entropy(unittest.TestCase):
    def test_gaussian_rates(self) -> None:
        from math import erf, log, log2, sqrt

        for sigma, v in ((0.5, 0.0), (1.0, 2.0), (3.0, -4.0)):
            mass = 0.5 * (erf((abs(v) + 0.5) / sigma / sqrt(2)) - erf((abs(v) - 0.5) / sigma / sqrt(2)))
            got = gaussian_bits(torch.tensor(v), torch.tensor(log(sigma))).item()
            self.assertAlmostEqual(got, -log2(mass), places=3)

    def test_prior_sums_to_one(self) -> None:
        prior = LevelPrior(2, 3)
        z = torch.arange(-60.0, 61).view(-1, 1, 1, 1).expand(-1, 3, 1, 1)
        mass = torch.exp2(-prior.bits(z, torch.full((121,), 0.4))).sum(0).flatten()
        self.assertTrue(torch.allclose(mass, torch.ones(3), atol=1e-3))

    def test_gradients(self) -> None:
        x = torch.tensor([0.05, 0.05, 0.5], requires_grad=True)
        (lower_bound(x, 0.1) * torch.tensor([1.0, -1.0, 1.0])).sum().backward()
        self.assertEqual(x.grad.tolist(), [0.0, -1.0, 1.0])
        y = torch.tensor([0.3], requires_grad=True)
        ste_round(y).backward()
        self.assertEqual(y.grad.tolist(), [1.0])


class Data(unittest.TestCase):
    def test_crops_come_from_the_photographs(self) -> None:
        source = photos()
        batch = crops().batch(20, 32)
        windows = {source[i][y : y + 32, x : x + 32].tobytes() for i in range(3) for y in range(49) for x in range(65)}
        mirrored = 0
        for crop in batch:
            straight = crop.tobytes() in windows
            mirrored += not straight
            self.assertTrue(straight or crop[:, ::-1].tobytes() in windows)
        self.assertTrue(0 < mirrored < 20)

    def test_too_large_crops(self) -> None:
        with self.assertRaises(ValueError):
            crops().batch(1, 81)


class HyperpriorTest(unittest.TestCase):
    def test_klt_start_is_a_codec(self) -> None:
        model = tiny_model()
        before = evaluate(model, [photos()[0]], [1], torch.device("cpu"))[0]
        start(model, crops(), 2)
        points = evaluate(model, [photos()[0]], range(3), torch.device("cpu"))
        self.assertLess(points[1].cost, 0.5 * before.cost)
        self.assertTrue(points[0].mse > points[2].mse and points[0].psnr < points[2].psnr)

    def test_levels_are_each_images_own(self) -> None:
        model = tiny_model()
        start(model, crops(), 1)
        x = torch.from_numpy(crops().batch(2, 64)).permute(0, 3, 1, 2).float() / 255 - 0.5
        both = model(x, torch.tensor([0.0, 2.0]), hard=True)
        alone = model(x[1:], torch.tensor([2.0]), hard=True)
        self.assertTrue(torch.allclose(both.picture[1], alone.picture[0], atol=1e-4))
        self.assertAlmostEqual(both.bpp[1].item(), alone.bpp[0].item(), places=3)

    def test_hard_phase_leaves_the_encoder_alone(self) -> None:
        model = tiny_model()
        model.freeze_encoder()
        x = torch.rand(1, 3, 64, 64) - 0.5
        rate_distortion(model, x, torch.tensor([1.0]), hard=True).total.backward()
        self.assertTrue(all(p.grad is None for p in model.analysis.parameters()))
        self.assertTrue(any(p.grad is not None and p.grad.abs().sum() > 0 for p in model.synthesis.parameters()))


class TinyTask(Task):
    def __init__(self) -> None:
        self.model = tiny_model()
        start(self.model, crops(), 1)

    def loss(self, x: Tensor, phase: str, progress: float) -> Dict[str, Tensor]:
        level = torch.rand(x.shape[0]) * 2
        out = rate_distortion(self.model, x, level, hard=phase == HARD)
        return {"loss": out.total, "bpp": out.bpp}

    def freeze(self) -> None:
        self.model.freeze_encoder()


class Run(unittest.TestCase):
    def trainer(self, folder: str, steps: int = 20) -> Trainer:
        torch.manual_seed(5)
        settings = Settings(folder, Shape(2, 64), Shape(1, 64), threads=1, log_every=5, validate_every=1000)
        return Trainer(TinyTask(), crops(7), Schedule(rate=1e-3, steps=steps, warmup=2), settings, torch.device("cpu"))

    def test_resume_gives_the_same_next_losses(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            first = self.trainer(folder)
            for n in range(4):
                first.train_step(n / 20)
            first.save()
            want = [first.train_step(n / 20).item() for n in (4, 5)]
            second = self.trainer(folder)
            torch.manual_seed(99)
            self.assertTrue(second.resume())
            self.assertEqual([second.train_step(n / 20).item() for n in (4, 5)], want)

    def test_whole_run(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            run = self.trainer(folder)
            encoder = run.task.model.analysis.find("analysis.stem").weight.detach().clone()
            self.assertTrue(run.run())
            names = set(os.listdir(folder))
            self.assertLessEqual({"checkpoint.pt", "trunk.pt", "final.pt", "log.csv", "val.csv", "pid"}, names)
            with open(os.path.join(folder, "log.csv")) as f:
                rows = [line.split(",") for line in f.read().splitlines()]
            self.assertEqual([r[0] for r in rows[1:]], ["5", "10", "15", "20"])
            self.assertFalse(torch.equal(encoder, run.task.model.analysis.find("analysis.stem").weight))
            self.assertEqual(run.step, 20)

    def test_stop_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            run = self.trainer(folder)
            open(os.path.join(folder, "stop"), "w").close()
            self.assertFalse(run.run())
            self.assertEqual(run.step, 1)
            os.remove(os.path.join(folder, "stop"))
            again = self.trainer(folder)
            self.assertTrue(again.resume())
            self.assertTrue(again.run())

    def test_loss_falls(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            run = self.trainer(folder, 60)
            losses = [run.train_step(0.1).item() for _ in range(60)]
            self.assertLess(np.mean(losses[-15:]), np.mean(losses[:15]))


if __name__ == "__main__":
    unittest.main()
