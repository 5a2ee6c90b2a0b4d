"""Fixtures that every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def tables_of_the_earth_may_be_old() -> Iterator[None]:
    """Tests do not fail by date: astropy refuses late times when its table of the Earth's rotation is 30 days old."""
    from astropy.utils import iers

    with iers.conf.set_temp("auto_max_age", None), iers.conf.set_temp("auto_download", False):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real survey files; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("GOODRICKE_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "raw").is_dir():
        pytest.skip(f"real survey files are not here ({folder}); set GOODRICKE_DATA to their folder")
    return folder
