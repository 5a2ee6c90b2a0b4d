"""Bundles on disk: the same model gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import DataError, OptionError, WriteError
from goodricke.models.bundle import Bundle, load_bundle
from goodricke.models.families import family
from goodricke.models.manifest import FORMAT, check_manifest, signature_of
from goodricke.models.predictor import Inputs, Signature
from goodricke.models.weights import Arrays
from goodricke.output.atomic import whole_file

__all__ = ["card_text", "save_bundle"]


def save_bundle(folder: str | Path, manifest: Mapping[str, Any], arrays: Arrays, card: str, golden: Inputs) -> Bundle:
    """Write a bundle, load it back, and check it.

    Parameters
    ----------
    folder : str or Path
        To write to, called ``<name>-<version>``; made when it is not there.
    manifest : mapping
        All keys of a manifest but ``format``, ``weights`` and ``golden``, which are filled in here.
    arrays : mapping
        Weights, and what else the model needs (``novelty.`` ...), as the family wants them. An array ``onnx`` (bytes)
        alone is written as ``model.onnx``.
    card : str
        Markdown; see `card_text`.
    golden : mapping
        Name -> input of a handful of stars, some of their features NaN: what every loading is tested with.

    Returns
    -------
    Bundle
        As loaded from the folder.

    Raises
    ------
    ModelError
        If the model does not fit its manifest.
    OptionError, DataError
        If the folder has another name, or something cannot be written as JSON or plain arrays.
    """
    folder = Path(folder)
    if folder.name != f"{manifest['name']}-{manifest['version']}":
        raise OptionError(f"folder {folder.name!r} must be called {manifest['name']}-{manifest['version']}")
    name = "model.onnx" if set(arrays) == {"onnx"} else "arrays.npz"
    content = arrays["onnx"].tobytes() if name == "model.onnx" else _packed(arrays)
    complete = {
        "format": FORMAT,
        **manifest,
        "weights": {"file": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)},
        "golden": {"inputs": {}, "logits": []},
    }
    check_manifest(complete)
    complete["golden"] = _golden(manifest["family"], arrays, signature_of(complete), golden)
    text = _json(complete)
    _write(folder, {name: content, "card.md": card.encode(), "manifest.json": text.encode()})
    return load_bundle(folder)


def _packed(arrays: Arrays) -> bytes:
    """An npz file without the clock: sorted names, one fixed time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(arrays):
            array = np.asarray(arrays[name])
            if array.dtype.kind not in "biuf":
                raise DataError(f"array {name!r} is {array.dtype}; only numbers go into a bundle")
            part = io.BytesIO()
            plain = array.astype(array.dtype.newbyteorder("<"), order="C")
            np.lib.format.write_array(part, plain, version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, part.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return stream.getvalue()


def _golden(kind: str, arrays: Arrays, signature: Signature, inputs: Inputs) -> dict[str, Any]:
    given = {name: np.asarray(inputs[name], dtype=tensor.dtype) for name, tensor in signature.inputs.items()}
    logits = family(kind).from_arrays(arrays, signature).logits(given)
    return {"inputs": {name: _listed(array) for name, array in given.items()}, "logits": _listed(logits)}


def _listed(array: NDArray[Any]) -> list[Any]:
    """Nested lists, null for NaN."""
    plain = array.astype(object)
    if array.dtype.kind == "f":
        plain[np.isnan(array)] = None
    return list(plain.tolist())


def _json(manifest: Mapping[str, Any]) -> str:
    """JSON with a line for every key and every key inside it, so that a difference of two manifests can be read."""
    lines = []
    for key, value in manifest.items():
        if isinstance(value, Mapping) and value:
            inner = ",\n".join(f"    {json.dumps(str(k))}: {_compact(v, key)}" for k, v in value.items())
            lines.append(f"  {json.dumps(key)}: {{\n{inner}\n  }}")
        else:
            lines.append(f"  {json.dumps(key)}: {_compact(value, key)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any, key: str) -> str:
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, default=_plain)
    except (ValueError, TypeError) as error:
        raise DataError(
            f"manifest key {key!r} cannot be written as JSON ({error}); use null for the unknown"
        ) from error


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no JSON")


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{folder}: cannot be made ({error.strerror or error})") from error
    for name, content in files.items():
        with whole_file(folder / name) as temporary:
            temporary.write_bytes(content)


_SECTIONS = {
    "data": "Data",
    "split": "Split",
    "metrics": "How good it is",
    "importance": "What it looks at",
    "calibration": "Calibration",
    "thresholds": "Thresholds",
    "conformal": "Prediction sets",
    "novelty": "Unlike the training stars",
    "limits": "Limits",
    "settings": "Settings",
}
_WIDEST = 8


def card_text(manifest: Mapping[str, Any]) -> str:
    """The card of a model, made of its manifest.

    Parameters
    ----------
    manifest : mapping
        That of a bundle; besides its keys, ``description`` (text), ``importance`` (a list of objects) and ``limits`` (a
        list of sentences) are shown. A figure may be a number or ``{"value", "low", "high"}``.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> print(card_text({"name": "small", "version": "1", "family": "knn", "classes": ["EA", "EW"],
    ...                  "metrics": {"EA": {"f1": {"value": 0.9, "low": 0.85, "high": 0.95}}, "EW": {"f1": 0.8}}}))
    # small 1
    <BLANKLINE>
    A model of the family knn that tells 2 classes apart: EA, EW.
    <BLANKLINE>
    ## How good it is
    <BLANKLINE>
    | | f1 |
    |---|---|
    | EA | 0.900 (0.850 to 0.950) |
    | EW | 0.800 |
    <BLANKLINE>
    """
    classes = manifest["classes"]
    parts = [f"# {manifest['name']} {manifest['version']}"]
    if manifest.get("description"):
        parts.append(str(manifest["description"]))
    known = f"A model of the family {manifest['family']} that tells {len(classes)} classes apart: {', '.join(classes)}."
    parts.append(known)
    names = manifest.get("representation", {}).get("names")
    if names:
        parts.append(f"It sees {len(names)} features: {', '.join(names)}.")
    if manifest.get("priors"):
        parts += ["## Shares in training", _shown(manifest["priors"])]
    for key, title in _SECTIONS.items():
        if manifest.get(key):
            parts += [f"## {title}", _shown(manifest[key])]
    if manifest.get("command"):
        parts += ["## Made by", f"```\n{manifest['command']}\n```"]
    return "\n\n".join(parts) + "\n"


def _shown(value: Any, level: int = 3) -> str:
    """Markdown of what stands in a manifest: a table where the entries are alike, else a list."""
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return _table([("", one) for one in value])
    if isinstance(value, list):
        return "\n".join(f"- {_cell(one)}" for one in value)
    if not isinstance(value, Mapping):
        return _cell(value)
    plain = {key: one for key, one in value.items() if _is_cell(one)}
    nested = {key: one for key, one in value.items() if not _is_cell(one)}
    parts = ["\n".join(f"- {key}: {_cell(one)}" for key, one in plain.items())] if plain else []
    if nested and all(isinstance(one, Mapping) and all(map(_is_cell, one.values())) for one in nested.values()):
        parts.append(_table(list(nested.items())))
    else:
        parts += [f"{'#' * level} {key}\n\n{_shown(one, level + 1)}" for key, one in nested.items()]
    return "\n\n".join(parts)


def _is_cell(value: Any) -> bool:
    if isinstance(value, Mapping):
        return "value" in value
    return not isinstance(value, list) or (
        len(value) <= _WIDEST and not any(isinstance(one, list | dict) for one in value)
    )


def _table(rows: list[tuple[str, Mapping[str, Any]]]) -> str:
    columns = list(dict.fromkeys(key for _, row in rows for key in row))
    named = any(name for name, _ in rows)
    lines = ["| " + " | ".join([""] * named + columns).lstrip() + " |", "|" + "---|" * (len(columns) + named)]
    for name, row in rows:
        cells = [name] * named + [_cell(row[key]) if key in row else "" for key in columns]
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, Mapping) and "value" in value:
        low, high = value.get("low"), value.get("high")
        return _cell(value["value"]) + (f" ({_cell(low)} to {_cell(high)})" if None not in (low, high) else "")
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_cell(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    if isinstance(value, float | np.floating):
        return f"{value:.3f}" if value == 0 or 1e-3 <= abs(float(value)) < 1e4 else f"{value:.3g}"
    return "unknown" if value is None else str(value)
