"""Wounds for files: what the fuzz test and the fuzz benchmark do to every sample."""

from __future__ import annotations

import numpy as np

__all__ = ["damaged"]


def damaged(content: bytes, rng: np.random.Generator) -> bytes:
    """The content with one to eight wounds: changed, cut, inserted or repeated bytes, or the end missing."""
    broken = bytearray(content)
    for _ in range(int(rng.integers(1, 9))):
        # Headers are where damage hurts, so half of the wounds go there.
        place = int(rng.integers(0, max(min(len(broken), 400) if rng.random() < 0.5 else len(broken), 1)))
        match int(rng.integers(0, 5)):
            case 0 if broken:
                broken[place] = int(rng.integers(0, 256))
            case 1:
                del broken[place : place + int(rng.integers(1, 300))]
            case 2:
                broken[place:place] = rng.bytes(int(rng.integers(1, 30)))
            case 3:
                broken[place:place] = broken[place : place + 300]
            case _ if rng.random() < 0.3:
                del broken[place:]
    return bytes(broken)
