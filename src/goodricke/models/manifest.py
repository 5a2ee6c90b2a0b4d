"""The manifest of a bundle: what its keys may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from goodricke.errors import ModelError
from goodricke.models.predictor import Signature, Tensor

__all__ = ["FORMAT", "WEIGHTS", "check_manifest", "parse_manifest", "signature_of"]

FORMAT = 1
"""Version of the layout that is written and understood here."""
WEIGHTS = ("arrays.npz", "model.onnx")
"""Names that the weights file may have."""

_DTYPES = ("float32", "float64", "int32", "int64", "bool")
_MOST_CLASSES = 1000

Rule = tuple[str, Callable[[Any], bool]]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _like(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _classes(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 2 <= len(value) <= _MOST_CLASSES
        and all(isinstance(name, str) and name for name in value)
        and len(set(value)) == len(value)
    )


def _tensor(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("shape"), list)
        and 1 <= len(value["shape"]) <= 8
        and value["shape"][0] is None
        and all(side is None or (_whole(side) and side > 0) for side in value["shape"])
        and value.get("dtype") in _DTYPES
    )


def _tensors(value: Any) -> bool:
    return isinstance(value, dict) and len(value) > 0 and all(_tensor(tensor) for tensor in value.values())


def _shares(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(share, int | float) and not isinstance(share, bool) and 0 <= share <= 1 for share in value.values()
    )


_OBJECT: Rule = ("an object", _object)
_TEXT: Rule = ("text", _text)

_NEEDED: dict[str, Rule] = {
    "format": (f"{FORMAT}; a newer goodricke may know it", lambda value: _whole(value) and value == FORMAT),
    "name": ("lower-case letters, digits, - and _", _like(r"[a-z][a-z0-9_-]{0,63}")),
    "version": ('text such as "1" or "1.2"', _like(r"\d{1,9}(\.\d{1,9}){0,3}")),
    "family": _TEXT,
    "classes": (f"a list of 2 to {_MOST_CLASSES} different names", _classes),
    "inputs": (
        f'{{NAME: {{"shape": [null, ...], "dtype": one of {", ".join(_DTYPES)}}}}}, the stars first in the shape',
        _tensors,
    ),
    "representation": _OBJECT,
    "settings": _OBJECT,
    "weights": ('{"file", "sha256", "bytes"}', _object),
    "golden": ('{"inputs", "logits"}', _object),
}

_OPTIONAL: dict[str, Rule] = {
    "calibration": _OBJECT,
    "priors": ("{CLASS: share in training}", _shares),
    "thresholds": _OBJECT,
    "conformal": _OBJECT,
    "novelty": _OBJECT,
    "data": ("a list of objects", lambda value: isinstance(value, list) and all(map(_object, value))),
    "split": ("an object or text", lambda value: isinstance(value, dict | str)),
    "metrics": _OBJECT,
    "command": _TEXT,
}

_INSIDE: dict[str, dict[str, Rule]] = {
    "weights": {
        "file": (" or ".join(WEIGHTS), lambda value: value in WEIGHTS),
        "sha256": ("64 hexadecimal digits", _like("[0-9a-f]{64}")),
        "bytes": ("a number of bytes", _whole),
    },
    "golden": {"inputs": _OBJECT, "logits": ("a list", lambda value: isinstance(value, list))},
}


def parse_manifest(content: bytes) -> dict[str, Any]:
    """The manifest in these bytes, checked.

    Raises
    ------
    ModelError
        If it is not JSON, or a key is missing or holds what it may not; the message says which.
    """
    try:
        manifest = json.loads(content.decode("utf-8"), parse_constant=_not_a_number)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"manifest.json is not JSON ({error}); install the bundle again") from error
    if not isinstance(manifest, dict):
        raise ModelError(f"manifest.json holds {_seen(manifest)}; an object belongs there")
    check_manifest(manifest)
    return manifest


def _not_a_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def check_manifest(manifest: Mapping[str, Any]) -> None:
    """Raise ModelError for the first key that is missing or holds what it may not."""
    for key, rule in _NEEDED.items():
        _check(manifest, key, rule, "")
    for key, rule in _OPTIONAL.items():
        if manifest.get(key) is not None:
            _check(manifest, key, rule, "")
    for outer, rules in _INSIDE.items():
        for key, rule in rules.items():
            _check(manifest[outer], key, rule, f"{outer}.")
    strange = set(manifest.get("priors") or {}) - set(manifest["classes"])
    if strange:
        raise ModelError(f"manifest key 'priors' names {sorted(strange)[0]!r}, which is not among the classes")
    names = manifest["representation"].get("names")
    shape = manifest["inputs"].get("features", {}).get("shape")
    if names is not None and shape is not None and (not isinstance(names, list) or shape != [None, len(names)]):
        raise ModelError(
            f"manifest key 'representation.names' lists {_seen(names)}, and the input 'features' has the shape {shape}"
        )


def _check(holder: Mapping[str, Any], key: str, rule: Rule, outer: str) -> None:
    allowed, is_right = rule
    if key not in holder:
        raise ModelError(f"manifest key {outer + key!r} is missing; it holds {allowed}")
    if not is_right(holder[key]):
        raise ModelError(f"manifest key {outer + key!r} is {_seen(holder[key])}; allowed: {allowed}")


def _seen(value: Any) -> str:
    if isinstance(value, list | dict):
        return f"{'a list' if isinstance(value, list) else 'an object'} of {len(value)}"
    said = repr(value)
    return said if len(said) <= 60 else f"{said[:59]}…"


def signature_of(manifest: Mapping[str, Any]) -> Signature:
    """What a checked manifest says of inputs and classes.

    >>> manifest = {"classes": ["EA", "EW"], "settings": {},
    ...             "inputs": {"features": {"shape": [None, 3], "dtype": "float32"}}}
    >>> signature_of(manifest).n_features
    3
    """
    tensors = {name: Tensor(tuple(one["shape"]), one["dtype"]) for name, one in manifest["inputs"].items()}
    return Signature(len(manifest["classes"]), tensors, manifest["settings"])
