"""VQ tokenizer: encoder, quantizer, decoder, and the task of training them."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .data import to_tensor
from .evaluate import psnr
from .model import Network, zero_branches
from .perceptual import gradients, ms_ssim
from .quantizers import Quantized, Quantizer, usage
from .spec import Layers
from .trainer import Task
from .transform import PEAK

ADVERSARIAL_FROM = 0.5  # of the run
ADVERSARIAL_WEIGHT, ADVERSARIAL_MOST = 0.1, 10.0


class Tokenizer(nn.Module):
    """Pictures are samples minus 0.5; their sides multiples of 16."""

    def __init__(self, specs: Dict[str, Layers], quantizer: Quantizer):
        super().__init__()
        self.specs = specs
        self.encoder, self.decoder = Network(specs["encoder"]), Network(specs["decoder"])
        self.quantizer = quantizer
        zero_branches(self)

    def forward(self, x: Tensor) -> Tuple[Tensor, Quantized]:
        q = self.quantizer(self.encoder(x))
        return self.decoder(q.values), q


class Discriminator(nn.Sequential):
    """Says for patches of some 30 pixels whether they are real (positive)."""

    def __init__(self, width: int = 32):
        layers: List[nn.Module] = []
        channels = 3
        for i in range(3):
            layers += [nn.Conv2d(channels, width << i, 4, 2, 1), nn.LeakyReLU(0.2)]
            channels = width << i
        super().__init__(*layers, nn.Conv2d(channels, 1, 3, 1, 1))


class TokenizerTask(Task):
    """L1, 1 - MS-SSIM, oriented gradients, codebook; from half of the run on a hinge discriminator, if wanted."""

    def __init__(self, model: Tokenizer, pictures: np.ndarray, device: torch.device, adversarial: bool):
        self.model, self.pictures, self.device, self.adversarial = model, pictures, device, adversarial
        self.judge = Discriminator().to(device)
        self.judge_optimizer = torch.optim.Adam(self.judge.parameters(), lr=2e-4, betas=(0.5, 0.9))
        self.output = torch.empty(0)

    def loss(self, x: Tensor, phase: str, progress: float) -> Dict[str, Tensor]:
        y, q = self.model(x)
        y = y.float()
        a, b = y + 0.5, x + 0.5
        l1, structure, edges = (a - b).abs().mean(), 1 - ms_ssim(a, b), gradients(a, b)
        total = l1 + structure + edges
        fooled = x.new_zeros(())
        if self.adversarial and progress >= ADVERSARIAL_FROM:
            fooled = -self.judge(y).mean()
            total = total + self.balance(total, fooled) * fooled
        self.output = y.detach()
        return {
            "loss": total + q.loss.float(), "l1": l1, "ms_ssim": 1 - structure, "edges": edges,
            "codebook": q.loss, "fooled": fooled, "mse": (a - b).square().mean() * PEAK**2,
        }  # fmt: skip

    def balance(self, picture: Tensor, fooled: Tensor) -> Tensor:
        """Ratio of the two losses' gradients at the last layer (Esser et al., CVPR 2021), bounded."""
        last = self.model.decoder.find("decoder.rgb").weight
        a, b = (torch.autograd.grad(t, last, retain_graph=True)[0].norm() for t in (picture, fooled))
        return (ADVERSARIAL_WEIGHT * a / (b + 1e-6)).clamp(0, ADVERSARIAL_MOST).detach()

    def after_step(self, x: Tensor, phase: str, progress: float) -> Dict[str, Tensor]:
        loss = x.new_zeros(())
        if self.adversarial and progress >= ADVERSARIAL_FROM:
            self.judge_optimizer.zero_grad(set_to_none=True)
            loss = F.relu(1 - self.judge(x)).mean() + F.relu(1 + self.judge(self.output)).mean()
            loss.backward()
            self.judge_optimizer.step()
        return {"judge": loss}

    def freeze(self) -> None:
        self.model.encoder.requires_grad_(False)
        self.model.quantizer.requires_grad_(False)
        self.model.quantizer.eval()

    def state(self) -> Dict[str, Any]:
        return {"judge": self.judge.state_dict(), "judge_optimizer": self.judge_optimizer.state_dict()}

    def restore(self, state: Dict[str, Any]) -> None:
        self.judge.load_state_dict(state["judge"])
        self.judge_optimizer.load_state_dict(state["judge_optimizer"])

    @torch.no_grad()
    def validate(self) -> Dict[str, float]:
        quantizer, training = self.model.quantizer, self.model.quantizer.training
        quantizer.eval()
        errors, structures, indices, lengths, distances = [], [], [], [], []
        for picture in self.pictures:
            x = to_tensor(picture[None], self.device)
            z = self.model.encoder(x)
            q = quantizer(z)
            y = self.model.decoder(q.values)
            errors.append(float((((y + 0.5).clamp(0, 1) - x - 0.5) * PEAK).square().mean()))
            structures.append(float(ms_ssim((y + 0.5).clamp(0, 1), x + 0.5)))
            indices.append(q.index.flatten())
            lengths.append((float(z.norm(dim=1).mean()), float(q.values.norm(dim=1).mean())))
            distances.append(float((z - q.values).square().sum(1).mean()))
        quantizer.train(training)
        u = usage(torch.cat(indices), quantizer.codes)
        z_length, e_length = np.mean(lengths, 0)
        return {
            "psnr": float(psnr(np.array(errors)).mean()), "ms_ssim": float(np.mean(structures)), "perplexity": u.perplexity,
            "used": float(u.used), "largest_share": u.largest, "distance": float(np.mean(distances)),
            "length_ratio": float(z_length / max(e_length, 1e-9)),
        }  # fmt: skip
