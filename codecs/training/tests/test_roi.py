import os
import tempfile
import unittest

import numpy as np
import torch

from cwtrain import roi_prior, safetensors, tables
from cwtrain.data import Crops, to_tensor
from cwtrain.export import model_file, save_weights
from cwtrain.roi import LEAST, MOST, STEPS, Roi, level_map, masked_score, opened, random_levels, random_mask, rate_distortion
from cwtrain.schedule import Schedule
from cwtrain.start import start
from cwtrain.trainer import Settings, Shape
from cwtrain.transform import rate_distortion as uniform
from tests.support import crops, photos, tiny_model
from train_roi import RoiTask
from train_transform import TransformTrainer

CPU = torch.device("cpu")


def tiny_roi(levels: int = 3) -> Roi:
    """On the start of support.tiny_model."""
    old = tiny_model(levels)
    start(old, crops(), 1)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "old.safetensors")
        save_weights(path, old, 7)
        model, steps = opened(path)
    assert steps == 7
    return model


class Maps(unittest.TestCase):
    def test_masks(self) -> None:
        torch.manual_seed(1)
        soft = 0
        for side in (8, 12):
            for _ in range(60):
                mask = random_mask(side)
                self.assertEqual(mask.shape, (side, side))
                self.assertTrue(torch.equal(mask, (mask * STEPS).round() / STEPS))
                self.assertGreater(float(mask.mean()), LEAST - 0.05)
                self.assertLess(float(mask.mean()), MOST + 0.1)
                soft += int(((mask > 0) & (mask < 1)).float().mean() > 0.25)
        self.assertGreater(soft, 0)

    def test_levels(self) -> None:
        torch.manual_seed(2)
        maps = random_levels(8, 8, 7.0)
        spread = maps.flatten(1).amax(1) - maps.flatten(1).amin(1)
        self.assertEqual(int((spread == 0).sum()), 4)
        self.assertGreater(float(spread.max()), 1)
        self.assertTrue(0 <= float(maps.min()) and float(maps.max()) <= 7)
        mask = torch.zeros(4, 4)
        mask[0] = 1
        at = level_map(mask, 3.0, 4.0, 7.0)
        self.assertAlmostEqual(float(at.mean()), 3.0, places=5)
        self.assertAlmostEqual(float(at[0, 0] - at[1, 0]), 4.0, places=5)


class Model(unittest.TestCase):
    def test_uniform_maps_are_levels(self) -> None:
        model = tiny_roi().eval()
        x = to_tensor(crops().batch(2, 64), CPU)
        level = torch.tensor([0.7, 2.0])
        maps = level[:, None, None].expand(2, 4, 4)
        for a, b in zip(model(x, level, True), model(x, maps, True)):
            self.assertTrue(torch.allclose(a, b, atol=1e-5))
        for a, b in zip(uniform(model, x, level, True), rate_distortion(model, x, maps, True)):
            self.assertTrue(torch.allclose(a, b, rtol=1e-4))

    def test_maps_act_where_they_are(self) -> None:
        model = tiny_roi().eval()
        x = to_tensor(crops().batch(1, 64), CPU)
        maps = torch.zeros(1, 4, 4)
        maps[:, :, 2:] = 2
        y = model.analysis(x, maps)
        self.assertTrue(torch.allclose(y[..., 0], model.analysis(x, torch.tensor([0.0]))[..., 0], atol=1e-5))
        self.assertTrue(torch.allclose(y[..., 3], model.analysis(x, torch.tensor([2.0]))[..., 3], atol=1e-5))

    def test_other_files_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.safetensors")
            save_weights(path, tiny_model(), 1)
            arrays, metadata = safetensors.read(path)
            safetensors.write(path, arrays, {**metadata, "codec": "factorized"})
            with self.assertRaises(ValueError):
                opened(path)

    def test_training_lowers_the_loss(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            torch.manual_seed(3)
            pictures = photos(4, 256, 256)
            task = RoiTask(tiny_roi(), pictures, CPU)
            with torch.no_grad():  # from a start that is worse than principal components
                for p in task.model.analysis.parameters():
                    p.add_(0.1 * p.abs().mean() * torch.randn_like(p))
            before = masked_score(task.model, task.pictures, [1.0], CPU)
            settings = Settings(folder, Shape(8, 64), Shape(4, 64), threads=1, validate_every=1000)
            trainer = TransformTrainer(task, Crops(pictures), Schedule(rate=2e-3, steps=50, warmup=5), settings, CPU)
            self.assertTrue(trainer.run())
            self.assertLess(masked_score(task.model, task.pictures, [1.0], CPU), before)
            self.assertTrue(os.path.exists(os.path.join(folder, "final.pt")))


class Prior(unittest.TestCase):
    def test_tables(self) -> None:
        for sigma in (0.3, 2.0, 40.0):
            self.assertEqual(roi_prior.table(2.0, sigma).frequencies.tolist(), tables.gaussian(sigma).frequencies.tolist())
        # The Laplace distribution of deviation 1: P(0) = 1 - exp(-sqrt(2) / 2).
        t = roi_prior.table(1.0, 1.0)
        self.assertAlmostEqual(t.frequencies[-t.first] / 65536, 1 - np.exp(-np.sqrt(0.5)), places=3)
        for beta in roi_prior.BETAS:
            grid = roi_prior.scales(beta)
            self.assertTrue((np.diff(grid) > 0).all())
            # What the lowest scale leaves outside of 0 is the same for all.
            self.assertAlmostEqual(float(roi_prior.beyond(np.array([0.5]), beta, grid[0])[0]), 2.745e-6, delta=1e-8)

    def test_finds_shapes(self) -> None:
        rng = np.random.default_rng(0)
        index, sigma = 30, tables.sigma_grid()[30]
        seen = np.zeros((2, 64, roi_prior.REACH + 2), np.int64)
        for c, values in enumerate((rng.laplace(0, sigma / np.sqrt(2), 40000), rng.normal(0, sigma, 40000))):
            seen[c, index] = np.bincount(np.rint(np.abs(values)).astype(int), minlength=roi_prior.REACH + 2)
        found = roi_prior.fit(seen)
        self.assertEqual([found.betas[i] for i in found.shape], [1.0, 2.0])
        self.assertGreater(found.gain, 0.005)

    def test_model_file(self) -> None:
        model, few = tiny_roi().eval(), crops().batch(4, 64)
        out, metadata, _ = model_file(model, 9, few, few, {})
        found = roi_prior.fit(roi_prior.counts(model, few))
        out.update(roi_prior.tensors(found))
        self.assertEqual(metadata["codec"], "roi")
        n = len(found.betas)
        self.assertEqual(out["ggd.table"].shape, (64 * n, 4))
        self.assertEqual(out["ggd.scale"].shape, (n, 64))
        self.assertEqual(out["ggd.shape"].shape, (model.channels,))
        self.assertLess(int(out["ggd.shape"].max()), n)
        self.assertGreaterEqual(found.gain, 0)


if __name__ == "__main__":
    unittest.main()
