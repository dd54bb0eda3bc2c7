"""One metric of a Python package on a pair of files; prints CPU and wall seconds and the value.

Usage: peer.py ssim|flip REF DIST. Decoding is left out.
"""

import sys
import time

import numpy as np
from PIL import Image

metric, ref, dist = sys.argv[1:]
pair = [np.asarray(Image.open(p).convert("RGB")) for p in (ref, dist)]
if metric == "ssim":
    from skimage.metrics import structural_similarity

    pair = [p @ np.array([0.299, 0.587, 0.114]) for p in pair]

    def run():
        return structural_similarity(*pair, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255)
else:
    from flip_evaluator import evaluate

    pair = [p.astype(np.float32) / 255 for p in pair]

    def run():
        return evaluate(*pair, "LDR", applyMagma=False)[1]


best = None
for _ in range(2):
    cpu, wall = time.process_time(), time.perf_counter()
    value = run()
    took = time.process_time() - cpu, time.perf_counter() - wall
    best = min(best or took, took)
print(*best, float(value))
