"""CSV logs that survive a kill: a row is written at once, a resumed run appends."""

from __future__ import annotations

import csv
import hashlib
import os
from typing import Dict, List, Sequence


class CSVLog:
    def __init__(self, path: str, columns: Sequence[str]):
        self.path, self.columns = path, list(columns)
        if os.path.exists(path):
            with open(path) as f:
                self.columns = f.readline().rstrip("\n").split(",")
        else:
            self._append(self.columns)

    def write(self, row: Dict[str, object]) -> None:
        self._append([format_value(row.get(c, "")) for c in self.columns])

    def _append(self, row: List[str]) -> None:
        with open(self.path, "a", newline="") as f:
            csv.writer(f, lineterminator="\n").writerow(row)


def format_value(v: object) -> str:
    return f"{v:.5g}" if isinstance(v, float) else str(v)


def digest(path: str) -> str:
    """SHA-256 of a file, in hex."""
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def thin(source: str, target: str, limit: int = 100_000) -> None:
    """Copies a log, keeping every nth row so that the file stays within limit bytes; the last row is kept."""
    with open(source) as f:
        head, *rows = f.read().splitlines()
    every = 1
    while True:
        kept = rows[::every]
        if rows and kept[-1] != rows[-1]:
            kept.append(rows[-1])
        text = "\n".join([head, *kept]) + "\n"
        if len(text) <= limit or every > len(rows):
            break
        every += 1
    with open(target + ".part", "w") as f:
        f.write(text)
    os.replace(target + ".part", target)
