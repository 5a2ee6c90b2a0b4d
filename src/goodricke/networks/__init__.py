"""Networks: one readable file each, with its settings above it. torch is imported in these files, and in train."""

NAMES: dict[str, str] = {"bigru": "sequences", "folds": "folds", "quick": "steps"}
"""Name of every network -> the representation (``goodricke.represent.table``) that it looks at."""

__all__ = ["NAMES"]
