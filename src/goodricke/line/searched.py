"""All that was found out about periods, kept beside the table of predictions: who needs it again need not search again.

The table has the periods and what was measured with them; models also look at candidates that are not in it.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from goodricke.period import Periods
from goodricke.period.minima import Minima

if TYPE_CHECKING:
    from goodricke.line.seen import Seen

__all__ = ["columns_of", "periods_of", "rows_of"]

_MINIMA = "minima."


def columns_of(periods: Periods) -> dict[str, NDArray[Any]]:
    """Everything by name, stars first; what was measured on the minima begins with ``minima.``."""
    own = {one.name: getattr(periods, one.name) for one in fields(Periods) if one.name != "minima"}
    return own | {f"{_MINIMA}{one.name}": getattr(periods.minima, one.name) for one in fields(Minima)}


def periods_of(seen: Seen) -> Periods:
    """The periods of N stars that were seen with ``keep_periods``; a star that failed later has failed here too.

    Parameters
    ----------
    seen : Seen
        Of one batch, or of several that were joined.
    """
    columns = seen.searched | {
        "object_id": seen.star["object_id"],
        "survey": seen.star["survey"],
        "status": np.where(seen.failure == "", "ok", "failed"),
        "reason": seen.failure.astype(str),
    }
    own = {one.name: columns[one.name] for one in fields(Periods) if one.name != "minima"}
    return Periods(**own, minima=Minima(**{one.name: columns[f"{_MINIMA}{one.name}"] for one in fields(Minima)}))


def rows_of(periods: Periods, stars: NDArray[np.int64]) -> Periods:
    """Chosen rows, some of them several times."""
    own = {one.name: getattr(periods, one.name)[stars] for one in fields(Periods) if one.name != "minima"}
    measured = {one.name: getattr(periods.minima, one.name)[stars] for one in fields(Minima)}
    return Periods(**own, minima=Minima(**measured))
