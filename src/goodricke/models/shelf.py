"""Where bundles lie, and which of them a name means.

Those that ship stand in ``goodricke/models/bundles``; the environment variable ``GOODRICKE_MODELS`` adds folders of
others, joined as in ``PATH``. A folder of either is a bundle when it is called ``<name>-<version>`` and its manifest
has a format.
"""

from __future__ import annotations

import json
import os
import re
from difflib import get_close_matches
from importlib import resources
from pathlib import Path

from goodricke.errors import ModelError

__all__ = ["VARIABLE", "find", "list_bundles"]

VARIABLE = "GOODRICKE_MODELS"

_FOLDER = re.compile(r"([a-z][a-z0-9_-]*)-(\d{1,9}(?:\.\d{1,9}){0,3})")


def list_bundles() -> list[Path]:
    """Folders of all bundles, by name, the newest version of each first.

    >>> "period-chooser-1" in [folder.name for folder in list_bundles()]  # the period room reads it by itself
    False
    """
    found = [
        (split[1], _version(split[2]), -place, folder)
        for place, shelf in enumerate(_shelves())
        for folder in sorted(shelf.iterdir())
        if (split := _FOLDER.fullmatch(folder.name)) and _is_bundle(folder)
    ]
    found.sort(key=lambda one: (one[1], one[2]), reverse=True)
    return [folder for *_, folder in sorted(found, key=lambda one: one[0])]


def find(name_or_path: str | Path) -> Path:
    """The folder of a bundle.

    Parameters
    ----------
    name_or_path : str or Path
        A name (the newest version of it), a name with a version such as ``variables-1``, or a folder.

    Raises
    ------
    ModelError
        If there is none; the message has the nearest names.
    """
    path = Path(name_or_path)
    if os.path.isfile(path / "manifest.json"):  # unlike Path.is_file, it takes any text
        return path
    bundles = list_bundles()
    for folder in bundles:
        split = _FOLDER.fullmatch(folder.name)
        if split is not None and str(name_or_path) in (folder.name, split[1]):
            return folder
    if os.path.isdir(path):
        raise ModelError(f"{path} is no bundle: it has no manifest.json")
    names = [folder.name for folder in bundles] + [folder.name.rpartition("-")[0] for folder in bundles]
    near = get_close_matches(str(name_or_path), sorted(set(names)), n=3)
    known = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(sorted(set(names))) or 'none'}."
    raise ModelError(f"no model is called {str(name_or_path)!r}; {known} Folders of more can be named in {VARIABLE}")


def _shelves() -> list[Path]:
    """The user's folders come first: of two bundles of one version theirs is taken."""
    theirs = [Path(folder) for folder in os.environ.get(VARIABLE, "").split(os.pathsep) if folder]
    ours = Path(str(resources.files("goodricke.models"))) / "bundles"
    return [folder for folder in (*theirs, ours) if folder.is_dir()]


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _is_bundle(folder: Path) -> bool:
    """A damaged manifest counts, so that loading can say what is wrong with it."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except (ValueError, RecursionError):
        return True
    except OSError:
        return False
    return not isinstance(manifest, dict) or "format" in manifest
