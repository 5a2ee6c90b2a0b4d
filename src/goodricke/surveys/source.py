"""Source: one file, archive member or stream, looked at only as far as somebody asks.

Recognisers share what was parsed: the first bytes, the decoded lines, a FITS header, a Parquet schema. All are computed
at most once per file.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from goodricke.errors import ReadError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from goodricke.surveys.containers.fits import FitsFile
    from goodricke.surveys.containers.text import TextTable

__all__ = ["Container", "Source"]

Container = Literal["fits", "parquet", "avro", "xml", "json", "text", "html", "binary", "empty"]

HEAD_BYTES = 1 << 16
MAX_BYTES = 4 << 30
_OPENERS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\x00", lzma.open))
_CONTROL = bytes([*range(9), *range(14, 32)])  # what text does not hold: all below space but tab and line ends
_BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)


class Source:
    """One thing to read.

    Parameters
    ----------
    name : str
        What to call it in messages: a path, or ``archive.tar::member``.
    path : Path, optional
        Where it lies on disk.
    data : bytes, optional
        Its content, when it does not lie on disk by itself.
    """

    def __init__(self, name: str, path: Path | None = None, data: bytes | None = None) -> None:
        if (path is None) == (data is None):
            raise ValueError("give a path or data")
        self.name = name
        self.path = path
        self._data = data

    def __repr__(self) -> str:
        return f"<Source {self.name}>"

    @property
    def stem(self) -> str:
        """Name without folders and endings, for formats that tell the star nowhere else."""
        last = self.name.replace("\\", "/").split("::")[-1].rsplit("/", 1)[-1]
        for ending in (".gz", ".bz2", ".xz"):
            last = last.removesuffix(ending)
        return last.rsplit(".", 1)[0] if "." in last[1:] else last

    def _open(self) -> IO[bytes]:
        if self._data is not None:
            return io.BytesIO(self._data)
        assert self.path is not None
        try:
            return self.path.open("rb")
        except IsADirectoryError as error:
            raise ReadError("this is a folder", "name the files in it, or the folder by itself", self.name) from error
        except PermissionError as error:
            raise ReadError("no permission to read the file", f"try: chmod u+r '{self.name}'", self.name) from error
        except FileNotFoundError as error:
            raise ReadError("no such file", "check the path", self.name) from error
        except OSError as error:
            raise ReadError(
                f"the file cannot be opened ({error.strerror})", "check the disk and the path", self.name
            ) from error

    @cached_property
    def _opener(self) -> object:
        with self._open() as file:
            first = file.read(6)
        return next((opener for magic, opener in _OPENERS if first.startswith(magic)), None)

    @property
    def compressed(self) -> bool:
        """Whether the content is packed with gzip, bzip2 or xz."""
        return self._opener is not None

    @cached_property
    def size(self) -> int:
        """Bytes as stored."""
        if self._data is not None:
            return len(self._data)
        assert self.path is not None
        try:
            return self.path.stat().st_size
        except OSError as error:
            raise ReadError(f"the file cannot be looked up ({error.strerror})", "check the path", self.name) from error

    def _read(self, most: int) -> bytes:
        """At most this many bytes, unpacked."""
        with self._open() as file:
            if self._opener is None:
                # read(n) reserves n bytes at once, so a large bound is only passed on when the file reaches it.
                return file.read(most) if most < self.size else file.read()
            try:
                with self._opener(file) as unpacked:  # type: ignore[operator]
                    parts, wanted = [], most
                    while wanted > 0 and (part := unpacked.read(min(wanted, 1 << 20))):
                        parts.append(part)
                        wanted -= len(part)
                    return b"".join(parts)
            except _BROKEN as error:
                raise ReadError(
                    f"the compressed file is cut short or damaged ({error})", "download it again", self.name
                ) from error

    @cached_property
    def head(self) -> bytes:
        """The first 64 kB, unpacked. A packed file that is cut short still shows what it is."""
        if "data" in self.__dict__:
            return self.data[:HEAD_BYTES]
        if self._data is not None and self._opener is None:
            return _as_utf8(self._data[:HEAD_BYTES])
        return _as_utf8(self._read(HEAD_BYTES))

    @cached_property
    def data(self) -> bytes:
        """All bytes, unpacked; text in UTF-16, as spreadsheets write it, becomes UTF-8."""
        if not self.compressed:
            if self.size > MAX_BYTES:
                raise ReadError(
                    f"the file has {self.size / 2**30:.1f} GB, and this format is read as a whole",
                    f"split it into files below {MAX_BYTES >> 30} GB, or convert it to Parquet, which is streamed",
                    self.name,
                )
            return _as_utf8(self._read(MAX_BYTES) if self._data is None else self._data)
        # A packed file may not grow without bound: no light curve packs better than a hundredfold.
        most = min(MAX_BYTES, (64 << 20) + 100 * self.size)
        content = self._read(most + 1)
        if len(content) > most:
            raise ReadError(
                f"more than {most >> 20} MB after unpacking {self.size >> 10} kB",
                "unpack or split the file yourself",
                self.name,
            )
        return _as_utf8(content)

    @cached_property
    def container(self) -> Container:
        """What kind of file it is, from its first bytes."""
        head = self.head
        if not head:
            return "empty"
        magics: tuple[tuple[bytes, Container], ...] = (
            (b"SIMPLE  =", "fits"), (b"PAR1", "parquet"), (b"Obj\x01", "avro"),
        )  # fmt: skip
        for magic, container in magics:
            if head.startswith(magic):
                return container
        start = head[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
        if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<") and b"<html" in start):
            return "html"
        if start.startswith((b"<?xml", b"<votable", b"<vosource")):
            return "xml"
        if start.startswith((b"{", b"[")):
            return "json"
        if not start:
            return "empty"
        sample = head[:4096]
        control = len(sample) - len(sample.translate(None, _CONTROL))
        return "binary" if control > len(sample) // 50 else "text"

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the first 64 kB, decoded; a last line cut by the 64 kB is left out."""
        text = decode(self.head)
        lines = text.splitlines()
        return lines[:-1] if len(self.head) == HEAD_BYTES and len(lines) > 1 else lines

    @cached_property
    def table(self) -> TextTable:
        """The file as a text table (csv or white space). Raises ReadError when it is none."""
        from goodricke.surveys.containers.text import TextTable

        return TextTable(self)

    @cached_property
    def fits(self) -> FitsFile:
        """The file as FITS; headers are parsed, data are not touched."""
        from goodricke.surveys.containers.fits import FitsFile

        return FitsFile(self)

    @cached_property
    def parquet(self) -> pq.ParquetFile:
        """The file as Parquet, opened but not read."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            if self.path is not None and self._data is None and not self.compressed:
                # Neither mapped nor read ahead: both would let a stream hold as much as the file.
                return pq.ParquetFile(self.path, pre_buffer=False, buffer_size=1 << 20)
            return pq.ParquetFile(pa.BufferReader(self.data), pre_buffer=False)
        except (pa.ArrowException, OSError, ValueError) as error:
            said = str(error).splitlines()[0][:120]
            raise ReadError(
                f"the Parquet file is damaged or cut short ({said})", "download it again", self.name
            ) from error

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of a Parquet file."""
        return self.parquet.schema_arrow


def _as_utf8(data: bytes) -> bytes:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    return data[: len(data) // 2 * 2].decode("utf-16", "replace").encode()


def decode(data: bytes) -> str:
    """UTF-8, or Latin-1 where it is not: every byte is a character, so nothing is lost."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # The 64 kB may have cut a character in two; anything earlier means another encoding.
        if error.start >= len(data) - 3:
            return data[: error.start].decode("utf-8")
        return data.decode("latin-1")
