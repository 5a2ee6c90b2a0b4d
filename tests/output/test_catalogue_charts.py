from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from astropy import units
from astropy.coordinates import Distance

from goodricke.errors import DataError
from goodricke.output import catalogue_charts
from goodricke.output.catalogue_charts import draw_catalogue


def stars(n: int = 1500, **changes: object) -> pa.Table:
    rng = np.random.default_rng(0)
    colour = rng.uniform(0.6, 1.6, n)
    p = rng.beta(0.4, 0.6, n)
    p[:3] = np.nan
    distance = 10 ** rng.uniform(2, 4.2, n)
    columns: dict[str, object] = {
        "object_id": [f"s{k}" for k in range(n)],
        "prob_BINARY": p,
        "ra": rng.uniform(0, 360, n),
        "dec": np.degrees(np.arcsin(rng.uniform(-1, 1, n))),
        "parallax": 1000 / distance,
        "phot_g_mean_mag": 4 + 3 * (colour - 0.8) - 0.75 * (p > 0.5) + 5 * np.log10(distance / 10),
        "bp_rp": colour,
        "rv_difference": np.where(rng.random(n) < 0.5, rng.exponential(15, n), np.nan),
    }
    columns |= changes
    return pa.table({name: values for name, values in columns.items() if values is not None})


def column(table: pa.Table, name: str) -> np.ndarray:
    return table[name].to_numpy(zero_copy_only=False)


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(catalogue_charts, "save_figure", lambda figure, path: kept.update({path.stem: figure}))
    draw_catalogue(stars(), tmp_path, spectra=stars(4000))
    return kept


def test_all_pictures_are_written_as_png(tmp_path: Path) -> None:
    done = draw_catalogue(stars(), tmp_path)
    names = ["probabilities", "sky", "distances", "colour_magnitude", "velocities"]
    assert [file.name for file in done.files] == [f"{name}.png" for name in names]
    assert done.left_out == ()
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in done.files)


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    done = draw_catalogue(stars(20, parallax=None, rv_difference=np.full(20, np.nan)), tmp_path)
    assert [file.stem for file in done.files] == ["probabilities", "sky"]
    assert done.left_out == (
        "distances: no parallax or distance_pc",
        "colour_magnitude: no phot_g_mean_mag, bp_rp and parallax",
        "velocities: no rv_difference that is small or large",
    )
    with pytest.raises(DataError, match="prob_BINARY"):
        draw_catalogue(stars(5, prob_BINARY=None), tmp_path)


def test_few_stars_are_drawn_one_by_one(tmp_path: Path) -> None:
    assert len(draw_catalogue(stars(12), tmp_path).files) == 5
    assert len(draw_catalogue(stars(4), tmp_path).files) == 4
    # A parallax without a probability, and a probability without a parallax.
    split = stars(2, prob_BINARY=[0.9, None], parallax=[None, 3.0], rv_difference=[1.0, 1.0])
    assert [file.stem for file in draw_catalogue(split, tmp_path).files] == [
        "probabilities", "sky", "distances", "velocities",
    ]  # fmt: skip


def test_counts_above_each_probability(figures: dict[str, Any]) -> None:
    axes = figures["probabilities"].axes[0]
    p = column(stars(), "prob_BINARY")
    said = [text.get_text() for text in axes.texts]
    assert said == [f"{int(np.sum(p > cut)):,} stars\np > {cut:g}" for cut in (0.5, 0.8)]
    above = next(line for line in axes.lines if line.get_label().startswith("stars above"))
    for x, y in list(zip(above.get_xdata(), above.get_ydata(), strict=True))[::100][:-1]:
        assert y == np.sum(p > x)


def test_every_star_is_on_the_sky_once(figures: dict[str, Any]) -> None:
    labels = [text.get_text() for text in figures["sky"].legends[0].get_texts()]
    flagged = int(np.sum(column(stars(), "prob_BINARY") > 0.5))
    assert labels == [f"others ({1500 - flagged:,})", f"p > 0.5 ({flagged:,})"]
    blue = next(line for line in figures["sky"].axes[0].lines if line.get_label() == labels[1])
    mine = column(stars(), "prob_BINARY") > 0.5
    ra = column(stars(), "ra")[mine]
    np.testing.assert_allclose(np.sort(-np.degrees(blue.get_xdata()) % 360), np.sort(ra), atol=1e-6)


def test_distances_and_magnitudes_agree_with_astropy(figures: dict[str, Any]) -> None:
    table = stars()
    far = Distance(parallax=column(table, "parallax") * units.mas)
    flagged = column(table, "prob_BINARY") > 0.5
    axes = figures["distances"].axes[0]
    assert f"{int(np.sum(flagged & (far > 10 * units.kpc)))} flagged beyond 10 kpc" in axes.get_title(loc="left")
    middle = np.median(far[flagged].to_value(units.kpc))
    assert f"median of the flagged {middle:.3g} kpc" in axes.get_title(loc="left")
    assert sum(axes.patches[0].get_data()[0]) == 1500
    assert sum(axes.patches[1].get_data()[0]) == flagged.sum()
    found = catalogue_charts._absolute(column(table, "phot_g_mean_mag"), far.pc)
    np.testing.assert_allclose(found, column(table, "phot_g_mean_mag") - far.distmod.value)


def test_parallaxes_that_are_no_distances() -> None:
    np.testing.assert_array_equal(catalogue_charts._distance(np.array([2.0, 0.0, -1.0, np.nan])), [500, *[np.nan] * 3])


def test_bright_stars_stand_on_top(figures: dict[str, Any]) -> None:
    axes = figures["colour_magnitude"].axes[0]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert axes.get_xlabel() == "BP − RP (mag)"


def test_shares_of_moving_and_constant_stars(figures: dict[str, Any]) -> None:
    p, dv = column(stars(), "prob_BINARY"), column(stars(), "rv_difference")
    known = np.isfinite(p)
    moving, constant = known & (dv > 25), known & (dv < 5)
    said = [text.get_text() for text in figures["velocities"].legends[0].get_texts()]
    assert said == [
        f"more than 25 km/s: {np.mean(p[moving] > 0.5):.0%} of {moving.sum()} above 0.5",
        f"less than 5 km/s: {np.mean(p[constant] > 0.5):.0%} of {constant.sum()} above 0.5",
    ]
