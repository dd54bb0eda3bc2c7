"""Training photographs: tar packs, decoded once, cut into random crops.

A pack folder has manifest.csv (columns pack, file, split, ...) and the tar files it
names. The decoded pixels are cached outside the repository as one flat uint8 file,
which several processes map at once.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tarfile
from typing import Dict, List, Tuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor


def cache_folder() -> str:
    base = os.environ.get("XDG_CACHE_HOME", os.path.join(os.path.expanduser("~"), ".cache"))
    return os.path.join(base, "codecworkbench")


class Photos:
    """Decoded RGB photographs of one split, uint8 HWC, all in one array."""

    def __init__(self, pixels: np.ndarray, shapes: np.ndarray):
        self.pixels, self.shapes = pixels, shapes
        self.starts = np.concatenate([[0], np.cumsum(shapes.prod(1) * 3)[:-1]])

    def __len__(self) -> int:
        return len(self.shapes)

    def __getitem__(self, i: int) -> np.ndarray:
        h, w = self.shapes[i]
        start = self.starts[i]
        return self.pixels[start : start + h * w * 3].reshape(h, w, 3)

    @staticmethod
    def load(folder: str, split: str, cache: str = "") -> Photos:
        """Reads a split ("train" or "val") from the cache, or decodes it into the cache."""
        manifest = os.path.join(folder, "manifest.csv")
        with open(manifest, "rb") as f:
            key = hashlib.sha256(f.read()).hexdigest()[:12]
        base = os.path.join(cache or cache_folder(), f"photos-{key}-{split}")
        if not os.path.exists(base + ".shapes.npy"):
            os.makedirs(os.path.dirname(base), exist_ok=True)
            decode(folder, split, base)
        return Photos(np.load(base + ".pixels.npy", mmap_mode="r"), np.load(base + ".shapes.npy"))


def members(folder: str, split: str) -> Dict[str, List[str]]:
    """Files of a split, by pack."""
    out: Dict[str, List[str]] = {}
    with open(os.path.join(folder, "manifest.csv"), newline="") as f:
        for row in csv.DictReader(f):
            if row["split"] == split:
                out.setdefault(row["pack"], []).append(row["file"])
    return out


def decode(folder: str, split: str, base: str) -> None:
    """Writes BASE.pixels.npy and, last, BASE.shapes.npy; both appear whole or not at all."""
    shapes: List[Tuple[int, int]] = []
    parts: List[np.ndarray] = []
    for pack, files in sorted(members(folder, split).items()):
        with tarfile.open(os.path.join(folder, pack)) as tar:
            for file in files:
                entry = tar.extractfile(file)
                if entry is None:
                    raise ValueError(f"{pack}: {file} is no plain file")
                image = np.asarray(Image.open(io.BytesIO(entry.read())).convert("RGB"))
                shapes.append(image.shape[:2])
                parts.append(image.reshape(-1))
    for name, array in (("pixels", np.concatenate(parts)), ("shapes", np.array(shapes, np.int64))):
        part = f"{base}.{name}.{os.getpid()}.npy"
        np.save(part, array)
        os.replace(part, f"{base}.{name}.npy")


class Crops:
    """Random square crops at any offset, half of them mirrored; every crop position is equally likely."""

    def __init__(self, photos: Photos, seed: int = 0):
        self.photos = photos
        self.random = torch.Generator().manual_seed(seed)

    def batch(self, count: int, side: int) -> np.ndarray:
        """count crops as uint8 [count, side, side, 3]."""
        room = np.maximum(self.photos.shapes - side + 1, 0).prod(1)
        if not room.any():
            raise ValueError(f"no photograph has {side} x {side} pixels")
        ends = np.cumsum(room)
        out = np.empty((count, side, side, 3), np.uint8)
        draws = torch.randint(int(ends[-1]), (count,), generator=self.random).tolist()
        mirror = torch.randint(2, (count,), generator=self.random).tolist()
        for k, at in enumerate(draws):
            i = int(np.searchsorted(ends, at, side="right"))
            y, x = divmod(at - int(ends[i] - room[i]), int(self.photos.shapes[i, 1]) - side + 1)
            crop = self.photos[i][y : y + side, x : x + side]
            out[k] = crop[:, ::-1] if mirror[k] else crop
        return out


def to_tensor(crops: np.ndarray, device: torch.device) -> Tensor:
    """uint8 NHWC -> float NCHW, 0..1 minus 0.5, in channels-last memory."""
    t = torch.from_numpy(np.ascontiguousarray(crops))
    if device.type == "cuda":
        t = t.pin_memory().to(device, non_blocking=True)
    return t.permute(0, 3, 1, 2).float().div_(255).sub_(0.5)


def centre_crops(photos: Photos, side: int, limit: int = 0) -> np.ndarray:
    """One crop from the middle of each photograph that is large enough, uint8 [n, side, side, 3]."""
    out = []
    for i in range(len(photos)):
        h, w = photos.shapes[i]
        if h >= side and w >= side:
            y, x = (h - side) // 2, (w - side) // 2
            out.append(photos[i][y : y + side, x : x + side])
    return np.stack(out[:limit] if limit else out)
