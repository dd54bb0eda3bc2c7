"""Model files: safetensors with string metadata (numpy only)."""

from __future__ import annotations

import json
import os
from typing import Dict, Tuple

import numpy as np

DTYPES = {
    "F32": np.float32, "F16": np.float16, "I32": np.int32, "I16": np.int16,
    "I8": np.int8, "U32": np.uint32, "U16": np.uint16, "U8": np.uint8,
}  # fmt: skip
NAMES = {np.dtype(t): name for name, t in DTYPES.items()}
MAX_BYTES = 16 << 20  # no file of the repository is larger


def pack(tensors: Dict[str, np.ndarray], metadata: Dict[str, str]) -> bytes:
    """The file's bytes: header length, JSON header, tensors in the order of their names."""
    header: Dict[str, object] = {}
    if metadata:
        header["__metadata__"] = dict(sorted(metadata.items()))
    parts, offset = [], 0
    for name in sorted(tensors):
        t = np.asarray(tensors[name], order="C")
        if t.dtype not in NAMES:
            raise TypeError(f"{name}: {t.dtype} has no place in a model file")
        header[name] = {"dtype": NAMES[t.dtype], "shape": list(t.shape), "data_offsets": [offset, offset + t.nbytes]}
        parts.append(t.astype(t.dtype.newbyteorder("<"), copy=False).tobytes())
        offset += t.nbytes
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def write(path: str, tensors: Dict[str, np.ndarray], metadata: Dict[str, str]) -> bytes:
    """Writes a file whole or not at all, and returns its bytes."""
    data = pack(tensors, metadata)
    if len(data) >= MAX_BYTES:
        raise ValueError(f"{path}: {len(data)} bytes; split models below 16 MiB")
    part = path + ".part"
    with open(part, "wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())
    os.replace(part, path)
    return data


def read(path: str) -> Tuple[Dict[str, np.ndarray], Dict[str, str]]:
    """Tensors and metadata of a file."""
    with open(path, "rb") as f:
        data = f.read()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__", {})
    body = memoryview(data)[8 + size :]
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        dtype = np.dtype(DTYPES[entry["dtype"]]).newbyteorder("<")
        tensors[name] = np.frombuffer(body[start:end], dtype).reshape(entry["shape"]).astype(dtype.newbyteorder("="))
    return tensors, metadata
