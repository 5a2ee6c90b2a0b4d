"""The reader of npz files against NumPy's own, and against files that mean harm."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from goodricke.errors import ModelError
from goodricke.models.weights import read_arrays, under, wanted


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def zipped(content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("a.npy", content)
    return file.getvalue()


def npy(header: str, data: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    head = header.encode() + b"\n"
    return b"\x93NUMPY" + version + len(head).to_bytes(2 if version[0] == 1 else 4, "little") + head + data


def test_what_numpy_writes_is_read_as_numpy_reads_it() -> None:
    rng = np.random.default_rng(0)
    arrays = {
        "a": rng.normal(size=(3, 4, 2)), "b": np.arange(5, dtype=np.int16), "c": np.array(7, dtype=np.uint8),
        "d": np.asfortranarray(rng.normal(size=(3, 4)).astype(np.float32)), "e": np.array([True, False]),
        "f": np.zeros((0, 3)), "g": np.array([np.nan, np.inf], dtype=np.float16),
    }  # fmt: skip
    found = read_arrays(npz(**arrays))
    assert set(found) == set(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype
        assert not found[name].flags.writeable


def test_a_long_header_of_version_2_is_read() -> None:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
    found = read_arrays(zipped(npy(header, np.ones(2, "<f4").tobytes(), b"\x02\x00")))
    assert found["a"].tolist() == [1, 1]


def test_objects_are_never_unpickled() -> None:
    with pytest.raises(ModelError, match="does not hold plain numbers"):
        read_arrays(npz(a=np.array([{"x": 1}], dtype=object)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not an npz file"),
        (b"PK\x03\x04 and then nothing", "not an npz file"),
        (zipped(b"abc"), "not an array of NumPy"),
        (zipped(b"\x93NUMPY\x01\x00"), "not an npz file"),
        (zipped(b"\x93NUMPY\x03\x00" + b" " * 100), "not an array of NumPy"),
        (zipped(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", b"1234")), "4 bytes for the shape"),
        (zipped(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999,), }")), "0 bytes for the shape"),
        (zipped(npy("__import__('os')")), "does not hold plain numbers"),
        (zipped(npy("{'descr': '<f3', 'fortran_order': False, 'shape': (), }")), "does not hold plain numbers"),
        (zipped(npy("{'descr': '<f1', 'fortran_order': False, 'shape': (1,), }", b"1")), "not an npz file"),
        (zipped(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", b"1234")), "does not hold"),
        (zipped(npy("{}"), zipfile.ZIP_BZIP2), "packed by method"),
        (zipped(npy("{}"), zipfile.ZIP_LZMA), "packed by method"),
    ],
)
def test_refused(content: bytes, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        read_arrays(content)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(bytes(300 << 20))
    assert len(bomb) < 1 << 20
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("was unpacked"))
    with pytest.raises(ModelError, match=r"unpack to 300 MiB in 1 arrays; at most 256 MiB"):
        read_arrays(bomb)


def test_a_size_that_lies_does_not_help() -> None:
    content = bytearray(zipped(npy("{'descr': '|u1', 'fortran_order': False, 'shape': (100,), }", bytes(100))))
    place = content.rindex(b"PK\x01\x02") + 24  # unpacked size in the directory
    content[place : place + 4] = (50).to_bytes(4, "little")
    with pytest.raises(ModelError):
        read_arrays(bytes(content))


def test_too_many_arrays() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for k in range(4097):
            archive.writestr(f"{k}.npy", b"")
    with pytest.raises(ModelError, match="in 4097 arrays"):
        read_arrays(file.getvalue())


def test_wanted() -> None:
    arrays = {"x": np.zeros((2, 3)), "k": np.zeros(2, dtype=np.uint8), "bad": np.array([np.nan])}
    assert wanted(arrays, "x", "f", None, 3) is arrays["x"]
    assert wanted(arrays, "k", "i", 2) is arrays["k"]
    with pytest.raises(ModelError, match="no array 'y'; there are bad, k, x"):
        wanted(arrays, "y", "f")
    with pytest.raises(ModelError, match=r"float64 \(2, 3\); real numbers of shape \(any, 4\) belong there"):
        wanted(arrays, "x", "f", None, 4)
    with pytest.raises(ModelError, match=r"shape \(any\)"):
        wanted(arrays, "x", "f", None)
    with pytest.raises(ModelError, match="integers of shape"):
        wanted(arrays, "x", "i", None, None)
    with pytest.raises(ModelError, match="not finite"):
        wanted(arrays, "bad", "f", 1)


def test_under() -> None:
    arrays = {"0.a": np.zeros(1), "0.b": np.ones(1), "10.a": np.ones(2)}
    assert list(under("0.", arrays)) == ["a", "b"]
