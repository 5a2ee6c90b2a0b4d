"""Which of the files named are light curves and which are spectra: each kind has a line of its own."""

from __future__ import annotations

import glob
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from goodricke.cli.console import Console

if TYPE_CHECKING:
    from goodricke.line import Model
    from goodricke.surveys.source import Source

__all__ = ["Kind", "kind_of", "of_one_kind"]

Kind = Literal["light curves", "spectra"]

_USUAL = {"light curves": "variables", "spectra": "spectra-binary"}


def of_one_kind(
    paths: Sequence[str], model: Model | None, survey: str, console: Console
) -> tuple[Kind, tuple[str, ...]]:
    """The kind that is to be classified, and the paths without files of the other kind, of which it is said.

    A model or the name of a survey decides. Without them it is light curves wherever there is one, and spectra
    otherwise. Standard input and pipes can be read only once, and are not looked at: they are what the model, or the
    other files, are.

    Raises
    ------
    OptionError
        If all files are of the other kind than the model.
    """
    wanted = _of_survey(survey) if model is None else model.looks_at
    if survey or all(_read_once(path) for path in paths):
        return wanted or "light curves", tuple(paths)
    counts: dict[Kind, int] = {"light curves": 0, "spectra": 0}
    kept: dict[Kind, list[str]] = {"light curves": [], "spectra": []}
    for path in _without_globs(paths):
        if _read_once(path):
            for each in kept.values():
                each.append(path)
            continue
        found = _counted(path)
        for kind in counts:
            counts[kind] += found[kind]
        single = os.path.isfile(path) and sum(found.values()) == 1
        for kind, each in kept.items():
            if not single or found[kind]:
                each.append(path)
    chosen: Kind = wanted or ("spectra" if counts["spectra"] and not counts["light curves"] else "light curves")
    other: Kind = "light curves" if chosen == "spectra" else "spectra"
    if model is not None and counts[other] and not counts[chosen]:
        model.must_look_at(other)
    if not counts[other] or not counts[chosen]:
        # One kind alone: what cannot be read of it is said by its reader.
        return chosen, tuple(paths)
    n = counts[other]
    command = shlex.join(["goodricke", "classify", *paths, "--model", _USUAL[other]])
    console.say(
        "warning",
        f"{n:,} of the files {'is' if n == 1 else 'are'} {other} and {'was' if n == 1 else 'were'} left; to classify "
        f"them: {command}",
    )
    return chosen, tuple(kept[chosen])


def _of_survey(name: str) -> Kind | None:
    """The kind of a survey's files; None without a name, or where a name is of both kinds."""
    from goodricke.surveys.spectra.table import rows as spectra
    from goodricke.surveys.table import rows as light_curves

    here = [any(row.name == name for row in table()) for table in (light_curves, spectra)]
    return None if here[0] == here[1] else "light curves" if here[0] else "spectra"


def _read_once(path: str) -> bool:
    return path == "-" or Path(path).is_fifo()


def _without_globs(paths: Sequence[str]) -> list[str]:
    """The same files with globs written out; one that nothing matches stays, for its reader to complain."""
    out: list[str] = []
    for path in paths:
        matches = sorted(glob.glob(path, recursive=True)) if not os.path.exists(path) and glob.has_magic(path) else []
        out += matches or [path]
    return out


def _counted(path: str) -> dict[Kind, int]:
    """Files of each kind behind a path: itself, or those of a folder or archive."""
    from goodricke.surveys.paths import expand

    counts: dict[Kind, int] = {"light curves": 0, "spectra": 0}
    for entry in expand([path]):
        kind = kind_of(entry.source) if entry.source is not None else None
        if kind is not None:
            counts[kind] += 1
    return counts


def kind_of(source: Source) -> Kind | None:
    """What a file is, from its beginning; None when it is neither, or cannot be read."""
    from goodricke.errors import GoodrickeError
    from goodricke.surveys.options import ReadOptions
    from goodricke.surveys.reading import row_for
    from goodricke.surveys.refusals import MALFORMED
    from goodricke.surveys.spectra import is_spectrum

    try:
        if is_spectrum(source):
            return "spectra"
        row_for(source, ReadOptions())
    except (GoodrickeError, *MALFORMED):
        return None
    return "light curves"
