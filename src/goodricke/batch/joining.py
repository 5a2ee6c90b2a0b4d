"""Joining: the parts of a run become one sequence of batches in which every star stands once."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from goodricke.lightcurves import LightCurves
from goodricke.output import LightCurveFile
from goodricke.surveys.merge import key_of, merge, merge_keys

__all__ = ["joined", "united_schema"]

_ROWS = 5_000
_MOST_BUCKETS = 200  # files open at once


def joined(parts: Sequence[Path], unite: bool, batch_points: int) -> Iterator[LightCurves]:
    """Yield the stars of all parts; with `unite`, rows of one star are merged even when they lie in different parts.

    Stars that stand once pass through in order. The others are merged in memory when they fit into `batch_points`, and
    are otherwise dealt into buckets on disk first, each of which fits.
    """
    if not unite:
        yield from (lcs for part in parts for lcs in _batches(part))
        return
    repeated = _repeated(parts)
    if not len(repeated):
        yield from (lcs for part in parts for lcs in _batches(part))
        return
    with tempfile.TemporaryDirectory(dir=parts[0].parent, prefix="buckets-") as folder:
        buckets = _Buckets(Path(folder), united_schema(parts), _count_buckets(parts, batch_points))
        with buckets:
            for part in parts:
                for lcs in _batches(part):
                    keys = _hashes(merge_keys(lcs))
                    several = np.isin(keys, repeated)
                    if not several.all():
                        yield lcs[~several]
                    if several.any():
                        buckets.deal(lcs[several], keys[several])
        for bucket in buckets.files:
            yield merge(list(_batches(bucket)))


def united_schema(parts: Sequence[Path]) -> pa.Schema | None:
    """One schema with the columns of all parts: files of different surveys know different things of their stars."""
    if not parts:
        return None
    return pa.unify_schemas([pq.read_schema(part) for part in parts], promote_options="permissive")


def _batches(part: Path) -> Iterator[LightCurves]:
    with pq.ParquetFile(part, memory_map=True) as file:
        for batch in file.iter_batches(batch_size=_ROWS):
            yield LightCurves.from_arrow(batch)


def _hashes(keys: NDArray[np.str_]) -> NDArray[np.uint64]:
    """64 bits of a name (N,), the same on every machine; two of 10^8 stars share one with a chance of 3e-4."""
    digests = (hashlib.blake2b(key.encode(), digest_size=8).digest() for key in keys.tolist())
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def _repeated(parts: Sequence[Path]) -> NDArray[np.uint64]:
    """Hashes that more than one row has. Only the three naming columns are read: 8 bytes a star are kept."""
    found = []
    for part in parts:
        names = pq.read_table(part, columns=["survey", "time_frame", "object_id"])
        columns = [np.asarray(names.column(k).to_numpy(), dtype=str) for k in range(3)]
        found.append(_hashes(key_of(*columns)))
    values, counts = np.unique(np.concatenate(found), return_counts=True)
    return np.asarray(values[counts > 1])


def _count_buckets(parts: Sequence[Path], batch_points: int) -> int:
    points = 0
    for part in parts:
        metadata = pq.read_metadata(part)
        leaf = next(k for k in range(metadata.num_columns) if metadata.schema.column(k).path.startswith("time.list"))
        points += sum(metadata.row_group(g).column(leaf).num_values for g in range(metadata.num_row_groups))
    return int(np.clip(-(-points // batch_points), 1, _MOST_BUCKETS))


class _Buckets:
    """Files on disk; a star's rows all go to the same one."""

    def __init__(self, folder: Path, schema: pa.Schema | None, n: int) -> None:
        self.files = [folder / f"bucket-{k:03d}.parquet" for k in range(n)]
        self._writers = [LightCurveFile(file, schema) for file in self.files]

    def deal(self, lcs: LightCurves, keys: NDArray[np.uint64]) -> None:
        """Put every row into its bucket."""
        number = keys % np.uint64(len(self.files))
        for k in np.unique(number):
            self._writers[int(k)].write(lcs[number == k])

    def __enter__(self) -> None:
        for writer in self._writers:
            writer.__enter__()

    def __exit__(self, *error: object) -> None:
        for writer in self._writers:
            writer.__exit__(*error)  # type: ignore[arg-type]
