import os
import tempfile
import unittest

import numpy as np
import torch

from cwtrain import quantizers, spec
from cwtrain.perceptual import gradients, ms_ssim
from cwtrain.schedule import Schedule
from cwtrain.tokenizer import Tokenizer, TokenizerTask
from cwtrain.trainer import Settings, Shape, Trainer
from tests.support import crops


class Quantizers(unittest.TestCase):
    def test_nearest_code_and_straight_through(self) -> None:
        torch.manual_seed(0)
        for kind in ("simvq", "ema"):
            q = quantizers.make(kind, 20, 4, ()).eval()
            z = torch.randn(2, 4, 3, 5, requires_grad=True)
            out = q(z)
            table = q.table()
            flat = z.detach().permute(0, 2, 3, 1).reshape(-1, 4)
            want = torch.cdist(flat, table.detach()).argmin(1)
            self.assertTrue(torch.equal(out.index.flatten(), want), kind)
            self.assertTrue(torch.allclose(out.values.permute(0, 2, 3, 1).reshape(-1, 4), table[want], atol=1e-6))
            (grad,) = torch.autograd.grad(out.values.sum(), z)
            self.assertTrue(torch.equal(grad, torch.ones_like(z)))

    def test_fsq_levels(self) -> None:
        q = quantizers.make("fsq", 0, 0, [8, 5, 3])
        self.assertEqual(q.codes, 120)
        out = q(8 * torch.randn(4, 3, 16, 16))
        for i, n in enumerate((8, 5, 3)):
            self.assertEqual(len(out.values[:, i].unique()), n)
        table = q.table()
        self.assertEqual(len(torch.unique(table, dim=0)), 120)
        self.assertTrue(torch.allclose(table[out.index], out.values.permute(0, 2, 3, 1)))

    def test_moving_average_revives_dead_codes(self) -> None:
        torch.manual_seed(0)
        q = quantizers.make("ema", 6, 2, ())
        q.codebook[3:] = 100  # far from everything: dead
        q.sums[3:] = 100
        centres = torch.tensor([[3.0, 0], [-3, 0], [0, 3], [0, -3], [3, 3]])
        for _ in range(400):
            z = centres[torch.randint(5, (64,))] + 0.05 * torch.randn(64, 2)
            q(z.t().reshape(1, 2, 8, 8))
        self.assertLess(q.table().abs().max().item(), 5)
        index = torch.cdist(centres, q.table()).argmin(1)
        self.assertGreaterEqual(len(index.unique()), 4)

    def test_usage(self) -> None:
        u = quantizers.usage(torch.tensor([0, 0, 1, 1]), 8)
        self.assertEqual((round(u.perplexity, 6), u.used, u.largest), (2.0, 2, 0.5))


class Losses(unittest.TestCase):
    def test_ms_ssim(self) -> None:
        a = torch.rand(1, 3, 64, 64)
        self.assertAlmostEqual(ms_ssim(a, a).item(), 1, places=5)
        self.assertLess(ms_ssim(a, (a + 0.2 * torch.randn_like(a))).item(), 0.95)

    def test_gradients_ignore_brightness(self) -> None:
        a = torch.rand(1, 3, 32, 32)
        self.assertAlmostEqual(gradients(a, a + 0.1).item(), 0, places=6)
        self.assertGreater(gradients(a, a.flip(3)).item(), 0.05)


class TokenizerTest(unittest.TestCase):
    def test_size(self) -> None:
        nets = spec.tokenizer_s(16)
        self.assertAlmostEqual(spec.multiplications(nets["decoder"]), 9228)
        model = Tokenizer(nets, quantizers.make("simvq", 64, 16, ()))
        y, q = model(torch.zeros(1, 3, 32, 48))
        self.assertEqual((tuple(y.shape), tuple(q.index.shape)), ((1, 3, 32, 48), (1, 2, 3)))

    def test_run_with_discriminator_resumes(self) -> None:
        def trainer(folder: str) -> Trainer:
            torch.manual_seed(0)
            model = Tokenizer(spec.tokenizer_s(4), quantizers.make("ema", 16, 4, ()))
            task = TokenizerTask(model, crops().batch(2, 64), torch.device("cpu"), adversarial=True)
            settings = Settings(folder, Shape(2, 64), Shape(1, 64), threads=1, log_every=4)
            return Trainer(task, crops(3), Schedule(rate=1e-3, steps=8, warmup=2), settings, torch.device("cpu"))

        with tempfile.TemporaryDirectory() as folder:
            first = trainer(folder)
            for n in range(5):
                first.train_step(n / 8)
            first.save()
            want = first.train_step(5 / 8).item()
            second = trainer(folder)
            self.assertTrue(second.resume())
            self.assertEqual(second.train_step(5 / 8).item(), want)
            self.assertTrue(second.run())
            with open(os.path.join(folder, "val.csv")) as f:
                head, *rows = f.read().splitlines()
            figures = dict(zip(head.split(","), rows[-1].split(",")))
            self.assertTrue(np.isfinite(float(figures["psnr"])) and 1 <= float(figures["perplexity"]) <= 16)


if __name__ == "__main__":
    unittest.main()
