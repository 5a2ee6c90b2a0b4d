"""Tables of periods for the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from goodricke.evaluate.periods import VERDICTS
from goodricke.output.report_blocks import Block

if TYPE_CHECKING:
    from goodricke.evaluate import Report

__all__ = ["period_section"]

_SHARES = ("half", "double", "alias", "other", "none", "listed")


def period_section(report: Report) -> tuple[tuple[str, ...], tuple[Block, ...], tuple[tuple[str, str], ...]]:
    """Sentences, tables and pictures."""
    tables = []
    for name in report.about["given"]:
        found = report.models[name].get("periods")
        if not found:
            continue
        for words in _cuts(found):
            rows = [row for row in found["rows"] if list(row["ranges"]) == words]
            head = ("class", *words, "stars", "right", *_SHARES)
            says = f"{name}, {'by ' + ' and '.join(words) if words else 'all stars'}:"
            tables.append(Block(head, tuple(_row(row, words) for row in rows), says))
    text = (
        "Every star with a true period counts, also where its class is ambiguous. "
        + "; ".join(f"*{word}*: {says}" for word, says in VERDICTS.items())
        + "; *listed*: the true period is among the model's alternatives."
    )
    pictures = (
        ("periods", "Where the periods fall: right (with Wilson 95% intervals), half, double, alias and other."),
    )
    return (text,), tuple(tables), pictures


def _cuts(found: dict[str, Any]) -> list[list[str]]:
    """The sets of properties that there are rows for, in their order."""
    cuts: list[list[str]] = []
    for row in found["rows"]:
        if list(row["ranges"]) not in cuts:
            cuts.append(list(row["ranges"]))
    return cuts


def _row(row: dict[str, Any], words: list[str]) -> tuple[str, ...]:
    ranges = (f"{row['ranges'][word][0]:.4g} – {row['ranges'][word][1]:.4g}" for word in words)
    right = f"{row['right']:.3f} [{row['right_low']:.3f}, {row['right_high']:.3f}]"
    return (row["class"], *ranges, f"{row['n']:,}", right, *(f"{row[key]:.3f}" for key in _SHARES))
