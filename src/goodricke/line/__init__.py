"""The line, once: light curves or spectra in, one row each out."""

from goodricke.line.model import Model, load_model
from goodricke.line.senses import classify

__all__ = ["Model", "classify", "load_model"]
