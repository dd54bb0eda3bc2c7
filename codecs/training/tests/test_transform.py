import argparse
import json
import os
import tempfile
import unittest

import numpy as np
import torch

import export_transform
from cwtrain import integer_emulator, levels, safetensors, spec
from cwtrain.catalogue import SPECS, add_model_options, described, new_model
from cwtrain.coded import Coder
from cwtrain.data import to_tensor
from cwtrain.entropy import FactorizedPrior
from cwtrain.evaluate import evaluate, measure
from cwtrain.export import load_weights, model_file, save_weights
from cwtrain.factorized import Factorized
from cwtrain.hyperprior import Hyperprior
from cwtrain.start import borrow, start
from cwtrain.transform import TransformCodec, rate_distortion
from tests.support import crops, photos, tiny_model

CPU = torch.device("cpu")


def options(*args: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_model_options(parser)
    return parser.parse_args(args)


def tiny_factorized(levels: int = 3, low: float = 0.002) -> Factorized:
    torch.manual_seed(0)
    return Factorized(spec.backbone_s8(8, 12, 2), low, 0.05, levels)


def tiny_gdn() -> Hyperprior:
    torch.manual_seed(0)
    return Hyperprior(spec.hyperprior_gdn(8, 12), 0.002, 0.05, 3, "hyperprior-gdn")


def steps(model: TransformCodec, count: int) -> list:
    """Losses of a short training."""
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    source, losses = crops(5), []
    for _ in range(count):
        loss = rate_distortion(model, to_tensor(source.batch(2, 64), CPU), torch.rand(2) * (model.levels - 1)).total
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


class Catalogue(unittest.TestCase):
    def test_costs(self) -> None:
        """Thousand multiplications a pixel, both sides: S for a slider, L for half a second."""
        costs = {("hyperprior", "s"): (4.2, 4.0), ("hyperprior", "l"): (23.2, 22.2), ("hyperprior-gdn", "s"): (11.3, 11.3)}
        for (codec, size), want in costs.items():
            nets = SPECS[codec, size]()
            encode = spec.multiplications(nets["analysis"]) / 1e3
            decode = spec.multiplications(nets["synthesis"]) / 1e3
            for got, expected in zip((encode, decode), want):
                self.assertLess(abs(got / expected - 1), 0.02, (codec, size, encode, decode))

    def test_every_entry_runs(self) -> None:
        for codec, size in SPECS:
            model = new_model(options("--codec", codec, "--size", size, "--levels", "2"))
            out = model(torch.zeros(1, 3, 64, 64), torch.tensor([0.5]))
            self.assertEqual(tuple(out.picture.shape), (1, 3, 64, 64))
            self.assertTrue(torch.isfinite(out.bpp).all())

    def test_levels_below(self) -> None:
        plain, more = new_model(options()), new_model(options("--below", "3"))
        self.assertEqual(more.levels, 11)
        self.assertTrue(np.allclose(levels.trade_offs(more)[3:], levels.trade_offs(plain)))
        self.assertAlmostEqual(levels.trade_offs(more)[0], 0.000433, places=6)

    def test_unknown_size(self) -> None:
        with self.assertRaises(SystemExit):
            new_model(options("--codec", "factorized", "--size", "l"))


class Levels(unittest.TestCase):
    def test_resample(self) -> None:
        rows = np.array([[0.0, 5.0], [1.0, 4.0], [2.0, 3.0], [3.0, 2.0]])
        got = levels.resample(rows, np.array([-2.0, 0.0, 1.5, 3.0, 4.0]))
        self.assertTrue(np.allclose(got, [[-2, 7], [0, 5], [1.5, 3.5], [3, 2], [4, 1]]))
        self.assertTrue(np.allclose(levels.resample(rows[:1], np.array([-1.0, 2.0])), [[0, 5], [0, 5]]))

    def test_trunk_of_fewer_levels(self) -> None:
        """Levels that the trunk has stay what they were; the others' gains go on geometrically."""
        old = tiny_model(8)
        with torch.no_grad():
            for p in old.parameters():
                p.add_(0.05 * torch.randn_like(p))
        new = Hyperprior(old.specs, 0.002 * (0.002 / 0.05) ** (3 / 7), 0.05, 11).eval()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "t.safetensors")
            save_weights(path, old, 9)
            self.assertEqual(load_weights(path, new), 9)
        for name in ("analysis", "synthesis"):
            for layer in spec.walk(old.specs[name]):
                if layer["op"] != "modulate":
                    continue
                a, b = (getattr(m, name).find(layer["name"]).log_scale.detach() for m in (old, new))
                self.assertTrue(torch.allclose(a, b[3:], atol=2e-3))
                slope = (a[3] - a[0]) / 3
                self.assertTrue(torch.allclose(a[0] - 3 * slope, b[0], atol=5e-3))
        self.assertTrue(torch.allclose(new.prior.mean[:4], old.prior.mean[:1].expand(4, -1), atol=1e-3))
        x = to_tensor(crops().batch(1, 64), CPU)
        with torch.no_grad():
            a, b = old(x, torch.tensor([4.5]), True), new(x, torch.tensor([7.5]), True)
        self.assertLess(abs(a.bpp.item() / b.bpp.item() - 1), 0.02)

    def test_other_codecs_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "t.safetensors")
            save_weights(path, tiny_model(), 9)
            with self.assertRaises(ValueError):
                load_weights(path, tiny_gdn())


class Prior(unittest.TestCase):
    def test_sums_to_one(self) -> None:
        torch.manual_seed(1)
        prior = FactorizedPrior(2, 3)
        with torch.no_grad():
            for p in prior.parameters():
                p.add_(0.3 * torch.randn_like(p))
        y = torch.arange(-200.0, 201).view(-1, 1, 1, 1).expand(-1, 3, 1, 1)
        bits = prior.bits(y, torch.full((401,), 0.4))
        self.assertTrue(torch.allclose(torch.exp2(-bits).sum(0).flatten(), torch.ones(3), atol=1e-3))
        edges = torch.arange(-200.5, 201)
        mass, bits = prior.cdf(edges, 0.4).diff(dim=1), bits[:, :, 0, 0].t()
        likely = bits < 12
        self.assertTrue(torch.allclose(mass[likely].log2(), -bits[likely], atol=0.01))

    def test_starts_logistic(self) -> None:
        prior = FactorizedPrior(1, 1)
        x = torch.linspace(-4, 4, 9)
        self.assertLess((prior.cdf(x, 0)[0] - torch.sigmoid(1.8 * x)).abs().max().item(), 0.06)

    def test_learns_a_distribution(self) -> None:
        """A few hundred steps bring the rate near the entropy, which no logistic reaches."""
        torch.manual_seed(2)
        y = (torch.randint(0, 2, (4000,)) * 12 - 6 + torch.randn(4000)).round().view(1, 1, 50, 80)
        prior = FactorizedPrior(1, 1)
        with torch.no_grad():
            prior.log_scale.fill_(2.0)
        optimizer = torch.optim.Adam(prior.parameters(), 0.03)
        for _ in range(300):
            loss = prior.bits(y, torch.zeros(1)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        counts = torch.unique(y, return_counts=True)[1] / 4000
        self.assertLess(loss.item(), -(counts * counts.log2()).sum().item() + 0.15)


class FactorizedTest(unittest.TestCase):
    def test_training_and_file(self) -> None:
        model = tiny_factorized()
        start(model, crops(), 1)
        losses = steps(model, 50)
        self.assertLess(np.mean(losses[-10:]), np.mean(losses[:10]))
        model.eval()
        data = crops().batch(8, 64)
        tensors, metadata, network = model_file(model, 7, data, data, {"data": "made up"})
        self.assertIsNone(network)
        self.assertEqual(tensors["y.table"].shape, (5 * 12, 4))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "m.safetensors")
            safetensors.write(path, tensors, metadata)
            twin = described(safetensors.read(path)[1]).eval()
            self.assertEqual(load_weights(path, twin), 7)
        coder = Coder(twin, tensors, metadata)
        for level in (0, 1.5, 2):
            coded = [coder.code(p, level) for p in data]
            estimate = np.mean([measure(model, p, [level], CPU)[0] for p in data], 0)
            self.assertLess(abs(np.mean([c.bits for c in coded]) / 64**2 / estimate[0] - 1), 0.12)
            self.assertLess(abs(np.mean([c.mse for c in coded]) / estimate[2] - 1), 0.02)

    def test_borrowed_networks(self) -> None:
        """A hyperprior's transform with a new prior, for more levels, is a codec at once."""
        source = tiny_model(8)
        start(source, crops(), 2)
        model = tiny_factorized(11, 0.002 * (0.002 / 0.05) ** (3 / 7))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "t.safetensors")
            save_weights(path, source, 9)
            borrow(path, model, crops(), 1)
        points = evaluate(model, [photos()[0]], range(11), CPU)
        self.assertTrue(all(a.mse > b.mse and a.bpp < b.bpp for a, b in zip(points, points[1:])))
        old = evaluate(source, [photos()[0]], [7], CPU)[0]
        self.assertLess(abs(points[10].psnr - old.psnr), 0.3)

    def test_hard_phase_trains_prior_and_synthesis(self) -> None:
        model = tiny_factorized()
        model.freeze_encoder()
        rate_distortion(model, torch.rand(1, 3, 64, 64) - 0.5, torch.tensor([1.0]), hard=True).total.backward()
        self.assertTrue(all(p.grad is None for p in model.analysis.parameters()))
        for part in (model.synthesis, model.prior):
            self.assertTrue(any(p.grad is not None and p.grad.abs().sum() > 0 for p in part.parameters()))


class GDNTest(unittest.TestCase):
    def test_training_and_file(self) -> None:
        model = tiny_gdn()
        start(model, crops(), 1)
        losses = steps(model, 50)
        self.assertLess(np.mean(losses[-10:]), np.mean(losses[:10]))
        model.eval()
        data = crops().batch(4, 64)
        tensors, metadata, network = model_file(model, 0, data, data, {})
        self.assertEqual(metadata["codec"], "hyperprior-gdn")
        self.assertIn("hyper_synthesis", json.loads(metadata["integer"]))
        z = np.random.default_rng(0).integers(-3, 4, (2, 3, 8))
        got = integer_emulator.run(network, z)
        with torch.no_grad():
            want = model.hyper_synthesis(torch.from_numpy(z).float().permute(2, 0, 1)[None])[0].permute(1, 2, 0).numpy()
        self.assertEqual(got.shape, (8, 12, 24))
        self.assertLess(np.abs(got[..., :12] / 64 - want[..., :12]).max(), 0.1)

    def test_start_spreads_latents(self) -> None:
        model = tiny_gdn()
        start(model, crops(), 1)
        with torch.no_grad():
            y = model.analysis(to_tensor(crops().batch(4, 64), CPU), torch.ones(4))
        self.assertTrue(0.5 < y.std().item() < 6)


class Vectors(unittest.TestCase):
    def test_chains(self) -> None:
        for model, count in ((tiny_model().eval(), 8), (tiny_factorized().eval(), 4)):
            vectors = export_transform.float_vectors(model, 64, 128, 1.25)
            self.assertEqual(len(vectors), count)
            self.assertEqual(vectors["synthesis/64x128/out"].shape, (64, 128, 3))


if __name__ == "__main__":
    unittest.main()
