"""Record: one spectrum as a reader gives it; and many of them packed into Spectra.

What every reader has to put right is put right here, once: pixels without a wavelength, wavelengths that fall, arms
that overlap, duplicates, fluxes in units too small for 32 bits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError
from goodricke.spectra import Spectra, concatenate
from goodricke.spectra.batch import PER_SPECTRUM

__all__ = ["FEWEST_PIXELS", "Record", "packed", "record"]

FEWEST_PIXELS = 10
_MOST_ARMS = 3
_ORDER_PIXELS = 20  # runs of rising wavelengths shorter than this are disorder, not orders of a spectrograph
_POSSIBLE = (1.0, 1e9)  # Angstrom: numbers beyond are fill values, or damage
_REACH = (1000.0, 50_000.0)  # Angstrom: what a spectrum must touch, else its unit is not what it is said to be


@dataclass(frozen=True)
class Record:
    """One spectrum: vacuum wavelengths in Angstrom, rising, and what is known of it."""

    wave: NDArray[np.float64]
    flux: NDArray[np.float32]
    ivar: NDArray[np.float32]
    bad: NDArray[np.bool_]
    about: Mapping[str, Any] = field(default_factory=dict)
    """Fields per spectrum of ``Spectra``; what is missing is unknown."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Anything else: a text or a number."""
    notes: tuple[str, ...] = ()


def record(
    wave: NDArray[Any],
    flux: NDArray[Any],
    ivar: NDArray[Any] | None = None,
    bad: NDArray[Any] | None = None,
    about: Mapping[str, Any] | None = None,
    meta: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> Record:
    """A record with the pixels in order.

    Parameters
    ----------
    wave : (P,)
        Vacuum wavelengths in Angstrom.
    flux, ivar, bad : (P,)
        As the fields of ``Spectra``; what is not finite, and variances that are not positive, are put right.
    about, meta : mapping
        What is known of the spectrum.
    notes : sequence of str
        What the reader has to say of it.

    Raises
    ------
    ReadError
        If there is no spectrum in the arrays.
    """
    said = list(notes)
    ladder = np.asarray(wave, dtype=np.float64)
    light = np.asarray(flux)
    weight = np.zeros(light.shape, np.float32) if ivar is None else np.asarray(ivar)
    masked = np.zeros(light.shape, bool) if bad is None else np.asarray(bad, dtype=bool)
    if not ladder.shape == light.shape == weight.shape == masked.shape or ladder.ndim != 1:
        raise ReadError(
            f"there are {ladder.shape} wavelengths for {light.shape} fluxes, {weight.shape} errors and {masked.shape} "
            "mask values",
            "is this one spectrum? Name its columns: columns={'wave': ..., 'flux': ...}",
        )
    with np.errstate(invalid="ignore"):
        there = (ladder > _POSSIBLE[0]) & (ladder < _POSSIBLE[1])
    if not there.all():
        if there.any():
            said.append(f"{np.count_nonzero(~there):,} pixels without a wavelength are left out")
        ladder, light, weight, masked = ladder[there], light[there], weight[there], masked[there]
    if len(ladder) < FEWEST_PIXELS:
        raise ReadError(
            f"{len(ladder)} pixel{'s' * (len(ladder) != 1)} with a wavelength: too few for a spectrum",
            "is this a spectrum? If so, download it again, or name its columns: columns={'wave': ..., 'flux': ...}",
        )
    if not np.isfinite(light).any():
        raise ReadError("no pixel has a finite flux", "download it again, or name another: columns={'flux': ...}")
    order = _order(ladder, said)
    if order is not None:
        ladder, light, weight, masked = ladder[order], light[order], weight[order], masked[order]
    if (np.diff(ladder) == 0).any():
        ladder, light, weight, masked = _merged(ladder, light, weight, masked, said)
        if len(ladder) < FEWEST_PIXELS:
            raise ReadError(
                f"the wavelengths have only {len(ladder)} different values",
                "name the column of wavelengths: columns={'wave': ...}",
            )
    if not _REACH[0] < ladder[-1] or not ladder[0] < _REACH[1]:
        raise ReadError(
            f"the wavelengths would go from {ladder[0]:,.6g} to {ladder[-1]:,.6g} Angstrom: no star is seen there",
            "say what their unit is: wavelengths='nm' (or Angstrom, micron, m, log10(Angstrom))",
        )
    light, weight = _scaled(light, weight, said)
    with np.errstate(over="ignore", invalid="ignore"):
        light, weight = light.astype(np.float32), weight.astype(np.float32)
    finite = np.isfinite(light)
    weight = np.where(np.isfinite(weight) & (weight > 0) & finite, weight, np.float32(0))
    masked = masked | ~finite
    if masked.all():
        said.append("every pixel is masked")
    return Record(
        ladder,
        np.where(finite, light, np.float32(0)),
        weight,
        masked,
        about or {},
        meta or {},
        tuple(dict.fromkeys(said)),
    )


def _order(wave: NDArray[np.float64], said: list[str]) -> NDArray[np.int64] | None:
    """The pixels in the order of their wavelengths, overlaps of arms cut in the middle; None when they rise already."""
    step = np.diff(wave)
    if (step >= 0).all():
        return None
    n = len(wave)
    if (step <= 0).all():
        return np.arange(n)[::-1]
    backward = np.count_nonzero(step < 0) > np.count_nonzero(step > 0)
    rows = np.arange(n)[::-1] if backward else np.arange(n)
    starts = np.flatnonzero(np.diff(wave[rows]) < 0) + 1
    arms = np.split(rows, starts)
    if len(arms) <= _MOST_ARMS and min(map(len, arms)) >= _ORDER_PIXELS:
        said.append(f"{len(arms)} arms are joined, where they overlap in the middle of the overlap")
        return _joined(wave, sorted(arms, key=lambda arm: float(wave[arm[0]])))
    if n / len(arms) >= _ORDER_PIXELS:
        raise ReadError(
            f"the wavelengths begin anew {len(arms) - 1} times: an echelle or multi-order spectrum",
            "merge its orders into one spectrum first",
        )
    said.append("the wavelengths were not in order; the pixels are sorted")
    return np.argsort(wave, kind="stable")


def _joined(wave: NDArray[np.float64], arms: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    kept = [arms[0]]
    for arm in arms[1:]:
        before = kept[-1]
        low, high = float(wave[arm[0]]), float(wave[before[-1]])
        cut = (low + high) / 2
        if high >= low:
            before, arm = before[wave[before] < cut], arm[wave[arm] >= cut]
        kept[-1:] = [before, arm]
    return np.concatenate(kept)


def _merged(
    wave: NDArray[np.float64], flux: NDArray[Any], ivar: NDArray[Any], bad: NDArray[np.bool_], said: list[str]
) -> tuple[NDArray[np.float64], NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    """One pixel per wavelength: the mean by inverse variance of those that are good, the plain mean without."""
    fresh = np.append(True, np.diff(wave) > 0)
    code = np.cumsum(fresh) - 1
    n = int(code[-1]) + 1
    said.append(f"{len(wave) - n:,} pixels share their wavelength with another; their means are taken")
    good = np.isfinite(flux) & ~bad & np.isfinite(ivar) & (ivar > 0)
    weight = np.where(good, ivar, 0).astype(np.float64)
    total = np.bincount(code, weights=weight, minlength=n)
    finite = np.isfinite(flux)
    light = np.where(finite, flux, 0).astype(np.float64)
    count = np.bincount(code, weights=finite, minlength=n)
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = np.bincount(code, weights=light, minlength=n) / count
        mean = np.where(total > 0, np.bincount(code, weights=light * weight, minlength=n) / total, plain)
    all_bad = np.bincount(code, weights=~bad, minlength=n) == 0
    return wave[fresh], mean, total, all_bad


def _scaled(flux: NDArray[Any], ivar: NDArray[Any], said: list[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Flux and inverse variance in a unit that 32 bits hold: 1e-17 squared is beyond them."""
    some = flux[:: max(len(flux) // 256, 1)]
    some = some if np.isfinite(some).any() and np.any(some != 0) else flux
    size = np.abs(some[np.isfinite(some) & (some != 0)])
    typical = float(np.median(size)) if len(size) else 1.0
    if 1e-8 < typical < 1e12:
        return flux, ivar
    power = -int(np.floor(np.log10(typical)))
    said.append(f"the flux is given in units of 1e{-power} of the file's")
    with np.errstate(over="ignore", invalid="ignore"):
        return flux.astype(np.float64) * 10.0**power, ivar.astype(np.float64) * 10.0 ** (-2 * power)


_UNKNOWN: dict[str, Any] = {
    "object_id": "", "spectrum_id": "", "survey": "", "ra": np.nan, "dec": np.nan, "mjd": np.nan, "velocity": np.nan,
    "snr": np.nan, "kind": "", "subclass": "",
}  # fmt: skip


def packed(records: Sequence[Record]) -> Spectra:
    """Many records as one batch. A column of ``meta`` that a record lacks is NaN, or empty for text."""
    if not records:
        return concatenate([])
    names = dict.fromkeys(name for one in records for name in one.meta)
    meta = {}
    for name in names:
        values = [one.meta.get(name) for one in records]
        if any(isinstance(value, str) for value in values):
            meta[name] = np.array(["" if value is None else str(value) for value in values])
        else:
            meta[name] = np.array([np.nan if value is None else float(value) for value in values])
    pixels = {name: np.concatenate([getattr(one, name) for one in records]) for name in ("wave", "flux", "ivar", "bad")}
    for array in pixels.values():
        array.flags.writeable = False  # it is ours alone, so that Spectra need not copy it
    return Spectra(
        **{name: np.array([one.about.get(name, _UNKNOWN[name]) for one in records]) for name in PER_SPECTRUM},
        **pixels,
        offsets=np.concatenate([[0], np.cumsum([len(one.wave) for one in records])]),
        meta=meta,
    )
