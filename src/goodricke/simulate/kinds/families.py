"""Kinds of stars with several templates: each star has one of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodricke.simulate.kinds.fourier import Series, Template
from goodricke.simulate.stars import Columns

__all__ = ["Family"]


class Family:
    """Templates by the name of what they describe.

    Parameters
    ----------
    **templates : Template
        With the same number of scores.
    """

    def __init__(self, **templates: Template) -> None:
        self.templates = templates

    def draw(self, members: NDArray[np.str_], rng: np.random.Generator) -> Columns:
        """Draw what ``Template.draw`` does, for stars whose templates are named (N,)."""
        columns: Columns = {}
        for name, template in self.templates.items():
            mine = members == name
            for column, values in template.draw(int(mine.sum()), rng).items():
                columns.setdefault(column, np.zeros(len(members)))[mine] = values
        return columns

    def series(self, members: NDArray[np.str_], stars: Columns) -> Series:
        """Series in V of the stars, with as many harmonics as the finest template."""
        orders = max(len(template.per_amplitude) // 2 + 1 for template in self.templates.values())
        made = Series(np.zeros((len(members), orders)), np.zeros((len(members), orders)))
        for name, template in self.templates.items():
            mine = members == name
            part = template.series({column: values[mine] for column, values in stars.items()})
            made.cosine[mine, : part.cosine.shape[1]] = part.cosine
            made.sine[mine, : part.sine.shape[1]] = part.sine
        return made
