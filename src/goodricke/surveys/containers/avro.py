"""Avro object container files, decoded with the standard library and Arrow's codecs.

Format: Apache Avro 1.11 specification (https://avro.apache.org/docs/1.11.1/specification/). The schema in the header is
compiled once into nested Python functions; fields that nobody asks for, such as the cutout images of alerts, are jumped
over. Logical types stay what they are stored as. Every size that the file claims is checked against the bytes it has.
"""

from __future__ import annotations

import bz2
import json
import lzma
import struct
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from goodricke.errors import ReadError
from goodricke.surveys.containers.avro_schema import Compiler, Malformed, Reader, text

if TYPE_CHECKING:
    from goodricke.surveys.source import Source

__all__ = ["CODECS", "AvroFile"]

MAGIC = b"Obj\x01"
_ROOM, _RATIO = 4 << 20, 30  # a block may unpack to 4 MB, or to more when it is at most 30 times its packed size


def _unpacked(unpack: Callable[[bytes, int], bytes], data: bytes, most: int) -> bytes:
    content = unpack(data, most + 1)
    if len(content) > most:
        raise Malformed(f"a block of {len(data):,} bytes unpacks to more than {most:,}")
    return content


def _snappy(data: bytes, most: int) -> bytes:
    import pyarrow as pa

    if len(data) < 5:
        raise Malformed("a snappy block is shorter than its checksum")
    size = shift = 0
    for byte in data[:5]:
        size |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
    if size > most:
        raise Malformed(f"a block of {len(data):,} bytes unpacks to {size:,}")
    content = bytes(pa.Codec("snappy").decompress(data[:-4], decompressed_size=size))
    if zlib.crc32(content) != int.from_bytes(data[-4:], "big"):
        raise Malformed("a snappy block has another checksum than its bytes")
    return content


def _zstandard(data: bytes, most: int) -> bytes:
    import pyarrow as pa

    with pa.input_stream(pa.BufferReader(data), compression="zstd") as stream:
        return bytes(stream.read(most))


CODECS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "null": lambda data, most: data,
    "deflate": lambda data, most: zlib.decompressobj(-15).decompress(data, most),
    "snappy": _snappy,
    "zstandard": _zstandard,
    "bzip2": lambda data, most: bz2.BZ2Decompressor().decompress(data, most),
    "xz": lambda data, most: lzma.LZMADecompressor(memlimit=128 << 20).decompress(data, most),
}
"""Name in the header -> function of the packed bytes and the most bytes to give back."""


_BROKEN = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, EOFError, OSError, zlib.error,
    lzma.LZMAError, struct.error, OverflowError, MemoryError,
)  # fmt: skip


class AvroFile:
    """An Avro object container file.

    Parameters
    ----------
    source : Source
        The file. Only its first 64 kB are looked at until records are asked for.

    Attributes
    ----------
    schema : dict
        The writer's schema, as JSON.
    codec : str
        How the blocks are packed; one of ``CODECS``.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        # Schemas of alerts take up to 60 kB, so the first 64 kB may not hold the whole header.
        try:
            self._read_header(source.head)
        except _BROKEN:
            if len(source.data) <= len(source.head):
                raise self._damaged_header() from None
            try:
                self._read_header(source.data)
            except _BROKEN:
                raise self._damaged_header() from None

    def _damaged_header(self) -> ReadError:
        return ReadError("the header of this Avro file is damaged or cut short", "download it again", self.source.name)

    def _read_header(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            raise Malformed("no Avro magic")
        r = Reader(data, len(MAGIC))
        meta = {text(r): r.bytes() for n in r.items(1) for _ in range(n)}
        self.sync = data[r.take(16) : r.position]
        self.schema: Any = json.loads(meta["avro.schema"])
        self.codec = meta.get("avro.codec", b"null").decode("utf-8", "replace")
        self._start = r.position

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """Names of the fields of a record; empty when the schema is no record."""
        fields = self.schema.get("fields") if isinstance(self.schema, dict) else None
        if not isinstance(fields, list):
            return ()
        return tuple(str(f.get("name", "")) for f in fields if isinstance(f, dict))

    def records(self, skip: Collection[str] = ()) -> Iterator[Any]:
        """Yield the records as dicts, without the fields named in `skip` at whatever depth.

        Raises
        ------
        ReadError
            If the file is damaged; the records before the damage have been yielded.
        """
        n = 0
        try:
            kind = Compiler(skip).compile(self.schema)
            for count, block in self._blocks():
                r = Reader(block)
                r.budget -= count * kind.width
                if r.budget < 0:
                    raise Malformed(f"{count:,} records are announced in {len(block):,} bytes")
                for _ in range(count):
                    yield kind.read(r)
                    n += 1
                if r.position != r.end:
                    raise Malformed(f"{r.end - r.position:,} bytes are left over in a block")
        except ReadError:
            raise
        except _BROKEN as error:
            said = "it nests too deep" if isinstance(error, RecursionError) else str(error).splitlines()[0][:120]
            raise ReadError(
                f"the Avro file is damaged or cut short after {n:,} records ({said})", "download it again",
                self.source.name,
            ) from error  # fmt: skip

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        if self.codec not in CODECS:
            raise ReadError(
                f"the blocks are packed with {self.codec[:40]!r}", f"we know {', '.join(CODECS)}", self.source.name
            )
        unpack = CODECS[self.codec]
        r = Reader(self.source.data, self._start)
        while r.position < r.end:
            count, size = r.long(), r.long()
            start = r.take(size)
            packed = r.data[start : start + size]
            if count < 0:
                raise Malformed(f"a block of {count} records")
            yield count, packed if self.codec == "null" else _unpacked(unpack, packed, max(_ROOM, _RATIO * size))
            if r.data[r.take(16) : r.position] != self.sync:
                raise Malformed("a block does not end with the mark of this file")
