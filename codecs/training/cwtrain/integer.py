"""Networks in integers: post-training quantization for what reaches probabilities.

The Go package codecs/nn/integer runs what is made here, and its package comment holds
the format; integer_emulator.py runs it in int64 and gives the same integers. Weights
have 8 bits with one scale an output channel, activations 16 with one scale a tensor,
sums 32, and requantisation is dyadic (He et al. 2022, arXiv:2202.07513).
numpy only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from .integer_rounding import round_weights
from .spec import SLOPE

PREFIX = "integer."  # of the tensors' names, beside the float ones in a model file
LIMIT = 1 << 31  # no sum reaches it
MAX_BITS, MIN_BITS = 15, 12  # of an activation's magnitude
MIN_SHIFT, MAX_SHIFT = 32, 62  # of requantisation
TABLE_BITS = 10  # logarithm of a table's intervals
EXP2_STEPS = 256  # softmax counts exponents in 1/256 of a power of two
MARGIN = 2.0  # ranges are widened by this: pictures differ from those that were measured

SCALE_LEVELS, SCALE_LOW, SCALE_HIGH = 64, 0.11, 256.0  # sigma grid, even in the logarithm
SCALE_FRACTION = 16  # parts of a step of the grid
MEAN_FRACTION = 64  # parts of a unit of the mean

FUNCTIONS: Dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "exp": np.exp,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "gelu": lambda x: x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2))),
}

Layer = Dict[str, Any]
Tensors = Dict[str, np.ndarray]


@dataclass
class Output:
    """Units of a network's last layer: integer = (float - offset) / scale, a channel each."""

    scale: np.ndarray
    offset: np.ndarray
    index_from: Optional[int] = None  # channels from here on become indices of the sigma grid

    @staticmethod
    def gaussian(channels: int) -> "Output":
        """Means in 1/64 and the natural logarithm of sigma in 1/16 steps of the grid."""
        step = math.log(SCALE_HIGH / SCALE_LOW) / (SCALE_LEVELS - 1)
        scale = np.repeat([1 / MEAN_FRACTION, step / SCALE_FRACTION], channels)
        return Output(scale, np.repeat([0.0, math.log(SCALE_LOW)], channels), channels)


@dataclass
class Calibration:
    """What was measured of a network's activations, by the layer's place (see quantize_network)."""

    ranges: Dict[str, float] = field(default_factory=dict)  # largest |output|
    moments: Dict[str, np.ndarray] = field(default_factory=dict)  # of convolutions' inputs: E[x x'] [groups, K, K]
    means: Dict[str, np.ndarray] = field(default_factory=dict)  # E[x] [groups, K], K = in/groups * kernel^2


@dataclass
class IntegerNetwork:
    """A network as it stands in a model file: description under the metadata key
    "integer", a JSON object of descriptions by name, and the tensors that it names."""

    description: Dict[str, Any]
    tensors: Tensors
    scale: Any  # of the output: a float, or one a channel


@dataclass
class _State:
    """What is known of the tensor between two layers."""

    scale: float
    bits: int


@dataclass
class _Builder:
    name: str
    calibration: Calibration
    margin: float
    tensors: Tensors = field(default_factory=dict)


def quantize_network(
    layers: Sequence[Layer],
    tensors: Mapping[str, np.ndarray],
    calibration: Union[Calibration, Mapping[str, float]],
    name: str,
    *,
    input_scale: float = 1.0,
    input_bits: int = MIN_BITS,
    output: Optional[Output] = None,
    margin: float = MARGIN,
) -> IntegerNetwork:
    """Integer form of a network that spec.py describes.

    calibration is what integer_emulator.calibrate measured, or just the largest |output|
    of each layer by its place: "0", "1", ... and "3.0", "3.1", ... inside the residual
    layer 3 ("3.body.0" means the same); weights are then rounded to the nearest, which loses more.
    The input has integers of up to 2^input_bits - 1 in units of input_scale; a
    hyperprior's z has 1. Without output, the result's scale tells the units.
    """
    if not isinstance(calibration, Calibration):
        calibration = Calibration({k.replace(".body", ""): float(v) for k, v in calibration.items()})
    layers = lower(layers, tensors)
    _round(layers, calibration, "")
    builder = _Builder(name, calibration, margin)
    state = _State(input_scale, input_bits)
    channels = _channels(layers)
    done, state, scale = _layers(builder, layers, "", state, output)
    if output is not None and output.index_from is not None:
        done.append({"op": "scale_index", "first": output.index_from, "levels": SCALE_LEVELS})
    description = {"input": {"channels": channels, "bits": input_bits}, "layers": done}
    return IntegerNetwork(description, builder.tensors, scale)


def lower(layers: Sequence[Layer], tensors: Mapping[str, np.ndarray]) -> List[Layer]:
    """The same layers with convolutions' tensors in place ("weight" [out, in/groups, k, k]
    and "bias" [out], float64), linear layers as convolutions, transposed convolutions as a
    convolution and a shuffle, and each layer's place in the spec ("at")."""
    out: List[Layer] = []
    for i, layer in enumerate(layers):
        layer = dict(layer, at=str(i))
        op = layer["op"]
        if op in ("conv", "linear", "deconv"):
            weight = np.asarray(tensors[layer["name"] + ".weight"], np.float64)
            bias = np.zeros(layer["out"])
            if layer.get("bias", True):
                bias = np.asarray(tensors[layer["name"] + ".bias"], np.float64)
            if op == "linear":
                layer.update(op="conv", kernel=1, stride=1, pad=0)
                weight = weight[:, :, None, None]
            layer.update(weight=weight, bias=bias)
            out += _transposed(layer) if op == "deconv" else [layer]
            continue
        if op == "residual":
            layer["body"] = lower(layer["body"], tensors)
        out.append(layer)
    return out


def _transposed(layer: Layer) -> List[Layer]:
    """ConvTranspose2d to s times the size: output s*j+f takes the input at j-d times the
    tap s*d+f+pad, so each phase f is a convolution, and a shuffle puts the phases together."""
    s, k, pad = layer["stride"], layer["kernel"], layer["pad"]
    if k - 2 * pad + layer["out_pad"] != s:
        raise ValueError(f"{layer['name']}: only transposed convolutions to exactly {s} times the size have an integer form")
    reach = max((s - 1 + pad) // s, (k - 1 - pad) // s)
    size = 2 * reach + 1
    weight = np.zeros((layer["out"], s, s, layer["in"], size, size))
    taps = [(f, d, s * d + f + pad) for f in range(s) for d in range(-reach, reach + 1) if 0 <= s * d + f + pad < k]
    for fy, dy, ky in taps:
        for fx, dx, kx in taps:
            weight[:, fy, fx, :, reach - dy, reach - dx] = layer["weight"][:, :, ky, kx].T
    conv = dict(layer, op="conv", kernel=size, stride=1, pad=reach, out=layer["out"] * s * s)
    conv.update(weight=weight.reshape(-1, layer["in"], size, size), bias=np.repeat(layer["bias"], s * s))
    return [conv, {"op": "shuffle", "factor": s, "at": layer["at"]}]


def _channels(layers: Sequence[Layer]) -> int:
    """Channels of a network's input: what its first convolution reads, shuffled back."""
    parts = 1.0
    for layer in layers:
        if layer["op"] == "residual":
            layer = next((inner for inner in layer["body"] if inner["op"] == "conv"), layer)
        if layer["op"] == "conv":
            return round(layer["in"] / parts)
        if layer["op"] in ("shuffle", "unshuffle"):
            parts *= float(layer["factor"]) ** (2 if layer["op"] == "unshuffle" else -2)
    raise ValueError("a network without a convolution")


def _convolutions(layers: Sequence[Layer]) -> List[Layer]:
    """Convolutions that read the tensor before layers, in its own scale."""
    found: List[Layer] = []
    for layer in layers:
        if layer["op"] == "conv":
            return found + [layer]
        if layer["op"] == "residual":
            return found + _convolutions(layer["body"])
        if layer["op"] not in ("shuffle", "unshuffle", "relu", "leaky_relu"):
            break
    return found


def _layers(b: _Builder, layers: Sequence[Layer], path: str, state: _State, output: Optional[Output]) -> Tuple[List[Layer], _State, Any]:
    """Integer layers, the state behind them and the scale of their output, whose units may
    be given."""
    done: List[Layer] = []
    scale: Any = state.scale
    for i, layer in enumerate(layers):
        rest = layers[i + 1 :]
        at = path + layer["at"]
        last = output if i == len(layers) - 1 else None
        op = layer["op"]
        if op == "conv":
            quantized, state = _conv(b, layer, at, state, rest, last)
            done.append(quantized)
        elif op == "residual":
            body, inner, _ = _layers(b, layer["body"], at + ".", state, None)
            quantized, state = _sum(b, at, state, inner, rest)
            done.append(dict(quantized, body=body))
        elif op in ("shuffle", "unshuffle"):
            done.append({"op": op, "factor": layer["factor"]})
        elif op == "relu" or (op == "leaky_relu" and layer["slope"] == SLOPE):
            done.append({"op": op})
        elif op == "softmax":
            quantized, state = _softmax(layer, state)
            done.append(quantized)
        elif op in FUNCTIONS:
            quantized, state = _table(b, op, at, state, rest)
            done.append(quantized)
        else:
            raise ValueError(f"layer {at} of {b.name}: {op} has no integer form")
        scale = state.scale
        if last is not None:
            if op != "conv":
                raise ValueError(f"the last layer of {b.name} is {op}: only a convolution's output has given units")
            scale = last.scale
    return done, state, scale


def _conv(b: _Builder, layer: Layer, at: str, state: _State, rest: Sequence[Layer], output: Optional[Output]) -> Tuple[Layer, _State]:
    weight, step, bias = _integers(layer, state.scale, layer["bias"] - (0.0 if output is None else output.offset))
    if output is None:
        after = _narrowed(b, at, rest)
        after.scale = max(after.scale, 2.01 * step.max() * state.scale)  # the most that a multiplier can do
        scale = np.full(layer["out"], after.scale)
    else:
        after, scale = _State(0.0, MAX_BITS), np.asarray(output.scale, np.float64)
    if not _fits(weight, bias, state.bits):
        raise ValueError(f"layer {at} of {b.name}: sums may reach 2^31 with inputs of {state.bits} bits")
    multiplier, shift = _dyadic(step * state.scale / scale, f"layer {at} of {b.name}")
    name = PREFIX + layer["name"]
    b.tensors.update({name + ".weight": weight, name + ".bias": bias, name + ".multiplier": multiplier})
    keys = ("in", "out", "kernel", "stride", "pad", "groups")
    return dict({k: layer[k] for k in keys if k in layer}, op="conv", name=name, shift=shift, bits=after.bits), after


def _round(layers: Sequence[Layer], calibration: Calibration, path: str) -> None:
    """Puts into every convolution its weights in 8 bits ("rounded"), what one step of them
    is worth in each output channel ("step"), and what to add to the bias ("correction")."""
    for layer in layers:
        at = path + layer["at"]
        if layer["op"] == "residual":
            _round(layer["body"], calibration, at + ".")
        if layer["op"] != "conv":
            continue
        groups = layer.get("groups", 1)
        flat = layer["weight"].reshape(layer["out"], -1)
        step = np.maximum(np.abs(flat).max(1) / 127, 1e-12)
        moments, means = (m.get(at, [None] * groups) for m in (calibration.moments, calibration.means))
        parts = zip(np.split(flat, groups), np.split(step, groups), moments, means)
        rounded = [round_weights(*part) for part in parts]
        layer.update(step=step, rounded=np.concatenate([r for r, _ in rounded]), correction=np.concatenate([c for _, c in rounded]))


def _integers(layer: Layer, input_scale: float, bias: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights, what one of their steps is worth in each output channel, and the bias in
    steps of the sum. Where the bias is large against the weights, steps grow with it."""
    step = np.maximum(layer["step"], np.abs(bias) / input_scale / (LIMIT // 2))
    natural = step == layer["step"]
    flat = layer["weight"].reshape(layer["out"], -1)
    weight = np.where(natural[:, None], layer["rounded"], np.rint(flat / step[:, None])).astype(np.int8)
    bias = np.rint((bias + natural * layer["correction"]) / (step * input_scale))
    return weight.reshape(layer["weight"].shape), step, bias.astype(np.int32)


def _fits(weight: np.ndarray, bias: np.ndarray, bits: int) -> bool:
    sums = np.abs(weight.astype(np.int64)).reshape(len(weight), -1).sum(1)
    return bool(np.all(sums * ((1 << bits) - 1) + np.abs(bias.astype(np.int64)) < LIMIT))


def _narrowed(b: _Builder, at: str, rest: Sequence[Layer]) -> _State:
    """Scale and bits of the output of layer at: the most bits at which no sum of the
    convolutions that read it can overflow."""
    return _most_bits(b, at, b.calibration.ranges[at] * b.margin, rest)


def _most_bits(b: _Builder, at: str, reach: float, rest: Sequence[Layer]) -> _State:
    reach = max(reach, 1e-6)
    for bits in range(MAX_BITS, MIN_BITS - 1, -1):
        scale = reach / ((1 << bits) - 1)
        readers = (_integers(layer, scale, layer["bias"]) for layer in _convolutions(rest))
        if all(_fits(weight, bias, bits) for weight, _, bias in readers):
            return _State(scale, bits)
    raise ValueError(f"layer {at} of {b.name}: even {MIN_BITS} bits overflow the next layer's sums")


def _dyadic(factor: np.ndarray, where: str) -> Tuple[np.ndarray, int]:
    """Multipliers below 2^31 and one shift with factor = multiplier / 2^shift."""
    shift = min(MAX_SHIFT, math.floor(math.log2((LIMIT - 1) / factor.max())))
    if shift < MIN_SHIFT:
        raise ValueError(f"{where}: output is {factor.max():.3g} times finer than the sums, at most 0.5 is possible")
    return np.rint(factor * 2.0**shift).astype(np.int32), shift


def _sum(b: _Builder, at: str, outer: _State, inner: _State, rest: Sequence[Layer]) -> Tuple[Layer, _State]:
    after = _narrowed(b, at, rest)
    for shift in range(30, -1, -1):
        factors = [round(s.scale / after.scale * 2**shift) for s in (outer, inner)]
        largest = sum(f * ((1 << s.bits) - 1) for f, s in zip(factors, (outer, inner))) + (1 << shift >> 1)
        if max(factors) < 1 << 15 and largest < LIMIT:
            return {"op": "residual", "factors": factors, "shift": shift, "bits": after.bits}, after
    raise ValueError(f"layer {at} of {b.name}: the two sides' scales are too far from the sum's")


def _table(b: _Builder, op: str, at: str, state: _State, rest: Sequence[Layer]) -> Tuple[Layer, _State]:
    """A function at even steps over the input's range; what lies between is interpolated."""
    x = np.linspace(-1, 1, (1 << TABLE_BITS) + 1) * (1 << state.bits) * state.scale
    y = FUNCTIONS[op](x)
    reach = min(float(np.abs(y).max()), b.calibration.ranges[at] * b.margin)  # exp grows beyond use
    after = _most_bits(b, at, reach, rest)
    name = f"{PREFIX}{b.name}.{at}.table"
    bound = (1 << after.bits) - 1
    b.tensors[name] = np.clip(np.rint(y / after.scale), -bound, bound).astype(np.int16)
    return {"op": "table", "name": name, "in_bits": state.bits, "bits": after.bits}, after


def _softmax(layer: Layer, state: _State) -> Tuple[Layer, _State]:
    factor = np.array([state.scale * EXP2_STEPS / math.log(2)])
    shift = min(MAX_SHIFT - 16, math.floor(math.log2((LIMIT - 1) / factor[0])))
    if shift < 1:
        raise ValueError("softmax of activations in too large steps")
    multiplier = int(np.rint(factor[0] * 2.0**shift))
    quantized = {"op": "softmax", "groups": layer.get("groups", 1), "multiplier": multiplier, "shift": shift}
    return quantized, _State(1 / ((1 << MAX_BITS) - 1), MAX_BITS)
