"""One torch module per op of spec.py. Tensors inside torch are NCHW."""

from __future__ import annotations

from typing import Dict, Optional

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .spec import Layer

Tensors = Dict[str, Tensor]


class Op(nn.Module):
    """A layer. Its weights in a model file are what tensors() returns; load() takes them back."""

    name = ""

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        raise NotImplementedError

    def tensors(self) -> Tensors:
        return {f"{self.name}.{key}": p for key, p in self.named_parameters(recurse=False)}

    @torch.no_grad()
    def load(self, tensors: Tensors) -> None:
        for key, p in self.named_parameters(recurse=False):
            p.copy_(tensors[f"{self.name}.{key}"].reshape(p.shape))


class Shuffle(Op):
    """Pixel (un)shuffle: channel c*f*f + dy*f + dx of the small side is c at (dy, dx) of the large."""

    def __init__(self, spec: Layer, down: bool):
        super().__init__()
        self.factor, self.down = spec["factor"], down

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        return F.pixel_unshuffle(x, self.factor) if self.down else F.pixel_shuffle(x, self.factor)


class Conv(Op):
    def __init__(self, spec: Layer):
        super().__init__()
        cin, cout, k = spec["in"], spec["out"], spec.get("kernel", 1)
        self.stride, self.pad, self.groups = spec.get("stride", 1), spec.get("pad", 0), spec.get("groups", 1)
        self.flat = spec["op"] == "linear"
        self.weight = nn.Parameter(torch.empty(cout, cin // self.groups, k, k))
        self.bias = nn.Parameter(torch.zeros(cout)) if spec.get("bias", True) else None
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        return F.conv2d(x, self.weight, self.bias, self.stride, self.pad, 1, self.groups)

    def tensors(self) -> Tensors:
        out = super().tensors()
        if self.flat:
            out[f"{self.name}.weight"] = self.weight[:, :, 0, 0]
        return out


class Deconv(Op):
    def __init__(self, spec: Layer):
        super().__init__()
        k = spec["kernel"]
        self.stride, self.pad, self.out_pad = spec["stride"], spec["pad"], spec["out_pad"]
        self.weight = nn.Parameter(torch.empty(spec["in"], spec["out"], k, k))
        self.bias = nn.Parameter(torch.zeros(spec["out"])) if spec.get("bias", True) else None
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        return F.conv_transpose2d(x, self.weight, self.bias, self.stride, self.pad, self.out_pad)


class GDN(Op):
    """Generalised divisive normalisation (Ballé et al., ICLR 2016) and GDN1 ("simple").

    Both parameters are squares, so that they stay non-negative; model files hold the squares.
    """

    def __init__(self, spec: Layer):
        super().__init__()
        c = spec["channels"]
        self.inverse, self.simple = spec.get("inverse", False), spec.get("simple", False)
        self.beta = nn.Parameter(torch.ones(c))
        self.gamma = nn.Parameter((0.1 * torch.eye(c) + 1e-4).sqrt())

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        power = x.abs() if self.simple else x * x
        norm = F.conv2d(power, (self.gamma**2)[:, :, None, None], self.beta**2 + 1e-6)
        if not self.simple:
            norm = norm.sqrt()
        return x * norm if self.inverse else x / norm

    def tensors(self) -> Tensors:
        return {f"{self.name}.beta": self.beta**2 + 1e-6, f"{self.name}.gamma": self.gamma**2}

    @torch.no_grad()
    def load(self, tensors: Tensors) -> None:
        self.beta.copy_((tensors[f"{self.name}.beta"] - 1e-6).clamp_min(0).sqrt())
        self.gamma.copy_(tensors[f"{self.name}.gamma"].clamp_min(0).sqrt())


class Activation(Op):
    def __init__(self, spec: Layer, inplace: bool):
        super().__init__()
        self.op, self.slope, self.inplace = spec["op"], spec.get("slope", 0.0), inplace

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        if self.op == "leaky_relu":
            return F.leaky_relu(x, self.slope, self.inplace)
        if self.op == "relu":
            return F.relu(x, self.inplace)
        return {"gelu": F.gelu, "silu": F.silu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}[self.op](x)


class LayerNorm(Op):
    """Over the channels of each position."""

    def __init__(self, spec: Layer):
        super().__init__()
        self.eps = spec["eps"]
        self.weight, self.bias = nn.Parameter(torch.ones(spec["channels"])), nn.Parameter(torch.zeros(spec["channels"]))

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        y = F.layer_norm(x.permute(0, 2, 3, 1), self.weight.shape, self.weight, self.bias, self.eps)
        return y.permute(0, 3, 1, 2)


class GroupNorm(Op):
    """Statistics over blocks of region x region positions from (0, 0); those at the far edges are smaller."""

    def __init__(self, spec: Layer):
        super().__init__()
        self.groups, self.eps, self.region = spec["groups"], spec["eps"], spec["region"]
        self.weight, self.bias = nn.Parameter(torch.ones(spec["channels"])), nn.Parameter(torch.zeros(spec["channels"]))

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        r, (h, w) = self.region, x.shape[2:]
        if h <= r and w <= r:
            return F.group_norm(x, self.groups, self.weight, self.bias, self.eps)
        rows = [
            torch.cat([F.group_norm(b, self.groups, self.weight, self.bias, self.eps) for b in row.split(r, 3)], 3) for row in x.split(r, 2)
        ]
        return torch.cat(rows, 2)


class WindowAttention(Op):
    """Swin attention inside windows that start at -shift; only positions inside the grid take part."""

    def __init__(self, spec: Layer):
        super().__init__()
        c, w = spec["channels"], spec["window"]
        self.heads, self.window, self.shift = spec["heads"], w, spec.get("shift", 0)
        self.qkv, self.proj = nn.Linear(c, 3 * c), nn.Linear(c, c)
        self.position = nn.Parameter(0.02 * torch.randn((2 * w - 1) ** 2, self.heads))
        at = torch.stack(torch.meshgrid(torch.arange(w), torch.arange(w), indexing="ij")).flatten(1)
        offset = at[:, :, None] - at[:, None, :] + w - 1  # query minus key
        self.register_buffer("index", offset[0] * (2 * w - 1) + offset[1], persistent=False)

    def windows(self, x: Tensor) -> Tensor:
        """NHWC -> [N, windows, w*w, C]; the sides are multiples of the window."""
        n, h, wd, c = x.shape
        w = self.window
        return x.view(n, h // w, w, wd // w, w, c).transpose(2, 3).reshape(n, -1, w * w, c)

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        n, c, h, wd = x.shape
        w, s, d = self.window, self.shift, c // self.heads
        pad = (s, -(wd + s) % w, s, -(h + s) % w)
        exists = self.windows(F.pad(x.new_ones(1, 1, h, wd), pad).permute(0, 2, 3, 1))[..., 0] > 0
        padded = F.pad(x, pad).permute(0, 2, 3, 1)
        t = self.windows(padded)
        q, k, v = self.qkv(t).view(n, t.shape[1], w * w, 3, self.heads, d).permute(3, 0, 1, 4, 2, 5)
        score = (q * d**-0.5) @ k.transpose(-1, -2) + self.position[self.index].permute(2, 0, 1)
        # Windows without any position inside the grid would be 0/0: a low finite score instead.
        score = score.masked_fill(~exists[:, :, None, None, :], -1e9)
        y = self.proj((score.softmax(-1) @ v).transpose(2, 3).reshape(n, -1, w * w, c))
        ph, pw = padded.shape[1:3]
        y = y.view(n, ph // w, pw // w, w, w, c).transpose(2, 3).reshape(n, ph, pw, c)
        return y[:, s : s + h, s : s + wd].permute(0, 3, 1, 2)

    def tensors(self) -> Tensors:
        names = {"qkv.weight": self.qkv.weight, "qkv.bias": self.qkv.bias, "proj.weight": self.proj.weight}
        names.update({"proj.bias": self.proj.bias, "position": self.position})
        return {f"{self.name}.{key}": t for key, t in names.items()}

    @torch.no_grad()
    def load(self, tensors: Tensors) -> None:
        for key, p in self.tensors().items():
            p.copy_(tensors[key])


class Upsample(Op):
    """x2. "separable": y[o] = sum_i x[i] w[o + t - 1 - 2i] along each axis, w of 2t symmetric taps, edges replicated."""

    def __init__(self, spec: Layer):
        super().__init__()
        self.mode = spec["mode"]
        if self.mode == "separable":
            # Cubic convolution (a = -1/2) at the phases 1/4 and 3/4.
            self.taps = nn.Parameter(torch.tensor([-3.0, -9.0, 29.0, 111.0]) / 128)

    def filter(self) -> Tensor:
        return torch.cat([self.taps, self.taps.flip(0)])

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        if self.mode == "nearest":
            return F.interpolate(x, scale_factor=2, mode="nearest")
        if self.mode == "bilinear":
            return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        w, c = self.filter(), x.shape[1]
        t = len(w) // 2
        y = F.pad(x, (t, t, t, t), mode="replicate")
        y = F.conv_transpose2d(y, w.view(1, 1, -1, 1).expand(c, 1, -1, 1), stride=(2, 1), groups=c)
        y = F.conv_transpose2d(y, w.view(1, 1, 1, -1).expand(c, 1, 1, -1), stride=(1, 2), groups=c)
        start = 3 * t - 1  # 2t for the padding, t - 1 for the filter's centre
        return y[:, :, start : start + 2 * x.shape[2], start : start + 2 * x.shape[3]]

    def tensors(self) -> Tensors:
        return {f"{self.name}.weight": self.filter()} if self.mode == "separable" else {}

    @torch.no_grad()
    def load(self, tensors: Tensors) -> None:
        if self.mode == "separable":
            self.taps.copy_(tensors[f"{self.name}.weight"][: len(self.taps)])


class Modulate(Op):
    """Scale per channel by a real-valued level, between whole levels by geometric interpolation."""

    def __init__(self, spec: Layer, levels: int):
        super().__init__()
        self.log_scale = nn.Parameter(torch.zeros(levels, spec["channels"]))

    def forward(self, x: Tensor, level: Optional[Tensor]) -> Tensor:
        """level has one number an image, 0 to levels-1, or a map of such, [N, h, w], whose sides divide those of x;
        others are clamped."""
        top = len(self.log_scale) - 1
        if level is None:
            raise ValueError(f"{self.name}: this network needs a level")
        at = level.clamp(0, top)
        low = at.floor().clamp(max=max(top - 1, 0)).long()
        part = (at - low)[..., None]
        mixed = torch.lerp(self.log_scale[low], self.log_scale[(low + 1).clamp(max=top)], part)
        if level.dim() == 1:
            return x * mixed.exp()[:, :, None, None]
        return x * F.interpolate(mixed.exp().permute(0, 3, 1, 2), size=x.shape[2:], mode="nearest")

    def tensors(self) -> Tensors:
        return {f"{self.name}.scale": self.log_scale.exp()}

    @torch.no_grad()
    def load(self, tensors: Tensors) -> None:
        self.log_scale.copy_(tensors[f"{self.name}.scale"].log())
