"""Binaries at random: joint distributions of their parameters, and mixtures of kinds under a name."""
