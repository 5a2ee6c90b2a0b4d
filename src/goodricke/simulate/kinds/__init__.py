"""Kinds of stars and of trouble: one file each, one table of them."""
