"""Simulated stars in the file formats of the surveys: one writer each, one table of them."""
