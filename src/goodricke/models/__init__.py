"""Trained models: finding them, loading and checking them, and running them without the libraries that trained them."""

from goodricke.models.bundle import Bundle, load_bundle
from goodricke.models.families import FAMILIES, family
from goodricke.models.shelf import find, list_bundles

__all__ = ["FAMILIES", "Bundle", "family", "find", "list_bundles", "load_bundle"]
