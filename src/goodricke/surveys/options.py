"""What a user can ask of a reader, and what a survey says of its quality flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from goodricke.errors import OptionError
from goodricke.timeframes import TimeFrame

__all__ = ["NO_FLAGS", "Quality", "ReadOptions"]

WORDS = ("none", "default", "hard", "hardest")


@dataclass(frozen=True)
class Quality:
    """The quality bits of a survey and which of them each word drops.

    A survey with letters or several flag columns numbers its flags in its own file, so that one integer per point says
    everything and ``--quality 6`` means something for every survey.

    Examples
    --------
    >>> q = Quality({"cosmic_ray": 1, "saturated": 2}, default=2, hard=3, hardest=3)
    >>> q.mask("default"), q.mask(1)
    (2, 1)
    """

    bits: Mapping[str, int] = field(default_factory=dict)
    default: int = 0
    hard: int = 0
    hardest: int = 0

    def mask(self, choice: str | int) -> int:
        """Return the bits to drop for one of the four words, or for an integer mask given as number or digits."""
        if isinstance(choice, str) and choice.strip().isdigit():
            choice = int(choice)
        if isinstance(choice, int):
            if choice < 0:
                raise OptionError(
                    f"quality mask {choice} is negative; give a sum of bits, or one of {', '.join(WORDS)}"
                )
            return choice
        if choice not in WORDS:
            raise OptionError(f"quality {choice!r} is not known; use {', '.join(WORDS)} or an integer mask")
        return 0 if choice == "none" else int(getattr(self, choice))


NO_FLAGS = Quality()


@dataclass(frozen=True)
class ReadOptions:
    """How to read. Every field has the command line's option of the same name."""

    survey: str = ""
    """Read as this row of the survey table, whatever the content looks like; empty: recognise."""
    quality: str | int = "default"
    """Which quality flags drop a point: none, default, hard, hardest, or an integer mask."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Overrule which columns are read: our name (time, mag, flux, err, band, object_id, ra, dec) -> the file's."""
    time_frame: TimeFrame | None = None
    """Overrule what the times mean."""
    bands: tuple[str, ...] = ()
    """Keep only these bands; empty: all."""
    merge: bool = True
    """Unite the files (sectors, quarters, bands) of one star into one light curve."""
    batch_points: int = 5_000_000
    """Points held in memory at once when a large table is streamed."""

    def __post_init__(self) -> None:
        allowed = ("time", "mag", "flux", "err", "band", "object_id", "ra", "dec", "quality")
        for name in self.columns:
            if name not in allowed:
                raise OptionError(f"--columns {name}=... is not known; our names are {', '.join(allowed)}")
        if "mag" in self.columns and "flux" in self.columns:
            raise OptionError("--columns names both a mag and a flux column; name one of them")
        NO_FLAGS.mask(self.quality)
        if self.batch_points < 1:
            raise OptionError(f"batch_points is {self.batch_points}; it must be at least 1")
