import os
import tempfile
import unittest

import numpy as np
import torch

from cwtrain import contexts, packets, safetensors, spec, walloc
from cwtrain.data import to_tensor
from cwtrain.export import load_weights, save_weights
from cwtrain.transform import rate_distortion
from cwtrain.walloc_export import model_file, symbols, vectors
from tests.support import crops

# The CDF 9/7 analysis filters, from their middle on (Antonini et al., 1992).
LOW = [0.852698679009, 0.377402855613, -0.110624404418, -0.023849465020, 0.037828455507]
HIGH = [0.788485616406, -0.418092273222, -0.040689417609, 0.064538882629]


def tiny() -> walloc.Walloc:
    torch.manual_seed(0)
    return walloc.started(walloc.Walloc(walloc.specs(12, 8, 2), 0.0018, 0.05, 3), crops(), 2)


class Packets(unittest.TestCase):
    def test_filters(self) -> None:
        for at, taps in ((20, LOW), (21, HIGH)):
            row = torch.zeros(1, 1, 1, 40)
            got = []
            for i in range(40):
                row.zero_()[..., i] = 1
                got.append(packets.lift(row, 1)[0, 0, 0, at].item())
            want = np.zeros(40)
            for k, v in enumerate(taps):
                want[at - k] = want[at + k] = v
            np.testing.assert_allclose(got, want, atol=1e-6)

    def test_inverse(self) -> None:
        x = torch.randn(2, 3, 48, 80)
        for levels in range(5):
            y = packets.forward(x, levels)
            self.assertLess((packets.inverse(y, levels) - x).abs().max().item(), 1e-4)
        self.assertGreater((y - x).abs().max().item(), 1)

    def test_flat_picture_has_one_band(self) -> None:
        bands = torch.nn.functional.pixel_unshuffle(packets.forward(torch.ones(1, 1, 32, 32), 3), 8)
        self.assertLess((bands[:, 0] - 8).abs().max().item(), 1e-4)
        self.assertLess(bands[:, 1:].abs().max().item(), 1e-4)


class Compander(unittest.TestCase):
    def test_normal_numbers_become_even(self) -> None:
        c = walloc.Compander(4)
        u = c.compress(c.sigma * torch.randn(100000))
        share = np.histogram(u.numpy(), np.arange(-7.5, 8))[0] / 100000
        np.testing.assert_allclose(share, 1 / 15, atol=0.005)

    def test_inverse(self) -> None:
        c = walloc.Compander()
        s = torch.arange(-127.0, 128)
        self.assertLess((c.compress(c.expand(s)) - s).abs().max().item(), 1e-2)
        self.assertTrue(torch.isfinite(c.expand(torch.tensor([-1e9, 1e9]))).all())


class Contexts(unittest.TestCase):
    def field(self, n: int) -> np.ndarray:
        """Two channels, smooth, the second large where the first one is."""
        rng = np.random.default_rng(1)
        first = rng.standard_normal((n, 24, 24)).cumsum(1).cumsum(2)
        second = rng.standard_normal((n, 24, 24)) * np.abs(first) / 4
        return np.rint(np.stack([first, second], 1)).astype(np.int64)

    def test_neighbours_at_edges(self) -> None:
        s = np.arange(1, 7).reshape(1, 2, 3)
        left, above, corner = (a[0].tolist() for a in contexts.neighbours(s))
        self.assertEqual(left, [[0, 1, 2], [1, 4, 5]])
        self.assertEqual(above, [[0, 1, 2], [1, 2, 3]])
        self.assertEqual(corner, [[0, 1, 2], [1, 1, 2]])

    def test_contexts_gain(self) -> None:
        train, test = self.field(40), self.field(4)
        coded = contexts.bits(test, contexts.fit(train))
        alone = 0.0
        for c in range(2):
            p = np.unique(test[:, c], return_counts=True)[1] / test[:, c].size
            alone -= test[:, c].size * float((p * np.log2(p)).sum())
        self.assertLess(coded, 0.75 * alone)

    def test_empty_class(self) -> None:
        zero = contexts.fit(np.zeros((2, 3, 4, 4), np.int64))
        self.assertEqual({len(c.tables) for c in zero}, {contexts.CLASSES})
        self.assertLess(contexts.bits(np.zeros((1, 3, 4, 4), np.int64), zero), 1)


class Codec(unittest.TestCase):
    def test_size(self) -> None:
        nets = walloc.specs()
        self.assertLess(spec.multiplications(nets["analysis"]), 100)
        self.assertTrue(4000 < spec.multiplications(nets["synthesis"]) < 10000)

    def test_start_is_a_linear_codec(self) -> None:
        model = tiny()
        x = to_tensor(crops(5).batch(4, 64), torch.device("cpu"))
        top = torch.full((4,), 2.0)
        error = (model(x, top, hard=True).picture - x).square().mean()
        self.assertLess(error.item(), 0.3 * x.var().item())
        # With branches at zero, the decoder is linear but for the compander.
        a, b = (torch.randn(1, 8, 4, 4) for _ in range(2))
        at = torch.tensor([1.0])
        zero = model.synthesis(torch.zeros_like(a), at)
        both = model.synthesis(a + b, at) + zero
        self.assertLess((model.synthesis(a, at) + model.synthesis(b, at) - both).abs().max().item(), 1e-4)

    def test_training_helps(self) -> None:
        model = tiny()
        source = crops(6)
        optimizer = torch.optim.Adam(model.parameters(), 3e-3)
        x = to_tensor(crops(7).batch(8, 64), torch.device("cpu"))
        level = torch.linspace(0, 2, 8)
        before = rate_distortion(model, x, level, hard=True).total.item()
        for _ in range(50):
            loss = rate_distortion(model, to_tensor(source.batch(4, 64), torch.device("cpu")), 2 * torch.rand(4))
            optimizer.zero_grad()
            loss.total.backward()
            optimizer.step()
        self.assertLess(rate_distortion(model, x, level, hard=True).total.item(), 0.98 * before)
        model.freeze_encoder()
        self.assertFalse(any(p.requires_grad for p in model.analysis.parameters()))

    def test_model_file(self) -> None:
        model = tiny()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "m.safetensors")
            save_weights(path, model, 7)
            self.assertEqual(load_weights(path, tiny()), 7)
            tensors, metadata = model_file(model, 7, crops().batch(4, 64), {})
            safetensors.write(path, tensors, metadata)
            arrays, stored = safetensors.read(path)
        self.assertEqual((stored["codec"], stored["compander"]), ("walloc", '{"bits": 8}'))
        self.assertEqual(arrays["context.predict"].shape, (5, 8, 3))
        self.assertEqual(len(arrays["y.table"]), 5 * 8 * contexts.CLASSES)
        s = symbols(model, crops().batch(2, 64), 1.0)
        self.assertEqual(s.shape, (2, 8, 8, 8))
        self.assertLessEqual(np.abs(s).max(), 127)

    def test_vectors(self) -> None:
        out, metadata = vectors(tiny(), crops().batch(1, 48)[0], 1.25)
        self.assertEqual((metadata["level"], out["symbols"].shape, out["output"].shape), ("1.25", (6, 6, 8), (48, 48, 3)))


if __name__ == "__main__":
    unittest.main()
