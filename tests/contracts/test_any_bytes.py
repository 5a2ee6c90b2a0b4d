"""Whatever the bytes: light curves, or our ReadError that names the file. Never another exception, never slow."""

from __future__ import annotations

import gzip
import importlib
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodricke.errors import ReadError
from goodricke.lightcurves import LightCurves
from goodricke.surveys import ReadOptions
from goodricke.surveys.reading import light_curves_of
from goodricke.surveys.source import Source
from goodricke.surveys.table import SURVEYS
from samples.damage import damaged

MAGIC = (
    b"", b"SIMPLE  =                    T", b"PAR1", b"Obj\x01", b"<?xml version='1.0'?><VOTABLE>", b'{"detections": [',
    b"HJD,UT Date,Camera,mag,mag_err\n", b"\x1f\x8b", b"time,mag,magerr,band\n", b"|ra|mjd|w1mpro|\n", b"# OBJECT\n",
)  # fmt: skip
SECONDS = 1.0 if sys.gettrace() is None else 10.0  # measuring coverage slows Python down several times


def read_bytes(content: bytes, name: str = "stranger") -> None:
    start = time.process_time()
    try:
        for lcs in light_curves_of(Source(name, data=content), ReadOptions()):
            assert isinstance(lcs, LightCurves)
    except ReadError as error:
        assert name in str(error)
    assert time.process_time() - start < SECONDS


@given(st.sampled_from(MAGIC), st.binary(max_size=3000))
@settings(max_examples=400, deadline=None)
def test_random_bytes(magic: bytes, content: bytes) -> None:
    read_bytes(magic + content)


@given(st.sampled_from(MAGIC), st.text(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_random_text(magic: bytes, content: str) -> None:
    read_bytes(magic + content.encode("utf-8", "surrogatepass"))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    found = []
    for row in SURVEYS:
        folder = tmp_path_factory.mktemp(row.name)
        paths = importlib.import_module(f"samples.{row.name}").write(folder)
        found += [(path.name, Path(path).read_bytes()) for path in paths]
    return found


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=600, deadline=None)
def test_samples_with_damage(samples: list[tuple[str, bytes]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    name, content = samples[int(rng.integers(0, len(samples)))]
    read_bytes(damaged(content, rng), name)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused() -> None:
    bomb = gzip.compress(b"\0" * (300 << 20), compresslevel=9)
    with pytest.raises(ReadError, match="after unpacking"):
        Source("bomb.csv.gz", data=bomb).data  # noqa: B018


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><head><title>401 Unauthorized</title>", "web page"),
        (b"\x00\x01\x02\x03" * 100, "no survey recognises"),
        (b"time,mag,err\n", "a header and no rows"),
        (b"time,mag,err\nlast night,10,0.1\ntonight,11,0.1\n", "holds text such as 'last night'"),
        (b"time,mag,err\n1,nan,0.1\n2,nan,0.1\n3,,0.1\n", "of 3 .3 not_finite.; name the columns"),
        (b"time,mag,err\n1,10,0\n2,10,-1\n3,11,0\n4,11,0\n", "of 4 .4 error.; name another column of errors"),
    ],
    ids=["empty", "html", "binary", "header-only", "text-times", "all-nan", "bad-errors"],
)
def test_bad_files_are_explained(content: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says) as caught:
        list(light_curves_of(Source("bad.csv", data=content), ReadOptions()))
    assert "bad.csv" in str(caught.value)
    assert caught.value.remedy
