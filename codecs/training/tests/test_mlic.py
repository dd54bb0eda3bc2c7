import json
import math
import os
import tempfile
import unittest
from typing import Dict, FrozenSet, Tuple

import numpy as np
import torch

from cwtrain import mlic_emulator, spec, tables
from cwtrain.data import to_tensor
from cwtrain.export import load_weights, save_weights
from cwtrain.hyperprior import Hyperprior
from cwtrain.integer_emulator import run
from cwtrain.mlic import CONTEXTS, Mlic, anchors, attention, described, on_hyperprior, opened, regions
from cwtrain.mlic_emulator import Contexts
from cwtrain.mlic_export import model_file
from cwtrain.mlic_spec import HEADS, HYPER, contexts
from cwtrain.start import start
from cwtrain.transform import rate_distortion
from tests.support import crops

CPU = torch.device("cpu")


def tiny_mlic(levels: int = 3) -> Mlic:
    """As wide as support.tiny_model."""
    torch.manual_seed(0)
    specs = spec.hyperprior_s8(8, 12, 8, 4, 2)
    return Mlic({**specs, **contexts(12, (2, 2, 4, 4), features=8, width=8)}, 0.002, 0.05, levels)


def perturbed(spread: float = 0.15) -> Mlic:
    """A model whose contexts do something."""
    model = tiny_mlic().eval()
    start(model, crops(), 1)
    with torch.no_grad():
        for name in model.networks[4:]:
            for p in getattr(model, name).parameters():
                p.add_(spread * torch.randn_like(p))
    return model


class Model(unittest.TestCase):
    def test_starts_as_the_hyperprior(self) -> None:
        torch.manual_seed(0)
        old = Hyperprior(spec.hyperprior_s8(8, 16, 8, 4, 2), 0.002, 0.05, 3).eval()
        start(old, crops(), 1)
        with tempfile.TemporaryDirectory() as folder:
            path, again = (os.path.join(folder, name) for name in ("a.safetensors", "b.safetensors"))
            save_weights(path, old, 9)
            load_weights(path, old)  # float16 as the other has it
            new, steps = on_hyperprior(path, 8, 8)
            save_weights(again, new, steps + 1)
            twin, more = opened(again)
            with self.assertRaises(ValueError):
                on_hyperprior(again)
        self.assertEqual((steps, more, new.slices), (9, 10, [2, 2, 4, 8]))
        x, level = to_tensor(crops().batch(2, 64), CPU), torch.tensor([0.7, 1.9])
        a = old(x, level, True)
        for model in (new, twin):
            b = model.eval()(x, level, True)
            self.assertTrue(torch.allclose(a.picture, b.picture, atol=1e-5))
            self.assertTrue(torch.allclose(a.bpp, b.bpp, rtol=1e-5))

    def test_contexts_of_another_file(self) -> None:
        """All but the contexts comes from the trunk, which may have other rate levels."""
        with tempfile.TemporaryDirectory() as folder:
            old, new, contexts = (os.path.join(folder, name) for name in ("old.safetensors", "new.safetensors", "contexts.safetensors"))
            for path, levels, steps in ((old, 3, 7), (new, 5, 9)):
                torch.manual_seed(levels)
                model = Hyperprior(spec.hyperprior_s8(8, 16, 8, 4, 2), 0.002, 0.05, levels)
                start(model, crops(), 1)
                save_weights(path, model, steps)
            save_weights(contexts, on_hyperprior(old)[0], 40)
            sources = opened(contexts)[0], on_hyperprior(new)[0]
            with self.assertRaises(ValueError):
                opened(new, old)
            model, steps = opened(new, contexts)
        self.assertEqual((steps, model.levels), (9, 5))
        for name in model.networks:
            source = getattr(sources[name in HYPER], name).tensors()
            for key, t in getattr(model, name).tensors().items():
                self.assertTrue(torch.equal(t, source[key]), key)

    def test_training(self) -> None:
        """Fifty steps on symbols that stay lower the rate, and every weight of a context gets a gradient."""
        model = tiny_mlic()
        start(model, crops(), 1)
        model.freeze_encoder()
        optimizer, source = torch.optim.Adam(model.parameters(), 2e-3), crops(5)
        x, level = to_tensor(crops(6).batch(8, 64), CPU), torch.arange(8) / 4
        rates, touched = [], set()
        for step in range(51):
            if step in (0, 50):
                with torch.no_grad():
                    rates.append(rate_distortion(model.eval(), x, level, hard=True).bpp.item())
            loss = rate_distortion(model.train(), to_tensor(source.batch(2, 64), CPU), torch.rand(2) * 2, hard=True).total
            optimizer.zero_grad()
            loss.backward()
            touched |= {key for key, p in model.named_parameters() if p.grad is not None and p.grad.abs().sum() > 0}
            optimizer.step()
        self.assertLess(rates[1], 0.99 * rates[0])
        trained = {key for key, _ in model.named_parameters() if not key.startswith(("analysis", "hyper_analysis"))}
        self.assertEqual(touched, trained)

    def test_contexts_only(self) -> None:
        """A step on contexts alone leaves the hyperprior without gradients; its rate is that of the whole loss."""
        model = perturbed()
        x, level = to_tensor(crops().batch(2, 64), CPU), torch.tensor([0.5, 2.0])
        torch.manual_seed(2)
        got = model.rate(x, level)
        torch.manual_seed(2)
        out = model(x, level)
        self.assertTrue(torch.allclose(got, out.bpp - out.bpp_z, rtol=1e-5))
        got.sum().backward()
        for name in model.networks:
            touched = any(p.grad is not None and p.grad.abs().sum() > 0 for p in getattr(model, name).parameters())
            self.assertEqual(touched, name not in HYPER, name)

    def test_nothing_depends_on_what_comes_later(self) -> None:
        """A change in a slice's pass leaves means and scales of that pass and of those before as they were."""
        model = perturbed()
        torch.manual_seed(1)
        y, base = 4 * torch.randn(1, 12, 5, 7), torch.randn(1, 24, 5, 7)
        here = anchors(5, 7) > 0
        with torch.no_grad():
            mean, log_sigma, _ = model.predict(y, base)
            for k, first in enumerate((0, 2, 4, 8)):
                for parity, mine in enumerate((here, ~here)):
                    other = y.clone()
                    end = first + model.slices[k]
                    other[:, first:end][:, :, mine] += 5
                    changed = model.predict(other, base)[:2]
                    for a, b in zip((mean, log_sigma), changed):
                        self.assertTrue(torch.equal(a[:, :first], b[:, :first]))
                        self.assertTrue(torch.equal(a[:, first:end][:, :, mine], b[:, first:end][:, :, mine]))
                        if parity == 0:
                            self.assertFalse(torch.equal(a[:, first:end][:, :, ~mine], b[:, first:end][:, :, ~mine]))

    def test_contexts_off(self) -> None:
        """Each switch changes what is predicted; without all, a slice knows nothing of others."""
        model = perturbed()
        y, base = 4 * torch.randn(1, 12, 6, 6), torch.randn(1, 24, 6, 6)
        with torch.no_grad():
            full = model.predict(y, base)[0]
            for name in CONTEXTS:
                model.off = frozenset([name])
                self.assertFalse(torch.equal(full, model.predict(y, base)[0]), name)
            model.off = frozenset(CONTEXTS)
            a, b = model.predict(y, base)[0], model.predict(y + 3, base)[0]
        self.assertTrue(torch.equal(a, b))

    def test_regions(self) -> None:
        self.assertEqual([tuple(r) for r in regions(33, 70)][:4], [(0, 16, 0, 23), (0, 16, 23, 46), (0, 16, 46, 70), (16, 33, 0, 23)])
        model = perturbed()
        y, base = 4 * torch.randn(1, 12, 20, 40), torch.randn(1, 24, 20, 40)
        with torch.no_grad():
            whole = model.predict(y, base)
            for a, b in zip(whole, model.region(y[..., :20], base[..., :20])):
                self.assertTrue(torch.allclose(a[..., :20], b, atol=1e-5))

    def test_refusals(self) -> None:
        with self.assertRaises(ValueError):
            contexts(12, (4, 4, 4), 8, 8)


class Integers(unittest.TestCase):
    def test_attention(self) -> None:
        """The integer form is the float one, rounded."""
        rng = np.random.default_rng(0)
        q, k, v = (rng.integers(-300, 300, (30, 32)) for _ in range(3))
        here = anchors(5, 6)
        guide = torch.from_numpy(np.concatenate([q, k], 1).T.reshape(1, 64, 5, 6) / 64).float()
        values = torch.from_numpy(v.T.reshape(1, 32, 5, 6) / 64).float()
        want = attention(guide, values, here)[0].flatten(1).t().numpy() * 64
        at = here.flatten().numpy() > 0
        got = mlic_emulator.attention(q, k[at], v[at], HEADS)
        self.assertLess(np.abs(got - want).max(), 0.51)
        none = mlic_emulator.attention(-np.abs(q), k[at], v[at], HEADS)
        self.assertTrue((none == 0).all())

    def test_reweight(self) -> None:
        x = np.array([[100, -100, 32767, 7]])
        np.testing.assert_array_equal(mlic_emulator.reweight(x, np.array([0, -2048, 9999, -9999])), [[100, -50, 32767, 0]])
        np.testing.assert_array_equal(mlic_emulator.means(np.array([[1, -1], [2, -2]])), [2, -1])

    def test_follows_the_float_model(self) -> None:
        """Means, scales and bits of the integer form, with all contexts and without."""
        model = perturbed()
        data = crops().batch(6, 64)
        tensors, metadata, networks = model_file(model, 7, data, data, {})
        self.assertEqual(json.loads(metadata["contexts"]), {"slices": [2, 2, 4, 4], "heads": HEADS})
        twin = described(metadata)
        self.assertEqual(twin.slices, model.slices)
        for off in (frozenset(), *(frozenset([name]) for name in CONTEXTS)):
            floats, coded = self.both(model, networks, data[0], off)
            ratio = coded[1] / floats[1]
            self.assertLess(abs(ratio - 1), 0.02, off)
            self.assertLess(np.abs(coded[0] / 64 - floats[0]).mean(), 0.05, off)

    def both(self, model: Mlic, networks: Dict, picture: np.ndarray, off: FrozenSet[str]) -> Tuple:
        """(means, bits) of both forms."""
        model.off = off
        with torch.no_grad():
            y = model.analysis(to_tensor(picture[None], CPU), torch.tensor([2.0]))
            z = model.hyper_analysis(y, torch.tensor([2.0])).round()
            mean, log_sigma, y_hat = model.predict(y, model.hyper_synthesis(z))
        at = [t[0].permute(1, 2, 0).numpy() for t in (y, z, mean, log_sigma, y_hat)]
        base = run(networks["hyper_synthesis"], at[1])
        whole = at[0].reshape(-1, 12)
        starts = np.cumsum([0, *model.slices])

        def code(k: int, positions: np.ndarray, means: np.ndarray, _scales: np.ndarray) -> np.ndarray:
            return np.floor(whole[positions, starts[k] : starts[k + 1]] - means / 64 + 0.5).astype(np.int64)

        got = Contexts(networks, model.slices, HEADS, off).region(base, code)
        grid = tables.sigma_grid()
        bits = [
            self.bits(np.rint(at[4] - at[2]), np.exp(at[3]).clip(0.11)),
            self.bits(got.symbols, grid[got.scales]),
        ]
        return (at[2], bits[0]), (got.means, bits[1])

    @staticmethod
    def bits(symbols: np.ndarray, sigma: np.ndarray) -> float:
        erfc = np.vectorize(math.erfc)
        v, half = np.abs(symbols), math.sqrt(0.5) / sigma
        return float(-np.log2(np.maximum(0.5 * (erfc((v - 0.5) * half) - erfc((v + 0.5) * half)), 1e-9)).sum())


if __name__ == "__main__":
    unittest.main()
