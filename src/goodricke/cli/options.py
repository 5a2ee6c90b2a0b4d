"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = [
    "console_options",
    "named_columns",
    "paths_argument",
    "reading_options",
    "to_read_options",
    "to_spectrum_options",
]

F = TypeVar("F", bound=Callable[..., Any])


def paths_argument(command: F) -> F:
    """PATH..., one or more."""
    return click.argument("paths", nargs=-1, required=True, metavar="PATH...")(command)


def console_options(command: F) -> F:
    """--quiet and --log-format."""
    for option in (
        click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="Log lines on stderr."),
        click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors and results."),
    ):
        command = option(command)
    return command


def reading_options(command: F) -> F:
    """How to read: the fields of ``ReadOptions``."""
    for option in (
        click.option("--separate", is_flag=True, help="Keep every file (sector, quarter, band) a star of its own."),
        click.option("--band", "bands", multiple=True, metavar="NAME", help="Keep this band only; may be repeated."),
        click.option(
            "--time-frame", metavar="FRAME", help="What the times mean: BTJD, MJD_UTC, HJD_UTC-2450000, BJD_TDB ..."
        ),
        click.option(
            "--columns",
            metavar="NAME=COLUMN,...",
            help="Overrule which columns are read: time, mag, flux, err, band, object_id, ra, dec, quality.",
        ),
        click.option(
            "--quality",
            default="default",
            show_default=True,
            metavar="WORD|MASK",
            help="Flags that drop a point: none, default, hard, hardest, or a sum of bits.",
        ),
        click.option("--survey", default="", metavar="NAME", help="Read as this format; see goodricke surveys."),
    ):
        command = option(command)
    return command


def to_read_options(
    survey: str, quality: str, columns: str | None, time_frame: str | None, bands: tuple[str, ...], separate: bool
) -> Any:
    """The ReadOptions behind the options of ``reading_options``."""
    from goodricke.surveys import ReadOptions
    from goodricke.surveys.table import find
    from goodricke.timeframes import TimeFrame

    if survey:
        find(survey)
    return ReadOptions(
        survey=survey,
        quality=quality,
        columns=named_columns(columns or ""),
        time_frame=TimeFrame.parse(time_frame) if time_frame else None,
        bands=bands,
        merge=not separate,
    )


def to_spectrum_options(survey: str, wavelengths: str, columns: str | None) -> Any:
    """The SpectrumOptions behind the options that spectra share."""
    from goodricke.surveys.spectra import SpectrumOptions
    from goodricke.surveys.spectra.table import find

    if survey:
        find(survey)
    return SpectrumOptions(survey=survey, wavelengths=wavelengths, columns=named_columns(columns or ""))


def named_columns(text: str) -> dict[str, str]:
    """The columns that ``--columns`` names: our name -> the table's.

    Parameters
    ----------
    text : str
        ``NAME=COLUMN,...``; empty for none.

    Raises
    ------
    OptionError
        If a part is not ``NAME=COLUMN``.

    Examples
    --------
    >>> named_columns("time=HJD, mag=Vmag")
    {'time': 'HJD', 'mag': 'Vmag'}
    """
    from goodricke.errors import OptionError

    pairs = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, column = part.partition("=")
        if not sign or not name.strip() or not column.strip():
            raise OptionError(f"--columns {part!r} is not NAME=COLUMN; write for example --columns time=HJD,mag=Vmag")
        pairs[name.strip()] = column.strip()
    return pairs
