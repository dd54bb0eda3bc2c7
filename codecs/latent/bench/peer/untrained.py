"""Writes models of the codecs that ship none yet, with the right layers and untrained weights:

    python3 untrained.py TRAINING HYPERPRIOR FOLDER CODEC/SIZE...

TRAINING is codecs/training and HYPERPRIOR the model file that mlic lies on. A transform starts from principal
components of made-up pictures, so that latents are not empty.
"""

import os
import sys

sys.path.insert(0, sys.argv[1])

import torch  # noqa: E402
from cwtrain import mlic_export, safetensors  # noqa: E402
from cwtrain.catalogue import KINDS, SPECS  # noqa: E402
from cwtrain.export import model_file  # noqa: E402
from cwtrain.mlic import on_hyperprior  # noqa: E402
from cwtrain.start import start  # noqa: E402
from make_tiny import Scenes  # noqa: E402

torch.set_num_threads(1)
LOW, HIGH, LEVELS = 0.0018, 0.05, 8  # lambdas


def main() -> None:
    hyperprior, folder, names = sys.argv[2], sys.argv[3], sys.argv[4:]
    torch.manual_seed(1)
    for name in names:
        codec, size = name.split("/")
        if codec == "mlic":
            model = on_hyperprior(hyperprior)[0].eval()
            export = mlic_export.model_file
        else:
            model = KINDS[codec](SPECS[codec, size](), LOW, HIGH, LEVELS, codec).eval()
            start(model, Scenes(1), 4)
            export = model_file
        counting, ranging = Scenes(2).batch(4, 128), Scenes(3).batch(1, 64)
        tensors, metadata, _ = export(model, 0, counting, ranging, {"data": "made-up scenes"})
        os.makedirs(os.path.join(folder, codec), exist_ok=True)
        safetensors.write(os.path.join(folder, codec, size + ".safetensors"), tensors, metadata)


main()
