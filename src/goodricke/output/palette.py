"""One colour and one mark for every class, the same in every picture.

A family shares a range of hues (eclipsing: blue, RR Lyrae: orange, Cepheids: green ...), its members differ in
brightness and in the shape of the mark, so that no two need to be told apart by hue alone. Colours after Okabe & Ito
(2008) and Tol (2021), who chose them for colour-blind readers.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CLASS_STYLES", "OTHER", "Style", "ink_on", "style_of"]


@dataclass(frozen=True)
class Style:
    """Colour (#RRGGBB) and mark (matplotlib's letter)."""

    colour: str
    mark: str


CLASS_STYLES: dict[str, Style] = {
    "EA": Style("#0072B2", "o"),
    "EB": Style("#56B4E9", "s"),
    "EW": Style("#332288", "D"),
    "ELL": Style("#88CCEE", "^"),
    "ECLIPSING": Style("#0072B2", "o"),
    "RRAB": Style("#D55E00", "o"),
    "RRC": Style("#E69F00", "s"),
    "RRD": Style("#882255", "D"),
    "RRLYR": Style("#D55E00", "o"),
    "CEP": Style("#117733", "o"),
    "T2CEP": Style("#44AA99", "s"),
    "ACEP": Style("#BBCC33", "D"),
    "CEPHEID": Style("#117733", "o"),
    "DSCT": Style("#CC6677", "^"),
    "BCEP": Style("#AA4499", "v"),
    "PULSATING": Style("#CC6677", "^"),
    "LPV": Style("#661100", "P"),
    "ROT": Style("#DDCC77", "X"),
    "BE": Style("#CC79A7", "p"),
    "YSO": Style("#6F4A9B", "h"),
    "ERUPTIVE": Style("#CC79A7", "p"),
    "AGN": Style("#000000", "*"),
    "TRANSIENT": Style("#5A5A5A", "<"),
    "VAR": Style("#777777", "o"),
    "VARIABLE": Style("#777777", "o"),
    "CONST": Style("#AAAAAA", "."),
}
"""Every class of the tree -> how it is drawn."""

OTHER = Style("#777777", "o")


def style_of(name: str) -> Style:
    """How a class is drawn; one that is not in the table is grey.

    >>> style_of("RRC")
    Style(colour='#E69F00', mark='s')
    """
    return CLASS_STYLES.get(name, OTHER)


def ink_on(colour: str) -> str:
    """Black or white, whichever is easier to read on this colour (luminance of sRGB, WCAG 2.1).

    >>> ink_on("#332288"), ink_on("#E69F00")
    ('white', 'black')
    """
    parts = [int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "black" if luminance > 0.18 else "white"
