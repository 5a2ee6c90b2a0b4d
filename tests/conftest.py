"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real survey files; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("GOODRICKE_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "raw").is_dir():
        pytest.skip(f"real survey files are not here ({folder}); set GOODRICKE_DATA to their folder")
    return folder
