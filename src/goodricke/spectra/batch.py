"""Spectra: many spectra in flat arrays plus offsets.

The layout is that of `LightCurves`: spectrum ``i`` owns ``wave[offsets[i]:offsets[i + 1]]`` and the same stretch of
``flux``, ``ivar`` and ``bad``. The arrays are read-only, so slices share memory safely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.errors import DataError
from goodricke.spectra.lattice import Lattice

__all__ = ["PER_PIXEL", "PER_SPECTRUM", "Spectra", "concatenate"]

PER_PIXEL = ("wave", "flux", "ivar", "bad")
PER_SPECTRUM = (
    "object_id", "spectrum_id", "survey", "ra", "dec", "mjd", "velocity", "snr", "kind", "subclass",
)  # fmt: skip
_TEXT = ("object_id", "spectrum_id", "survey", "kind", "subclass")
_DTYPES: dict[str, type] = {
    "offsets": np.int64, "wave": np.float64, "flux": np.float32, "ivar": np.float32, "bad": np.bool_,
    **dict.fromkeys(("ra", "dec", "mjd", "velocity", "snr"), np.float64),
}  # fmt: skip
_EDGE = 1e-3  # of a pixel: how far from a lattice a pixel may lie and still be on it


@dataclass(frozen=True, eq=False, repr=False)
class Spectra:
    """A batch of N spectra with M pixels in all.

    Parameters
    ----------
    object_id : (N,) str
        Name of the star; spectra of one star have the same (see ``goodricke.spectra.epochs``).
    spectrum_id : (N,) str
        Name of the spectrum itself, such as LAMOST's obsid.
    survey : (N,) str
        Which row of the table of spectra read it.
    offsets : (N + 1,) int64
        Spectrum ``i`` owns the pixels from ``offsets[i]`` up to ``offsets[i + 1]``.
    wave : (M,) float64
        Angstrom in vacuum, rising inside a spectrum, as observed (heliocentric): not in the star's rest frame.
    flux : (M,) float32
        Per Angstrom, in any unit.
    ivar : (M,) float32
        Inverse variance of `flux`; 0 where nothing is known of a pixel.
    bad : (M,) bool
        Pixels that the survey masks, or that are not finite.
    ra, dec : (N,) float64
        ICRS degrees; NaN when unknown.
    mjd : (N,) float64
        Middle or begin of the exposure, days; NaN when unknown.
    velocity : (N,) float64
        Radial velocity that the survey gives, heliocentric km/s; NaN when unknown.
    snr : (N,) float64
        Signal-to-noise ratio per pixel, of g or of the whole spectrum, as the survey gives it; NaN when unknown.
    kind, subclass : (N,) str
        What the survey's pipeline took it for, such as ``STAR`` and ``G5``; empty when unknown.
    meta : mapping of str to (N,) array
        Anything else that is known of each spectrum: ``path``, ``layout``, ``teff`` ...

    Examples
    --------
    >>> wave = np.linspace(4000.0, 5000.0, 500)
    >>> one = Spectra.from_arrays(wave, np.ones(500), np.full(500, 100.0), object_id="HD 1")
    >>> one
    <Spectra: 1 spectrum of 1 star, 500 pixels, 4000 to 5000 Angstrom>
    >>> one.flux.dtype, one[:0]
    (dtype('float32'), <Spectra: 0 spectra of 0 stars, 0 pixels>)
    """

    object_id: NDArray[np.str_]
    spectrum_id: NDArray[np.str_]
    survey: NDArray[np.str_]
    offsets: NDArray[np.int64]
    wave: NDArray[np.float64]
    flux: NDArray[np.float32]
    ivar: NDArray[np.float32]
    bad: NDArray[np.bool_]
    ra: NDArray[np.float64]
    dec: NDArray[np.float64]
    mjd: NDArray[np.float64]
    velocity: NDArray[np.float64]
    snr: NDArray[np.float64]
    kind: NDArray[np.str_]
    subclass: NDArray[np.str_]
    meta: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n, m = len(self.object_id), len(self.wave)
        shapes = {**dict.fromkeys(PER_SPECTRUM, (n,)), **dict.fromkeys(PER_PIXEL, (m,)), "offsets": (n + 1,)}
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name), dtype=_DTYPES.get(name))
            if array.shape != shape:
                raise DataError(f"{name} has shape {array.shape}; {n} spectra and {m} pixels ask for {shape}")
            if name in _TEXT and array.dtype.kind != "U":
                array = array.astype(str)
            object.__setattr__(self, name, _frozen(array))
        meta = {key: _frozen(np.asarray(value)) for key, value in self.meta.items()}
        for key, value in meta.items():
            if value.shape[:1] != (n,):
                raise DataError(f"meta[{key!r}] has shape {value.shape}; {n} spectra ask for ({n},)")
        object.__setattr__(self, "meta", meta)
        offsets = self.offsets
        if offsets[0] != 0 or offsets[-1] != m or (np.diff(offsets) < 0).any():
            raise DataError(
                f"offsets must rise from 0 to the number of pixels, {m}; they go {offsets[:3]}...{offsets[-1]}"
            )
        falls = np.diff(self.wave) <= 0
        falls[self.offsets[1:-1][(self.offsets[1:-1] > 0) & (self.offsets[1:-1] < m)] - 1] = False
        if falls.any() or not np.isfinite(self.wave).all():
            raise DataError("wave has to be finite and rise inside every spectrum; sort the pixels first")
        if not np.isfinite(self.ivar).all() or (self.ivar < 0).any():
            raise DataError("ivar has to be finite and not negative; write 0 where nothing is known")

    @classmethod
    def from_arrays(
        cls,
        wave: ArrayLike,
        flux: ArrayLike,
        ivar: ArrayLike | None = None,
        bad: ArrayLike | None = None,
        **about: Any,
    ) -> Spectra:
        """Spectra that share their wavelengths, or a single one.

        Parameters
        ----------
        wave : (P,)
            Angstrom in vacuum, rising.
        flux, ivar, bad : (P,) or (N, P)
            As the fields; a flux that is not finite becomes a bad pixel. Without `ivar` it is 0: unknown.
        **about
            Any field per spectrum (a value for all, or N of them); other names go to `meta`.

        Examples
        --------
        >>> wave = np.linspace(4000.0, 5000.0, 500)
        >>> Spectra.from_arrays(wave, np.ones((3, 500)), object_id=["a", "a", "b"], velocity=[0.0, 5.0, 2.0])
        <Spectra: 3 spectra of 2 stars, 1,500 pixels, 4000 to 5000 Angstrom>
        """
        light = np.atleast_2d(np.asarray(flux, dtype=np.float32))
        ladder = np.asarray(wave, dtype=np.float64)
        if light.ndim != 2 or ladder.shape != light.shape[1:]:
            raise DataError(f"flux has shape {np.shape(flux)} and wave {ladder.shape}; give (N, P) and (P,)")
        n, p = light.shape
        weight = np.zeros((n, p), np.float32) if ivar is None else _each(ivar, (n, p), np.float32)
        weight = np.where(np.isfinite(weight) & (weight > 0), weight, 0)
        broken = ~np.isfinite(light)
        masked = broken if bad is None else _each(bad, (n, p), np.bool_) | broken
        default: dict[str, Any] = {
            "object_id": [f"star {k}" for k in range(n)], "survey": "", "ra": np.nan, "dec": np.nan, "mjd": np.nan,
            "velocity": np.nan, "snr": np.nan, "kind": "", "subclass": "",
        }  # fmt: skip
        given = {**default, **{name: value for name, value in about.items() if name in PER_SPECTRUM}}
        given.setdefault("spectrum_id", given["object_id"])
        columns = {name: np.broadcast_to(np.asarray(value), (n,)) for name, value in given.items()}
        meta = {name: np.broadcast_to(np.asarray(value), (n,)) for name, value in about.items() if name not in given}
        return cls(
            **columns,
            offsets=np.arange(n + 1, dtype=np.int64) * p,
            wave=np.tile(ladder, n),
            flux=np.where(broken, 0, light).ravel(),
            ivar=np.where(masked & broken, 0, weight).ravel(),
            bad=masked.ravel(),
            meta=meta,
        )

    # How many, and which -------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.object_id)

    @property
    def n_pixels(self) -> int:
        """Number of pixels of all spectra together."""
        return len(self.wave)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Number of pixels of every spectrum (N,)."""
        return np.diff(self.offsets)

    def __iter__(self) -> Iterator[Spectra]:
        return (self[k : k + 1] for k in range(len(self)))

    def __getitem__(self, which: int | slice | Sequence[int] | NDArray[Any]) -> Spectra:
        """Spectra by number, slice, positions or mask: always a batch. A slice with step 1 shares memory."""
        n = len(self)
        if isinstance(which, int | np.integer):
            if not -n <= which < n:
                raise IndexError(f"spectrum {which} of {n}")
            return self._slice(int(which) % n, int(which) % n + 1)
        if isinstance(which, slice):
            start, stop, step = which.indices(n)
            if step == 1:
                return self._slice(start, max(start, stop))
            return self._take(np.arange(start, stop, step))
        chosen = np.asarray(which)
        if chosen.dtype == bool:
            if chosen.shape != (n,):
                raise IndexError(f"a mask of shape {chosen.shape} for {n} spectra")
            return self._take(np.flatnonzero(chosen))
        if chosen.size == 0:
            return self._slice(0, 0)
        if chosen.dtype.kind not in "iu" or chosen.ndim != 1:
            raise TypeError("spectra are chosen by number, slice or mask")
        if chosen.min() < -n or chosen.max() >= n:
            raise IndexError(f"spectra {chosen.min()}...{chosen.max()} of {n}")
        return self._take(chosen % n)

    def _slice(self, start: int, stop: int) -> Spectra:
        pixels = slice(int(self.offsets[start]), int(self.offsets[stop]))
        return self._with(slice(start, stop), pixels, self.offsets[start : stop + 1] - self.offsets[start])

    def _take(self, chosen: NDArray[np.integer[Any]]) -> Spectra:
        length = self.lengths[chosen]
        offsets = np.concatenate([[0], np.cumsum(length)])
        pixels = np.repeat(self.offsets[chosen] - offsets[:-1], length) + np.arange(offsets[-1])
        return self._with(chosen, pixels, offsets)

    def _with(self, spectra: Any, pixels: Any, offsets: NDArray[np.int64]) -> Spectra:
        return replace(
            self,
            **{name: getattr(self, name)[spectra] for name in PER_SPECTRUM},
            **{name: getattr(self, name)[pixels] for name in PER_PIXEL},
            offsets=offsets,
            meta={name: value[spectra] for name, value in self.meta.items()},
        )

    def on(self, lattice: Lattice) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Flux and inverse variance (N, n) when every pixel lies on a lattice; None when one does not.

        Nothing is resampled. Pixels that a spectrum does not have, and bad ones, have the inverse variance 0.
        """
        place = (np.log10(self.wave) - lattice.first) / lattice.step
        nearest = np.rint(place).astype(np.int64)
        if (np.abs(place - nearest) > _EDGE).any():
            return None
        inside = (nearest >= 0) & (nearest < lattice.n)
        row = np.repeat(np.arange(len(self)), self.lengths)[inside]
        flux, ivar = (np.zeros((len(self), lattice.n), np.float32) for _ in range(2))
        flux[row, nearest[inside]] = self.flux[inside]
        ivar[row, nearest[inside]] = np.where(self.bad, 0, self.ivar)[inside]
        return flux, ivar

    def __repr__(self) -> str:
        n, stars = len(self), len(np.unique(self.object_id))
        span = f", {self.wave.min():.0f} to {self.wave.max():.0f} Angstrom" if self.n_pixels else ""
        return (
            f"<Spectra: {n:,} spectr{'um' if n == 1 else 'a'} of {stars:,} star{'' if stars == 1 else 's'},"
            f" {self.n_pixels:,} pixels{span}>"
        )


def concatenate(batches: Sequence[Spectra]) -> Spectra:
    """One batch of all spectra in their order; a column of `meta` that a batch lacks is NaN or empty there.

    >>> one = Spectra.from_arrays([4000.0, 4001.0], [1.0, 2.0], object_id="a")
    >>> concatenate([one, one]).offsets
    array([0, 2, 4])
    """
    if not batches:
        return Spectra.from_arrays(np.zeros(0), np.zeros((0, 0)), object_id=np.zeros(0, "U1"))
    if len(batches) == 1:
        return batches[0]
    lengths = np.concatenate([batch.lengths for batch in batches])
    names = list(dict.fromkeys(name for batch in batches for name in batch.meta))
    together = {
        name: np.concatenate([getattr(batch, name) for batch in batches]) for name in (*PER_SPECTRUM, *PER_PIXEL)
    }
    return Spectra(
        **together,
        offsets=np.concatenate([[0], np.cumsum(lengths)]),
        meta={name: np.concatenate(_columns(batches, name)) for name in names},
    )


def _columns(batches: Sequence[Spectra], name: str) -> list[NDArray[Any]]:
    """The column of every batch, filled where a batch lacks it."""
    there = [batch.meta[name] for batch in batches if name in batch.meta]
    text = any(column.dtype.kind == "U" for column in there)
    filled = []
    for batch in batches:
        if name not in batch.meta:
            filled.append(np.full(len(batch), "" if text else np.nan))
        else:
            filled.append(batch.meta[name].astype(str) if text else batch.meta[name].astype(np.float64))
    return filled


def _each(values: ArrayLike, shape: tuple[int, int], dtype: type) -> NDArray[Any]:
    array = np.asarray(values)
    try:
        return np.broadcast_to(array, shape).astype(dtype)
    except ValueError:
        raise DataError(f"an array of shape {array.shape} does not fit the flux of shape {shape}") from None


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The array itself when it is read-only already, else a read-only view or copy."""
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array
