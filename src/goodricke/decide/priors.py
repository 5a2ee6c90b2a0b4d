"""How common the classes are: what the user says, and what it does to the probabilities."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from goodricke.decide.simplex import checked_probabilities
from goodricke.errors import DataError, OptionError

__all__ = ["checked_priors", "column_of", "parse_priors", "shifted"]

Pairs = list[tuple[str, object]]

_SLACK = 0.02  # 0.33, 0.33, 0.33 is meant to be 1


def checked_priors(priors: ArrayLike, n_classes: int) -> NDArray[np.float64]:
    """Shares (C,), none negative, made to sum to 1."""
    q = np.asarray(priors, dtype=np.float64)
    if q.shape != (n_classes,) or not np.isfinite(q).all() or (q < 0).any() or abs(q.sum() - 1) > _SLACK:
        raise DataError(f"priors have to be {n_classes} shares that sum to 1; they are {q.tolist()}")
    return np.asarray(q / q.sum())


def column_of(name: str, classes: Sequence[str]) -> int:
    """Column of a class of the model.

    >>> column_of("EAA", ("EA", "RRAB"))
    Traceback (most recent call last):
    goodricke.errors.OptionError: the model has no class 'EAA'; did you mean 'EA'? It has EA, RRAB
    """
    if name in classes:
        return list(classes).index(name)
    near = get_close_matches(name.upper(), classes, n=1)
    hint = f"did you mean {near[0]!r}? It has" if near else "it has"
    raise OptionError(f"the model has no class {name!r}; {hint} {', '.join(classes)}")


def shifted(probabilities: ArrayLike, trained: ArrayLike, wanted: ArrayLike) -> NDArray[np.float64]:
    """Probabilities for stars among which the classes are as common as `wanted` says, not as in training.

    Every column is multiplied by wanted / trained and the row normalised (Saerens et al. 2002, eq. 2.4): exact when
    stars of one class look the same in both samples.

    Parameters
    ----------
    probabilities : (N, C)
        Calibrated; a row with NaN stays NaN.
    trained, wanted : (C,)
        Class shares. A class that was never trained stays at 0. A star whose possible classes are all unwanted gets
        `wanted` itself.

    Returns
    -------
    (N, C) float64

    Examples
    --------
    >>> shifted([[0.5, 0.5]], [0.5, 0.5], [0.9, 0.1])
    array([[0.9, 0.1]])
    """
    p = checked_probabilities(probabilities)
    old, new = checked_priors(trained, p.shape[1]), checked_priors(wanted, p.shape[1])
    result = p * np.where(old > 0, new / np.where(old > 0, old, 1.0), 0.0)
    total = result.sum(axis=1, keepdims=True)
    result /= np.where(total > 0, total, 1.0)
    result[total[:, 0] == 0] = new
    result[~np.isfinite(p).all(axis=1)] = np.nan
    return result


def parse_priors(text: str, classes: Sequence[str], trained: ArrayLike) -> NDArray[np.float64]:
    """Class shares (C,) from what a user writes; classes left out share the rest as they did in training.

    Parameters
    ----------
    text : str
        ``"EA=0.1,EW=0.3"``, or the path of a .csv file with two columns (class, share; a header is allowed) or of a
        .json file with one object.
    classes : C names
        Of the model.
    trained : (C,)
        Class shares in training.

    Raises
    ------
    OptionError
        If a class is unknown or named twice, a share is not a number in 0 ... 1, or the shares cannot sum to 1.

    Examples
    --------
    >>> parse_priors("EA=0.1", ("EA", "EB", "EW"), [0.2, 0.2, 0.6])
    array([0.1  , 0.225, 0.675])
    """
    pairs = _file(Path(text)) if Path(text).suffix.lower() in (".csv", ".json") else _inline(text)
    if not pairs:
        raise OptionError(f"no prior in {text!r}; write for example {classes[0]}=0.1")
    old = checked_priors(trained, len(classes))
    given = np.full(len(classes), np.nan)
    for name, said in pairs:
        k = column_of(name, classes)
        if not np.isnan(given[k]):
            raise OptionError(f"class {name} has two priors; give one")
        given[k] = _share(name, said)
    left = np.isnan(given)
    rest = 1.0 - float(given[~left].sum())
    if rest < -_SLACK or (not left.any() and rest > _SLACK):
        raise OptionError(f"the priors sum to {1 - rest:g}; shares sum to 1")
    rest = max(rest, 0.0)
    if left.any() and rest > _SLACK and not old[left].sum() > 0:
        raise OptionError(f"the priors sum to {1 - rest:g}, and no other class was in training to take the rest")
    given[left] = rest * old[left] / max(float(old[left].sum()), 1e-300)
    return np.asarray(given / given.sum())


def _share(name: str, said: object) -> float:
    try:
        if isinstance(said, bool) or not isinstance(said, (str, int, float)):
            raise TypeError
        share = float(said)
    except (TypeError, ValueError):
        raise OptionError(f"the prior of {name} is {said!r}; a number in 0 ... 1 is wanted") from None
    if not 0.0 <= share <= 1.0:
        raise OptionError(f"the prior of {name} is {said}; a number in 0 ... 1 is wanted")
    return share


def _inline(text: str) -> Pairs:
    pairs: Pairs = []
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        name, sign, share = piece.partition("=")
        if not sign:
            raise OptionError(f"{piece!r} is not of the form CLASS=SHARE; a file of priors ends in .csv or .json")
        pairs.append((name.strip(), share.strip()))
    return pairs


def _file(path: Path) -> Pairs:
    try:
        content = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".json":
            found = json.loads(content, object_pairs_hook=list)
            if not isinstance(found, list) or not all(isinstance(pair, tuple) for pair in found):
                raise OptionError(f"{path}: a JSON object of class: share is wanted")
            return found
        rows = [row for row in csv.reader(io.StringIO(content)) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, csv.Error, RecursionError) as error:
        raise OptionError(f"the priors in {path} cannot be read: {error}") from error
    if any(len(row) != 2 for row in rows):
        raise OptionError(f"{path}: every line of a file of priors has two columns, class and share")
    if rows and not _is_number(rows[0][1]):
        del rows[0]
    return [(name.strip(), share.strip()) for name, share in rows]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
