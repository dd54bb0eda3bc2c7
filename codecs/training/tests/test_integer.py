"""Networks in integers: python3 -m unittest tests.test_integer, from codecs/training (numpy only)."""

import json
import os
import sys
import unittest
from typing import Dict, Tuple

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from cwtrain import safetensors, spec  # noqa: E402
from cwtrain.integer import LIMIT, Output, quantize_network  # noqa: E402
from cwtrain.integer_emulator import calibrate, run, run_float  # noqa: E402
from cwtrain.integer_rounding import round_weights  # noqa: E402
from make_integer_vectors import networks, spec_channels, weights  # noqa: E402

TORCH = os.path.join(ROOT, "..", "nn", "testdata")


def smooth(rng: np.random.Generator, h: int, w: int, c: int) -> np.ndarray:
    """Integers whose neighbours and channels are alike, as hyper-latents' are."""
    x = rng.normal(0, 6, (h + 2, w + 2, c)) @ rng.normal(0, 1 / np.sqrt(c), (c, c))
    return np.rint(sum(x[i : i + h, j : j + w] for i in range(3) for j in range(3)) / 3)


class Float(unittest.TestCase):
    """The float network that measures ranges and losses is torch's."""

    def test_torch_vectors(self) -> None:
        tensors, metadata = safetensors.read(os.path.join(TORCH, "ops.safetensors"))
        vectors, _ = safetensors.read(os.path.join(TORCH, "ops-vectors.safetensors"))
        specs, seen = json.loads(metadata["networks"]), 0
        for key in vectors:
            if not key.endswith("/in"):
                continue
            name = key.split("/")[0]
            try:
                got = run_float(specs[name], tensors, vectors[key])
            except ValueError as e:
                self.assertIn("integer form", str(e))
                continue
            want = vectors[key[:-2] + "out"]
            np.testing.assert_allclose(got, want, atol=1e-3 * max(np.abs(want).max(), 1e-3), err_msg=key)
            seen += 1
        self.assertGreater(seen, 40)


class Quantization(unittest.TestCase):
    def test_every_operation_is_close(self) -> None:
        rng = np.random.default_rng(1)
        for name, layers in networks().items():
            source = weights(rng, layers)
            channels = 3 if name == "unshuffle" else spec_channels(layers)
            x = smooth(rng, 12, 14, channels)
            network = quantize_network(layers, source, calibrate(layers, source, [x / 4]), name, input_scale=1 / 4)
            got, want = run(network, x) * network.scale, run_float(layers, source, x / 4)
            error = np.sqrt(np.mean((got - want) ** 2) / np.mean(want**2))
            self.assertLess(error, 0.03, name)

    def test_hyper_synthesis(self) -> None:
        """Means and indices are near the float network's, nearer with measured moments than without."""
        rng = np.random.default_rng(2)
        layers = spec.hyperprior_s8(32, 16, 24, 12)["hyper_synthesis"]
        source = {k: v * 0.6 for k, v in weights(rng, layers).items()}
        z = [smooth(rng, 12, 10, 12) for _ in range(6)]
        found = calibrate(layers, source, z[1:])
        want = run_float(layers, source, z[0])
        index = np.clip(np.rint((want[..., 16:] - np.log(0.11)) / (np.log(256 / 0.11) / 63)), 0, 63)
        losses = []
        for calibration in (found.ranges, found):
            got = run(quantize_network(layers, source, calibration, "h", output=Output.gaussian(16)), z[0])
            self.assertLessEqual(np.abs(got[..., 16:] - index).max(), 3)
            losses.append(np.mean((got[..., :16] / 64 - want[..., :16]) ** 2) / np.mean(want[..., :16] ** 2))
        self.assertLess(losses[0], 1e-3)
        self.assertLess(losses[1], 0.7 * losses[0])

    def test_ranges_narrow_until_sums_fit(self) -> None:
        layers, source = self.wide(2000)
        network = quantize_network(layers, source, {"0": 4.0, "1": 8000.0}, "n")
        first, second = network.description["layers"]
        self.assertEqual(first["bits"], 13)  # 127 * 2000 * (2^14 - 1) is above 2^31
        sums = np.abs(network.tensors[second["name"] + ".weight"].astype(np.int64)).sum((1, 2, 3))
        self.assertTrue(np.all(sums * (2 ** first["bits"] - 1) < LIMIT))
        with self.assertRaisesRegex(ValueError, "overflow"):
            quantize_network(*self.wide(8000), {"0": 4.0, "1": 32000.0}, "n")

    @staticmethod
    def wide(n: int) -> Tuple[spec.Layers, Dict[str, np.ndarray]]:
        """Two 1x1 convolutions of weights 1 with n channels between them."""
        source = {"a.weight": np.ones((n, 4, 1, 1)), "a.bias": np.zeros(n), "b.weight": np.ones((4, n, 1, 1)), "b.bias": np.zeros(4)}
        return [spec.conv("a", 4, n), spec.conv("b", n, 4)], source

    def test_weights_near_zero(self) -> None:
        """At a training's start the last layer is a bias alone; it must come out exact."""
        layers = [spec.conv("a", 3, 8)]
        sigma = np.linspace(-1.5, 4, 4)
        source = {"a.weight": np.full((8, 3, 1, 1), 1e-9), "a.bias": np.concatenate([[0.5, -3, 100, 0], sigma])}
        network = quantize_network(layers, source, {"0": 100.0}, "n", output=Output.gaussian(4))
        got = run(network, np.zeros((1, 1, 3)))[0, 0]
        np.testing.assert_array_equal(got[:4], [32, -192, 6400, 0])
        np.testing.assert_array_equal(got[4:], np.rint((sigma - np.log(0.11)) / (np.log(256 / 0.11) / 63)))

    def test_refusals(self) -> None:
        one = {"a.weight": np.ones((3, 3, 1, 1)), "a.bias": np.zeros(3)}
        for layers in ([spec.conv("a", 3, 3), spec.gdn("g", 3)], [spec.conv("a", 3, 3), {"op": "leaky_relu", "slope": 0.1}]):
            with self.assertRaisesRegex(ValueError, "no integer form"):
                quantize_network(layers, one, {"0": 1.0}, "n")
        with self.assertRaisesRegex(ValueError, "given units"):
            quantize_network([spec.conv("a", 3, 3), spec.leaky()], one, {"0": 1.0}, "n", output=Output.gaussian(1))


class Rounding(unittest.TestCase):
    def test_feedback(self) -> None:
        """Outputs on other inputs of the same kind are better than those of plain rounding."""
        rng = np.random.default_rng(3)
        mix = rng.normal(size=(40, 40)) * np.exp(rng.normal(size=40))
        x, other = rng.normal(1, 1, (2000, 40)) @ mix, rng.normal(1, 1, (2000, 40)) @ mix
        w = rng.normal(size=(16, 40))
        step = np.abs(w).max(1) / 127
        errors = []
        for moments, mean in ((None, None), (x.T @ x / len(x), x.mean(0))):
            q, correction = round_weights(w, step, moments, mean)
            self.assertLessEqual(np.abs(q).max(), 127)
            errors.append(np.mean((other @ (q * step[:, None]).T + correction - other @ w.T) ** 2))
        self.assertLess(errors[1], 0.3 * errors[0])


if __name__ == "__main__":
    unittest.main()
