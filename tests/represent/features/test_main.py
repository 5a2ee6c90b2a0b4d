"""The document of all features is the one that is printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from goodricke.represent.features.__main__ import document
from goodricke.represent.features.table import GROUPS, describe

PAGE = Path(__file__).parents[3] / "docs" / "features.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == document(), "run: python -m goodricke.represent.features > docs/features.md"


def test_the_page_has_every_feature() -> None:
    text = document()
    for name in GROUPS:
        assert f"\n## {name}" in text
    for row in describe():
        assert f"| `{row['name']}` |" in text
        assert str(row["meaning"]) in text


def test_the_command_prints_it() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "goodricke.represent.features"], capture_output=True, text=True, check=True
    )
    assert printed.stdout == document()
