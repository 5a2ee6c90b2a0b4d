"""The table, the door for other packages, and what every row must keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import ClassVar, Self

import numpy as np
import pytest
from numpy.typing import NDArray

from goodricke.errors import ModelError
from goodricke.models.families import FAMILIES, families, family
from goodricke.models.predictor import Inputs, Predictor, Signature
from goodricke.models.weights import Arrays
from models.made import N_CLASSES, SIGNATURE, features, made


@dataclass(frozen=True)
class Constant:
    """A family of another package."""

    TOLERANCE: ClassVar[float] = 1e-6

    @classmethod
    def from_arrays(cls, arrays: Arrays, signature: Signature) -> Self:
        return cls()

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        return np.zeros((len(inputs["features"]), 2), dtype=np.float32)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[metadata.EntryPoint]]:
    points: list[metadata.EntryPoint] = []
    monkeypatch.setattr(metadata, "entry_points", lambda group: [p for p in points if p.group == group])
    families.cache_clear()
    yield points
    families.cache_clear()


def built(name: str, **others: NDArray[np.generic]) -> Predictor:
    arrays, settings = made(name)
    return family(name).from_arrays({**arrays, **others}, Signature(N_CLASSES, SIGNATURE.inputs, settings))


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_gives_finite_logits_of_every_star_alone(name: str) -> None:
    rows = features(3000)
    rows[0] = np.nan
    rows[1] = [np.inf, -np.inf, 1e30] if name != "onnx" else 0
    model = built(name)
    found = model.logits({"features": rows})
    assert found.shape == (3000, N_CLASSES)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert len(np.unique(found.round(4), axis=0)) > 3, "different stars get different answers"
    alone = np.concatenate([model.logits({"features": row[None]}) for row in rows[::500]])
    # A batch of another size may add in another order: the last digit of a float32.
    np.testing.assert_allclose(found[::500], alone, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - {"onnx", "average"}))
def test_every_array_is_needed_and_its_shape_is_checked(name: str) -> None:
    arrays, _ = made(name)
    for key, array in arrays.items():
        if key in ("bias1", "weight1"):  # without the last weights the first layer is the last
            continue
        with pytest.raises(ModelError):
            family(name).from_arrays({k: v for k, v in arrays.items() if k != key}, SIGNATURE)
        with pytest.raises(ModelError):
            built(name, **{key: np.zeros((2, 3, 4, 5))})
        if array.dtype.kind == "f":
            with pytest.raises(ModelError, match="not finite"):
                built(name, **{key: np.full(array.shape, np.nan)})


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - {"onnx", "average"}))
def test_another_number_of_features_is_refused(name: str) -> None:
    arrays, _ = made(name)
    tensor = SIGNATURE.inputs["features"]
    with pytest.raises(ModelError):
        family(name).from_arrays(arrays, Signature(N_CLASSES, {"features": type(tensor)((None, 1))}))


def test_an_unknown_family_names_the_nearest() -> None:
    with pytest.raises(ModelError, match="did you mean 'boosted_trees'"):
        family("boosted_tree")
    with pytest.raises(ModelError, match="there are boosted_trees, random_forest"):
        family("?")


def test_other_packages_join(installed: list[metadata.EntryPoint]) -> None:
    installed.append(metadata.EntryPoint("constant", "models.test_families:Constant", "goodricke.families"))
    model = family("constant").from_arrays({}, SIGNATURE)
    assert model.logits({"features": features(3)}).shape == (3, 2)


def test_other_packages_cannot_take_our_names(installed: list[metadata.EntryPoint]) -> None:
    installed.append(metadata.EntryPoint("mlp", "theirs:Model", "goodricke.families"))
    with pytest.raises(ModelError, match="names a family 'mlp', which exists already"):
        families()


@pytest.mark.parametrize("value", ["nowhere.to.be.found:Model", "goodricke.trees:Nothing"])
def test_what_cannot_be_imported_is_said(installed: list[metadata.EntryPoint], value: str) -> None:
    installed.append(metadata.EntryPoint("broken", value, "goodricke.families"))
    with pytest.raises(ModelError, match="cannot be imported"):
        family("broken")
