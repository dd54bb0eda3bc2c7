import os
import tempfile
import unittest

import numpy as np
import torch
from torch.nn import functional as F

from cwtrain import fit, klt, layers, spec, teacher
from cwtrain.data import to_tensor
from cwtrain.export import save_weights
from cwtrain.hyperprior import Hyperprior
from cwtrain.start import opened, start
from tests.support import crops, tiny_model

CPU = torch.device("cpu")


def student() -> Hyperprior:
    torch.manual_seed(1)
    return Hyperprior(spec.hyperprior_gdn(8, 12), 0.002, 0.05, 3, "hyperprior-gdn")


def trained() -> Hyperprior:
    """A teacher whose latents and predictions are no longer those of its start."""
    model = tiny_model()
    start(model, crops(), 1)
    with torch.no_grad():
        for p in model.parameters():
            p.add_(0.05 * p.std() * torch.randn_like(p) if p.numel() > 1 else 0)
        model.hyper_analysis.find("hyper_analysis.2").weight.mul_(8)  # a z that says something
        model.hyper_synthesis.find("hyper_synthesis.4").weight[:12].mul_(40)
    return model.eval()


def pictures(count: int, seed: int = 0) -> torch.Tensor:
    return to_tensor(crops(seed).batch(count, 64), CPU)


class Fit(unittest.TestCase):
    def test_finds_the_convolution(self) -> None:
        torch.manual_seed(0)
        x = torch.randn(40, 3, 12, 10)
        for op in ("conv", "deconv"):
            layer = spec.conv("a", 3, 5, 5, 2) if op == "conv" else spec.deconv("a", 3, 5, 5, 2)
            kind = layers.Conv if op == "conv" else layers.Deconv
            want, got = kind(layer), kind(layer)
            with torch.no_grad():
                want.bias.copy_(torch.randn(5))
            {"conv": fit.fit_conv, "deconv": fit.fit_deconv}[op](got, x, want(x, None))
            self.assertTrue(torch.allclose(got.weight, want.weight, atol=0.01), op)
            self.assertTrue(torch.allclose(got.bias, want.bias, atol=0.01), op)


class Strided(unittest.TestCase):
    def test_components_go_through(self) -> None:
        """With as many channels as numbers, the start of the textbook network loses next to nothing."""
        torch.manual_seed(0)
        model = Hyperprior(spec.hyperprior_gdn(64, 256), 0.002, 0.05, 3, "hyperprior-gdn")
        x = pictures(8)
        stages = klt.start_strided(model, x)
        self.assertEqual([tuple(s.shape[1:]) for s in stages], [(64, 8, 8), (48, 16, 16), (12, 32, 32), (3, 64, 64)])
        with torch.no_grad():
            y = model.analysis(x, torch.ones(8))
            error = (model.synthesis(y, torch.ones(8)) - x).square().mean()
        self.assertLess(error.item(), 0.2 * x.var().item())
        self.assertGreater(y.std().item(), 0.5)


class Teacher(unittest.TestCase):
    def test_hyper_networks_are_the_teachers(self) -> None:
        tutor, model = trained(), student()
        x, level = pictures(16), torch.ones(16)
        teacher.start(model, tutor, x)
        t = teacher.lesson(tutor, x, level)
        with torch.no_grad():
            z, want = model.hyper_analysis(t.y), tutor.hyper_analysis(t.y)
            mean = model.hyper_synthesis(z.round())[:, :12]
        self.assertTrue(torch.allclose(z[:, :4], want, atol=1e-4))
        self.assertEqual(z[:, 4:].abs().max().item(), 0)
        self.assertTrue(torch.equal(model.prior.mean[:, :4], tutor.prior.mean))
        self.assertLess(model.prior.bits(torch.zeros(1, 8, 1, 1), torch.ones(1))[:, 4:].max().item(), 1e-2)
        self.assertGreater(t.mean.var().item(), 0.01)
        self.assertLess((mean - t.mean).var().item(), 0.1 * t.mean.var().item())

    def test_places_linear_maps(self) -> None:
        """Where the picture's edge is far, an upsampling 3x3 convolution is the transposed 5x5 convolution that it becomes."""
        torch.manual_seed(0)
        up, mix = layers.Conv(spec.conv("u", 4, 16)), layers.Conv(spec.conv("m", 4, 6, 3))
        layer = layers.Deconv(spec.deconv("d", 5, 8, 5, 2))
        with torch.no_grad():
            up.bias.copy_(torch.randn(4).repeat_interleave(4))
            self.assertEqual(teacher.place_linear(layer, 2, 4, lambda v: mix(F.pixel_shuffle(up(v, None), 2), None)), 8)
            x = torch.randn(1, 5, 6, 6)
            want, got = mix(F.pixel_shuffle(up(x[:, :4], None), 2), None), layer(x, None)
        self.assertTrue(torch.allclose(got[:, 2:, 2:-2, 2:-2], want[:, :, 2:-2, 2:-2], atol=1e-5))

    def test_imitation_learns(self) -> None:
        tutor, model = trained(), student()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "t.safetensors")
            save_weights(path, tutor, 9)
            tutor = opened(path, model)
        teacher.start(model, tutor, pictures(16))
        optimizer, losses = torch.optim.Adam(model.parameters(), 1e-3), []
        for i in range(40):
            loss = teacher.imitation(model, tutor, pictures(2, i), torch.rand(2) * 2).total
            optimizer.zero_grad()
            loss.backward()
            self.assertTrue(all(p.grad is not None for p in model.parameters()) and all(p.grad is None for p in tutor.parameters()))
            optimizer.step()
            losses.append(loss.item())
        self.assertLess(np.mean(losses[-10:]), np.mean(losses[:10]))


if __name__ == "__main__":
    unittest.main()
