"""How a table was made (model, hash, version, command), as it stands in the files: written and read back.

In memory it is the metadata of the Arrow schema. Parquet keeps that as it is; ECSV has ``meta``, FITS the cards
``PROV1``, ``PROV2`` ... (``name = "value"``, as in JSON), VOTable ``INFO``. Plain csv has no place that all readers
skip, so there it is lost.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count

import pyarrow as pa

__all__ = ["KEY", "ecsv_lines", "fits_values", "from_ecsv", "from_fits", "from_votable", "noted", "of_schema"]

KEY = "PROV"
_OTHERS = ("pandas", "ARROW:schema")  # what libraries put there for themselves
_INFO = re.compile(r"<INFO\b(?P<attributes>[^>]*?)/?>", re.DOTALL)
_ATTRIBUTE = re.compile(r"(?P<name>\w+)\s*=\s*(?P<quote>[\"'])(?P<value>.*?)(?P=quote)", re.DOTALL)
_ECSV = re.compile(r"- (?P<entry>\{\".*\})")
_FITS = re.compile(r"(?P<name>.+?) = (?P<value>\".*\")", re.DOTALL)


def of_schema(schema: pa.Schema) -> dict[str, str]:
    """The words that the metadata of a schema holds.

    >>> of_schema(pa.schema([], metadata={"model": "variables-1", "pandas": "{}"}))
    {'model': 'variables-1'}
    """
    stored = {key.decode(): value.decode("utf-8", "replace") for key, value in (schema.metadata or {}).items()}
    return {key: value for key, value in stored.items() if key not in _OTHERS}


def noted(table: pa.Table, words: Mapping[str, str]) -> pa.Table:
    """The table with these words in the metadata of its schema."""
    return table.replace_schema_metadata(dict(words) or None)


def ecsv_lines(words: Mapping[str, str]) -> list[str]:
    """Lines of the header of an ECSV file; JSON is YAML too."""
    return ["meta: !!omap", *(f"- {json.dumps({name: value})}" for name, value in words.items())] if words else []


def from_ecsv(comments: Sequence[str]) -> dict[str, str]:
    """What `ecsv_lines` wrote; nothing of other writers' headers.

    >>> from_ecsv(ecsv_lines({"command": "goodricke classify 'a b.csv'"}))
    {'command': "goodricke classify 'a b.csv'"}
    """
    found: dict[str, str] = {}
    for line in comments:
        match = _ECSV.fullmatch(line)
        if match:
            found |= _texts(match["entry"])
    return found


def fits_values(words: Mapping[str, str]) -> dict[str, str]:
    """Names and values of FITS cards: ASCII, without line ends.

    >>> fits_values({"model": "β-1"})
    {'PROV1': 'model = "\\\\u03b2-1"'}
    """
    return {f"{KEY}{k}": f"{name} = {json.dumps(value)}" for k, (name, value) in enumerate(words.items(), start=1)}


def from_fits(card: Callable[[str], str]) -> dict[str, str]:
    """What `fits_values` wrote, by a function that gives the text of a card, empty when there is none."""
    found: dict[str, str] = {}
    for k in count(1):
        match = _FITS.fullmatch(card(f"{KEY}{k}"))
        if not match:
            return found
        found |= _texts(f"{{{json.dumps(match['name'])}: {match['value']}}}")
    return found


def from_votable(text: str) -> dict[str, str]:
    """Names and values of the INFO elements.

    >>> from_votable('<INFO name="model" value="a &amp; b"/>')
    {'model': 'a & b'}
    """
    found = {}
    for info in _INFO.finditer(text):
        attributes = {one["name"]: html.unescape(one["value"]) for one in _ATTRIBUTE.finditer(info["attributes"])}
        if "name" in attributes and "value" in attributes:
            found[attributes["name"]] = attributes["value"]
    return found


def _texts(entry: str) -> dict[str, str]:
    """The texts of a JSON object; nothing when it is none."""
    try:
        found = json.loads(entry)
    except ValueError:
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}
