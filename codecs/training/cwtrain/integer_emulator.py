"""Runs networks in int64, as integer.py makes them, and in float64, as spec.py describes
them: the first gives exactly what Go gives, the second measures ranges and losses.
numpy only; tensors are [H, W, C].
"""

from __future__ import annotations

from typing import Callable, Iterable, Mapping, Sequence

import numpy as np

from .integer import EXP2_STEPS, FUNCTIONS, Calibration, IntegerNetwork, Layer, lower

EXP2 = np.rint(2.0 ** (30 - np.arange(EXP2_STEPS) / EXP2_STEPS)).astype(np.int64)


def run(network: IntegerNetwork, x: np.ndarray) -> np.ndarray:
    """Output of an integer network for integers [H, W, C]."""
    bound = (1 << network.description["input"]["bits"]) - 1
    return _run(network.description["layers"], network.tensors, np.clip(x.astype(np.int64), -bound, bound))


def _run(layers: Sequence[Layer], tensors: Mapping[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    for layer in layers:
        op = layer["op"]
        if op == "residual":
            first, second = layer["factors"]
            body = _run(layer["body"], tensors, x)
            x = _clamp((x * first + body * second + (1 << layer["shift"] >> 1)) >> layer["shift"], layer)
        elif op == "conv":
            x = _convolve(layer, tensors, x)
        elif op == "table":
            x = _interpolate(layer, tensors[layer["name"]].astype(np.int64), x)
        elif op == "softmax":
            x = _softmax(layer, x)
        elif op == "scale_index":
            first = layer["first"]
            x = np.concatenate([x[..., :first], np.clip((x[..., first:] + 8) >> 4, 0, layer["levels"] - 1)], -1)
        elif op == "relu":
            x = np.maximum(x, 0)
        elif op == "leaky_relu":
            x = np.maximum(x, (x + 4) >> 3)
        else:
            x = _rearrange(layer, x)
    return x


def _clamp(x: np.ndarray, layer: Layer) -> np.ndarray:
    bound = (1 << layer["bits"]) - 1
    return np.clip(x, -bound, bound)


def _convolve(layer: Layer, tensors: Mapping[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    weight, bias, multiplier = (tensors[f"{layer['name']}.{part}"].astype(np.int64) for part in ("weight", "bias", "multiplier"))
    sums = convolution(layer, weight, x) + bias
    if np.abs(sums).max() >= 1 << 31:
        raise OverflowError(f"{layer['name']}: a sum leaves 32 bits")
    return _clamp((sums * multiplier + (1 << (layer["shift"] - 1))) >> layer["shift"], layer)


def windows(layer: Layer, x: np.ndarray) -> np.ndarray:
    """What a convolution's output positions see: [H', W', groups, in/groups * kernel^2]."""
    k, s, p = layer["kernel"], layer["stride"], layer["pad"]
    x = np.pad(x, ((p, p), (p, p), (0, 0)))
    seen = np.lib.stride_tricks.sliding_window_view(x, (k, k), (0, 1))[::s, ::s]
    return seen.reshape(*seen.shape[:2], layer.get("groups", 1), -1)


def convolution(layer: Layer, weight: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Products of a convolution without its bias, in the type of weight and x."""
    seen = windows(layer, x)
    height, width, groups, k = seen.shape
    seen = seen.reshape(-1, groups, k).transpose(1, 0, 2)
    sums = seen @ weight.reshape(groups, -1, k).transpose(0, 2, 1)
    return sums.transpose(1, 0, 2).reshape(height, width, -1)


def _interpolate(layer: Layer, table: np.ndarray, x: np.ndarray) -> np.ndarray:
    shift = layer["in_bits"] + 1 - (len(table) - 1).bit_length() + 1  # the table has 2^b + 1 entries
    at = x + (1 << layer["in_bits"])
    low = table[at >> shift]
    return low + (((table[(at >> shift) + 1] - low) * (at & ((1 << shift) - 1)) + (1 << shift >> 1)) >> shift)


def _softmax(layer: Layer, x: np.ndarray) -> np.ndarray:
    grouped = x.reshape(*x.shape[:2], layer["groups"], -1)
    below = grouped.max(-1, keepdims=True) - grouped
    steps = (below * layer["multiplier"] + (1 << (layer["shift"] - 1))) >> layer["shift"]
    power = EXP2[steps % EXP2_STEPS] >> np.minimum(steps // EXP2_STEPS, 31)
    total = power.sum(-1, keepdims=True)
    return ((power * 32767 + (total >> 1)) // total).reshape(x.shape)


def _rearrange(layer: Layer, x: np.ndarray) -> np.ndarray:
    """Pixel-shuffle and unshuffle with torch's order of channels."""
    f, (h, w, c) = layer["factor"], x.shape
    if layer["op"] == "shuffle":
        return x.reshape(h, w, c // f**2, f, f).transpose(0, 3, 1, 4, 2).reshape(h * f, w * f, -1)
    return x.reshape(h // f, f, w // f, f, c).transpose(0, 2, 4, 1, 3).reshape(h // f, w // f, -1)


Watch = Callable[[str, Layer, np.ndarray, np.ndarray], None]  # place, layer, input, output


def run_float(layers: Sequence[Layer], tensors: Mapping[str, np.ndarray], x: np.ndarray) -> np.ndarray:
    """Output of the float network, in float64."""
    return _run_float(lower(layers, tensors), "", x.astype(np.float64), lambda *_: None)


def calibrate(layers: Sequence[Layer], tensors: Mapping[str, np.ndarray], inputs: Iterable[np.ndarray]) -> Calibration:
    """Measures a network's activations over some inputs, for quantize_network."""
    lowered, found, counts = lower(layers, tensors), Calibration(), {}  # type: ignore[var-annotated]

    def watch(at: str, layer: Layer, x: np.ndarray, y: np.ndarray) -> None:
        found.ranges[at] = max(found.ranges.get(at, 0.0), float(np.abs(y).max()))
        if layer["op"] == "conv":
            seen = windows(layer, x)
            seen = seen.reshape(-1, *seen.shape[2:]).transpose(1, 0, 2)
            found.moments[at] = found.moments.get(at, 0.0) + seen.transpose(0, 2, 1) @ seen
            found.means[at] = found.means.get(at, 0.0) + seen.sum(1)
            counts[at] = counts.get(at, 0) + seen.shape[1]

    for x in inputs:
        _run_float(lowered, "", np.asarray(x, np.float64), watch)
    for at, n in counts.items():
        found.moments[at], found.means[at] = found.moments[at] / n, found.means[at] / n
    return found


def _run_float(layers: Sequence[Layer], path: str, x: np.ndarray, watch: Watch) -> np.ndarray:
    for layer in layers:
        at = path + layer["at"]
        y = x + _run_float(layer["body"], at + ".", x, watch) if layer["op"] == "residual" else _float_layer(layer, x)
        watch(at, layer, x, y)
        x = y
    return x


def _float_layer(layer: Layer, x: np.ndarray) -> np.ndarray:
    op = layer["op"]
    if op == "conv":
        return convolution(layer, layer["weight"], x) + layer["bias"]
    if op == "relu":
        return np.maximum(x, 0)
    if op == "leaky_relu":
        return np.maximum(x, layer["slope"] * x)
    if op == "softmax":
        grouped = x.reshape(*x.shape[:2], layer.get("groups", 1), -1)
        power = np.exp(grouped - grouped.max(-1, keepdims=True))
        return (power / power.sum(-1, keepdims=True)).reshape(x.shape)
    if op in FUNCTIONS:
        return FUNCTIONS[op](x)
    if op in ("shuffle", "unshuffle"):
        return _rearrange(layer, x)
    raise ValueError(f"{op} has no integer form")
