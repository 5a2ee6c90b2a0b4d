"""goodricke measure-binaries on a stand-in: made spectra in LAMOST's files, a list, a model by formula."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from astropy.io import fits

from goodricke.cli.main import main
from goodricke.photosphere import emulator, pair_flux, shift
from goodricke.spectra.lattice import LIGHT_KM_S
from line.spectra.spectral_model import bundle
from samples.spectra.lamost import cards

FIRST, N = 3.5682, 2900  # to 7220 Angstrom: pixels beyond are not looked at


def write(folder, number: int, star: int, q: float, dv: float, velocity: float = 20.0) -> dict[str, object]:
    """A spectrum in LAMOST's layout with a row of wavelengths, and what a catalogue would say of it."""
    ours = emulator()
    label, rng = [[5800.0, 4.4, 0.0]], np.random.default_rng(number)
    flux = pair_flux(ours, label, q, -dv * q / (1 + q), dv / (1 + q)) if q else ours.flux(label)
    flux = shift(flux, ours.lattice, velocity)[0]
    first = round((ours.lattice.first - FIRST) / 1e-4)
    light = np.full(first + ours.lattice.n, flux[0])
    light[first:] = flux
    wave = 10.0 ** (FIRST + 1e-4 * np.arange(len(light)))
    sigma = light / 100.0
    none = np.zeros_like(light)
    rows = np.stack([light + rng.normal(size=len(light)) * sigma, 1.0 / sigma**2, wave, none, none])
    header = cards(EXTEN0="Flux, Inverse, Wavelength, Andmask, Ormask")
    header["OBSID"], header["LMJD"], header["PLANID"], header["SPID"], header["FIBERID"] = (
        number,
        56769,
        "MADE",
        7,
        number,
    )
    header["RA"], header["DESIG"] = 150.0 + star, f"LAMOST J{star:06d}.00+000000.0"
    header["Z"] = velocity / LIGHT_KM_S
    name = f"spec-56769-MADE_sp07-{number:03d}.fits"
    fits.PrimaryHDU(rows.astype(np.float32), header).writeto(folder / name)
    return {"lmjd": 56769, "planid": "MADE", "spid": 7, "fiberid": number, "obsid": number, "path": name}


@pytest.fixture(scope="module")
def sky(tmp_path_factory):
    """Sixteen spectra of fourteen stars, in folders as a release has them."""
    root = tmp_path_factory.mktemp("release")
    plate = root / "20140421" / "MADE"
    plate.mkdir(parents=True)
    rows = []
    for star in range(7):
        rows.append(write(plate, 10 + star, star, 0.0, 0.0) | {"binary": 0, "star": f"s{star}"})
        q = 0.8 if star < 4 else 0.9
        rows.append(write(plate, 30 + star, 20 + star, q, 220.0) | {"binary": 1, "star": f"b{star}", "q": q})
    for number, row in ((50, rows[0]), (51, rows[1])):  # second visits
        star, q = (0, 0.0) if row["binary"] == 0 else (20, 0.8)
        rows.append(write(plate, number, star, q, 220.0) | {key: row.get(key, "") for key in ("binary", "star", "q")})
    return root, rows


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return bundle(tmp_path_factory.mktemp("models"))


def listed(path, rows, columns) -> str:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def run(target, *words) -> tuple[int, dict]:
    code = main(["measure-binaries", *map(str, words), "-o", str(target), "--jobs", "1", "--bootstrap", "50"])
    found = target / "measured.json"
    return code, json.loads(found.read_text()) if found.exists() else {}


def test_a_list_by_columns_of_the_catalogue(tmp_path, sky, model, capsys):
    root, rows = sky
    path = listed(tmp_path / "stars.csv", rows, ["lmjd", "planid", "spid", "fiberid", "binary", "star", "q"])
    code, found = run(tmp_path / "out", path, "--folder", root, "--model", model)
    assert code == 0
    assert found["counts"]["spectra"] == found["counts"]["with an answer"] == 16
    assert found["counts"]["stars"] == 14
    test = found["test"]
    assert (test["n_binaries"], test["n_singles"]) == (8, 8)
    assert test["auc"]["value"] == 1.0  # lines 220 km/s apart at S/N 100
    assert test["binaries above 0.8"]["value"] > 0.8
    assert {(row["threshold"], row["ratio"]) for row in test["precision"]} >= {(0.5, 0.5), (0.8, 0.5)}
    assert [row["n"] for row in found["mass_ratio"]] == [5, 3]
    written = {one.name for one in (tmp_path / "out").iterdir()}
    assert {"measured.md", "measured.json", "spectra.csv", "roc.png", "classes.png", "mass_ratios.png"} <= written
    page = (tmp_path / "out" / "measured.md").read_text()
    assert "0.949" in page
    assert "on their own held-out spectra" in page
    assert "auc: 1.000" in capsys.readouterr().out


def test_a_list_by_obsid_alone(tmp_path, sky, model):
    root, rows = sky
    few = [row for row in rows if row["obsid"] in (10, 11, 30, 31)]
    path = listed(tmp_path / "stars.csv", few, ["obsid", "binary"])
    code, found = run(tmp_path / "out", path, "--folder", root, "--model", model)
    assert code == 0
    assert found["counts"]["with an answer"] == 4
    assert found["counts"]["stars"] == 4  # by the names in the files


def test_eclipsing_stars_and_velocities(tmp_path, sky, model):
    root, rows = sky
    for row in rows:
        kind = "EA" if row["star"] in ("b0", "b1") else "EW"
        row |= {"Type": kind if row["binary"] else "", "drv": 60.0 if row["binary"] else 2.0}
        row |= {"n_visits": 3 if row["obsid"] == 12 else 5}
    path = listed(tmp_path / "stars.csv", rows, ["path", "star", "Type", "drv", "n_visits"])
    code, found = run(
        tmp_path / "out", path, "--folder", root, "--model", model, "--columns", "eclipsing=Type,rv_difference=drv"
    )
    assert code == 0
    assert "test" not in found
    assert (found["eclipsing"]["EA"]["n"], found["eclipsing"]["EW"]["n"]) == (2, 5)  # stars, not spectra
    assert found["velocity"]["moving above 0.5"]["value"] == 1.0
    assert found["velocity"]["constant below 0.5"]["n"] == 6  # one has too few visits
    assert (tmp_path / "out" / "velocities.png").exists()
    assert (tmp_path / "out" / "eclipsing.png").exists()


def test_files_that_are_missing_are_said(tmp_path, sky, model, capsys):
    root, rows = sky
    more = [*rows[:4], {"path": "spec-1-none_sp01-001.fits", "binary": 1}]
    path = listed(tmp_path / "stars.csv", more, ["path", "binary"])
    code, found = run(tmp_path / "out", path, "--folder", root, "--model", model)
    assert code == 1
    assert found["counts"]["not read"] == 1
    assert "spec-1-none_sp01-001.fits: not found" in capsys.readouterr().err


def test_nothing_found(tmp_path, sky, model, capsys):
    path = listed(tmp_path / "stars.csv", [{"path": "no.fits", "binary": 1}], ["path", "binary"])
    code, _ = run(tmp_path / "out", path, "--model", model)
    assert code == 3
    assert "--folder" in capsys.readouterr().err


def test_lists_that_say_too_little(tmp_path, model, capsys):
    path = listed(tmp_path / "a.csv", [{"ra": 1.0, "binary": 1}], ["ra", "binary"])
    assert run(tmp_path / "out", path, "--model", model)[0] == 2
    assert "does not say which spectrum" in capsys.readouterr().err
    path = listed(tmp_path / "b.csv", [{"path": "a.fits", "teff": 5800}], ["path", "teff"])
    assert run(tmp_path / "out", path, "--model", model)[0] == 2
    assert "nothing is known" in capsys.readouterr().err
