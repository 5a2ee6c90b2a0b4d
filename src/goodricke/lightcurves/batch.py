"""LightCurves: many stars in flat arrays plus offsets.

The layout is that of Arrow list columns: star ``i`` owns ``time[offsets[i]:offsets[i + 1]]`` and the same stretch of
``flux``, ``flux_err`` and ``band``. The arrays are read-only, so slices share memory safely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke import ragged
from goodricke.errors import DataError
from goodricke.timeframes import UNKNOWN, TimeFrame

if TYPE_CHECKING:
    import pyarrow as pa
    from astropy.table import Table
    from astropy.timeseries import TimeSeries
    from nested_pandas import NestedFrame

    from goodricke.lightcurves.star import LightCurve

__all__ = ["DROP_REASONS", "PER_POINT", "PER_STAR", "LightCurves"]

DROP_REASONS = ("limit", "quality", "not_finite", "error", "duplicate", "error_clip", "flux_clip")
"""Why a point can be missing: an upper limit, a quality flag, a time or value that is not a number, an error that is
not positive, merged with a point at the same time, an error far from the star's others, a flux far from the star's
others. The columns of ``LightCurves.dropped``, in this order."""

StarIndex = NDArray[np.integer[Any]] | NDArray[np.bool_] | NDArray[np.str_] | list[int] | list[bool] | list[str]


@dataclass(frozen=True, eq=False, repr=False)
class LightCurves:
    """A batch of N light curves with M points in all.

    Parameters
    ----------
    object_id : (N,) str
        Name of every star.
    offsets : (N + 1,) int64
        Star ``i`` owns the points from ``offsets[i]`` up to ``offsets[i + 1]``.
    time : (M,) float64
        Days, in the frame of the star (see `frames`), not decreasing inside a star.
    flux : (M,) float32
        Linear and relative: the median of every star and band is 1. For a star marked in `difference` it is the flux
        above a template, in units of `ref_flux`, and may be negative.
    flux_err : (M,) float32
        One standard deviation, in the unit of `flux`.
    band : (M,) int8
        Index into `bands`.
    bands : tuple of str
        Names of the bands in this batch.
    survey : (N,) str
        Which row of the survey table read the star.
    frame : (N,) int8
        Index into `frames`.
    frames : tuple of TimeFrame
        Time scale, place and zero point of the times.
    ra, dec : (N,) float64
        ICRS degrees; NaN when unknown.
    ref_mag : (N, B) float64
        Magnitude at flux 1 for every band; NaN when the band or its zero point is absent.
    ref_flux : (N, B) float64
        Flux 1 in the survey's own unit; NaN for a survey that gives magnitudes.
    difference : (N,) bool
        The flux is a difference from a template and has no level of its own.
    dropped : (N, 7) int64
        Points lost on the way here, per reason in ``DROP_REASONS``.
    meta : mapping of str to (N,) array
        Anything else that is known per star, such as ``exposure_s`` or a catalogue's ``period_days``.

    Examples
    --------
    >>> lcs = LightCurves.from_arrays([1.0, 2.0, 3.0], mag=[10.0, 10.5, 10.0], err=[0.1, 0.1, 0.1], object_id="Algol")
    >>> lcs
    <LightCurves: 1 star, 3 points, bands: unknown, span 2 d, TIME>
    >>> lcs[0].flux.round(2)
    array([1.  , 0.63, 1.  ], dtype=float32)
    """

    object_id: NDArray[np.str_]
    offsets: NDArray[np.int64]
    time: NDArray[np.float64]
    flux: NDArray[np.float32]
    flux_err: NDArray[np.float32]
    band: NDArray[np.int8]
    bands: tuple[str, ...]
    survey: NDArray[np.str_]
    frame: NDArray[np.int8]
    frames: tuple[TimeFrame, ...]
    ra: NDArray[np.float64]
    dec: NDArray[np.float64]
    ref_mag: NDArray[np.float64]
    ref_flux: NDArray[np.float64]
    difference: NDArray[np.bool_]
    dropped: NDArray[np.int64]
    meta: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n, m, b = len(self.object_id), len(self.time), len(self.bands)
        shapes: dict[str, tuple[int, ...]] = {
            **dict.fromkeys(("object_id", "survey", "frame", "ra", "dec", "difference"), (n,)),
            **dict.fromkeys(("time", "flux", "flux_err", "band"), (m,)),
            **dict.fromkeys(("ref_mag", "ref_flux"), (n, b)),
            "offsets": (n + 1,),
            "dropped": (n, len(DROP_REASONS)),
        }
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name), dtype=_DTYPES.get(name))
            if array.shape != shape:
                raise DataError(f"{name} has shape {array.shape}; {n} stars, {m} points and {b} bands ask for {shape}")
            object.__setattr__(self, name, _frozen(array))
        for name in ("object_id", "survey"):
            if getattr(self, name).dtype.kind != "U":
                object.__setattr__(self, name, _frozen(getattr(self, name).astype(str)))
        meta = {key: _frozen(np.asarray(value)) for key, value in self.meta.items()}
        for key, value in meta.items():
            if value.shape[:1] != (n,):
                raise DataError(f"meta[{key!r}] has shape {value.shape}; {n} stars ask for ({n},)")
        object.__setattr__(self, "meta", meta)
        offsets = self.offsets
        if offsets[0] != 0 or offsets[-1] != m or (np.diff(offsets) < 0).any():
            raise DataError(
                f"offsets must rise from 0 to the number of points, {m}; they go {offsets[:3]}...{offsets[-1]}"
            )
        if b > 127 or len(self.frames) > 127:
            raise DataError(f"{b} bands and {len(self.frames)} time frames in one batch; 127 of each is the most")
        if m and (int(self.band.min()) < 0 or int(self.band.max()) >= b):
            raise DataError(f"band holds {self.band.min()}...{self.band.max()}, but there are {b} bands")
        if n and (int(self.frame.min()) < 0 or int(self.frame.max()) >= len(self.frames)):
            raise DataError(f"frame holds {self.frame.min()}...{self.frame.max()}, but there are {len(self.frames)}")

    # How many, and which -------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.object_id)

    @property
    def n_points(self) -> int:
        """Number of points of all stars together."""
        return len(self.time)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Number of points of every star (N,)."""
        return np.diff(self.offsets)

    def time_frame(self, i: int) -> TimeFrame:
        """Time frame of star `i`."""
        return self.frames[int(self.frame[i])]

    def __iter__(self) -> Iterator[LightCurve]:
        for i in range(len(self)):
            yield self._star(i)

    @overload
    def __getitem__(self, which: int | str) -> LightCurve: ...
    @overload
    def __getitem__(self, which: slice | StarIndex) -> LightCurves: ...
    def __getitem__(self, which: int | str | slice | StarIndex) -> LightCurve | LightCurves:
        """One star by position or name; a batch by slice, mask, positions or names.

        A slice with step 1 shares memory; everything else copies the chosen points.
        """
        if isinstance(which, int | np.integer):
            if not -len(self) <= which < len(self):
                raise IndexError(f"star {which} of {len(self)}")
            return self._star(int(which) % len(self))
        if isinstance(which, str):
            return self._star(int(self._positions([which])[0]))
        if isinstance(which, slice):
            start, stop, step = which.indices(len(self))
            if step == 1:
                return self._slice(start, max(start, stop))
            return self._take(np.arange(start, stop, step))
        chosen = np.asarray(which)
        if chosen.dtype.kind == "U":
            return self._take(self._positions(chosen))
        if chosen.dtype == bool:
            if chosen.shape != (len(self),):
                raise IndexError(f"a mask of shape {chosen.shape} for {len(self)} stars")
            return self._take(np.flatnonzero(chosen))
        if chosen.size == 0:
            return self._slice(0, 0)
        if chosen.dtype.kind not in "iu" or chosen.ndim != 1:
            raise TypeError(f"stars are chosen by number, name, slice or mask, not by {type(which).__name__}")
        if chosen.min() < -len(self) or chosen.max() >= len(self):
            raise IndexError(f"stars {chosen.min()}...{chosen.max()} of {len(self)}")
        return self._take(chosen % len(self))

    def select_band(self, *names: str) -> LightCurves:
        """Return the points in the named bands; a star without any stays, with no points."""
        missing = [name for name in names if name not in self.bands]
        if missing or not names:
            raise DataError(f"no band {', '.join(missing) or '(none named)'}; this batch has {', '.join(self.bands)}")
        codes = [self.bands.index(name) for name in names]
        remap = np.full(len(self.bands), -1, dtype=np.int8)
        remap[codes] = np.arange(len(codes), dtype=np.int8)
        keep = np.isin(self.band, codes)
        return replace(
            self._points(keep),
            band=remap[self.band[keep]],
            bands=tuple(names),
            ref_mag=self.ref_mag[:, codes],
            ref_flux=self.ref_flux[:, codes],
        )

    # New batches from this one -------------------------------------------------------------------------------------

    def keep_points(self, keep: NDArray[np.bool_], reason: str = "") -> LightCurves:
        """Return only the points marked in `keep` (M,); the others are counted under `reason` when one is given."""
        if keep.shape != self.time.shape:
            raise DataError(f"a mask of shape {keep.shape} for {self.n_points} points")
        if keep.all():
            return self
        batch = self._points(keep)
        if reason:
            dropped = self.dropped.copy()
            dropped[:, DROP_REASONS.index(reason)] += self.lengths - batch.lengths
            batch = replace(batch, dropped=dropped)
        return batch

    def with_meta(self, **columns: ArrayLike) -> LightCurves:
        """Return the batch with more columns per star."""
        return replace(self, meta={**self.meta, **{key: np.asarray(value) for key, value in columns.items()}})

    def _points(self, keep: NDArray[np.bool_]) -> LightCurves:
        return replace(
            self,
            offsets=ragged.compressed_offsets(keep, self.offsets),
            **{name: getattr(self, name)[keep] for name in PER_POINT},
        )

    def _slice(self, start: int, stop: int) -> LightCurves:
        first, last = int(self.offsets[start]), int(self.offsets[stop])
        return replace(
            self,
            offsets=self.offsets[start : stop + 1] - first,
            meta={key: value[start:stop] for key, value in self.meta.items()},
            **{name: getattr(self, name)[first:last] for name in PER_POINT},
            **{name: getattr(self, name)[start:stop] for name in PER_STAR},
        )

    def _take(self, stars: NDArray[np.integer[Any]]) -> LightCurves:
        index, offsets = ragged.take(self.offsets, stars)
        return replace(
            self,
            offsets=offsets,
            meta={key: value[stars] for key, value in self.meta.items()},
            **{name: getattr(self, name)[index] for name in PER_POINT},
            **{name: getattr(self, name)[stars] for name in PER_STAR},
        )

    def _star(self, i: int) -> LightCurve:
        from goodricke.lightcurves.star import LightCurve

        return LightCurve(self._slice(i, i + 1))

    def _positions(self, names: ArrayLike) -> NDArray[np.int64]:
        wanted = np.asarray(names, dtype=str)
        if not len(self):
            raise KeyError(f"no star is called {wanted[0]}: the batch is empty")
        ranked = np.argsort(self.object_id, kind="stable")
        place = np.minimum(np.searchsorted(self.object_id, wanted, sorter=ranked), len(self) - 1)
        found = ranked[place]
        missing = wanted[self.object_id[found] != wanted]
        if len(missing):
            raise KeyError(f"no star is called {missing[0]}; the first are {', '.join(self.object_id[:3])}")
        return found

    # To and from other forms ---------------------------------------------------------------------------------------

    @classmethod
    def from_arrays(
        cls,
        time: ArrayLike,
        *,
        mag: ArrayLike | None = None,
        flux: ArrayLike | None = None,
        err: ArrayLike | None = None,
        object_id: ArrayLike = "star",
        band: ArrayLike = "unknown",
        time_frame: str | TimeFrame = UNKNOWN,
        ra: ArrayLike = np.nan,
        dec: ArrayLike = np.nan,
        zero_point: float = np.nan,
    ) -> LightCurves:
        """Build a batch from plain arrays of one star, or of many stars in one long table.

        Parameters
        ----------
        time : (M,)
            Days in `time_frame`, in any order.
        mag, flux : (M,)
            One of the two: magnitudes, or fluxes on a linear scale.
        err : (M,), optional
            One standard deviation in the same unit; estimated from the scatter between neighbours when absent.
        object_id, band : (M,) str or one str
            Star and band of every point.
        time_frame : TimeFrame or str
            Such as ``"MJD_UTC"`` or ``"BTJD"``.
        ra, dec : (N,) or one number
            ICRS degrees of the stars, in the order of their first appearance.
        zero_point : float
            Magnitude of a flux of 1, when `flux` is given and the zero point is known.

        Examples
        --------
        >>> LightCurves.from_arrays([1, 2, 1, 2], flux=[5, 7, 100, 90], object_id=["a", "a", "b", "b"])
        <LightCurves: 2 stars, 4 points, bands: unknown, span 1 d, TIME>
        """
        from goodricke.lightcurves.assemble import assemble
        from goodricke.lightcurves.measurements import Measurements

        measured = Measurements.from_columns(
            time, mag=mag, flux=flux, err=err, object_id=object_id, band=band, ra=ra, dec=dec,
            frame=TimeFrame.parse(time_frame) if isinstance(time_frame, str) else time_frame, zero_point=zero_point,
        )  # fmt: skip
        return assemble(measured, survey="arrays")

    @classmethod
    def empty(cls) -> LightCurves:
        """A batch of no stars."""
        columns: dict[str, Any] = {
            name: np.empty(0, dtype=_DTYPES.get(name, np.str_)) for name in (*PER_POINT, *PER_STAR[:-3])
        }
        return cls(
            **columns,
            offsets=np.zeros(1, dtype=np.int64),
            bands=(),
            frames=(),
            ref_mag=np.empty((0, 0)),
            ref_flux=np.empty((0, 0)),
            dropped=np.empty((0, len(DROP_REASONS)), dtype=np.int64),
        )

    def to_arrow(self) -> pa.Table:
        """One row per star with list columns: the layout of our Parquet files. Points are not copied."""
        from goodricke.lightcurves.arrow import to_arrow

        return to_arrow(self)

    @classmethod
    def from_arrow(cls, table: pa.Table | pa.RecordBatch) -> LightCurves:
        """Read back what ``to_arrow`` wrote. Points are not copied when every column is one chunk."""
        from goodricke.lightcurves.arrow import from_arrow

        return from_arrow(table)

    def to_nested(self) -> NestedFrame:
        """A nested-pandas frame: one row per star, column ``lc`` nested (time, flux, flux_err, band)."""
        from goodricke.lightcurves.exchange import to_nested

        return to_nested(self)

    def to_table(self) -> Table:
        """One long astropy Table, a row per point, with units."""
        from goodricke.lightcurves.exchange import to_table

        return to_table(self)

    def to_timeseries(self, i: int = 0) -> TimeSeries:
        """An astropy TimeSeries of star `i`."""
        from goodricke.lightcurves.exchange import to_timeseries

        return to_timeseries(self, i)

    @classmethod
    def from_object(cls, thing: object, **columns: str) -> LightCurves:
        """Take light curves from another library's object, recognised by what it can do, not by its class.

        Accepts an Arrow table, a nested-pandas or pandas frame, an astropy Table or TimeSeries, a lightkurve object or
        collection, and ``LightCurves`` itself. `columns` overrules the guesses, as in ``time="hjd", mag="Vmag"``.
        """
        from goodricke.lightcurves.exchange import from_object

        return from_object(thing, columns)

    # Looking at it -------------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        n = len(self)
        if not n:
            return "<LightCurves: no stars>"
        filled = self.lengths > 0
        span = 0.0
        if filled.any():
            span = float(
                np.max(ragged.maxima(self.time, self.offsets)[filled] - ragged.minima(self.time, self.offsets)[filled])
            )
        return (
            f"<LightCurves: {n:,} star{'s' * (n != 1)}, {self.n_points:,} point{'s' * (self.n_points != 1)}, "
            f"bands: {_some(self.bands)}, span {span:.4g} d, "
            f"{_some(tuple(str(self.frames[k]) for k in np.unique(self.frame)))}>"
        )


def _some(names: tuple[str, ...], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


PER_POINT = ("time", "flux", "flux_err", "band")
PER_STAR = ("object_id", "survey", "frame", "ra", "dec", "difference", "ref_mag", "ref_flux", "dropped")
_DTYPES: dict[str, type[np.generic]] = {
    "offsets": np.int64,
    "time": np.float64,
    "flux": np.float32,
    "flux_err": np.float32,
    "band": np.int8,
    "frame": np.int8,
    "ra": np.float64,
    "dec": np.float64,
    "ref_mag": np.float64,
    "ref_flux": np.float64,
    "difference": np.bool_,
    "dropped": np.int64,
}
assert {f.name for f in fields(LightCurves)} == {*PER_POINT, *PER_STAR, "offsets", "bands", "frames", "meta"}


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view
