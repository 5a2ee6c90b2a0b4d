"""FITS images as spectra: a row of fluxes and a header with wavelengths, IRAF's bands, or an image per quantity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError, ReadError
from goodricke.spectra.wavelength import Medium, Unit, medium_of, medium_of_header, named_unit, unit_of
from goodricke.surveys.containers.fits import FitsFile, FitsImage, Header
from goodricke.surveys.source import Source
from goodricke.surveys.spectra.axis import estimated_ivar, ivar_of_error, ivar_of_variance, vacuum_wavelengths
from goodricke.surveys.spectra.cards import Cards
from goodricke.surveys.spectra.columns import is_error, is_flux, is_ivar, is_mask, is_variance, is_wave
from goodricke.surveys.spectra.dispersion import dispersion_of, is_spectral
from goodricke.surveys.spectra.facts import facts
from goodricke.surveys.spectra.options import SpectrumOptions
from goodricke.surveys.spectra.record import FEWEST_PIXELS, Record, record

__all__ = ["recognises", "records"]

_MOST_BANDS = 8  # rows of an image that are quantities of one spectrum; more are orders or places on a slit


def recognises(file: FitsFile) -> bool:
    """Whether the first image with pixels has an axis of wavelengths, or an image of wavelengths beside it."""
    image = _main(file)
    if image is None:
        return False
    if _is_stack(image):
        return True
    has_axis = is_spectral(_with(file, image)) or _beside(file, image, is_wave) is not None
    return has_axis and image.shape[-1] >= FEWEST_PIXELS


def _is_stack(image: FitsImage) -> bool:
    """Whether a small image holds a row (or a column) of wavelengths over rows of fluxes."""
    if len(image.shape) != 2 or min(image.shape) > _MOST_BANDS or min(image.shape) < 2:
        return False
    try:
        rows = image.pixels()
    except ReadError:
        return False
    return _is_ladder(rows[0] if rows.shape[0] <= _MOST_BANDS else rows[:, 0])


def _is_ladder(row: NDArray[Any]) -> bool:
    step = np.diff(row.astype(np.float64))
    rising = bool(len(step) and ((step > 0).all() or (step < 0).all()))
    low, high = sorted((float(row[0]), float(row[-1])))
    return rising and any(
        a <= low and high <= b for a, b in ((1000.0, 50_000.0), (100.0, 5000.0), (0.1, 5.0), (3.0, 4.7))
    )


def _main(file: FitsFile) -> FitsImage | None:
    """The image of fluxes: the one of that name, else the first."""
    with_pixels = [image for image in file.arrays if all(image.shape)]
    named = [image for image in with_pixels if is_flux(image.name) or image.name.upper() in ("SCI", "SPECTRUM")]
    return next(iter(named or with_pixels), None)


def _beside(file: FitsFile, image: FitsImage, fits: Any) -> FitsImage | None:
    """Another image of as many pixels whose name fits."""
    return next(
        (other for other in file.arrays if other is not image and other.name and fits(other.name)
         and other.shape and other.shape[-1] == image.shape[-1]), None,
    )  # fmt: skip


def _with(file: FitsFile, image: FitsImage) -> Header:
    """The header that has the wavelengths: the image's own, or the first where that one says nothing."""
    return image.header if "CRVAL1" in image.header or "COEFF0" in image.header else file.primary


def records(source: Source, options: SpectrumOptions) -> Iterator[Record]:
    """Yield the spectrum of the images in a file."""
    file = source.fits
    image = _main(file)
    if image is None:
        raise ReadError(
            "there are no pixels and no table with wavelengths and fluxes in this FITS file", "is it a spectrum?"
        )
    notes: list[str] = []
    rows = _rows(image)
    ladder = _beside(file, image, is_wave)
    card = _with(file, image)
    names = [_band(image.header, k) for k in range(len(rows))]
    unit: Unit | None = None
    medium: Medium = ""
    if ladder is not None:
        values = ladder.pixels().reshape(-1, ladder.shape[-1])
        if len(values) > 1:
            raise _orders(image, len(values))
        wave, medium = values[0].astype(np.float64), medium_of(ladder.name)
        unit = _unit(ladder.header.text("BUNIT")) or named_unit(ladder.name)
    elif _is_ladder(rows[0]) and len(rows) > 1:
        wave, rows, names = rows[0].astype(np.float64), rows[1:], names[1:]
        notes.append("the first row of the image holds the wavelengths, the next one the flux")
    else:
        try:
            found = dispersion_of(card, rows.shape[1])
        except DataError as error:
            raise ReadError(str(error), "convert it, or save the spectrum as a table") from error
        wave, unit = found.values, found.unit
    ivar = _ivar(file, image, rows, names, notes)
    mask = _beside(file, image, is_mask)
    bad = None if mask is None else _first_row(mask) != 0
    get = Cards([image.header, file.primary]).get
    stated, by = medium_of_header(get)
    if not medium and not options.medium and by.startswith("CTYPE1=WAVE"):
        notes.append(f"the header's {by} stands for vacuum, though not all who write it know; overrule with "
                     "wavelengths='air'")  # fmt: skip
    vacuum, said = vacuum_wavelengths(wave, unit, medium or stated, options, notes)
    about, meta = facts(source, get)
    yield record(vacuum, rows[0], ivar, bad, about, meta | {"layout": "image", "wavelengths": said}, notes)


def _unit(words: str) -> Unit | None:
    try:
        return unit_of(words)
    except DataError:
        return None


def _rows(image: FitsImage) -> NDArray[Any]:
    """The image as rows (bands, P)."""
    shape = [size for size in image.shape if size > 1]
    if len(shape) > 2:
        raise ReadError(
            f"an image cube of {' x '.join(map(str, image.shape))} pixels, not one spectrum",
            "extract a spectrum from it first",
        )
    if not shape:
        raise ReadError("an image of one pixel", "is this a spectrum? If so, download it again")
    rows = image.pixels().reshape(-1, shape[-1]) if len(shape) == 2 else image.pixels().reshape(1, -1)
    if len(rows) > _MOST_BANDS >= rows.shape[1] and _is_ladder(rows[:, 0]):
        rows = rows.T  # a column per quantity
    if len(rows) == 1:
        return rows
    quantities = any(_band(image.header, k) for k in range(len(rows))) or _is_ladder(rows[0])
    # IRAF writes bands as a third axis; a second axis without names is a slit, or orders.
    banded = len(image.shape) == 3 and image.shape[1] == 1 and len(rows) <= _MOST_BANDS
    if len(rows) > _MOST_BANDS or not (quantities or banded):
        raise _orders(image, len(rows))
    return rows


def _orders(image: FitsImage, n: int) -> ReadError:
    return ReadError(
        f"an image of {n} rows of {image.shape[-1]:,} pixels: the orders of an echelle, a slit or many stars",
        "merge or extract it into one spectrum first, or save it as a table with columns wave and flux",
    )


def _band(card: Header, k: int) -> str:
    """What the header calls a row of the image."""
    return next((word for name in ("BANDID", "ARRAY", "ROW") if (word := card.text(f"{name}{k + 1}"))), "").lower()


def _ivar(
    file: FitsFile, image: FitsImage, rows: NDArray[Any], names: list[str], notes: list[str]
) -> NDArray[np.float64]:
    """Inverse variances from an image beside the fluxes, from a row of the image, or from the scatter."""
    other = _beside(file, image, is_ivar)
    if other is not None:
        return _first_row(other)
    other = _beside(file, image, is_error)
    if other is not None:
        return ivar_of_error(_first_row(other))
    other = _beside(file, image, is_variance)
    if other is not None:
        return ivar_of_variance(_first_row(other))
    for k, name in enumerate(names[1:], start=1):
        if name.startswith(("sigma", "error", "err", "noise", "uncert")):
            return ivar_of_error(rows[k])
        if name.startswith(("ivar", "inverse")):
            return np.asarray(rows[k], dtype=np.float64)
    if len(rows) > 1 and not any(names):
        with np.errstate(invalid="ignore"):
            if (rows[1] >= 0).all() and np.median(rows[1]) < 0.5 * abs(np.median(rows[0])):
                notes.append("the row behind the flux is taken for its error")
                return ivar_of_error(rows[1])
    return estimated_ivar(rows[0], notes)


def _first_row(image: FitsImage) -> NDArray[np.float64]:
    return np.asarray(image.pixels().reshape(-1, image.shape[-1])[0], dtype=np.float64)
