"""Runs CompressAI's bmshj2018-hyperprior (N 128, M 192) on request, entropy coding included.

The argument is a file of 768 x 512 RGB pixels, 8 bits each. First line out: JSON with the versions, the number of
weights, the bytes of the picture's file and the thousands of products a pixel of both sides. Then, for each line in,
"THREADS CLOCK RUNS" with the clock "wall" or "processor", a line with the seconds of the fastest encode and of the
fastest decode.
"""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import compressai  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from compressai.layers import GDN  # noqa: E402
from compressai.zoo import bmshj2018_hyperprior  # noqa: E402

WIDTH, HEIGHT = 768, 512
CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}


def with_latents(net: torch.nn.Module, x: torch.Tensor) -> torch.nn.Module:
    """Untrained weights make latents of nearly 0, which cost next to nothing to code. This gives y the deviations of a
    trained model at about 0.5 bits a pixel, falling with the channel, and has the hyper-decoder predict just them;
    what it computes for that stays as it is."""
    y = net.g_a(x)
    m = y.shape[1]
    want = 6 * torch.exp(-torch.arange(m) / 16)
    last, scales = net.g_a[-1], net.h_s[-2]
    gain = want / y.std((0, 2, 3))
    last.weight.mul_(gain[:, None, None, None])
    last.bias.copy_((last.bias - y.mean((0, 2, 3))) * gain)
    scales.weight.zero_()
    scales.bias.copy_(want)
    return net


def products(run: object, *parts: torch.nn.Module) -> float:
    """Thousands of multiplications a pixel of convolutions and GDN in these parts of a network, while something runs."""
    total = 0

    def count(layer: torch.nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        nonlocal total
        if isinstance(layer, GDN):
            total += layer.gamma.numel() * output[0, 0].numel()
        else:
            positions = inputs[0] if isinstance(layer, torch.nn.ConvTranspose2d) else output
            total += layer.weight.numel() * positions[0, 0].numel()

    kinds = (torch.nn.Conv2d, torch.nn.ConvTranspose2d, GDN)
    hooks = [m.register_forward_hook(count) for part in parts for m in part.modules() if isinstance(m, kinds)]
    run()
    for hook in hooks:
        hook.remove()
    return total / (WIDTH * HEIGHT) / 1e3


def codec(pixels: np.ndarray) -> tuple:
    """Functions that encode and decode; the file's parts are what the first returns."""
    torch.manual_seed(1)
    net = bmshj2018_hyperprior(quality=3, pretrained=False).eval()
    x = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
    net = with_latents(net, x)
    net.update()

    def encode() -> dict:
        return net.compress(torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255)

    def decode(file: dict) -> np.ndarray:
        out = net.decompress(file["strings"], file["shape"])["x_hat"]
        return (out[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()

    return net, encode, decode


def main() -> None:
    pixels = np.fromfile(sys.argv[1], np.uint8).reshape(HEIGHT, WIDTH, 3)
    net, encode, decode = codec(pixels)
    file = encode()
    about = {
        "name": f"CompressAI {compressai.__version__} bmshj2018-hyperprior, torch {torch.__version__}",
        "weights": sum(p.numel() for p in net.parameters()),
        "bytes": sum(len(part[0]) for part in file["strings"]),
        "encode": products(encode, net.g_a, net.h_a, net.h_s),
        "decode": products(lambda: decode(file), net.g_s, net.h_s),
    }
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        threads, clock, runs = line.split()
        torch.set_num_threads(int(threads))
        now, best = CLOCKS[clock], [float("inf")] * 2
        for _ in range(int(runs)):
            start = now()
            file = encode()
            middle = now()
            decode(file)
            best = [min(best[0], middle - start), min(best[1], now() - middle)]
        print(*best, flush=True)


with torch.no_grad():
    main()
