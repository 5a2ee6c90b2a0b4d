"""The line, once: light curves in, one row per star out."""

from goodricke.line.batches import classify
from goodricke.line.model import Model, load_model

__all__ = ["Model", "classify", "load_model"]
