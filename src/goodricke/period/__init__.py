"""The true period of a star, not the strongest peak of its periodogram."""

from goodricke.period.periods import Periods, find_periods, given_periods, unsearched
from goodricke.period.search import StarPeriod, search

__all__ = ["Periods", "StarPeriod", "find_periods", "given_periods", "search", "unsearched"]
