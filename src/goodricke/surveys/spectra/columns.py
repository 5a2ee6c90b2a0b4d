"""Which column is which, for tables of spectra that no survey owns; a guess is said in words and can be overruled."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from goodricke.errors import DataError, ReadError
from goodricke.lightcurves.clock import plain
from goodricke.lightcurves.guess import Column, identity, spelled
from goodricke.spectra.wavelength import unit_of

__all__ = ["Chosen", "choose", "is_error", "is_flux", "is_ivar", "is_mask", "is_variance", "is_wave"]

_UNIT = r"(?:in|aa?|ang|angs|angstroms?|nm|nanomet(?:er|re)s?|um|microns?|micromet(?:er|re)s?|m|met(?:er|re)s?)"
_WAVE = re.compile(
    r"(?:log(?:10)?_?|ln_?|lg_?)?(?:obs_|observed_|rest_|restframe_|vac_?|air_?|vacuum_|helio_|bary_)?"
    r"(?:waves?|wav|wl|wls|wlen|wvl|wavl|wavel|wavelen|wavelengths?|wave_lengths?|lambdas?|lambd|lamb?|spectral_axis|loglam)"
    rf"(?:_?(?:vac|vacuum|air|obs|observed|rest|helio|bary|{_UNIT}))*"
)
_FLUX = re.compile(
    r"(?:flux(?:es)?|f_?lam(?:bda)?|f_?lam|f_?nu|spec|spectrum|specflux|counts?|cts|intensity|signal|data|f|adu|electrons"
    r"|(?:norm(?:alized|alised)?|n|rel|cal|calibrated|reduced|corr|bgflux|raw|obs|total|relative|scaled)_?flux"
    r"|flux_(?:norm(?:alized|alised)?|cal|corr|reduced|red|obs|lambda|lam|density|tot|rel|aa?|ang|angstrom|cgs|erg\w*)"
    r"|flux_?\w*erg\w*|flux_density|spectral_flux_density)"
)
_ERR = re.compile(
    r"(?:e|err|errs|error|errors|sig|sigma|sigmas|unc|uncert|uncertainty|std|stdev|stddev|noise|sdev|dy|yerr"
    r"|(?:e|err|error|sigma|sig|d|s|std|unc)_?flux(?:es|_\w+)?|flux(?:es)?_?(?:err|error|errors|sigma|sig|unc|uncertainty|std|e|sd)"
    r"|err_?reduced|prop_?err|\w+_(?:err|error|sigma|uncertainty))"
)
_IVAR = re.compile(r"(?:flux_?)?(?:ivar|inverse|inv_?var(?:iance)?|inverse_?variance|weights?)(?:_flux)?")
_VARIANCE = re.compile(r"(?:flux_?)?(?:var|variance)(?:_flux)?")
_MASK = re.compile(
    r"(?:and_?|or_?|bad_?|pix(?:el)?_?)?(?:mask|masks|masked|bpm|badpix|bad|dq|flags?|qual|quality)(?:_?bits?)?"
)
_Z = ("z", "redshift", "zbest", "z_helio", "z_best")
_VELOCITY = ("velocity", "rv", "radial_velocity", "vrad", "v_rad", "vhelio", "rv_kms", "radvel", "vlos", "rv_km_s")
_MJD = ("mjd", "mjd_obs", "obs_mjd")
_SPECTRUM = ("spectrum_id", "spec_id", "specid", "specobjid", "obsid", "spectrum", "exposure_id", "expid")
_KIND, _SUBCLASS = ("kind", "class", "spectype", "object_class"), ("subclass", "subtype", "sptype", "spt", "sp_type")
_SNR = ("snr", "snrg", "sn", "s_n", "sn_median", "snr_g", "sn_median_all", "median_snr")


@dataclass(frozen=True)
class Chosen:
    """The columns of a table of spectra, by their names in the table."""

    wave: str
    flux: str
    err: str = ""
    ivar: str = ""
    variance: str = ""
    mask: str = ""
    star: str = ""
    spectrum: str = ""
    ra: str = ""
    dec: str = ""
    mjd: str = ""
    velocity: str = ""
    z: str = ""
    kind: str = ""
    subclass: str = ""
    snr: str = ""
    wave_unit: str = ""
    flux_unit: str = ""

    @property
    def pixels(self) -> tuple[str, ...]:
        """Columns with a value per pixel."""
        return tuple(name for name in (self.wave, self.flux, self.err, self.ivar, self.variance, self.mask) if name)

    @property
    def facts(self) -> tuple[str, ...]:
        """Columns with a value per spectrum."""
        names = (
            self.star, self.spectrum, self.ra, self.dec, self.mjd, self.velocity, self.z, self.kind, self.subclass,
            self.snr,
        )  # fmt: skip
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def said(self) -> str:
        """What was chosen, in words."""
        uncertain = next(
            (f"{what} from {name!r}" for what, name in
             (("ivar", self.ivar), ("err", self.err), ("ivar from the variance", self.variance)) if name),
            "no errors",
        )  # fmt: skip
        masked = f", mask from {self.mask!r} (not 0 is bad)" if self.mask else ""
        return f"wave from {self.wave!r}, flux from {self.flux!r}, {uncertain}{masked}"


def is_wave(name: str) -> bool:
    """Whether a name is one that wavelengths go by.

    >>> is_wave("WAVELENGTH"), is_wave("lambda (nm)"), is_wave("loglam"), is_wave("wave_err"), is_wave("time")
    (True, True, True, False, False)
    """
    return bool(_WAVE.fullmatch(plain(name)))


def is_flux(name: str) -> bool:
    """Whether a name is one that fluxes go by."""
    return bool(_FLUX.fullmatch(plain(name))) and not is_error(name)


def is_error(name: str) -> bool:
    """Whether a name is one that errors of fluxes go by."""
    return bool(_ERR.fullmatch(plain(name)))


def is_ivar(name: str) -> bool:
    """Whether a name is one that inverse variances go by."""
    return bool(_IVAR.fullmatch(plain(name)))


def is_variance(name: str) -> bool:
    """Whether a name is one that variances go by."""
    return bool(_VARIANCE.fullmatch(plain(name)))


def is_mask(name: str) -> bool:
    """Whether a name is one that masks go by, in which 0 is good."""
    return bool(_MASK.fullmatch(plain(name)))


def choose(columns: Sequence[Column], chosen: Mapping[str, str] | None = None) -> Chosen:
    """Find wavelength, flux and what belongs to them among `columns`.

    Parameters
    ----------
    columns : sequence of Column
        What the table has.
    chosen : mapping
        Our name -> the table's: overrules the guess.

    Raises
    ------
    ReadError
        If there is no column for wavelength or flux, or a chosen one is absent.

    Examples
    --------
    >>> choose([Column("Wavelength"), Column("Flux"), Column("BestFit"), Column("ivar")]).said
    "wave from 'Wavelength', flux from 'Flux', ivar from 'ivar'"
    """
    given = _present(chosen or {}, columns)
    wave = given.get("wave") or _wave(columns, taken=set(given.values()))
    free = [column for column in columns if column.name not in {wave, *given.values()}]
    flux = given.get("flux") or _flux(free)
    missing = " and ".join(word for word, found in (("wave", wave), ("flux", flux)) if not found)
    if not wave or not flux:
        names = ", ".join(column.name for column in columns[:12])
        raise ReadError(
            f"no column could be taken for {missing}; there are {names}{' ...' if len(columns) > 12 else ''}",
            "name them: columns={'wave': ..., 'flux': ...}",
        )
    free = [column for column in free if column.name != flux]
    numbers = [column for column in free if column.numeric]
    who = identity(free)
    ivar = given.get("ivar", "") or ("" if "err" in given else _first(numbers, is_ivar))
    err = given.get("err", "") or ("" if ivar else _first(numbers, is_error))
    units = {column.name: column.unit for column in columns}

    def named(ours: str, names: Sequence[str]) -> str:
        return given.get(ours, "") or _first(free, lambda name: plain(name) in names)

    return Chosen(
        wave=wave,
        flux=flux,
        err=err,
        ivar=ivar,
        variance="" if ivar or err else _first(numbers, is_variance),
        mask=given.get("mask", "") or _first(free, is_mask),
        star=given.get("object_id", "") or who["object_id"] or "",
        spectrum=named("spectrum_id", _SPECTRUM),
        ra=given.get("ra", "") or who["ra"] or "",
        dec=given.get("dec", "") or who["dec"] or "",
        mjd=named("mjd", _MJD),
        velocity=named("velocity", _VELOCITY),
        z=named("z", _Z),
        kind=named("kind", _KIND),
        subclass=named("subclass", _SUBCLASS),
        snr=named("snr", _SNR),
        wave_unit=units.get(wave, ""),
        flux_unit=units.get(flux, ""),
    )


def _present(chosen: Mapping[str, str], columns: Sequence[Column]) -> dict[str, str]:
    """The chosen names as the table writes them."""
    found = {}
    for ours, name in chosen.items():
        theirs = spelled(name, columns)
        if theirs is None:
            raise ReadError(
                f"there is no column {name!r}, which was named for {ours}",
                f"the table has {', '.join(column.name for column in columns[:12])}",
            )
        found[ours] = theirs
    return found


def _wave(columns: Sequence[Column], taken: set[str]) -> str:
    """By name, then by what the file says of the quantity, then by a unit that only wavelengths have."""
    numeric = [column for column in columns if column.numeric and column.name not in taken]
    named = [column.name for column in numeric if is_wave(column.name)]
    if named:
        # An observed wavelength beats one in the rest frame, and one in vacuum beats one in air.
        return min(named, key=lambda name: ("rest" in name.lower(), "air" in name.lower()))
    for column in numeric:
        if column.ucd.lower().split(";")[0].startswith("em.wl"):
            return column.name
    for column in numeric:
        try:
            unit = unit_of(column.unit) if column.unit else None
        except DataError:
            continue
        if unit is not None and unit.name in ("Angstrom", "nm", "micron", "log10 Angstrom"):
            return column.name
    return ""


def _flux(columns: Sequence[Column]) -> str:
    numeric = [column for column in columns if column.numeric]
    exact = _first(numeric, lambda name: plain(name) == "flux")
    if exact:
        return exact
    named = _first(numeric, is_flux)
    return named or next((c.name for c in numeric if c.ucd.lower().split(";")[0].startswith("phot.flux")), "")


def _first(columns: Sequence[Column], fits: Callable[[str], bool]) -> str:
    """The first column whose name fits; empty when none does."""
    return next((column.name for column in columns if fits(column.name)), "")
