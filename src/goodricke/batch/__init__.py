"""Work over many files: bounded memory, checkpoints, nothing lost."""

from goodricke.batch.gather import Gathered, gather

__all__ = ["Gathered", "gather"]
