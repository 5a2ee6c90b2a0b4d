"""The Avro container reader against fastavro, with every codec, and on damaged files."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import zlib
from pathlib import Path
from typing import Any

import fastavro
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodricke.errors import ReadError
from goodricke.surveys.containers.avro import AvroFile
from goodricke.surveys.source import Source

SCHEMA = {
    "type": "record",
    "name": "point",
    "fields": [
        {"name": "n", "type": "long"},
        {"name": "x", "type": ["null", "double"]},
        {"name": "s", "type": "string"},
    ],
}
RECORDS = [{"n": k * 10**k, "x": None if k % 3 else k / 7, "s": "é" * k} for k in range(12)]


def file_of(data: bytes, name: str = "made.avro") -> AvroFile:
    return AvroFile(Source(name, data=data))


def written(schema: dict[str, Any], records: list[Any], codec: str = "null") -> bytes:
    out = io.BytesIO()
    fastavro.writer(out, schema, records, codec=codec)
    return out.getvalue()


def zigzag(n: int) -> bytes:
    value, made = (n << 1) ^ (n >> 63), bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def container(schema: Any, blocks: list[tuple[int, bytes]], codec: str = "null") -> bytes:
    """A file around blocks of (number of records, packed bytes), written by hand from the specification."""
    head = {b"avro.schema": json.dumps(schema).encode(), b"avro.codec": codec.encode()}
    pairs = b"".join(zigzag(len(k)) + k + zigzag(len(v)) + v for k, v in head.items())
    sync = bytes(range(16))
    body = b"".join(zigzag(n) + zigzag(len(data)) + data + sync for n, data in blocks)
    return b"Obj\x01" + zigzag(len(head)) + pairs + zigzag(0) + sync + body


def plain_block() -> bytes:
    out = io.BytesIO()
    for record in RECORDS:
        fastavro.schemaless_writer(out, SCHEMA, record)
    return out.getvalue()


def snappy(data: bytes) -> bytes:
    return bytes(pa.Codec("snappy").compress(data)) + zlib.crc32(data).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("codec", "pack"),
    [
        ("null", lambda data: data),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("snappy", snappy),
        ("zstandard", lambda data: bytes(pa.Codec("zstd").compress(data))),
        ("bzip2", bz2.compress),
        ("xz", lzma.compress),
    ],
)
def test_every_codec_gives_the_records(codec: str, pack: Any) -> None:
    data = container(SCHEMA, [(len(RECORDS), pack(plain_block()))] * 2, codec)
    assert list(file_of(data).records()) == RECORDS * 2


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz"])
def test_same_as_fastavro(codec: str) -> None:
    assert list(file_of(written(SCHEMA, RECORDS, codec)).records()) == RECORDS


def test_unknown_codec_is_named() -> None:
    with pytest.raises(ReadError, match="packed with 'lzo'"):
        list(file_of(container(SCHEMA, [(1, b"x")], "lzo")).records())


def test_a_wrong_checksum_is_seen() -> None:
    packed = bytearray(snappy(plain_block()))
    packed[-1] ^= 1
    with pytest.raises(ReadError, match="checksum"):
        list(file_of(container(SCHEMA, [(len(RECORDS), bytes(packed))], "snappy")).records())


def test_field_names_are_known_without_the_records() -> None:
    assert file_of(container(SCHEMA, [])).field_names == ("n", "x", "s")
    assert file_of(container("long", [])).field_names == ()


def test_a_header_longer_than_the_first_look() -> None:
    schema = {**SCHEMA, "doc": "x" * 100_000}
    assert list(file_of(container(schema, [(len(RECORDS), plain_block())])).records()) == RECORDS


@pytest.mark.parametrize("codec", ["deflate", "bzip2", "xz", "zstandard", "snappy"])
def test_a_block_that_unpacks_without_bound_is_refused(codec: str) -> None:
    zeros = bytes(80 << 20)
    packed = {
        "deflate": lambda: zlib.compress(zeros, 1)[2:-4],
        "bzip2": lambda: bz2.compress(zeros, 1),
        "xz": lambda: lzma.compress(zeros, preset=0),
        "zstandard": lambda: bytes(pa.Codec("zstd").compress(zeros)),
        # Not even unpacked: the size is in front.
        "snappy": lambda: b"\xff\xff\xff\xff\x0f" + bytes(50),
    }[codec]()
    with pytest.raises(ReadError, match="unpacks to"):
        list(file_of(container(SCHEMA, [(1, packed)], codec)).records())


@pytest.mark.parametrize("n", [1 << 40, -5])
def test_more_records_than_bytes_are_refused(n: int) -> None:
    with pytest.raises(ReadError, match="records"):
        list(file_of(container({"type": "record", "name": "e", "fields": []}, [(n, b"")])).records())


def test_the_mark_between_blocks_is_checked() -> None:
    data = bytearray(container(SCHEMA, [(len(RECORDS), plain_block())]))
    data[-1] ^= 1
    with pytest.raises(ReadError, match=r"after 12 records .*mark"):
        list(file_of(bytes(data)).records())


def test_every_cut_is_a_read_error() -> None:
    data = written(SCHEMA, RECORDS)
    for end in range(4, len(data)):
        try:
            records = list(file_of(data[:end]).records())
        except ReadError as error:
            assert "made.avro" in str(error)
        else:
            assert records == []  # nothing but the header is left


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damage_gives_records_or_a_read_error(data: st.DataObject) -> None:
    broken = bytearray(written(SCHEMA, RECORDS, data.draw(st.sampled_from(["null", "deflate"]))))
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(4, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        for record in file_of(bytes(broken)).records():
            assert isinstance(record, dict | list | str | int | float | bytes | None)
    except ReadError as error:
        assert error.seen


@pytest.mark.parametrize("folder", ["ztf_alert_avro", "lsst_alert_avro_FAKE"])
def test_real_alerts_are_decoded_as_fastavro_does(folder: str, shared_data: Path) -> None:
    images = {"cutoutScience", "cutoutTemplate", "cutoutDifference"}
    for path in sorted((shared_data / "raw" / folder).iterdir()):
        with path.open("rb") as file:
            expected = list(fastavro.reader(file))
        assert list(AvroFile(Source(str(path), path=path)).records()) == expected
        lean = list(AvroFile(Source(str(path), path=path)).records(skip=images))
        assert lean == [{k: v for k, v in record.items() if k not in images} for record in expected]


def test_named_fields_are_left_out() -> None:
    fields = [{"name": "id", "type": "long"}, {"name": "image", "type": "bytes"}]
    data = written(
        {"type": "record", "name": "a", "fields": fields}, [{"id": k, "image": bytes(500)} for k in range(30)]
    )
    assert list(file_of(data).records(skip=["image"])) == [{"id": k} for k in range(30)]
    assert {len(record["image"]) for record in file_of(data).records()} == {500}
