"""goodricke models: the bundles that there are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

EXIT_REFUSED = 4

_MERITS = {
    "macro_f1": "macro F1",
    "f1": "F1",
    "accuracy": "accuracy",
    "average_precision": "average precision",
    "auc": "AUC",
}
_HEAD: tuple[str, ...] = ("name", "version", "family", "classes", "size", "figure of merit")
_WIDEST = 48


@click.command(epilog="Example: goodricke models variables")
@click.argument("name", required=False)
def models(name: str | None) -> int:
    """List the models that ship with the package, or print the card of one.

    NAME is a name in the list or the folder of a bundle. Every bundle is checked: one whose weights or whose output are
    not what its manifest promises is refused, and the reason is said. Exit code 4 when the one named is refused.
    """
    return _list() if name is None else _card(name)


def _card(name: str) -> int:
    from goodricke.errors import GoodrickeError
    from goodricke.models import find, load_bundle

    folder = find(name)
    try:
        load_bundle(folder)
    except GoodrickeError as error:
        click.echo(f"refused: {error}", err=True)
        return EXIT_REFUSED
    click.echo((folder / "card.md").read_text(encoding="utf-8").rstrip())
    return 0


def _list() -> int:
    from goodricke.models import list_bundles

    folders = [Path(folder) for folder in list_bundles()]
    if not folders:
        click.echo("no model is installed; goodricke train makes one")
        return 0
    rows = [(_HEAD, ""), *map(_row, folders)]
    widths = [max(len(row[k]) for row, _ in rows) for k in range(len(_HEAD))]
    for row, refusal in rows:
        known = "  ".join(f"{word:{width}}" for word, width in zip(row, widths, strict=True)).rstrip()
        click.echo(f"{row[0]:{widths[0]}}  refused: {refusal}" if refusal else known)
    return 0


def _row(folder: Path) -> tuple[tuple[str, ...], str]:
    """The cells of one bundle, and why it is refused, if it is."""
    from goodricke.errors import GoodrickeError
    from goodricke.models import load_bundle

    try:
        load_bundle(folder)
    except GoodrickeError as error:
        return (folder.name, *[""] * (len(_HEAD) - 1)), str(error)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    size = sum(file.stat().st_size for file in folder.iterdir())
    cells = (manifest["name"], manifest["version"], manifest["family"], _classes(manifest["classes"]))
    return (*map(str, cells), f"{size / 1e6:.1f} MB", _merit(manifest.get("metrics") or {})), ""


def _classes(names: list[str]) -> str:
    said = f"{len(names)}: {' '.join(names)}"
    return said if len(said) <= _WIDEST else said[: _WIDEST - 1].rsplit(" ", 1)[0] + " …"


def _merit(metrics: Mapping[str, Any]) -> str:
    """The first of the known figures that the manifest gives, with its interval where it has one.

    >>> _merit({"test": {"accuracy": 0.9, "macro_f1": {"value": 0.853, "low": 0.84, "high": 0.866}}})
    'macro F1 0.853 (0.840 to 0.866)'
    """
    for key, words in _MERITS.items():
        for value in _values(metrics, key):
            if isinstance(value, int | float):
                return f"{words} {value:.3f}"
            if isinstance(value, Mapping) and isinstance(value.get("value"), int | float):
                low, high = value.get("low"), value.get("high")
                interval = f" ({low:.3f} to {high:.3f})" if low is not None and high is not None else ""
                return f"{words} {value['value']:.3f}{interval}"
    return ""


def _values(metrics: Mapping[str, Any], key: str) -> list[Any]:
    """What stands under a key, here or further in."""
    found = [metrics[key]] if key in metrics else []
    for value in metrics.values():
        if isinstance(value, Mapping):
            found += _values(value, key)
    return found
