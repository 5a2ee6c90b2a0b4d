"""The binary streams of a VOTable: rows without gaps, big-endian, with counts before arrays of free length.

Reference: VOTable 1.4 (Ochsenbein et al. 2019), section 5.4. BINARY2 puts one bit a field before every row that says
which values are missing. Every length is checked against the bytes that are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ReadError

if TYPE_CHECKING:
    from goodricke.surveys.containers.votable import Field

__all__ = ["BinaryColumn", "columns_of"]

_KINDS = {
    "boolean": "S1", "unsignedByte": ">u1", "short": ">i2", "int": ">i4", "long": ">i8", "char": "S1",
    "unicodeChar": ">u2", "float": ">f4", "double": ">f8", "floatComplex": ">c8", "doubleComplex": ">c16", "bit": ">u1",
}  # fmt: skip


@dataclass(frozen=True)
class BinaryColumn:
    """Values of one field, one entry a row."""

    field: Field
    """What they are."""
    values: list[NDArray[Any]] | NDArray[Any]
    """(n_rows,) or (n_rows, count); a list of arrays where the count differs from row to row."""
    missing: NDArray[np.bool_]
    """Rows without a value (n_rows,)."""

    def words(self) -> list[str]:
        """Every row as text; empty where nothing is written."""
        absent = self.missing.tolist()
        if self.field.datatype in ("char", "unicodeChar", "boolean"):
            encoding = "utf-16-be" if self.field.datatype == "unicodeChar" else "utf-8"
            # A single character comes out of NumPy in the byte order of the machine: put it back into the file's.
            kind = _KINDS[self.field.datatype]
            return [
                "" if gone else np.asarray(row, dtype=kind).tobytes().decode(encoding, "replace").strip(" \0")
                for row, gone in zip(self.values, absent, strict=True)
            ]
        return [
            "" if gone or str(row) in ("nan", self.field.null) else str(row)
            for row, gone in zip(self._plain(), absent, strict=True)
        ]

    def _plain(self) -> list[Any]:
        if isinstance(self.values, list):
            return [" ".join(str(value) for value in row.tolist()) for row in self.values]
        if self.values.ndim == 2:
            return [" ".join(str(value) for value in row) for row in self.values.tolist()]
        return list(self.values.tolist())

    def numbers(self) -> NDArray[np.float64] | None:
        """One float64 a row, NaN where nothing is written; None where rows hold many values or text."""
        if isinstance(self.values, list) or self.values.ndim != 1 or self.values.dtype.kind == "c":
            return None
        if self.field.is_text:
            return None
        numbers = self._as_floats(self.values)
        return np.where(self.missing, np.nan, numbers)

    def arrays(self) -> list[NDArray[np.float64]]:
        """One float64 array a row; a row without a value is an empty array."""
        return [
            np.zeros(0) if gone else self._as_floats(np.atleast_1d(row))
            for row, gone in zip(self.values, self.missing.tolist(), strict=True)
        ]

    def _as_floats(self, values: NDArray[Any]) -> NDArray[np.float64]:
        if values.dtype.kind == "S":  # T, t, 1 or F, f, 0; anything else is missing
            true, false = np.isin(values, [b"T", b"t", b"1"]), np.isin(values, [b"F", b"f", b"0"])
            return np.where(true, 1.0, np.where(false, 0.0, np.nan))
        numbers = np.real(values).astype(np.float64)
        if self.field.null and values.dtype.kind in "iu":
            numbers[values.astype(str) == self.field.null] = np.nan
        return numbers


def columns_of(body: bytes, fields: Sequence[Field], masked: bool) -> tuple[list[BinaryColumn], int]:
    """Decode a stream: the columns, and the number of rows.

    Parameters
    ----------
    body : bytes
        The stream, after base64.
    fields : sequence of Field
        What a row holds.
    masked : bool
        BINARY2: rows begin with their mask of missing values.
    """
    unknown = sorted({field.datatype for field in fields} - set(_KINDS))
    if unknown:
        raise ReadError(f"unknown VOTable type {', '.join(unknown)}", "save the table with TABLEDATA")
    n_mask = (len(fields) + 7) // 8 if masked else 0
    sizes = [_bytes_of(field, field.count) for field in fields]
    if any(field.is_variable for field in fields):
        return _variable_rows(body, fields, sizes, n_mask)
    return _fixed_rows(body, fields, sizes, n_mask)


def _fixed_rows(body: bytes, fields: Sequence[Field], sizes: list[int], n_mask: int) -> tuple[list[BinaryColumn], int]:
    row = n_mask + sum(sizes)
    if not row or len(body) % row:
        raise _broken()
    n = len(body) // row
    raw = np.frombuffer(body, np.uint8).reshape(n, row if n else 0)
    columns, start = [], n_mask
    for k, (field, size) in enumerate(zip(fields, sizes, strict=True)):
        part = np.ascontiguousarray(raw[:, start : start + size])
        if field.datatype == "bit":
            part = _bits(part, field.count)
        columns.append(BinaryColumn(field, _shaped(part.tobytes(), field, n), _missing(raw, k, n_mask)))
        start += size
    return columns, n


def _variable_rows(
    body: bytes, fields: Sequence[Field], sizes: list[int], n_mask: int
) -> tuple[list[BinaryColumn], int]:
    at, end = 0, len(body)
    parts: list[list[bytes]] = [[] for _ in fields]
    masks: list[bytes] = []
    plan = [
        (part.append, size, field.is_variable, field) for part, size, field in zip(parts, sizes, fields, strict=True)
    ]
    while at < end:
        masks.append(body[at : at + n_mask])
        at += n_mask
        for append, fixed, variable, field in plan:
            count, size = field.count, fixed
            if variable:
                count = int.from_bytes(body[at : at + 4], "big", signed=True)
                size = _bytes_of(field, count)
                at += 4
            if size < 0 or at + size > end:
                raise _broken()
            cell = body[at : at + size]
            append(_bits(np.frombuffer(cell, np.uint8), count).tobytes() if field.datatype == "bit" else cell)
            at += size
    n = len(masks)
    raw = np.frombuffer(b"".join(masks), np.uint8).reshape(n, n_mask)
    columns = []
    for k, (field, rows) in enumerate(zip(fields, parts, strict=True)):
        values = (
            [np.frombuffer(row, _KINDS[field.datatype]) for row in rows]
            if field.is_variable
            else _shaped(b"".join(rows), field, n)
        )
        columns.append(BinaryColumn(field, values, _missing(raw, k, n_mask)))
    return columns, n


def _shaped(part: bytes, field: Field, n: int) -> NDArray[Any]:
    values = np.frombuffer(part, _KINDS[field.datatype])
    return values if field.count == 1 else values.reshape(n, -1 if n else 0)


def _bits(packed: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """One byte for each bit. A single bit may stand anywhere in its byte: writers differ."""
    if count == 1:
        return np.asarray(packed != 0, dtype=np.uint8)
    return np.unpackbits(packed, axis=-1, count=max(count, 0))


def _missing(raw: NDArray[np.uint8], k: int, n_mask: int) -> NDArray[np.bool_]:
    if not n_mask or not len(raw):
        return np.zeros(len(raw), dtype=bool)
    return np.asarray((raw[:, k // 8] >> (7 - k % 8)) & 1, dtype=bool)


def _bytes_of(field: Field, count: int) -> int:
    if field.datatype == "bit":
        return (count + 7) // 8
    return count * np.dtype(_KINDS[field.datatype]).itemsize


def _broken() -> ReadError:
    return ReadError("the binary stream of the VOTable does not hold whole rows", "download it again")
