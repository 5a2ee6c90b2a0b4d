"""A model of spectra and what it says of a few, made once."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="the model is exported from torch")

from goodricke.line import Model
from goodricke.spectra import Spectra
from line.spectra import spectral_model


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return spectral_model.model(tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="session")
def few() -> Spectra:
    return spectral_model.sample()
