from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from goodricke.errors import OptionError
from goodricke.evaluate.properties import Properties


def test_predictions_come_before_the_truth() -> None:
    said = pa.table({"mag": [1.0, 2.0, 3.0], "prob_EA": [0.1, 0.2, 0.3], "n_points": [5, None, 7]})
    known = pa.table({"mag": [9.0, 9.0], "vmag": [4.0, 5.0], "label": ["EA", "EW"]})
    found = Properties(said, known, np.array([2, 0]), np.array([0, 1]))
    assert found.names == ["mag", "n_points", "vmag"]
    assert found.column("mag").tolist() == [3.0, 1.0]
    assert found.column("vmag").tolist() == [4.0, 5.0]
    assert list(found.some(("snr", "n_points"))) == ["n_points"]
    np.testing.assert_array_equal(Properties(said, known, np.array([1]), np.array([0])).column("n_points"), [np.nan])
    with pytest.raises(OptionError, match="'snr'; there are mag, n_points, vmag"):
        found.column("snr")
