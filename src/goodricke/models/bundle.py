"""A trained model in a folder: manifest, card and one file of weights, checked before anything is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError, ModelError
from goodricke.models.families import family
from goodricke.models.manifest import parse_manifest, signature_of
from goodricke.models.predictor import GivesMore, Inputs, Predictor, Signature, told
from goodricke.models.weights import Arrays, read_arrays

__all__ = ["Bundle", "load_bundle"]

_MOST_BYTES = {"manifest.json": 4 << 20, "card.md": 1 << 20, "arrays.npz": 64 << 20, "model.onnx": 64 << 20}
_MOST_GOLDEN = 256  # rows: enough to trust, little enough to run at every loading


@dataclass(frozen=True, eq=False)
class Bundle:
    """A model that has passed all checks.

    Parameters
    ----------
    folder : Path
        Where it lies.
    manifest : dict
        What was read from ``manifest.json``.
    arrays : mapping
        Everything in the weights file: name -> array.
    predictor : Predictor
        Turns inputs into logits.
    """

    folder: Path
    manifest: Mapping[str, Any]
    arrays: Arrays
    predictor: Predictor

    @property
    def name(self) -> str:
        """Name without the version."""
        return str(self.manifest["name"])

    @property
    def version(self) -> str:
        """Version, such as "1" or "1.2"."""
        return str(self.manifest["version"])

    @property
    def classes(self) -> tuple[str, ...]:
        """Classes in the order of the logits."""
        return tuple(self.manifest["classes"])

    def logits(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits of N stars.

        Parameters
        ----------
        inputs : mapping
            Name -> array (N, ...), as the manifest names them; a feature that is not finite is unknown.

        Returns
        -------
        (N, C) float32
            Not calibrated; columns in the order of `classes`.

        Raises
        ------
        DataError
            If an input is missing, or has another shape.
        """
        return _logits(self.predictor, inputs, signature_of(self.manifest))

    @property
    def extras(self) -> tuple[str, ...]:
        """What the model gives besides logits: perhaps ``embedding``, ``attention``, ``morphology``, ``quantities``."""
        return self.predictor.extras if isinstance(self.predictor, GivesMore) else ()

    def outputs(self, inputs: Inputs, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Extras of N stars by name, each (N, ...), in one run of the model.

        Parameters
        ----------
        inputs : mapping
            As for `logits`.
        names : sequence of str
            Some of `extras`; ``logits`` may be among them, and is then as `logits` gives it.

        Raises
        ------
        DataError
            If an input is missing or has another shape, or the model does not give one of the extras.
        """
        strange = [name for name in names if name not in ("logits", *self.extras)]
        if strange:
            raise DataError(
                f"the model {self.name} gives no {strange[0]}; it gives {', '.join(self.extras) or 'logits alone'}"
            )
        signature = signature_of(self.manifest)
        ready = _checked(inputs, signature)
        if len(next(iter(ready.values()))):
            return told(self.predictor, ready, names)
        none = {"logits": _no_logits(signature)} if "logits" in names else {}
        return none | told(self.predictor, ready, [name for name in names if name != "logits"])


def load_bundle(folder: str | Path) -> Bundle:
    """Load a model, refusing one whose files are not what its manifest promises.

    Parameters
    ----------
    folder : str or Path
        Of the bundle; ``goodricke.models.find`` gives it for a name.

    Raises
    ------
    ModelError
        If a file is missing, too large or damaged, if the weights are not those that were described, or if the model
        does not give the golden output that its manifest promises.
    """
    folder = Path(folder)
    try:
        with np.errstate(all="ignore"):  # weights from a stranger may overflow; the golden output then shows it
            return _loaded(folder)
    except ModelError as error:
        raise ModelError(f"{folder}: {error}") from error


def _loaded(folder: Path) -> Bundle:
    manifest = parse_manifest(_content(folder, "manifest.json"))
    try:
        _content(folder, "card.md").decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(f"card.md is not text ({error})") from error
    arrays = _weights(folder, manifest["weights"])
    signature = signature_of(manifest)
    kind = family(manifest["family"])
    try:
        predictor = kind.from_arrays(arrays, signature)
        _check_golden(predictor, manifest["golden"], signature)
    except MemoryError as error:
        raise ModelError("the weights describe a model that does not fit into memory") from error
    return Bundle(folder, manifest, arrays, predictor)


def _content(folder: Path, name: str) -> bytes:
    path, most = folder / name, _MOST_BYTES[name]
    try:
        size = path.stat().st_size
        if size > most:
            raise ModelError(f"{name} has {size / 2**20:.1f} MiB; at most {most >> 20} MiB are read")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ModelError(
            f"{name} is missing; a bundle has manifest.json, card.md and a weights file: install it again"
        ) from error
    except OSError as error:
        raise ModelError(f"{name} cannot be read ({error.strerror or error})") from error


def _weights(folder: Path, about: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    content = _content(folder, about["file"])
    found = hashlib.sha256(content).hexdigest()
    if len(content) != about["bytes"] or found != about["sha256"]:
        raise ModelError(
            f"{about['file']} ({len(content)} bytes, SHA-256 {found[:12]}…) is not the one that the manifest names"
            f" ({about['bytes']} bytes, {about['sha256'][:12]}…); install the bundle again"
        )
    if about["file"] == "model.onnx":
        return {"onnx": np.frombuffer(content, dtype=np.uint8)}
    return read_arrays(content)


def _check_golden(predictor: Predictor, golden: Mapping[str, Any], signature: Signature) -> None:
    """Whether the model gives here the output that it gave where it was made."""
    try:
        inputs = {
            name: np.array(rows, dtype=np.float64).astype(signature.inputs[name].dtype)
            for name, rows in golden["inputs"].items()
        }
        promised = np.array(golden["logits"], dtype=np.float64)
    except (ValueError, TypeError, OverflowError, KeyError) as error:
        raise ModelError(f"manifest key 'golden' does not hold the arrays of the inputs ({error})") from error
    if promised.ndim != 2 or promised.shape[1] != signature.n_classes or not 1 <= len(promised) <= _MOST_GOLDEN:
        raise ModelError(
            f"manifest key 'golden.logits' has the shape {promised.shape}; allowed: 1 to {_MOST_GOLDEN} rows of"
            f" {signature.n_classes} classes"
        )
    try:
        given = _logits(predictor, inputs, signature)
    except DataError as error:
        raise ModelError(f"manifest key 'golden.inputs': {error}") from error
    if given.shape != promised.shape:
        raise ModelError(f"the golden input gives logits of shape {given.shape}; {promised.shape} were promised")
    miss = np.abs(given - promised) / np.maximum(1.0, np.abs(promised))
    if not (miss <= predictor.TOLERANCE).all():  # a NaN on either side is a miss as well
        raise ModelError(
            f"the golden output is missed by {np.max(miss):.2g}, more than {predictor.TOLERANCE:g}; install the bundle"
            " again, or versions that belong together"
        )


def _logits(predictor: Predictor, inputs: Inputs, signature: Signature) -> NDArray[np.float32]:
    ready = _checked(inputs, signature)
    if not len(next(iter(ready.values()))):
        return _no_logits(signature)
    return predictor.logits(ready)


def _no_logits(signature: Signature) -> NDArray[np.float32]:
    """Of no star, which not every family could be asked about."""
    return np.zeros((0, signature.n_classes), dtype=np.float32)


def _checked(inputs: Inputs, signature: Signature) -> dict[str, NDArray[Any]]:
    """Arrays of the type and shape that the manifest names, as many stars in each."""
    if set(inputs) != set(signature.inputs):
        raise DataError(
            f"the model takes the inputs {', '.join(sorted(signature.inputs))};"
            f" given: {', '.join(sorted(inputs)) or 'none'}"
        )
    ready, stars = {}, {len(inputs[name]) for name in inputs if np.ndim(inputs[name])}
    for name, tensor in signature.inputs.items():
        array = np.asarray(inputs[name], dtype=tensor.dtype)
        if array.ndim != len(tensor.shape) or any(
            side not in (None, n) for side, n in zip(tensor.shape, array.shape, strict=True)
        ):
            raise DataError(f"input {name!r} has the shape {array.shape}; the model takes {tensor.shape}, stars first")
        ready[name] = array
    if len(stars) != 1:
        raise DataError(f"the inputs hold different numbers of stars: {sorted(stars)}")
    return ready
