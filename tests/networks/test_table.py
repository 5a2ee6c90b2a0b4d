"""Every network, by its row: what it takes is what its representation gives."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass

import pytest

from goodricke.errors import OptionError
from goodricke.networks import NAMES
from goodricke.networks.table import NETWORKS, network
from goodricke.represent.table import REPRESENTATIONS, representation
from period import made

ABOUT = {"names": ["log_n", "skew"], "steps": 16}


def test_names_without_torch_are_the_rows_with_it() -> None:
    assert list(NAMES) == list(NETWORKS)
    assert set(NAMES.values()) <= set(REPRESENTATIONS)


@pytest.mark.parametrize("name", NETWORKS)
def test_it_takes_what_its_representation_gives(name: str) -> None:
    from goodricke.period import find_periods

    lcs = made.star("EA", 2.1, n=60)
    row = representation(NAMES[name])
    given = row.make(lcs, find_periods(lcs) if row.needs_periods else None, ABOUT)
    assert [*inspect.signature(NETWORKS[name].module.forward).parameters][1:] == [*given]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_setting_is_explained_and_has_a_default(name: str) -> None:
    settings = NETWORKS[name].settings
    assert is_dataclass(settings)
    assert settings() == settings()
    source = inspect.getsource(settings)
    for one in fields(settings):
        after = source.split(f"    {one.name}: ", 1)[1].split("\n")[1]
        assert after.strip().startswith('"""'), f"{one.name} of {name} has no sentence"


def test_a_name_that_is_none() -> None:
    with pytest.raises(OptionError, match=r"network 'bigrru' is not known; did you mean 'bigru'\?"):
        network("bigrru")
    with pytest.raises(OptionError, match="there are bigru"):
        network("transformer")
