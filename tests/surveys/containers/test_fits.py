"""Our FITS reader against astropy's, and against bytes made to mislead it."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from goodricke.errors import ReadError
from goodricke.surveys.containers.fits import BLOCK, FitsFile, FitsTable, Header
from goodricke.surveys.source import Source

N = 7
RNG = np.random.default_rng(3)
REALS = RNG.normal(0.0, 1e3, N)
WHOLE = RNG.integers(0, 100, N)
COLUMNS = {
    "L": fits.Column("L", "L", array=WHOLE > 50),
    "B": fits.Column("B", "B", array=WHOLE),
    "I": fits.Column("I", "I", array=-300 * WHOLE),
    "J": fits.Column("J", "J", array=-70000 * WHOLE),
    "K": fits.Column("K", "K", array=-(10**15) * WHOLE),
    "E": fits.Column("E", "E", array=REALS),
    "D": fits.Column("D", "D", array=REALS),
    "A": fits.Column("A", "6A", array=np.array(["a", "bc", "", "G", "x y", "123456", "end"])),
    "signed_byte": fits.Column("signed_byte", "B", bzero=-128, array=(WHOLE - 64).astype(np.int8)),
    "uint16": fits.Column("uint16", "I", bzero=2**15, array=(600 * WHOLE).astype(np.uint16)),
    "uint32": fits.Column("uint32", "J", bzero=2**31, array=(40_000_000 * WHOLE).astype(np.uint32)),
    "uint64": fits.Column("uint64", "K", bzero=2**63, array=(10**17 * WHOLE).astype(np.uint64)),
    "scaled_I": fits.Column("scaled_I", "I", array=WHOLE),
    "scaled_E": fits.Column("scaled_E", "E", array=WHOLE),
    "vector": fits.Column("vector", "3D", array=RNG.normal(size=(N, 3))),
    "bytes": fits.Column("bytes", "4B", array=RNG.integers(0, 255, (N, 4))),
    "flags": fits.Column("flags", "2L", array=RNG.integers(0, 2, (N, 2)) > 0),
    "image": fits.Column("image", "6J", dim="(3,2)", array=np.arange(6 * N).reshape(N, 2, 3)),
}
# Cards that astropy applies when it reads; it does not write them for whole numbers.
SCALES = {"TSCAL13": 0.25, "TZERO13": 10.5, "TSCAL14": 2.0, "TZERO14": -3.0}


def of(content: bytes) -> FitsFile:
    return Source("made.fits", data=content).fits


def written(tmp_path: Path, *columns: fits.Column, **cards: object) -> bytes:
    hdu = fits.BinTableHDU.from_columns(list(columns))
    hdu.header.update(cards)
    hdu.writeto(tmp_path / "made.fits", overwrite=True)
    return (tmp_path / "made.fits").read_bytes()


def header_of(*cards: str) -> Header:
    text = "".join(f"{card:<80}" for card in (*cards, "END"))
    return Header(f"{text:<{BLOCK}}".encode("latin-1"))


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return written(tmp_path, *COLUMNS.values(), TUNIT6="e-/s", EXTNAME="LIGHTCURVE", **SCALES)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_type_is_what_astropy_reads(name: str, content: bytes, tmp_path: Path) -> None:
    ours = of(content).table.column(name)
    with fits.open(tmp_path / "made.fits") as hdus:
        theirs = np.asarray(hdus[1].data[name])
    if ours.dtype.kind == "S":
        theirs = theirs.astype("S6")
    np.testing.assert_array_equal(ours.reshape(theirs.shape), theirs)
    assert ours.dtype.isnative
    assert (ours.dtype.kind == "f") == (name in ("E", "D", "scaled_I", "scaled_E", "vector"))


def test_columns_are_found_without_regard_to_case(content: bytes) -> None:
    table = of(content).table
    assert "e" in table
    assert "E" in table
    assert "nope" not in table
    assert (table.unit("e"), table.unit("d"), table.unit("nope"), table.name) == ("e-/s", "", "", "LIGHTCURVE")
    np.testing.assert_array_equal(table.column("d"), REALS)


@pytest.mark.parametrize(
    "column",
    [
        fits.Column("x", "C", array=np.ones(N, dtype=complex)),
        fits.Column("x", "M", array=np.ones(N, dtype=complex)),
        fits.Column("x", "11X", array=np.ones((N, 11), dtype=bool)),
        fits.Column("x", "PD()", array=np.array([np.arange(k) for k in range(1, N + 1)], dtype=object)),
        fits.Column("x", "QJ()", array=np.array([np.arange(k) for k in range(1, N + 1)], dtype=object)),
    ],
    ids=["C", "M", "X", "P", "Q"],
)
def test_types_left_to_astropy(column: fits.Column, tmp_path: Path) -> None:
    last = fits.Column("last", "D", array=REALS)
    table = of(written(tmp_path, column, last)).table
    with pytest.raises(ReadError, match=f"column x has FITS type {column.format.lstrip('1')[0]}"):
        table.column("x")
    # Their width is known all the same.
    np.testing.assert_array_equal(table.column("last"), REALS)


def test_header_values_are_what_astropy_reads() -> None:
    cards = [
        "A       =                   42 / an answer",
        "B       =                 -1.5",
        "C       =              1.5D-03 / with a D",
        "D       =               2.E+05",
        "E       =                    T / yes",
        "F       =                    F",
        "G       = 'text    '           / trailing blanks do not count",
        "H       = 'it''s / quoted'     / and this is the comment",
        "I       = ''",
        "J       =                      / no value",
        "K       = '8.1     '           / a number written as text",
        "L       =  18446744073709551617",
        "M       = '  leading'",
        "COMMENT = 'not a card'",
    ]
    ours = header_of(*cards)
    theirs = fits.Header([fits.Card.fromstring(card) for card in cards[:-1]])
    for key in "ABCDEFGHIKLM":
        assert ours.get(key) == theirs[key], key
        assert type(ours.get(key)) is type(theirs[key])
    assert ours.get("J") is None
    assert ours.get("J", 3) == ours.get("ABSENT", 3) == 3
    assert "J" in ours
    assert "ABSENT" not in ours


def test_header_values_as_asked_for() -> None:
    header = header_of(
        "A       = '12      '",
        "B       =                 12.0",
        "C       = 'faint   '",
        "D       =",
        "E       = '8.1'",
        "F       =                    T",
        "G       = 'never closed",
        "H       =               12.5",
        "I       = 'inf'",
        "J       = 'nan'",
        "K       =               1.0.0",
    )
    assert [header.integer(key, -1) for key in "ABCDEFHIJ"] == [12, 12, -1, -1, -1, 1, 12, -1, -1]
    numbers = [header.number(key, -1.0) for key in "ABCDEHK"]
    assert numbers == [12.0, 12.0, -1.0, -1.0, 8.1, 12.5, -1.0]
    assert [header.text(key, "none") for key in "ACDGK"] == ["12", "faint", "none", "never closed", "1.0.0"]


def test_the_first_of_two_cards_counts() -> None:
    assert header_of("A       = 1", "A       = 2").get("A") == 1


def test_end_inside_a_comment_does_not_end_the_header(tmp_path: Path) -> None:
    content = written(tmp_path, COLUMNS["D"], NOTE="the END      of it")
    np.testing.assert_array_equal(of(content).table.column("D"), REALS)


def test_long_headers(tmp_path: Path) -> None:
    cards = {f"KEY{k}": k for k in range(400)}
    file = of(written(tmp_path, COLUMNS["D"], **cards))
    assert file.table.header.integer("KEY399") == 399
    np.testing.assert_array_equal(file.table.column("D"), REALS)


def test_tables_behind_images_and_heaps(tmp_path: Path) -> None:
    heap = fits.Column("x", "PD()", array=np.array([np.arange(1000.0)] * N, dtype=object))
    fits.HDUList(
        [
            fits.PrimaryHDU(np.ones((40, 30))),
            fits.ImageHDU(np.ones(5000)),
            fits.BinTableHDU.from_columns([heap, COLUMNS["J"]]),
            fits.TableHDU.from_columns([fits.Column("t", "I5", array=WHOLE)]),
            fits.BinTableHDU.from_columns([COLUMNS["E"]]),
        ]
    ).writeto(tmp_path / "x.fits")
    file = of((tmp_path / "x.fits").read_bytes())
    assert [list(table.columns) for table in file.tables] == [["X", "J"], ["E"]]
    assert file.images == 3
    assert not file.damaged
    np.testing.assert_array_equal(file.tables[0].column("J"), -70000 * WHOLE)
    np.testing.assert_array_equal(file.tables[1].column("E"), REALS.astype(np.float32))


def test_images_only(tmp_path: Path) -> None:
    fits.PrimaryHDU(np.ones(10)).writeto(tmp_path / "x.fits")
    with pytest.raises(ReadError, match="no binary table in this FITS file, only images"):
        _ = of((tmp_path / "x.fits").read_bytes()).table


def test_a_header_alone(tmp_path: Path) -> None:
    fits.PrimaryHDU().writeto(tmp_path / "x.fits")
    with pytest.raises(ReadError, match="only a header in this FITS file of 2,880 bytes"):
        of((tmp_path / "x.fits").read_bytes())


def test_padding_behind_the_last_extension(content: bytes) -> None:
    file = of(content + bytes(10 * BLOCK))
    assert not file.damaged
    np.testing.assert_array_equal(file.table.column("D"), REALS)


def test_a_broken_extension_behind_the_table_is_told(content: bytes) -> None:
    extension = content[BLOCK:]
    file = of(content + extension.replace(b"NAXIS2  =                    7", b"NAXIS2  =                   -7"))
    assert len(file.tables) == 1
    assert file.damaged
    assert of(content + extension[: BLOCK - 1]).damaged is False  # no header fits there: padding
    assert of(content + extension[:BLOCK]).damaged
    assert of(content + extension[:-BLOCK]).damaged
    assert not of(content + extension).damaged


def test_missing_column_names_those_there_are(content: bytes) -> None:
    with pytest.raises(ReadError, match=r"made\.fits: the table has no column FLUX; it has L, B, I, J"):
        of(content).table.column("FLUX")


def edited(content: bytes, old: str, new: str) -> bytes:
    assert old.encode() in content
    return content.replace(f"{old:<80}".encode()[:30], f"{new:<30}".encode()[:30], 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("NAXIS2  =                    7", "NAXIS2  =      999999999999999", "cut short: the table needs"),
        ("NAXIS2  =                    7", "NAXIS2  =                   -1", "-1 rows"),
        ("NAXIS2  =                    7", "NAXIS2  = 'many'", "-1 rows"),
        ("NAXIS1  =                    8", "NAXIS1  =                    9", "9 bytes a row .* its columns need 8"),
        ("TFIELDS =                    1", "TFIELDS =                 1000", "claims 1000 columns"),
        ("TFIELDS =                    1", "TFIELDS =                    2", "column 2 has no readable TFORM"),
        ("TFORM1  = 'D       '", "TFORM1  = '99999999999D'", "its columns need 799999999992"),
        ("TFORM1  = 'D       '", "TFORM1  = 'W       '", "no readable TFORM"),
    ],
)
def test_headers_that_lie(tmp_path: Path, old: str, new: str, message: str) -> None:
    content = edited(written(tmp_path, COLUMNS["D"]), old, new)
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(ReadError, match=message):
        of(content).table.column("D")
    assert time.process_time() - began < 5.0
    assert tracemalloc.get_traced_memory()[1] < 10e6
    tracemalloc.stop()


def test_a_header_without_end(content: bytes) -> None:
    with pytest.raises(ReadError, match="cut short inside a FITS header"):
        of(content.replace(b"END     ", b"FIN     "))
    with pytest.raises(ReadError, match="a FITS header has no END"):
        of(content[:80] + b" " * (BLOCK * 500 - 80))


def test_cut_short_at_every_block_of_a_long_table(tmp_path: Path) -> None:
    content = written(tmp_path, fits.Column("D", "D", array=np.arange(3000.0)))
    assert len(content) == 11 * BLOCK
    for size in range(0, len(content), BLOCK):
        with pytest.raises(ReadError, match=r"cut short"):
            of(content[:size]).table.column("D")


def _outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except ReadError:
        return "refused"
    except (ValueError, TypeError, OverflowError) as error:  # what refusals.py wraps, see MALFORMED there
        return type(error).__name__
    return "read"


def test_random_damage(content: bytes) -> None:
    def columns() -> None:
        table: FitsTable = of(bytes(damaged)).table
        for name in table.columns:
            values = table.column(name)
            assert len(values) == table.n_rows

    rng, outcomes = random.Random(11), dict.fromkeys(("read", "refused"), 0)
    for _ in range(400):
        damaged = bytearray(content)
        for _ in range(rng.choice([1, 3, 30])):
            damaged[rng.randrange(len(content))] = rng.randrange(256)
        outcome = _outcome(columns)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    assert outcomes["read"] > 50, outcomes
    assert outcomes["refused"] > 50, outcomes


# Images --------------------------------------------------------------------------------------------------------------

PIXELS = {
    "float32": RNG.normal(size=(3, 5)).astype(np.float32),
    "float64": RNG.normal(size=(2, 3, 4)),
    "uint8": RNG.integers(0, 255, (7,)).astype(np.uint8),
    "int16": RNG.integers(-300, 300, (3, 5)).astype(np.int16),
    "uint16": RNG.integers(0, 60000, (3, 5)).astype(np.uint16),
    "int32": RNG.integers(-(10**6), 10**6, (1, 5)).astype(np.int32),
}


@pytest.mark.parametrize("name", PIXELS)
def test_images_as_astropy_reads_them(name: str, tmp_path: Path) -> None:
    path = tmp_path / "image.fits"
    second = fits.ImageHDU(PIXELS[name][::-1], name="ERR")
    fits.HDUList([fits.PrimaryHDU(PIXELS[name]), second]).writeto(path)
    arrays = of(path.read_bytes()).arrays
    assert [image.name for image in arrays] == ["", "ERR"]
    for k, image in enumerate(arrays):
        expected = fits.getdata(path, k)
        assert image.shape == expected.shape
        np.testing.assert_array_equal(image.pixels(), expected)
        assert image.pixels().dtype.isnative


def test_scales_and_blanks_of_images(tmp_path: Path) -> None:
    path = tmp_path / "scaled.fits"
    hdu = fits.PrimaryHDU(np.array([[1, 2], [-9999, 4]], dtype=np.int16))
    hdu.writeto(path)
    with fits.open(path, "update", do_not_scale_image_data=True) as file:
        file[0].header.update({"BSCALE": 0.5, "BZERO": 10.0, "BLANK": -9999})
    np.testing.assert_array_equal(of(path.read_bytes()).arrays[0].pixels(), [[10.5, 11.0], [np.nan, 12.0]])


def test_images_that_lie(tmp_path: Path) -> None:
    path = tmp_path / "image.fits"
    fits.PrimaryHDU(np.ones((4, 900))).writeto(path)
    content = path.read_bytes()
    with pytest.raises(ReadError, match=r"cut short: its headers promise"):
        of(content[: 4 * BLOCK])
    for old, new, message in (
        ("NAXIS1  =                  900", "NAXIS1  =         900000000000", "cut short"),
        ("BITPIX  =                  -64", "BITPIX  =                   12", "BITPIX = 12"),
    ):
        tracemalloc.start()
        with pytest.raises(ReadError, match=message):
            of(edited(content, old, new)).arrays[0].pixels()
        assert tracemalloc.get_traced_memory()[1] < 10e6
        tracemalloc.stop()


def test_a_table_of_text_is_no_image(tmp_path: Path) -> None:
    path = tmp_path / "ascii.fits"
    fits.TableHDU.from_columns([fits.Column("A", "E15.7", array=np.ones(4))]).writeto(path)
    file = of(path.read_bytes())
    assert (file.arrays, file.tables, file.images) == ([], [], 1)
