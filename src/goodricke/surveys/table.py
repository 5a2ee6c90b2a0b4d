"""The table of surveys: one row, one file. To add a survey, see README.md in this folder.

A row names the module that reads the format and the containers it can come in; the module is imported when a file in
such a container is met. Other packages join through the entry point group ``goodricke.surveys``: the same door.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata
from typing import Protocol, cast

from goodricke.errors import OptionError, ReadError, UnknownFormat
from goodricke.lightcurves import LightCurves, Measurements
from goodricke.surveys.options import Quality, ReadOptions
from goodricke.surveys.source import Source

__all__ = ["SURVEYS", "SurveyModule", "SurveyRow", "find", "recognise", "rows"]


class SurveyModule(Protocol):
    """What the file of a survey must hold.

    ``recognises`` looks at the content and is cheap: it sees every file in its containers. It says yes to its own
    format and to nobody else's. ``read`` yields Measurements, each with one or more stars; it drops nothing. A format
    that holds finished light curves (ours) yields LightCurves. A table larger than memory is yielded in pieces of about
    ``options.batch_points`` points.
    """

    QUALITY: Quality
    """Named quality bits; ``NO_FLAGS`` for a survey without."""
    STITCH: bool
    """Whether files of one star are each brought to median 1 before they are joined (space photometry: yes)."""

    def recognises(self, source: Source) -> bool:
        """Whether the content is of this format."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Measurements | LightCurves]:
        """Yield what the file holds."""


@dataclass(frozen=True)
class SurveyRow:
    """One row of the table."""

    name: str
    module: str
    containers: tuple[str, ...]
    title: str

    def load(self) -> SurveyModule:
        """Import the module of this row."""
        return cast(SurveyModule, import_module(self.module))


def _row(name: str, containers: str, title: str) -> SurveyRow:
    return SurveyRow(name, f"goodricke.surveys.{name}", tuple(containers.split()), title)


SURVEYS: tuple[SurveyRow, ...] = (
    _row("tess_spoc", "fits", "TESS SPOC 2-min and 20-s light curves (MAST)"),
    _row("tess_spoc_ffi", "fits", "TESS-SPOC full-frame-image light curves (HLSP)"),
    _row("tess_qlp", "fits", "TESS Quick-Look Pipeline light curves (HLSP)"),
    _row("tess_eleanor", "fits", "TESS eleanor and eleanor-lite light curves"),
    _row("tess_cdips", "fits", "TESS CDIPS cluster light curves (HLSP)"),
    _row("kepler", "fits", "Kepler long- and short-cadence light curves (llc, slc)"),
    _row("k2", "fits", "K2 long- and short-cadence light curves"),
    _row("asassn_v1", "text", "ASAS-SN Sky Patrol v1 csv"),
    _row("asassn_v2", "text", "ASAS-SN Sky Patrol v2 csv"),
    _row("asas3_acvs", "text", "ASAS-3 / ACVS native text"),
    _row("asas3_vosource", "xml", "ASAS-3 VOSource xml (DotAstro)"),
    _row("crts", "text", "Catalina (CRTS / CSDR2) csv, and three-column dat"),
    _row("ogle", "text", "OGLE three-column dat (HJD-2450000, I or V)"),
    _row("eros2", "text", "EROS-2 .time"),
    _row("macho", "text", "MACHO .mjd, one file a band"),
    _row("hatnet", "text", "HATNet / HATSouth light curves (hatlc csv)"),
    _row("atlas_forced", "text", "ATLAS forced photometry"),
    _row("neowise", "text", "NEOWISE / AllWISE single exposures (IRSA table or csv)"),
    _row("ztf_irsa", "text", "ZTF light curves from IRSA (csv)"),
    _row("ztf_forced", "text", "ZTF forced photometry service"),
    _row("ztf_antares", "text", "ZTF light curves from ANTARES (csv)"),
    _row("ztf_parquet", "parquet", "ZTF data-release bulk Parquet"),
    _row("ztf_alert", "avro", "ZTF alert packets"),
    _row("alerce", "parquet json", "ALeRCE detections (Parquet or JSON)"),
    _row("gaia", "text xml", "Gaia DR3 epoch photometry (DataLink csv or VOTable; wide arrays of the archive)"),
    _row("lsst", "parquet", "LSST DiaSource / ForcedSource Parquet, nested or flat"),
    _row("lsst_alert", "avro", "LSST alert packets"),
    _row("goodricke", "parquet", "goodricke's own light curves, one row per star"),
    _row("observations", "parquet text", "flat table of observations (object_id, band, time, mag or flux, err)"),
    _row("nested", "parquet", "nested Parquet and HATS partitions: list or struct-of-list columns per star"),
    _row("generic", "text fits xml parquet", "any other table: columns are guessed and the guess is reported"),
)
"""In the order in which they are asked. ``generic`` takes what nobody else wants, so it stands last."""

GROUP = "goodricke.surveys"


@cache
def rows() -> tuple[SurveyRow, ...]:
    """All rows: ours, and those of installed packages (asked before ``generic``)."""
    ours = {row.name for row in SURVEYS}
    theirs = []
    for point in metadata.entry_points(group=GROUP):
        if point.name in ours:
            raise OptionError(
                f"the installed package {point.value} names a survey {point.name!r}, which exists already"
            )
        module = point.load()
        theirs.append(SurveyRow(point.name, point.value.split(":")[0], tuple(module.CONTAINERS), module.TITLE))
    return (*SURVEYS[:-1], *theirs, SURVEYS[-1])


def find(name: str) -> SurveyRow:
    """The row of that name.

    >>> find("ogle").title
    'OGLE three-column dat (HJD-2450000, I or V)'
    """
    for row in rows():
        if row.name == name.split("/")[0]:
            return row
    from difflib import get_close_matches

    near = get_close_matches(name, [row.name for row in rows()], n=1, cutoff=0.4)
    raise OptionError(
        f"no survey is called {name!r}{f'; did you mean {near[0]}?' if near else ''} See: goodricke surveys"
    )


def recognise(source: Source) -> SurveyRow:
    """The first row that says the content is its own.

    Raises
    ------
    UnknownFormat
        If none does.
    """
    container = source.container
    for row in rows():
        if row.name == "generic":
            _refuse_spectra(source)
        if container in row.containers and row.load().recognises(source):
            return row
    if container == "text" and source.table.named and not source.table.sample:
        raise ReadError("the table has a header and no rows", "download it again", source.name)
    raise UnknownFormat(
        f"no survey recognises this {container} file (it begins with {_glimpse(source)})",
        "if it is a light curve, name its columns: --columns time=...,mag=...; goodricke surveys lists the formats",
        source.name,
    )


def _refuse_spectra(source: Source) -> None:
    """Say so when a file that no survey of light curves owns is a spectrum, before its columns are guessed."""
    from goodricke.surveys.spectra.table import title_of

    title = title_of(source)
    if title:
        raise UnknownFormat(
            f"this is a spectrum ({title}), not a light curve",
            "goodricke classify takes it with a model of spectra; goodricke.surveys.spectra.read_spectra reads it",
            source.name,
        )


def _glimpse(source: Source) -> str:
    if source.container in ("text", "xml", "json"):
        line = next((line.strip() for line in source.lines if line.strip()), "")
        return repr(line[:50])
    return repr(source.head[:16])
