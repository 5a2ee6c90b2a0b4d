from __future__ import annotations

import numpy as np
import pytest

from goodricke.labels import TREE, VIEWS
from goodricke.output.palette import CLASS_STYLES, OTHER, ink_on, style_of


def test_every_class_and_group_has_a_style_of_its_own_or_is_grey() -> None:
    assert set(TREE) <= set(CLASS_STYLES)
    for view in ("4class", "7class", "eclipsing"):
        named = [style_of(group) for group in VIEWS[view]]
        assert len(set(named)) == len(named)
    assert style_of("BL HER") == OTHER


@pytest.mark.parametrize("members", [("EA", "EB", "EW", "ELL"), ("RRAB", "RRC", "RRD"), ("CEP", "T2CEP", "ACEP")])
def test_members_of_a_family_differ_in_mark_and_in_brightness(members: tuple[str, ...]) -> None:
    assert len({style_of(name).mark for name in members}) == len(members)
    grey = sorted(np.dot(rgb(style_of(name).colour), (0.299, 0.587, 0.114)) for name in members)
    assert np.diff(grey).min() > 8  # of 255: told apart without any hue


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))


@pytest.mark.parametrize("name", sorted(CLASS_STYLES))
def test_text_on_a_class_colour_is_readable(name: str) -> None:
    # WCAG 2.1: contrast (L1 + 0.05) / (L2 + 0.05) of large bold text at least 3.
    parts = np.array(rgb(style_of(name).colour)) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    luminance = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    contrast = (luminance + 0.05) / 0.05 if ink_on(style_of(name).colour) == "black" else 1.05 / (luminance + 0.05)
    assert contrast >= 4.5
