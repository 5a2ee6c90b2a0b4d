"""The table of model families: name -> class, imported when asked for. To add one, see ``goodricke.models.predictor``.

Other packages join through the entry point group ``goodricke.families``: the same door.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module, metadata
from typing import cast

from goodricke.errors import MissingDependency, ModelError
from goodricke.models.predictor import Predictor

__all__ = ["FAMILIES", "GROUP", "families", "family"]

FAMILIES: dict[str, str] = {
    "boosted_trees": "goodricke.models.boosted_trees:BoostedTrees",
    "random_forest": "goodricke.models.random_forest:RandomForest",
    "knn": "goodricke.models.knn:NearestNeighbours",
    "svm": "goodricke.models.svm:SupportVectors",
    "naive_bayes": "goodricke.models.naive_bayes:NaiveBayes",
    "mlp": "goodricke.models.mlp:Perceptrons",
    "onnx": "goodricke.models.onnx_graph:OnnxGraph",
    "average": "goodricke.models.average:Average",
}
"""Family -> "module:Class"."""

GROUP = "goodricke.families"


@cache
def families() -> dict[str, str]:
    """All families: ours, and those of installed packages."""
    theirs = {point.name: point.value for point in metadata.entry_points(group=GROUP)}
    twice = sorted(set(theirs) & set(FAMILIES))
    if twice:
        raise ModelError(f"the installed package {theirs[twice[0]]} names a family {twice[0]!r}, which exists already")
    return {**FAMILIES, **theirs}


def family(name: str) -> type[Predictor]:
    """The class of a family.

    Raises
    ------
    ModelError
        If there is no such family, or it cannot be imported.

    Examples
    --------
    >>> family("mlp").__name__
    'Perceptrons'
    """
    table = families()
    if name not in table:
        near = get_close_matches(name, table, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(table)}"
        raise ModelError(f"family {name!r} is not known; {hint} A newer goodricke may know it")
    module, attribute = table[name].split(":")
    try:
        return cast(type[Predictor], getattr(import_module(module), attribute))
    except MissingDependency:
        raise
    except (ImportError, AttributeError) as error:
        raise ModelError(f"family {name!r} ({table[name]}) cannot be imported: {error}") from error
