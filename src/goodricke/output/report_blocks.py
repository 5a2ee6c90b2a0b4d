"""What a report is made of: sections of sentences, tables and pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Block", "Section", "shown"]

_NUMBER = re.compile(r"[−-]?\d[\d.,]*%?( [\[(–].*)?$")


@dataclass(frozen=True)
class Block:
    """A table: its head, its rows, and a sentence above it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    says: str = ""

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Which columns hold numbers: those with a cell that begins with one, and the first never."""
        cells = list(zip(*self.rows, strict=True)) or [()] * len(self.head)
        return (False, *(any(_NUMBER.match(cell) for cell in column) for column in cells[1:]))


@dataclass(frozen=True)
class Section:
    """A title, paragraphs, then tables, then pictures: (name without ending, caption)."""

    title: str
    says: tuple[str, ...] = ()
    tables: tuple[Block, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()


def shown(estimate: Mapping[str, float | None] | None) -> str:
    """A figure and its interval as text.

    >>> shown({"value": 0.9431, "low": 0.938, "high": 0.9478})
    '0.943 [0.938, 0.948]'
    """
    if not estimate or estimate["value"] is None:
        return "–"
    if estimate["low"] is None:
        return f"{estimate['value']:.3f}"
    return f"{estimate['value']:.3f} [{estimate['low']:.3f}, {estimate['high']:.3f}]"
