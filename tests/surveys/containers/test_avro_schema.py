"""Every Avro type against fastavro: read, and jumped over."""

from __future__ import annotations

import io
from typing import Any

import fastavro
import pytest

from goodricke.surveys.containers.avro_schema import Compiler, Malformed, Reader

TREE = {
    "type": "record",
    "name": "space.node",
    "fields": [{"name": "v", "type": "int"}, {"name": "next", "type": ["null", "node"]},
               {"name": "many", "type": {"type": "array", "items": "space.node"}}],
}  # fmt: skip
LEAF = {"v": 3, "next": None, "many": []}
CASES: list[tuple[Any, Any]] = [
    ("null", None), ("boolean", True), ("int", -(2**31)), ("long", 2**62), ("long", -(2**63)), ("double", -1.5e300),
    ("float", 0.25), ("bytes", b"\x00\xff"), ("string", "Größe"), ({"type": "string"}, "x"), (["null", "string"], None),
    (["string", "null", "long"], 77), ({"type": "array", "items": "long"}, list(range(200))),
    ({"type": "array", "items": {"type": "array", "items": ["null", "int"]}}, [[1, None], [], [3]]),
    ({"type": "map", "values": "double"}, {"a": 1.0, "b": 2.0}),
    ({"type": "enum", "name": "e", "symbols": ["A", "B"]}, "B"),
    ({"type": "fixed", "name": "f", "size": 3}, b"abc"), (TREE, {"v": 1, "next": LEAF, "many": [LEAF, LEAF]}),
    ({"type": "long", "logicalType": "timestamp-micros"}, 1_600_000_000_000_000),
    ({"type": "record", "name": "r", "namespace": "n.s", "fields": [
        {"name": "a", "type": {"type": "fixed", "name": "id", "size": 2}}, {"name": "b", "type": "id"},
        {"name": "c", "type": "n.s.id"}]}, {"a": b"12", "b": b"34", "c": b"56"}),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "value"), CASES, ids=lambda x: str(x)[:30])
def test_values_are_read_and_jumped_over(schema: Any, value: Any) -> None:
    out = io.BytesIO()
    parsed = fastavro.parse_schema(schema)
    # Logical types are written as what they are stored as, which is how they come back.
    stored = {k: v for k, v in schema.items() if k != "logicalType"} if isinstance(schema, dict) else schema
    fastavro.schemaless_writer(out, parsed if stored is schema else fastavro.parse_schema(stored), value)
    data = out.getvalue()
    kind = Compiler(()).compile(schema)
    for step, expected in ((kind.read, value), (kind.skip, ...)):
        reader = Reader(data + b"tail")
        found = step(reader)
        assert reader.position == len(data)
        if expected is not ...:
            assert found == expected


def test_parts_with_their_size_are_jumped_over_at_once() -> None:
    kind = Compiler(()).compile({"type": "array", "items": "long"})
    # Two items announced as -2, the size of the part in bytes, the items 1 and 2, the end.
    data = bytes([3, 4, 2, 4, 0])
    assert kind.read(Reader(data)) == [1, 2]
    reader = Reader(data)
    kind.skip(reader)
    assert reader.position == len(data)


def test_fields_are_left_out_at_any_depth() -> None:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(TREE), {"v": 1, "next": LEAF, "many": [LEAF]})
    found = Compiler(["many"]).compile(TREE).read(Reader(out.getvalue()))
    assert found == {"v": 1, "next": {"v": 3, "next": None}}


@pytest.mark.parametrize(
    ("schema", "data", "says"),
    [
        ("bytes", b"\x80\x80\x80\x80\x10", "announced"),
        ("string", b"\x01", "announced"),
        ("long", b"\xff" * 12, "past the end"),
        ("double", b"\x00\x00", "announced"),
        ({"type": "array", "items": "null"}, b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f", "too many"),
        (["null", "long"], b"\x08", "branch 4"),
        ({"type": "enum", "name": "e", "symbols": ["A"]}, b"\x02", "number 1 of an enum"),
    ],
)
def test_claims_without_bytes_are_refused(schema: Any, data: bytes, says: str) -> None:
    for step in (Compiler(()).compile(schema).read, Compiler(()).compile(schema).skip):
        with pytest.raises(Malformed, match=says):
            step(Reader(data))


def test_a_schema_that_multiplies_is_refused() -> None:
    # Each record holds the one before it twice: 2**40 values from no byte at all.
    schema: Any = {"type": "record", "name": "r0", "fields": []}
    for k in range(1, 41):
        inner = schema if k == 1 else f"r{k - 1}"
        previous = [] if k == 1 else [schema]
        schema = {"type": "record", "name": f"r{k}", "fields": [
            {"name": "a", "type": previous[0] if previous else inner}, {"name": "b", "type": f"r{k - 1}"}]}  # fmt: skip
    with pytest.raises(Malformed, match="holds more than"):
        Compiler(()).compile(schema)


@pytest.mark.parametrize(
    "schema", [7, {"name": "x"}, "space.unknown", {"type": "array"}, {"type": "fixed", "name": "f", "size": -1}]
)
def test_a_broken_schema_is_refused(schema: Any) -> None:
    with pytest.raises(Malformed):
        Compiler(()).compile(schema)
