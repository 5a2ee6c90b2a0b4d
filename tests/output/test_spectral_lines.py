from __future__ import annotations

import numpy as np
import pytest
from astropy import constants, units

from goodricke.errors import DataError
from goodricke.output.spectral_lines import FEATURES, features_in, share_by_feature

# Air wavelengths of the NIST Atomic Spectra Database, Angstrom.
AIR = {
    "Ca K": (3933.66, 3933.66), "Ca I": (4226.73, 4226.73), "Mg b": (5167.32, 5183.60), "Fe 4383": (4383.55, 4383.55),
    "Fe 4405": (4404.75, 4404.75), "Na D": (5889.95, 5895.92), "Fe 5270": (5269.54, 5269.54),
    "Ca II 8544": (8542.09, 8542.09), "Ca I 6162": (6162.17, 6162.17),
}  # fmt: skip


def test_balmer_lines_are_those_of_the_rydberg_formula() -> None:
    reduced = 1 / (1 + (constants.m_e / constants.m_p).value)
    for name, upper in (("Hα", 3), ("Hβ", 4), ("Hγ", 5), ("Hδ", 6)):
        wave = (1 / (constants.Ryd * reduced * (1 / 4 - 1 / upper**2))).to_value(units.AA)
        feature = next(one for one in FEATURES if one.name == name)
        assert feature.middle == pytest.approx(wave, abs=0.2)  # fine structure is below that


def test_metal_lines_are_in_vacuum() -> None:
    for name, ends in AIR.items():
        # Ciddor (1996) as in Morton (2000): an index of 1.000277 for standard air in the visible.
        s = (1e4 / np.array(ends)) ** 2
        vacuum = np.array(ends) * (1 + 8.34254e-5 + 2.406147e-2 / (130 - s) + 1.5998e-4 / (38.9 - s))
        feature = next(one for one in FEATURES if one.name == name)
        assert feature.middle == pytest.approx(vacuum.mean(), abs=0.3), name


def test_the_table_rises_and_every_feature_has_a_width() -> None:
    middles = [feature.middle for feature in FEATURES]
    assert middles == sorted(middles)
    assert all(1 < feature.high - feature.low < 300 for feature in FEATURES)
    assert len(features_in(3850, 7250)) == len([m for m in middles if 3850 <= m <= 7250])


def test_nothing_is_lost_and_nothing_counts_twice() -> None:
    rng = np.random.default_rng(0)
    wave, share = np.linspace(3850, 7249, 2749), rng.normal(size=2749)
    found = share_by_feature(wave, share, most=100)
    assert sum(value for _, value in found) == pytest.approx(share.sum())
    sizes = [abs(value) for _, value in found]
    assert sizes == sorted(sizes, reverse=True)
    assert dict(share_by_feature(wave, np.where(np.abs(wave - 6564.6) < 5, 1.0, 0.0)))["Hα"] == np.sum(
        np.abs(wave - 6564.6) < 5
    )


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(DataError):
        share_by_feature([1.0, 2.0], [1.0])
