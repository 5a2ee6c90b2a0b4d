"""Arrays from the bytes of a weights file, whoever wrote them.

Only what ``numpy.savez`` writes for plain numbers is understood, by a reader of our own: NumPy's sets aside as much
memory as a header asks for and evaluates the header, which is no way to treat a file from a stranger.
"""

from __future__ import annotations

import io
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import ModelError

__all__ = ["Arrays", "read_arrays", "under", "wanted"]

Arrays = Mapping[str, NDArray[Any]]

_MOST_ARRAYS = 4096
_MOST_BYTES = 256 << 20  # of all arrays, unpacked
_HEADER = re.compile(
    r"\{'descr': '([<|][biuf][1248])', 'fortran_order': (True|False), 'shape': \(((?:\d{1,18}, ?)*\d{0,18})\), \} *\n"
)
_KINDS = {"f": "real numbers", "i": "integers", "b": "true or false"}


def read_arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """Read an ``.npz`` file of plain numbers.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    dict
        Name -> array, not writeable.

    Raises
    ------
    ModelError
        If it is not such a file, holds objects, or unpacks to more than 256 MiB.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> np.savez(file, a=np.arange(3.0))
    >>> read_arrays(file.getvalue())["a"]
    array([0., 1., 2.])
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            if len(entries) > _MOST_ARRAYS or total > _MOST_BYTES:
                raise ModelError(
                    f"the weights unpack to {total / 2**20:.0f} MiB in {len(entries)} arrays; at most"
                    f" {_MOST_BYTES >> 20} MiB in {_MOST_ARRAYS} are taken"
                )
            return {entry.filename.removesuffix(".npy"): _array(archive, entry) for entry in entries}
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        RuntimeError,
        ValueError,
        TypeError,
        OSError,
    ) as error:
        raise ModelError(
            f"the weights are not an npz file of plain arrays ({error}); install the bundle again"
        ) from error


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray[Any]:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{entry.filename} is packed by method {entry.compress_type}")
    content = archive.read(entry)
    if content[:6] != b"\x93NUMPY" or content[6:8] not in (b"\x01\x00", b"\x02\x00"):
        raise ValueError(f"{entry.filename} is not an array of NumPy")
    long = content[6] == 2
    (size,) = struct.unpack_from("<I" if long else "<H", content, 8)
    first = (12 if long else 10) + size
    header = _HEADER.fullmatch(content[first - size : first].decode("latin-1"))
    if header is None:
        raise ValueError(f"{entry.filename} does not hold plain numbers: {content[first - size : first][:80]!r}")
    shape = tuple(int(side) for side in re.findall(r"\d+", header[3]))
    kind = np.dtype(header[1])
    if math.prod(shape) * kind.itemsize != len(content) - first:
        raise ValueError(f"{entry.filename} has {len(content) - first} bytes for the shape {shape} of {kind}")
    flat = np.frombuffer(content, dtype=kind, offset=first)
    return flat.reshape(shape, order="F" if header[2] == "True" else "C")


def wanted(arrays: Arrays, name: str, kind: str, *shape: int | None) -> NDArray[Any]:
    """The array of that name, checked.

    Parameters
    ----------
    arrays : mapping
        Name -> array.
    name : str
        Which one.
    kind : {"f", "i", "b"}
        Real numbers, which must be finite; integers; true or false.
    *shape : int or None
        Length of every side; None for any.

    Raises
    ------
    ModelError
        If it is not there, or not of this kind and shape.
    """
    if name not in arrays:
        raise ModelError(f"the weights have no array {name!r}; there are {', '.join(sorted(arrays)[:20]) or 'none'}")
    array = arrays[name]
    fits = len(shape) == array.ndim and all(side in (None, n) for side, n in zip(shape, array.shape, strict=True))
    if array.dtype.kind not in ("iu" if kind == "i" else kind) or not fits:
        sides = ", ".join("any" if side is None else str(side) for side in shape)
        raise ModelError(
            f"array {name!r} of the weights is {array.dtype} {array.shape}; {_KINDS[kind]} of shape ({sides})"
            " belong there"
        )
    if kind == "f" and not np.isfinite(array).all():
        raise ModelError(f"array {name!r} of the weights holds numbers that are not finite")
    return array


def under(prefix: str, arrays: Arrays) -> dict[str, NDArray[Any]]:
    """Those arrays whose name begins with the prefix, without it.

    >>> under("0.", {"0.mean": np.zeros(1), "1.mean": np.ones(1)})
    {'mean': array([0.])}
    """
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
