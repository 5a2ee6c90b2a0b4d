"""From logits to decisions: calibrated probabilities, priors, sets, thresholds, novelty and reasons to abstain."""

from goodricke.decide.abstention import AbstentionLimits, reasons
from goodricke.decide.calibration import Calibration, best_of, fit
from goodricke.decide.conformal import Conformal, fit_conformal, set_names
from goodricke.decide.cuts import fit_thresholds
from goodricke.decide.detectability import companion_weights, detectability_words, found_share
from goodricke.decide.epochs import answers_of_epochs, error_correlation, with_log_ratio
from goodricke.decide.evidence import combined
from goodricke.decide.morphology import morphology
from goodricke.decide.novelty import Novelty, fit_novelty
from goodricke.decide.orbits import OrbitPrior
from goodricke.decide.precision import cut_for_purity, precision_at, precision_table, prior_of_ratio
from goodricke.decide.prevalence import Prevalence, confusion, estimated_priors, priors_by_confusion
from goodricke.decide.priors import parse_priors, shifted
from goodricke.decide.reliability import Reliability, calibration_error, reliability
from goodricke.decide.thresholds import Threshold, ThresholdTable
from goodricke.decide.velocity_scatter import VelocityErrors, velocity_scatter

__all__ = [
    "AbstentionLimits",
    "Calibration",
    "Conformal",
    "Novelty",
    "OrbitPrior",
    "Prevalence",
    "Reliability",
    "Threshold",
    "ThresholdTable",
    "VelocityErrors",
    "answers_of_epochs",
    "best_of",
    "calibration_error",
    "combined",
    "companion_weights",
    "confusion",
    "cut_for_purity",
    "detectability_words",
    "error_correlation",
    "estimated_priors",
    "fit",
    "fit_conformal",
    "fit_novelty",
    "fit_thresholds",
    "found_share",
    "morphology",
    "parse_priors",
    "precision_at",
    "precision_table",
    "prior_of_ratio",
    "priors_by_confusion",
    "reasons",
    "reliability",
    "set_names",
    "shifted",
    "velocity_scatter",
    "with_log_ratio",
]
