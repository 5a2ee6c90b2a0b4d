"""From spectra as read to what models see: rest frame, common lattice, continuum taken out, reasons where not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.clean.spectra.continuum import continuum
from goodricke.clean.spectra.quality import Seen, SpectrumLimits, reasons
from goodricke.clean.spectra.resample import Native, even, native, native_step, resampled
from goodricke.clean.spectra.spikes import masked_median, scatter, spikes
from goodricke.errors import DataError
from goodricke.spectra import MODEL_LATTICE, Lattice, Spectra

__all__ = ["Prepared", "prepare"]

_BLOCK = 1 << 19  # native pixels worked on at once: a few MB per array, whatever the number of spectra
_ROWS = 128


@dataclass(frozen=True, eq=False)
class Prepared:
    """N spectra on one lattice in the rest frame, divided by their continuum.

    Parameters
    ----------
    flux : (N, P) float32
        Flux over continuum; 1 where nothing is known.
    ivar : (N, P) float32
        Inverse variance of `flux`; 0 where nothing is known.
    reason : (N,) object
        Why a spectrum is not to be used, empty where it is. What could be prepared of it stands in the rows all the
        same, for pictures.
    velocity : (N,) float64
        km/s that was taken out.
    snr : (N,) float64
        Median of flux * sqrt(ivar) over known pixels, per pixel of the lattice; NaN without any.
    lattice : Lattice
        Wavelengths of the P pixels, Angstrom in vacuum, rest frame.
    note : (N,) object
        What the user should know of a spectrum that is used, such as a noise that had to be estimated; else empty.
    independent : (N,) float64
        Interpolated pixels share their noise with neighbours, which makes the `ivar` of each larger by up to 2,
        depending on the velocity. ``ivar * independent`` is what they tell together of anything wider than a few
        pixels, as a sum over pixels needs it (a chi square that is compared with another); ``snr * sqrt(independent)``
        is the signal-to-noise ratio of the native pixels.
    spikes : (N,) int64
        Native pixels that were masked as spikes or as far below zero.
    """

    flux: NDArray[np.float32]
    ivar: NDArray[np.float32]
    reason: NDArray[Any]
    velocity: NDArray[np.float64]
    snr: NDArray[np.float64]
    lattice: Lattice
    note: NDArray[Any]
    independent: NDArray[np.float64]
    spikes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.flux)

    def __getitem__(self, which: Any) -> Prepared:
        """Rows by number, slice, positions or mask: always a batch."""
        rows = [which] if isinstance(which, int | np.integer) else which
        chosen = {each.name: getattr(self, each.name)[rows] for each in fields(self) if each.name != "lattice"}
        return replace(self, **chosen)

    def __iter__(self) -> Iterator[Prepared]:
        return (self[k] for k in range(len(self)))

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Rows (N,) without a reason against them."""
        return np.asarray(self.reason == "", dtype=bool)

    def __repr__(self) -> str:
        return f"<Prepared: {len(self):,} spectra, {int(self.usable.sum()):,} usable, {self.lattice.n:,} pixels>"


def prepare(
    spectra: Spectra,
    lattice: Lattice = MODEL_LATTICE,
    velocity: ArrayLike | None = None,
    limits: SpectrumLimits | None = None,
) -> Prepared:
    """Bring spectra to the rest frame, to a lattice and to a continuum of 1, as Jing et al. 2025 do (section 2.2).

    Parameters
    ----------
    spectra : Spectra
        N spectra of any surveys; their pixels need not be alike.
    lattice : Lattice
        What models see.
    velocity : (N,) or float, optional
        km/s to take out; ``spectra.velocity`` when left out. NaN is taken as 0, and noted.
    limits : SpectrumLimits, optional
        What a spectrum has to be like; the defaults when left out.

    Returns
    -------
    Prepared
        N rows in the order of `spectra`; one that cannot be used has a reason.

    Raises
    ------
    DataError
        If `velocity` does not fit the number of spectra.

    Examples
    --------
    >>> from goodricke.spectra import LAMOST_LATTICE
    >>> wave = LAMOST_LATTICE.wave
    >>> flux = 1e-15 * (wave / 5500) * np.array([[1.0], [1.0]])
    >>> two = Spectra.from_arrays(wave, flux, 2500 / flux**2, kind=["STAR", "QSO"], velocity=[20.0, 0.0])
    >>> ready = prepare(two)
    >>> ready
    <Prepared: 2 spectra, 1 usable, 2,749 pixels>
    >>> ready.flux[0, [0, 1000, -1]].round(1), ready.snr.round(), ready.reason[1]
    (array([1., 1., 1.], dtype=float32), array([65., 50.]), "the survey's pipeline calls it QSO, not a star")
    """
    limits = limits or SpectrumLimits()
    n = len(spectra)
    given = np.asarray(spectra.velocity if velocity is None else velocity, dtype=np.float64)
    if given.shape not in ((), (n,)):
        raise DataError(f"velocity has shape {given.shape}; {n} spectra ask for ({n},) or one number")
    given = np.broadcast_to(given, (n,))
    unknown = ~np.isfinite(given)
    used = np.where(unknown, 0.0, given)
    ready = Prepared(
        np.ones((n, lattice.n), np.float32), np.zeros((n, lattice.n), np.float32), np.full(n, "", object), used,
        np.full(n, np.nan), lattice, np.where(unknown, "no velocity is known: none was taken out", "").astype(object),
        np.ones(n), np.zeros(n, np.int64),
    )  # fmt: skip
    for start, stop in _blocks(spectra):
        _fill(ready, spectra[start:stop], slice(start, stop), limits)
    return ready


def _blocks(spectra: Spectra) -> Iterator[tuple[int, int]]:
    """Stretches of spectra that fit a block; a single spectrum may be larger."""
    start, widest = 0, 1
    for k, length in enumerate(spectra.lengths.tolist()):
        widest_now = max(widest, length)
        if k > start and ((k + 1 - start) * widest_now > _BLOCK or k - start >= _ROWS):
            yield start, k
            start, widest_now = k, max(1, length)
        widest = widest_now
    if start < len(spectra):
        yield start, len(spectra)


def _fill(ready: Prepared, block: Spectra, where: slice, limits: SpectrumLimits) -> None:
    """Prepare one block, even spectra and others apart, into its rows."""
    regular = even(block, ready.lattice)
    rows = np.arange(where.start, where.stop)
    for some, is_even in ((regular, True), (~regular, False)):
        if some.all():
            _write(ready, block, rows, limits, is_even)
        elif some.any():
            _write(ready, block[some], rows[some], limits, is_even)


def _write(ready: Prepared, block: Spectra, rows: NDArray[np.int64], limits: SpectrumLimits, is_even: bool) -> None:
    lattice, velocity = ready.lattice, ready.velocity[rows]
    slow = np.clip(
        velocity, -0.5 * 299792.458, 2 * 299792.458
    )  # a nonsense velocity has its reason; log10 needs a number
    pixels = native(block, lattice, slow, even=is_even)
    step = np.ones(len(block)) if is_even else native_step(pixels)
    pixels, no_error = _with_errors(pixels)
    hit = spikes(pixels.flux, pixels.ivar, limits.spike_sigma)
    hit &= (step >= 0.5)[:, None]  # where pixels are finer than that, a line is many of them wide and none is a spike
    pixels = replace(pixels, flux=np.where(hit, 0, pixels.flux), ivar=np.where(hit, 0, pixels.ivar))
    flux, ivar, covered, ready.independent[rows] = resampled(pixels, lattice)
    known = ivar > 0
    smooth = continuum(flux, ivar, lattice)
    positive = known & (smooth > 0)
    smooth = np.where(positive, smooth, 1)
    level = (flux * ivar).sum(axis=1, dtype=np.float64) / np.maximum(ivar.sum(axis=1, dtype=np.float64), 1e-30)
    ready.flux[rows] = np.where(positive, flux / smooth, 1)
    ready.ivar[rows] = np.where(positive, ivar * smooth**2, 0)
    ready.snr[rows] = masked_median(flux * np.sqrt(ivar), known)
    ready.spikes[rows] = hit.sum(axis=1)
    n_covered, n_known = covered.sum(axis=1), known.sum(axis=1)
    seen = Seen(
        pixels=block.lengths,
        coverage=n_covered / lattice.n,
        masked=1 - n_known / np.maximum(n_covered, 1),
        known=n_known,
        spikes=ready.spikes[rows],
        snr=ready.snr[rows] * np.sqrt(ready.independent[rows]),
        not_positive=1 - positive.sum(axis=1) / np.maximum(n_known, 1),
        no_error=no_error,
        level=level * pixels.scale,
        step=step,
    )
    ready.reason[rows] = reasons(block, velocity, seen, lattice, limits)
    for k in np.flatnonzero(no_error & (ready.reason[rows] == "")):
        said = "no inverse variance is given: the noise is estimated from the scatter of pixels, lines included"
        before = ready.note[rows[k]]
        ready.note[rows[k]] = f"{before}; {said}" if before else said


def _with_errors(pixels: Native) -> tuple[Native, NDArray[np.bool_]]:
    """Spectra without any inverse variance get that of their own scatter; says which."""
    no_error = ~(pixels.ivar > 0).any(axis=1) & (pixels.flux != 0).any(axis=1)
    if not no_error.any():
        return pixels, no_error
    ivar = pixels.ivar.copy()
    flux = pixels.flux[no_error]
    noise = scatter(flux, flux != 0)[:, None]
    told = np.isfinite(noise) & (noise > 0)
    ivar[no_error] = np.where(told & (flux != 0), 1 / np.where(told, noise, 1) ** 2, 0)
    return replace(pixels, ivar=ivar), no_error
