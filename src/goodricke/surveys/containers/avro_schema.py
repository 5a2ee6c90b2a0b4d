"""An Avro schema, compiled into nested Python functions that read one value, or jump over it.

Names and unions follow the Apache Avro 1.11 specification; logical types stay what they are stored as. Sizes that the
data claim are checked against the bytes there are, so that a damaged file fails and does not fill the memory.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Compiler", "Malformed", "Reader", "Type", "text"]

_MAX_SCHEMA_NODES = 20_000
_MAX_WIDTH = 20_000

Decoder = Callable[["Reader"], Any]


class Malformed(ValueError):
    """The bytes break the rules of Avro."""


class Reader:
    """Position in a block, and how many more values may be made from it."""

    __slots__ = ("budget", "data", "end", "position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data, self.position, self.end = data, position, len(data)
        # A value needs a byte, except nulls and empty records: the budget bounds those.
        self.budget = 100_000 + 4 * (len(data) - position)

    def long(self) -> int:
        data, position = self.data, self.position
        value = shift = 0
        while True:
            if position >= self.end or shift > 63:
                raise Malformed("a number runs past the end of its block")
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
        self.position = position
        return (value >> 1) ^ -(value & 1)

    def take(self, n: int) -> int:
        """Reserve the next `n` bytes and return where they begin."""
        start = self.position
        if n < 0 or start + n > self.end:
            raise Malformed(f"{n:,} bytes are announced, {self.end - start:,} are left")
        self.position = start + n
        return start

    def bytes(self) -> bytes:
        start = self.take(self.long())
        return self.data[start : self.position]

    def items(self, width: int) -> Iterator[int]:
        """Yield the item counts of the parts of an array or map, checked."""
        while n := self.long():
            if n < 0:
                n = -n
                size = self.long()
                if not 0 <= size <= self.end - self.position:
                    raise Malformed(f"a part of {size:,} bytes is announced, {self.end - self.position:,} are left")
            self.budget -= n * width
            if self.budget < 0:
                raise Malformed(f"{n:,} items are announced, too many for the bytes there are")
            yield n


@dataclass
class Type:
    """A compiled type: how to read it, how to jump over it, and how many values one of it makes at most."""

    read: Decoder
    skip: Decoder
    width: int = 1


class Compiler:
    """Turns a schema into functions; fields named in `unwanted` are jumped over at whatever depth."""

    def __init__(self, unwanted: Collection[str]) -> None:
        self.unwanted = frozenset(unwanted)
        self.named: dict[str, Type] = {}
        self.nodes = 0

    def compile(self, schema: Any, namespace: str = "") -> Type:
        self.nodes += 1
        if self.nodes > _MAX_SCHEMA_NODES:
            raise Malformed(f"the schema has more than {_MAX_SCHEMA_NODES:,} parts")
        if isinstance(schema, list):
            return self._union([self.compile(branch, namespace) for branch in schema])
        if isinstance(schema, str):
            return self._by_name(schema, namespace)
        if not isinstance(schema, dict) or "type" not in schema:
            raise Malformed(f"the schema holds {str(schema)[:40]!r} where a type is asked for")
        kind = schema["type"]
        if not isinstance(kind, str):
            return self.compile(kind, namespace)
        if kind == "record" or kind == "error":
            return self._record(schema, namespace)
        if kind == "enum":
            return self._enum(schema, namespace)
        if kind == "fixed":
            return self._fixed(schema, namespace)
        if kind == "array":
            return self._array(self.compile(schema.get("items"), namespace))
        if kind == "map":
            return self._map(self.compile(schema.get("values"), namespace))
        return self._by_name(kind, namespace)

    def _by_name(self, name: str, namespace: str) -> Type:
        if name in _PRIMITIVES:
            return _PRIMITIVES[name]
        full = name if "." in name or not namespace else f"{namespace}.{name}"
        found = self.named.get(full) or self.named.get(name)
        if found is None:
            raise Malformed(f"the schema uses a type {name[:40]!r} that it does not define")
        return found

    def _define(self, schema: dict[str, Any], namespace: str) -> tuple[Type, str]:
        name = str(schema.get("name", ""))
        if "." in name:
            namespace = name.rpartition(".")[0]
        else:
            namespace = str(schema.get("namespace", namespace) or "")
            name = f"{namespace}.{name}" if namespace else name
        # Registered before its parts are compiled, so that a record may hold itself.
        made = self.named[name] = Type(_undefined, _undefined)
        return made, namespace

    def _record(self, schema: dict[str, Any], namespace: str) -> Type:
        made, namespace = self._define(schema, namespace)
        fields = [(str(f["name"]), self.compile(f["type"], namespace)) for f in schema["fields"]]
        made.width = 1 + sum(kind.width for _, kind in fields)
        if made.width > _MAX_WIDTH:
            raise Malformed(f"one record of the schema holds more than {_MAX_WIDTH:,} values")
        plan = tuple(
            (None if name in self.unwanted else name, kind.skip if name in self.unwanted else kind)
            for name, kind in fields
        )
        steps = tuple((name, step.read if isinstance(step, Type) else step) for name, step in plan)
        kinds = tuple(kind for _, kind in fields)

        def read(r: Reader) -> dict[str, Any]:
            made_now: dict[str, Any] = {}
            for name, step in steps:
                value = step(r)
                if name is not None:
                    made_now[name] = value
            return made_now

        def skip(r: Reader) -> None:
            for kind in kinds:
                kind.skip(r)

        made.read, made.skip = read, skip
        return made

    def _enum(self, schema: dict[str, Any], namespace: str) -> Type:
        made, _ = self._define(schema, namespace)
        symbols = [str(symbol) for symbol in schema["symbols"]]

        def read(r: Reader) -> str:
            k = r.long()
            if not 0 <= k < len(symbols):
                raise Malformed(f"number {k} of an enum with {len(symbols)} words")
            return symbols[k]

        made.read, made.skip = read, read
        return made

    def _fixed(self, schema: dict[str, Any], namespace: str) -> Type:
        made, _ = self._define(schema, namespace)
        size = schema["size"]
        if not isinstance(size, int) or size < 0:
            raise Malformed(f"a fixed type has size {size!r}")

        def read(r: Reader) -> bytes:
            start = r.take(size)
            return r.data[start : start + size]

        made.read, made.skip = read, lambda r: r.take(size)
        return made

    def _union(self, branches: list[Type]) -> Type:
        readers, skippers = [b.read for b in branches], [b.skip for b in branches]
        by_late_name = any(reader is _undefined for reader in readers)

        def chosen(r: Reader) -> int:
            k = r.long()
            if not 0 <= k < len(branches):
                raise Malformed(f"branch {k} of a union with {len(branches)}")
            return k

        if by_late_name:  # a record that holds itself is complete only after its fields are
            return Type(lambda r: branches[chosen(r)].read(r), lambda r: branches[chosen(r)].skip(r))
        width = max((b.width for b in branches), default=1)
        return Type(lambda r: readers[chosen(r)](r), lambda r: skippers[chosen(r)](r), width)

    def _array(self, item: Type) -> Type:
        def read(r: Reader) -> list[Any]:
            step = item.read
            return [step(r) for n in r.items(item.width) for _ in range(n)]

        return Type(read, self._jump(lambda r: item.skip(r), item))

    def _map(self, value: Type) -> Type:
        def read(r: Reader) -> dict[str, Any]:
            return {text(r): value.read(r) for n in r.items(value.width) for _ in range(n)}

        def skip_entry(r: Reader) -> None:
            r.bytes()
            value.skip(r)

        return Type(read, self._jump(skip_entry, value))

    @staticmethod
    def _jump(skip_item: Decoder, item: Type) -> Decoder:
        def skip(r: Reader) -> None:
            while n := r.long():
                if n < 0:  # the size of the part in bytes follows
                    r.take(r.long())
                    continue
                r.budget -= n * item.width
                if r.budget < 0:
                    raise Malformed(f"{n:,} items are announced, too many for the bytes there are")
                for _ in range(n):
                    skip_item(r)

        return skip


def _undefined(r: Reader) -> Any:
    raise Malformed("a record of the schema holds itself without a way out")


def text(r: Reader) -> str:
    return r.bytes().decode("utf-8", "replace")


def _skip_bytes(r: Reader) -> None:
    r.take(r.long())


def _number(code: str) -> Type:
    unpack, size = struct.Struct(f"<{code}").unpack_from, struct.calcsize(f"<{code}")
    return Type(lambda r: unpack(r.data, r.take(size))[0], lambda r: r.take(size))


_PRIMITIVES = {
    "null": Type(lambda r: None, lambda r: None),
    "boolean": Type(lambda r: r.data[r.take(1)] != 0, lambda r: r.take(1)),
    "int": Type(Reader.long, Reader.long),
    "long": Type(Reader.long, Reader.long),
    "float": _number("f"),
    "double": _number("d"),
    "bytes": Type(Reader.bytes, _skip_bytes),
    "string": Type(text, _skip_bytes),
}
