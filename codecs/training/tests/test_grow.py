import unittest

import numpy as np
import torch

from cwtrain import grow, spec
from cwtrain.data import to_tensor
from cwtrain.export import model_file
from cwtrain.hyperprior import Hyperprior
from cwtrain.start import start
from cwtrain.transform import rate_distortion
from tests.support import crops, tiny_model

CPU = torch.device("cpu")


def seed() -> Hyperprior:
    """A small network that has had some steps, or its branches would all be zero."""
    model = tiny_model()
    start(model, crops(), 1)
    with torch.no_grad():
        model.hyper_analysis.find("hyper_analysis.2").weight.mul_(8)  # a z that says something
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for i in range(10):
        step(model, optimizer, i)
    return model


def step(model: Hyperprior, optimizer: torch.optim.Optimizer, i: int) -> float:
    loss = rate_distortion(model, to_tensor(crops(i).batch(2, 64), CPU), torch.rand(2) * 2).total
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def grown(small: Hyperprior) -> Hyperprior:
    torch.manual_seed(3)
    model = Hyperprior(spec.hyperprior_s8(16, 20, 12, 6, 5), 0.002, 0.05, 3)
    grow.start(model, small, to_tensor(crops().batch(32, 64), CPU))
    return model


class Grow(unittest.TestCase):
    def test_counterparts(self) -> None:
        """Two halves of two blocks become three and two, or three and three."""
        names = [f"analysis.{i}.in" for i in range(6)]
        went = [names[0], names[1], "", names[2], names[3]]
        self.assertEqual([grow.counterpart(n, 6, 4) for n in names], [*went, ""])
        self.assertEqual([grow.counterpart(n, 5, 4) for n in names[:5]], went)
        self.assertEqual(grow.counterpart("analysis.level", 6, 4), "analysis.level")
        self.assertEqual(grow.counterpart("hyper_analysis.1", 0, 0), "hyper_analysis.1")

    def test_is_the_small_one_at_first(self) -> None:
        small = seed()
        model = grown(small)
        x, level = to_tensor(crops(8).batch(6, 64), CPU), torch.tensor([0.0, 0.4, 1.0, 1.0, 1.7, 2.0])
        with torch.no_grad():
            y, old = model.analysis(x, level), small.analysis(x, level)
            got, want = model(x, level, True), small(x, level, True)
        self.assertTrue(torch.allclose(y[:, :12], old, atol=1e-4))
        self.assertEqual(y[:, 12:].round().abs().max().item(), 0)
        self.assertGreater(y[:, 12:].abs().max().item(), 0.01)
        self.assertTrue(torch.allclose(got.picture, want.picture, atol=1e-5))
        self.assertLess((got.bpp / want.bpp - 1).abs().max().item(), 2e-3)

    def test_in_some_directions(self) -> None:
        """Deeper alone and wider alone are the small network too; latents need a wider backbone."""
        small = seed()
        x, level = to_tensor(crops(8).batch(2, 64), CPU), torch.tensor([0.3, 1.6])
        with torch.no_grad():
            want = small(x, level, True)
        for sizes in ((8, 12, 8, 4, 4), (16, 12, 8, 4, 2)):
            model = Hyperprior(spec.hyperprior_s8(*sizes), 0.002, 0.05, 3)
            grow.start(model, small, to_tensor(crops().batch(2, 64), CPU))
            with torch.no_grad():
                got = model(x, level, True)
            self.assertTrue(torch.allclose(got.picture, want.picture, atol=1e-5) and torch.allclose(got.bpp, want.bpp, rtol=1e-3), sizes)
        with self.assertRaises(ValueError):
            grow.start(Hyperprior(spec.hyperprior_s8(8, 16, 8, 4, 2), 0.002, 0.05, 3), small, x)

    def test_everything_learns(self) -> None:
        """Within three steps, every output of every layer has a gradient, and a file can be made."""
        model = grown(seed())
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        reached = {}
        for i in range(3):
            step(model, optimizer, i)
            for name, p in model.named_parameters():
                if p.dim() > 1:
                    there = p.grad.abs().flatten(1).sum(1) > 0
                    reached[name] = reached.get(name, there) | there
        self.assertEqual([name for name, there in reached.items() if not there.all()], [])
        data = crops().batch(4, 64)
        tensors, _, network = model_file(model.eval(), 3, data, data, {})
        self.assertIsNotNone(network)
        self.assertEqual(tensors["z.table"].shape, (3 * 6, 4))

    def test_learns_as_well_as_the_small_one(self) -> None:
        torch.manual_seed(0)
        losses = {}
        for name, model in (("small", seed()), ("grown", grown(seed()))):
            optimizer = torch.optim.Adam(model.parameters(), 1e-3)
            losses[name] = np.mean([step(model, optimizer, i) for i in range(40)][-15:])
        self.assertLess(losses["grown"], 1.05 * losses["small"])


if __name__ == "__main__":
    unittest.main()
