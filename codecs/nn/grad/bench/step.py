"""A training step of the hyperprior S8-96/128 (8 crops of 128 x 128, forward, backward,
clipping, Adam) in Go and in PyTorch, turn about on the same number of threads.

    python3 codecs/nn/grad/bench/step.py [--turns 5] [--threads 2]

Run it at the repository's root, with a Python that has torch. Prints the fastest step of
each in ms, and their ratio.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

PACKAGE = "./codecs/nn/grad"


def torch_step(threads):
    try:
        import torch
    except ImportError:
        print("no comparison: this Python has no torch (pip install torch)")
        sys.exit()
    sys.path.insert(0, "codecs/training")
    from cwtrain import spec
    from cwtrain.hyperprior import Hyperprior, rate_distortion

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = Hyperprior(spec.hyperprior_s8(), 0.002, 0.05, 8)
    adam = torch.optim.Adam(model.parameters(), lr=1e-4)
    x = torch.rand(8, 3, 128, 128) - 0.5
    level = torch.full((8,), 3.0)

    def step():
        adam.zero_grad()
        rate_distortion(model, x, level).total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()

    return torch.__version__, step


def fastest(step, seconds):
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - start)
    return 1e3 * best


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    o = parser.parse_args()
    version, step = torch_step(o.threads)
    fastest(step, 1)
    with tempfile.TemporaryDirectory() as folder:
        binary = os.path.join(folder, "grad.test")
        subprocess.run(["go", "test", "-c", "-o", binary, PACKAGE], check=True)
        command = [binary, "-test.run", "^$", "-test.bench", "HyperpriorStep", "-test.benchtime", "1x", "-test.count", "8"]
        environment = dict(os.environ, GOMAXPROCS=str(o.threads))
        ours = theirs = float("inf")
        for _ in range(o.turns):
            out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=PACKAGE).stdout
            ours = min([ours] + [float(ns) / 1e6 for ns in re.findall(r"([\d.]+) ns/op", out)])
            theirs = min(theirs, fastest(step, 2))
    print(f"ours {ours:.0f} ms, torch {version} {theirs:.0f} ms, {o.threads} threads: ratio {theirs / ours:.2f} (above 1: ours is faster)")


if __name__ == "__main__":
    main()
