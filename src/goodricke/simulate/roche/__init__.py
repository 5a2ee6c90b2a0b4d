"""Roche potential, its critical points, and the stars that fill its surfaces."""
