"""Which column is which, for tables that no survey owns.

Names are compared without case and punctuation; UCDs and units help where the table gives them. Every guess is said in
words, and every guess can be overruled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.lightcurves.clock import named_frame, plain
from goodricke.lightcurves.measurements import Brightness

__all__ = [
    "Column",
    "Guess",
    "Identity",
    "guess_columns",
    "guess_kind",
    "identity",
    "in_words",
    "spelled",
    "zero_point_of",
]


@dataclass(frozen=True)
class Column:
    """What is known of a column before its values are read."""

    name: str
    unit: str = ""
    ucd: str = ""
    numeric: bool = True


class Identity(TypedDict):
    """Columns that say which star, band and position."""

    band: str | None
    object_id: str | None
    ra: str | None
    dec: str | None
    time_frame: str | None


@dataclass(frozen=True)
class Guess:
    """The columns of a light-curve table, by their names in the table."""

    time: str
    value: str
    kind: Literal["mag", "flux", ""]
    """Empty: the values must decide, see ``guess_kind``."""
    err: str | None = None
    band: str | None = None
    object_id: str | None = None
    ra: str | None = None
    dec: str | None = None
    quality: str | None = None
    time_frame: str | None = None
    flux: str | None = None
    """Fluxes beside the magnitudes, for stars that have no magnitudes."""
    flux_err: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    said: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that is used, each once."""
        used = (
            self.time, self.value, self.err, self.band, self.object_id, self.ra, self.dec, self.quality,
            self.time_frame, self.flux, self.flux_err,
        )  # fmt: skip
        return tuple(dict.fromkeys(name for name in used if name))


# Names ---------------------------------------------------------------------------------------------------------------

_TIME = (
    "time", "times", "t", "obs_time", "obstime", "time_obs", "date_obs", "obsdate", "julian_date", "julian_day",
    "jdate", "midpointmjdtai", "midpointtai", "midpttai", "tmid", "timestamp", "datetime", "date_time", "isot",
    "date", "epoch", "ut_date", "utc", "obs_date", "observation_time",
)  # fmt: skip
_MAG = re.compile(
    r"(?:mag|mags|magnitude|magnitudes|m|[a-z]{1,6}\d?_?mag|mag_?(?:psf|auto|aper|ap|iso|best|cal|corr|tot|v|i|g|r|b)?\d?"
    r"|magpsf|magap|[a-z]+_magnitude|magnitude_[a-z]+)"
)
_FLUX = re.compile(
    r"(?:pdcsap_flux|flux|fluxes|sap_flux|[a-z0-9]{1,12}_?flux|flux_?(?:psf|auto|aper|corr|norm|cal|rel|[a-z])|f|fnu|counts"
    r"|cts|intensity|[unm]?jy|flux_[unm]?jy)"
)
_NO_VALUE = re.compile(
    r"^e_|^d_?mag$|^d_?flux$|^u_|err|sig|unc|lim|std|rms|zp|ref|bkg|sky|back|min|max|mean|median|avg|sum|diff_?mag|abs"
    r"|flag|ratio"
)
_EITHER = ("value", "brightness", "val", "y")
_BANDS = ("u", "b", "v", "r", "i", "j", "h", "k", "g", "z", "y", "w1", "w2", "bp", "rp")
_ERR = (
    "err", "error", "errors", "e", "sigma", "sig", "unc", "uncertainty", "stdev", "std", "yerr", "value_err", "dy",
)  # fmt: skip
_ERR_OF = {
    "mag": ("magerr", "mag_err", "e_mag", "merr", "err_mag", "sigma_mag", "mag_error", "mag_unc", "dmag", "dm",
            "sigmag", "magnitude_error", "mag_sigma", "sigmapsf"),
    "flux": ("fluxerr", "flux_err", "e_flux", "ferr", "err_flux", "sigma_flux", "flux_error", "flux_unc", "dflux", "df",
             "pdcsap_flux_err", "sap_flux_err", "dujy", "flux_sigma"),
}  # fmt: skip
_BAND = (
    "band", "filter", "passband", "filt", "flt", "bandpass", "filtername", "filter_name", "filtercode", "fid",
    "filterid", "phot_filter", "photband", "band_name", "camera_filter",
)  # fmt: skip
_OBJECT = (
    "object_id", "objectid", "oid", "obj_id", "objid", "object", "objname", "star_id", "starid", "star", "star_name",
    "target", "target_id", "target_name", "tic", "ticid", "tic_id", "kic", "kepid", "epic", "gaia_id", "gaia_source_id",
    "locus_id", "lc_id", "lightcurve_id", "diaobjectid", "name", "designation", "source_id", "sourceid", "id",
    "source",
)  # fmt: skip
_RA = ("ra", "raj2000", "_raj2000", "ra_deg", "ra_j2000", "ra_icrs", "objra", "meanra", "object_ra", "alpha",
       "coord_ra")  # fmt: skip
_DEC = ("dec", "dej2000", "decj2000", "de", "decl", "dec_deg", "dec_j2000", "de_icrs", "dec_icrs", "objdec", "meandec",
        "object_dec", "delta", "coord_dec")  # fmt: skip
_CATALOGUE = {"period", "per", "period_days", "porb", "morph", "vartype", "var_type", "period_err", "e_period"}
_FRAME = ("time_frame", "timeframe")

_UCD_TIME, _UCD_MAG, _UCD_FLUX = ("time.epoch", "time.obs"), "phot.mag", "phot.flux"


def guess_columns(columns: Sequence[Column], chosen: Mapping[str, str] | None = None) -> Guess:
    """Find time, brightness, error, band, star and position among `columns`.

    Parameters
    ----------
    columns : sequence of Column
        What the table has.
    chosen : mapping
        Our name -> the table's: overrules the guess.

    Raises
    ------
    ReadError
        If there is no column for the time or for the brightness, if a chosen one is absent, or if the table is a
        catalogue of stars.

    Examples
    --------
    >>> guess_columns([Column("HJD"), Column("Vmag"), Column("e_Vmag")]).said
    ("time from 'HJD', mag from 'Vmag', err from 'e_Vmag'",)
    """
    chosen = _present(chosen or {}, columns)
    by_plain = {plain(column.name): column for column in reversed(columns)}
    value, kind = _value(columns, chosen)
    time = chosen.get("time") or _time(columns, value)
    if time and not value and (text := _text_named(columns)):
        raise ReadError(f"column {text!r} holds text, not numbers", "choose another: --columns mag=... or flux=...")
    missing = " and ".join(word for word, found in (("time", time), ("mag or flux", value)) if not found)
    if not time or not value:
        names = ", ".join(column.name for column in columns[:12])
        raise ReadError(
            f"no column could be taken for {missing}; there are {names}{' ...' if len(columns) > 12 else ''}",
            "name them: --columns time=...,mag=...",
        )
    if not {"time", "mag", "flux"} & set(chosen) and _CATALOGUE & set(by_plain):
        word = next(name for name in by_plain if name in _CATALOGUE)
        raise ReadError(
            f"with a column {by_plain[word].name!r} this looks like a catalogue of stars, not a light curve",
            "if it is one, name its columns: --columns time=...,mag=...",
        )
    free = [column for column in columns if column.name not in (time, value)]
    guess = Guess(
        time=time,
        value=value,
        kind=kind,
        err=chosen.get("err")
        or _first(free, _error_names(plain(value), kind), True)
        or _by_ucd(free, "stat.error", about=(_UCD_MAG, _UCD_FLUX)),
        quality=chosen.get("quality"),
        units={column.name: column.unit for column in columns if column.unit},
        **identity(free, chosen),
    )
    if kind == "mag":
        flux = next((c.name for c in _named(columns, _FLUX, chosen) if plain(c.name) == "flux"), None)
        flux_err = _first(free, _error_names("flux", "flux")[: -len(_ERR)], True) if flux else None
        guess = replace(guess, flux=flux, flux_err=flux_err)
    return replace(guess, said=(in_words(guess),))


def identity(columns: Sequence[Column], chosen: Mapping[str, str] | None = None) -> Identity:
    """Columns that say which star, band and position: ``object_id, band, ra, dec, time_frame`` -> name or None."""
    given = chosen or {}
    found: Identity = {
        "band": given.get("band")
        or _first(columns, _BAND)
        or _by_ucd(columns, "instr.bandpass")
        or _by_ucd(columns, "instr.filter"),
        "object_id": given.get("object_id") or _first(columns, _OBJECT) or _by_ucd(columns, "meta.id;meta.main"),
        "ra": given.get("ra") or _first(columns, _RA, True) or _by_ucd(columns, "pos.eq.ra"),
        "dec": given.get("dec") or _first(columns, _DEC, True) or _by_ucd(columns, "pos.eq.dec"),
        "time_frame": _first(columns, _FRAME, False),
    }
    return found


def spelled(name: str, columns: Sequence[Column]) -> str | None:
    """The column that a user means by `name`: the one written so, or else the first that differs by case alone.

    >>> table = [Column("Flux"), Column("flux"), Column("HJD")]
    >>> spelled("flux", table), spelled("hjd", table), spelled("mag", table)
    ('flux', 'HJD', None)
    """
    there = [column.name for column in columns]
    return name if name in there else next((one for one in there if one.lower() == name.lower()), None)


def _first(columns: Sequence[Column], names: Sequence[str], numeric: bool | None = None) -> str | None:
    """The column with the first of `names` that is there."""
    there = {plain(c.name): c.name for c in reversed(columns) if numeric is None or c.numeric == numeric}
    return next((there[name] for name in names if name in there), None)


def _present(chosen: Mapping[str, str], columns: Sequence[Column]) -> dict[str, str]:
    """The chosen columns as the table spells them."""
    found = {}
    for ours, name in chosen.items():
        theirs = spelled(name, columns)
        if theirs is None:
            raise ReadError(
                f"there is no column {name!r} to take as {ours}",
                f"the table has {', '.join(column.name for column in columns[:20])}",
            )
        found[ours] = theirs
    return found


def _value(columns: Sequence[Column], chosen: Mapping[str, str]) -> tuple[str, Literal["mag", "flux", ""]]:
    if "mag" in chosen:
        return chosen["mag"], "mag"
    if "flux" in chosen:
        return chosen["flux"], "flux"
    numeric = [column for column in columns if column.numeric and column.name not in chosen.values()]
    kinds: tuple[tuple[Literal["mag", "flux"], re.Pattern[str], str], ...]
    kinds = (("mag", _MAG, _UCD_MAG), ("flux", _FLUX, _UCD_FLUX))
    for kind, pattern, ucd in kinds:
        named = _named(columns, pattern, chosen)
        marked = [c for c in numeric if c.ucd.lower().startswith(ucd) and "stat." not in c.ucd.lower()]
        if named or marked:
            both = [c for c in named if c in marked]
            return (both or named or marked)[0].name, kind
    for column in numeric:
        if plain(column.name) in _EITHER:
            return column.name, ""
    bands = [column for column in numeric if plain(column.name) in _BANDS]
    # A column called V beside a time is a magnitude; several of them are a table of colours.
    return (bands[0].name, "mag") if len(bands) == 1 else ("", "")


def _named(columns: Sequence[Column], pattern: re.Pattern[str], chosen: Mapping[str, str]) -> list[Column]:
    """Columns whose name fits, the plainest first: flux before sap_flux, but pdcsap_flux before all."""
    named = [
        c for c in columns
        if c.numeric and c.name not in chosen.values()
        and pattern.fullmatch(plain(c.name)) and not _NO_VALUE.search(plain(c.name))
    ]  # fmt: skip
    return sorted(named, key=lambda c: ("pdcsap" not in plain(c.name), len(c.name)))


def _text_named(columns: Sequence[Column]) -> str:
    """A column of text under the name of a brightness; empty when there is none."""
    taken = (c.name for c in columns if not c.numeric and (_MAG.fullmatch(plain(c.name)) or plain(c.name) == "flux"))
    return next((name for name in taken if not _NO_VALUE.search(plain(name))), "")


def _time(columns: Sequence[Column], value: str) -> str:
    def rank(column: Column) -> float:
        name = plain(column.name)
        stated = named_frame(column.name)
        if stated is not None:
            return {"barycentre": 0.0, "heliocentre": 0.1}.get(stated[0], 0.2)
        if name in _TIME:
            return 1.0 + _TIME.index(name)
        return 50.0 if column.ucd.lower().startswith(_UCD_TIME) and "stat." not in column.ucd.lower() else np.inf

    found = [(rank(column), k, column.name) for k, column in enumerate(columns) if column.name != value]
    best = min(found, default=(np.inf, 0, ""))
    return best[2] if best[0] < np.inf else ""


def _error_names(value: str, kind: str) -> list[str]:
    own = [
        f"{value}_err", f"{value}err", f"e_{value}", f"err_{value}", f"err{value}", f"{value}_error", f"{value}error",
        f"sigma_{value}", f"sig_{value}", f"{value}_unc", f"{value}unc", f"{value}_sigma", f"{value}_std",
        f"d{value}", f"d_{value}", f"u_{value}", f"{value}_e", f"e{value}", f"{value}_uncertainty",
        f"sigma{value}", f"sig{value}",
        f"{value}_total_error", f"{value.replace('mag', 'sigma')}", f"{value.replace('mag', 'magerr')}",
    ]  # fmt: skip
    general = [*_ERR_OF.get(kind, ()), *_ERR] if kind else [*_ERR, *_ERR_OF["mag"], *_ERR_OF["flux"]]
    return [name for name in (*own, *general) if name != value]


def _by_ucd(columns: Sequence[Column], *heads: str, about: Sequence[str] = ("",)) -> str | None:
    """The first column whose UCD begins with one of `heads` and holds one of the words in `about`."""
    ucds = ((column.name, column.ucd.lower()) for column in columns)
    return next((name for name, ucd in ucds if ucd.startswith(heads) and any(word in ucd for word in about)), None)


def in_words(guess: Guess) -> str:
    """What was guessed, in one line."""
    pairs = [("time", guess.time), (guess.kind or "brightness", guess.value)]
    pairs += [(n, getattr(guess, n)) for n in ("err", "band", "object_id", "ra", "dec", "quality") if getattr(guess, n)]
    return ", ".join(f"{ours} from {name!r}" for ours, name in pairs)


# Values --------------------------------------------------------------------------------------------------------------


def guess_kind(values: NDArray[np.floating[Any]]) -> Brightness:
    """Whether numbers without a telling name are magnitudes or fluxes.

    Magnitudes of stars lie between 2 and 30; a flux is normalised to about 1, or large, or takes both signs.

    >>> guess_kind(np.array([12.1, 12.3])), guess_kind(np.array([0.99, 1.01])), guess_kind(np.array([820.0, 813.0]))
    ('mag', 'flux', 'flux')
    """
    good = values[np.isfinite(values) & (np.abs(values) < 90)]
    if not len(good) or len(good) < len(values) / 2:
        return "flux"
    low, middle, high = np.percentile(good, [5, 50, 95])
    return "mag" if 2 < middle < 30 and low > -2 and high < 35 else "flux"


def zero_point_of(unit: str) -> float:
    """AB magnitude of a flux of 1 in a unit of flux density; NaN for any other unit.

    >>> round(zero_point_of("uJy"), 2), round(zero_point_of("nJy"), 2)
    (23.9, 31.4)
    """
    jansky = {"jy": 1.0, "mjy": 1e-3, "ujy": 1e-6, "microjy": 1e-6, "microjansky": 1e-6, "njy": 1e-9, "nanojy": 1e-9}
    word = re.sub(r"[^a-z]", "", unit.replace("µ", "u").replace("μ", "u").lower())
    return -2.5 * float(np.log10(jansky[word] / 3631.0)) if word in jansky else float("nan")
