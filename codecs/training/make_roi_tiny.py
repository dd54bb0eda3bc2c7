#!/usr/bin/env python3
"""Made tiny.safetensors in testdata of codecs/roi, from a tiny hyperprior and made-up pictures.

    python3 make_roi_tiny.py ../hyperprior/testdata/tiny.safetensors ../roi/testdata/tiny.safetensors
"""

from __future__ import annotations

import argparse

import torch

from cwtrain import roi_prior, safetensors
from cwtrain.export import model_file
from cwtrain.roi import opened
from make_tiny import Scenes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hyperprior")
    parser.add_argument("out")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, total = opened(args.hyperprior)
    model.eval()
    scenes = Scenes(2)
    tensors, metadata, _ = model_file(model, total, scenes.batch(64, 128), Scenes(3).batch(16, 128), {"data": "made-up scenes"})
    found = roi_prior.fit(roi_prior.counts(model, scenes.batch(32, 128)))
    tensors.update(roi_prior.tensors(found))
    print(f"betas {found.betas} of channels {found.shape.tolist()}")
    print(f"{args.out}: {len(safetensors.write(args.out, tensors, metadata))} bytes")


if __name__ == "__main__":
    main()
