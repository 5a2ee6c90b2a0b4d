"""Labels of eclipses: what hides what, by geometry, and how a curve looks."""

from goodricke.simulate.eclipses.geometry import KINDS, eclipse_labels
from goodricke.simulate.eclipses.physics import label_physics, lobe_filling
from goodricke.simulate.eclipses.shape import curve_labels

__all__ = ["KINDS", "curve_labels", "eclipse_labels", "label_physics", "lobe_filling"]
