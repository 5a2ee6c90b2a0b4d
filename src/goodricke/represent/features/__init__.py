"""Numbers that describe a light curve: (N stars) -> (N, K)."""

from goodricke.represent.features.feature import Feature
from goodricke.represent.features.table import GROUPS, FeatureTable, describe, features

__all__ = ["GROUPS", "Feature", "FeatureTable", "describe", "features"]
