import json
import math
import os
import tempfile
import unittest

import numpy as np
import torch

from cwtrain import integer_emulator, safetensors, tables
from cwtrain.coded import Coder, Costs
from cwtrain.curves import bd_rate
from cwtrain.evaluate import measure
from cwtrain.export import load_weights, model_file, save_weights
from cwtrain.log import CSVLog, thin
from cwtrain.ranges import activation_ranges
from cwtrain.start import start
from tests.support import crops, tiny_model


class Tables(unittest.TestCase):
    def test_quantize(self) -> None:
        rng = np.random.default_rng(0)
        for n in (1, 2, 30, 700):
            p = rng.dirichlet(np.full(n, 0.05)) + 1e-12
            f = tables.quantize(p)
            self.assertEqual(f.sum(), 65536)
            self.assertGreaterEqual(f.min(), 1)
            p = p / p.sum()
            ideal = -(p * np.log2(p)).sum()
            self.assertLess(-(p * np.log2(f / 65536)).sum(), ideal + 0.02)

    def test_gaussian(self) -> None:
        for sigma in (0.11, 1.0, 40.0):
            t = tables.gaussian(sigma)
            self.assertEqual(len(t.frequencies), -2 * t.first + 2)
            p = t.frequencies[:-1] / 65536
            v = np.arange(t.first, -t.first + 1)
            self.assertTrue(np.array_equal(p, p[::-1]) or np.abs(p - p[::-1]).max() <= 1 / 65536)
            if sigma >= 1:
                self.assertLess(abs(math.sqrt((p * v * v).sum()) / math.sqrt(sigma**2 + 1 / 12) - 1), 0.01)

    def test_counted(self) -> None:
        z = np.random.default_rng(0).normal(3, 2, 20000).round().astype(np.int64)
        t = tables.counted(z, tables.logistic(3.0, 0.1))
        p = t.frequencies[:-1] / 65536
        v = np.arange(t.first, t.first + len(p))
        self.assertAlmostEqual((p * v).sum(), z.mean(), places=1)
        bits = -np.log2(p[z - t.first]).mean()
        counts = np.bincount(z - z.min()) / len(z)
        self.assertLess(bits, -(counts * np.log2(np.maximum(counts, 1e-9))).sum() * 1.01)


class ModelFile(unittest.TestCase):
    def test_export(self) -> None:
        model = tiny_model().eval()
        start(model, crops(), 1)
        data = crops().batch(4, 64)
        tensors, metadata, network = model_file(model, 7, data, data, {"data": "made up"})
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "m.safetensors")
            safetensors.write(path, tensors, metadata)
            twin = tiny_model().eval()
            self.assertEqual(load_weights(path, twin), 7)
            read, meta = safetensors.read(path)
        x = torch.rand(1, 3, 64, 64) - 0.5
        level = torch.tensor([1.5])
        self.assertTrue(torch.allclose(model(x, level, True).picture, twin(x, level, True).picture, atol=5e-3))
        self.assertTrue(all(isinstance(v, str) for v in meta.values()))
        self.assertEqual(json.loads(meta["networks"]), model.specs)
        self.assertEqual(read["z.table"].shape, (3 * 4, 4))
        self.assertEqual(read["sigma.table"].shape, (64, 4))
        self.assertEqual(read["sigma.cum"].size, read["sigma.table"][:, 0].sum())
        self.assertEqual(read["analysis.stem.weight"].dtype, np.float16)

    def test_integer_network_follows_the_float_one(self) -> None:
        model = tiny_model().eval()
        start(model, crops(), 1)
        data = crops().batch(4, 64)
        _, _, network = model_file(model, 0, data, data, {})
        z = np.random.default_rng(0).integers(-3, 4, (2, 3, 4))
        got = integer_emulator.run(network, z)
        with torch.no_grad():
            want = model.hyper_synthesis(torch.from_numpy(z).float().permute(2, 0, 1)[None])[0].permute(1, 2, 0).numpy()
        grid = tables.sigma_grid()
        index = np.rint(np.log(np.maximum(np.exp(want[..., 12:]), 0.11) / 0.11) / math.log(grid[1] / grid[0])).clip(0, 63)
        self.assertLess(np.abs(got[..., :12] / 64 - want[..., :12]).max(), 0.05)
        self.assertLessEqual(np.abs(got[..., 12:] - index).max(), 1)

    def test_tables_cost_what_was_estimated(self) -> None:
        model = tiny_model().eval()
        start(model, crops(), 1)
        data = crops().batch(8, 64)
        tensors, metadata, _ = model_file(model, 0, data, data, {})
        coder = Coder(model, tensors, metadata)
        coded = sum(coder.code(p, 1).bits for p in data) / 64**2
        estimate = sum(measure(model, p, [1], torch.device("cpu"))[0, 0] for p in data)
        self.assertLess(abs(coded / estimate - 1), 0.1)

    def test_escapes(self) -> None:
        costs = Costs(tables.tensors("t", [tables.gaussian(0.5)]), "t")
        bits = [costs.total(np.array([v]), np.array([0])) for v in (0, 2, 3, 4, 100, -100)]
        self.assertTrue(all(a < b for a, b in zip(bits[:4], bits[1:5])))
        self.assertEqual(bits[4], bits[5])

    def test_ranges_cover_every_layer(self) -> None:
        model = tiny_model()
        ranges = activation_ranges(model.hyper_synthesis, [torch.ones(1, 4, 2, 2)])
        self.assertEqual(sorted(ranges, key=int), [str(i) for i in range(len(model.specs["hyper_synthesis"]))])

    def test_weights_of_another_architecture(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "m.safetensors")
            save_weights(path, tiny_model(), 1)
            other = tiny_model()
            other.specs = {}
            with self.assertRaises(ValueError):
                load_weights(path, other)


class Logs(unittest.TestCase):
    def test_thin(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source, target = os.path.join(folder, "a.csv"), os.path.join(folder, "b.csv")
            log = CSVLog(source, ["n", "v"])
            for n in range(500):
                log.write({"n": n, "v": 0.5})
            thin(source, target, 1000)
            with open(target) as f:
                rows = f.read().splitlines()
            self.assertLessEqual(os.path.getsize(target), 1000)
            self.assertEqual((rows[0], rows[1], rows[-1]), ("n,v", "0,0.5", "499,0.5"))


class Curves(unittest.TestCase):
    def test_bd_rate_of_a_scaled_curve(self) -> None:
        anchor = np.array([[0.2, 28.0], [0.5, 31.0], [1.0, 34.0], [2.0, 38.0]])
        self.assertAlmostEqual(bd_rate(anchor, anchor * [0.7, 1]), -30, places=6)
        self.assertTrue(math.isnan(bd_rate(anchor, anchor + [0, 50])))


if __name__ == "__main__":
    unittest.main()
