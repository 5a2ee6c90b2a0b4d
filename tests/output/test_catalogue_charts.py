from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy import units
from astropy.coordinates import Distance

from goodricke.errors import DataError
from goodricke.output import catalogue_charts
from goodricke.output.catalogue_charts import draw_catalogue
from output.made_catalogue import column, stars


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


def test_magnitudes_agree_with_astropy() -> None:
    table = stars()
    far = Distance(parallax=column(table, "parallax") * units.mas)
    found = catalogue_charts._absolute(column(table, "phot_g_mean_mag"), far.pc)
    np.testing.assert_allclose(found, column(table, "phot_g_mean_mag") - far.distmod.value)


def test_parallaxes_that_are_no_distances() -> None:
    np.testing.assert_array_equal(catalogue_charts._distance(np.array([2.0, 0.0, -1.0, np.nan])), [500, *[np.nan] * 3])
