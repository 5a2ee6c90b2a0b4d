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

__all__ = [
    "ASTROPY_LENGTH",
    "ASTROPY_YAML",
    "KEY",
    "ecsv_lines",
    "fits_values",
    "from_ecsv",
    "from_fits",
    "from_votable",
    "noted",
    "of_schema",
]

KEY = "PROV"
ASTROPY_YAML, ASTROPY_LENGTH = "table_meta_yaml", "table::len::"
"""Keys under which astropy looks for the header of a Parquet table, and for the longest text of a column."""
_OTHERS = ("pandas", "ARROW:schema", ASTROPY_YAML)  # what libraries put there for themselves
_INFO = re.compile(r"<INFO\b(?P<attributes>[^>]*?)/?>", re.DOTALL)
_ATTRIBUTE = re.compile(r"(?P<name>\w+)\s*=\s*(?P<quote>[\"'])(?P<value>.*?)(?P=quote)", re.DOTALL)
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ONE_CARD = 68  # letters
_ECSV = re.compile(r"- (?P<entry>\{\".*\})")
_FITS = re.compile(r"(?P<name>.+?) = (?P<value>\".*\")", re.DOTALL)


def of_schema(schema: pa.Schema) -> dict[str, str]:
    """The words that the metadata of a schema holds.

    >>> of_schema(pa.schema([], metadata={"model": "variables-1", "pandas": "{}"}))
    {'model': 'variables-1'}
    """
    stored = {key.decode(): value.decode("utf-8", "replace") for key, value in (schema.metadata or {}).items()}
    return {key: value for key, value in stored.items() if key not in _OTHERS and not key.startswith(ASTROPY_LENGTH)}


def noted(table: pa.Table, words: Mapping[str, str]) -> pa.Table:
    """The table with these words in the metadata of its schema."""
    return table.replace_schema_metadata(dict(words) or None)


def ecsv_lines(words: Mapping[str, str]) -> list[str]:
    """Lines of the header of an ECSV file; JSON is YAML too, but for letters that JSON escapes in two halves."""
    entries = (json.dumps({name: value}, ensure_ascii=False) for name, value in words.items())
    lines = [f"- {_NOT_YAML.sub(lambda m: json.dumps(m[0])[1:-1], entry)}" for entry in entries]
    return ["meta: !!omap", *lines] if lines else []


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
    cards = [f"{json.dumps(name)[1:-1]} = {json.dumps(value)}" for name, value in words.items()]
    return {f"{KEY}{k}": _in_cards(card) for k, card in enumerate(cards, start=1)}


def _in_cards(text: str) -> str:
    """A long text without apostrophes: FITS doubles them, and writers cut a text between the two."""
    return text if len(text) + text.count("'") <= _ONE_CARD else text.replace("'", "\\u0027")


def from_fits(card: Callable[[str], str]) -> dict[str, str]:
    """What `fits_values` wrote, by a function that gives the text of a card, empty when there is none."""
    found: dict[str, str] = {}
    for k in count(1):
        match = _FITS.fullmatch(card(f"{KEY}{k}"))
        if not match:
            return found
        found |= _texts(f'{{"{match["name"]}": {match["value"]}}}')
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
