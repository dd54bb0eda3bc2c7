"""Architectures as data: lists of layers that torch (model.py) and Go (codecs/nn) build alike.

A layer is a dict with "op" and its numbers; one with weights has a "name", and its
tensors are called NAME.weight and so on. README.md lists every op and its tensors.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List

Layer = Dict[str, Any]
Layers = List[Layer]

SLOPE = 0.125  # of every LeakyReLU: a shift in the integer path


def unshuffle(factor: int) -> Layer:
    return {"op": "unshuffle", "factor": factor}


def shuffle(factor: int) -> Layer:
    return {"op": "shuffle", "factor": factor}


def conv(name: str, cin: int, cout: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> Layer:
    layer = {"op": "conv", "name": name, "in": cin, "out": cout, "kernel": kernel, "stride": stride, "pad": kernel // 2}
    if groups != 1:
        layer["groups"] = groups
    return layer


def deconv(name: str, cin: int, cout: int, kernel: int, stride: int) -> Layer:
    """Transposed convolution whose output is exactly stride times its input."""
    pad = (kernel - 1) // 2
    return {
        "op": "deconv", "name": name, "in": cin, "out": cout,
        "kernel": kernel, "stride": stride, "pad": pad, "out_pad": stride - kernel + 2 * pad,
    }  # fmt: skip


def linear(name: str, cin: int, cout: int) -> Layer:
    return {"op": "linear", "name": name, "in": cin, "out": cout}


def gdn(name: str, channels: int, inverse: bool = False, simple: bool = False) -> Layer:
    return {"op": "gdn", "name": name, "channels": channels, "inverse": inverse, "simple": simple}


def leaky() -> Layer:
    return {"op": "leaky_relu", "slope": SLOPE}


def activation(op: str) -> Layer:
    return {"op": op}


def layer_norm(name: str, channels: int) -> Layer:
    return {"op": "layer_norm", "name": name, "channels": channels, "eps": 1e-6}


def group_norm(name: str, channels: int, groups: int, region: int) -> Layer:
    return {"op": "group_norm", "name": name, "channels": channels, "groups": groups, "eps": 1e-5, "region": region}


def attention(name: str, channels: int, heads: int, window: int, shift: int = 0) -> Layer:
    return {"op": "window_attention", "name": name, "channels": channels, "heads": heads, "window": window, "shift": shift}


def upsample(mode: str, name: str = "") -> Layer:
    layer: Layer = {"op": "upsample", "mode": mode, "factor": 2}
    if name:
        layer["name"] = name
    return layer


def residual(*body: Layer) -> Layer:
    return {"op": "residual", "body": list(body)}


def modulate(name: str, channels: int) -> Layer:
    return {"op": "modulate", "name": name, "channels": channels}


def dwb(name: str, c: int) -> Layers:
    """Depthwise block of the kit: spatial mixing, then channel mixing, both residual."""
    return [
        residual(conv(name + ".in", c, c), leaky(), conv(name + ".depthwise", c, c, 3, groups=c), conv(name + ".out", c, c)),
        residual(conv(name + ".expand", c, 2 * c), leaky(), conv(name + ".contract", 2 * c, c)),
    ]


def blocks(name: str, c: int, n: int) -> Layers:
    """n depthwise blocks, with a modulation by the rate level in the middle."""
    out: Layers = []
    for i in range(n):
        out += dwb(f"{name}.{i}", c)
        if i == (n - 1) // 2:
            out.append(modulate(f"{name}.level", c))
    return out


def backbone_s8(c: int = 96, m: int = 128, n: int = 4) -> Dict[str, Layers]:
    """Analysis and synthesis on the 1/8-scale backbone, S8-c/m of the kit, n depthwise blocks each.

    The gain vectors of variable rate (Cui et al., CVPR 2021) are the modulations at the
    analysis' end and the synthesis' start: the latent is quantized between them.
    """
    analysis = [unshuffle(8), conv("analysis.stem", 192, c), *blocks("analysis", c, n)]
    analysis += [conv("analysis.head", c, m, 3, 2), modulate("analysis.gain", m)]
    synthesis = [modulate("synthesis.gain", m), conv("synthesis.head", m, 4 * c), shuffle(2), *blocks("synthesis", c, n)]
    synthesis += [conv("synthesis.stem", c, 192), shuffle(8)]
    return {"analysis": analysis, "synthesis": synthesis}


def hyperprior_s8(c: int = 96, m: int = 128, h: int = 64, z: int = 32, n: int = 4) -> Dict[str, Layers]:
    """Mean-scale hyperprior S8-c/m: the backbone and thin hyper-networks of width h for z channels."""
    hyper_analysis = [conv("hyper_analysis.0", m, h), leaky(), conv("hyper_analysis.1", h, h, 3, 2), leaky()]
    hyper_analysis += [conv("hyper_analysis.2", h, z, 3, 2)]
    hyper_synthesis = [conv("hyper_synthesis.0", z, 4 * h), shuffle(2), conv("hyper_synthesis.1", h, h, 3), leaky()]
    hyper_synthesis += [conv("hyper_synthesis.2", h, 4 * h), shuffle(2), leaky(), conv("hyper_synthesis.3", h, h, 3), leaky()]
    hyper_synthesis += [conv("hyper_synthesis.4", h, 2 * m)]
    return {**backbone_s8(c, m, n), "hyper_analysis": hyper_analysis, "hyper_synthesis": hyper_synthesis}


def hyperprior_gdn(n: int = 64, m: int = 128) -> Dict[str, Layers]:
    """The textbook network: 5x5 convolutions of stride 2 with GDN between them (Ballé et al., ICLR 2018),
    n channels wide, m in the latent, and the hyper-networks of its mean-scale version (Minnen et al., NeurIPS 2018)
    with gains at the latent alone."""
    analysis: Layers = []
    synthesis = [modulate("synthesis.gain", m), deconv("synthesis.head", m, n, 5, 2)]
    for i, cin in enumerate((3, n, n)):
        analysis += [conv(f"analysis.{i}", cin, n, 5, 2), gdn(f"analysis.{i}.gdn", n)]
        synthesis += [gdn(f"synthesis.{i}.gdn", n, inverse=True), deconv(f"synthesis.{i}", n, n if i < 2 else 3, 5, 2)]
    analysis += [conv("analysis.head", n, m, 5, 2), modulate("analysis.gain", m)]
    hyper_analysis = [conv("hyper_analysis.0", m, n, 3), leaky(), conv("hyper_analysis.1", n, n, 5, 2), leaky()]
    hyper_analysis += [conv("hyper_analysis.2", n, n, 5, 2)]
    hyper_synthesis = [deconv("hyper_synthesis.0", n, m, 5, 2), leaky(), deconv("hyper_synthesis.1", m, 3 * m // 2, 5, 2), leaky()]
    hyper_synthesis += [conv("hyper_synthesis.2", 3 * m // 2, 2 * m, 3)]
    return {"analysis": analysis, "synthesis": synthesis, "hyper_analysis": hyper_analysis, "hyper_synthesis": hyper_synthesis}


def last_named(layers: Layers) -> str:
    """The name of the last layer with weights."""
    return [layer["name"] for layer in layers if "name" in layer][-1]


def res(name: str, c: int) -> Layer:
    """Plain residual block of two 3x3 convolutions."""
    return residual(conv(name + ".0", c, c, 3), leaky(), conv(name + ".1", c, c, 3))


def tokenizer_s(dim: int) -> Dict[str, Layers]:
    """VQ tokenizer of size S: one code of dim numbers for 16 x 16 pixels; decoder widths 64, 48, 32, 16."""
    encoder = [unshuffle(4), conv("encoder.stem", 48, 32, 3), res("encoder.4", 32), conv("encoder.down8", 32, 48, 3, 2)]
    encoder += [res("encoder.8", 48), conv("encoder.down16", 48, 64, 3, 2), res("encoder.16", 64), conv("encoder.code", 64, dim)]
    decoder = [conv("decoder.code", dim, 64), res("decoder.16a", 64), res("decoder.16b", 64), conv("decoder.up8", 64, 192), shuffle(2)]
    decoder += [res("decoder.8", 48), conv("decoder.up4", 48, 128), shuffle(2), res("decoder.4a", 32), res("decoder.4b", 32)]
    decoder += [conv("decoder.up1", 32, 256), shuffle(4), leaky(), res("decoder.1", 16), conv("decoder.rgb", 16, 3, 3)]
    return {"encoder": encoder, "decoder": decoder}


def multiplications(layers: Layers) -> float:
    """Multiplications a position of the finest grid that layers touch, GDN's included: a coder's kMAC/pixel times 1000."""
    scale, finest, total = 1.0, 1.0, 0.0
    for layer in walk(layers):
        op, area = layer["op"], float(layer.get("stride", layer.get("factor", 1))) ** 2
        if op in ("conv", "linear"):
            scale /= area
            total += scale * layer["out"] * layer["in"] / layer.get("groups", 1) * layer.get("kernel", 1) ** 2
        elif op == "deconv":
            total += scale * layer["out"] * layer["in"] * layer["kernel"] ** 2
            scale *= area
        elif op == "gdn":
            total += scale * layer["channels"] ** 2
        elif op in ("shuffle", "unshuffle"):
            scale *= area if op == "shuffle" else 1 / area
        finest = max(finest, scale)
    return total / finest


def walk(layers: Layers) -> Iterator[Layer]:
    """Every layer, those inside residual branches too, in order of execution."""
    for layer in layers:
        yield layer
        if layer["op"] == "residual":
            yield from walk(layer["body"])
