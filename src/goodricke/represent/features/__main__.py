"""Print the document of all features: ``python -m goodricke.represent.features > docs/features.md``."""

from __future__ import annotations

from goodricke.represent.features.table import GROUPS, NEED_PERIODS, ON_REQUEST, describe, group

__all__ = ["document"]

_HEAD = """# Features

What `goodricke.represent.features.features(lcs, periods)` says of a star. This page is printed by
`python -m goodricke.represent.features`.

Flux is relative (median 1 per star and band). Statistics of one band use the band with most points; the folds use all
bands, each brought to the same level. Errors below half the star's median error are raised to that. Logarithms are
decimal. A value outside the range is brought to its end; an undefined one is NaN. *Shift* and *scale* say what happens
when a constant is added to the flux, and when flux and errors are multiplied by a factor: the feature stays the `same`,
is multiplied (`times`), the `log` of the factor is added, or it is `free` to change.
"""


def document() -> str:
    """The page docs/features.md."""
    lines = [_HEAD]
    for name in GROUPS:
        note = " (needs periods)" if name in NEED_PERIODS else ""
        note += " (only when named)" if name in ON_REQUEST else ""
        lines += [f"## {name}{note}", "", _first_line(name), "", "| feature | unit | range | shift | scale | meaning |"]
        lines.append("|---|---|---|---|---|---|")
        lines += [
            f"| `{row['name']}` | {row['unit']} | {row['low']:g} ... {row['high']:g} | {row['shift']} | {row['scale']} "
            f"| {row['meaning']} |"
            for row in describe([name])
        ]
        lines.append("")
    return "\n".join(lines)


def _first_line(name: str) -> str:
    return (group(name).__doc__ or "").strip().splitlines()[0]


if __name__ == "__main__":
    print(document(), end="")
