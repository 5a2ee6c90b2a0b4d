from __future__ import annotations

import numpy as np

from goodricke.represent.features import features
from goodricke.represent.features.curves import signed_log
from represent import made


def test_brute_force() -> None:
    lcs = made.uneven()
    table = features(lcs, names=["stetson"])
    for k, (time, flux, err) in enumerate(made.each(lcs)):
        row = dict(zip(table.names, table.values[k], strict=True))
        n = len(flux)
        delta = (flux - np.average(flux, weights=err**-2)) / err
        biased = np.sqrt(n / (n - 1)) * delta
        product = biased[1:] * biased[:-1]
        gap = np.diff(time)
        weight = np.exp(-gap / np.median(gap))
        index_k = np.mean(np.abs(delta)) / np.sqrt(np.mean(delta**2))
        j = np.sum(weight * np.sign(product) * np.sqrt(np.abs(product))) / weight.sum()
        expected = {
            "stetson_j": signed_log(j), "stetson_k": index_k,
            "stetson_i": signed_log(np.mean(product)), "stetson_l": signed_log(j * index_k / 0.798),
        }  # fmt: skip
        assert row.keys() == expected.keys()
        for name, one in expected.items():
            np.testing.assert_allclose(row[name], one, rtol=5e-5, atol=2e-6, err_msg=name)


def test_k_of_noise_and_of_a_sine() -> None:
    rng = np.random.default_rng(2)
    t = np.sort(rng.uniform(0, 100, 20000))
    # sqrt(2/pi) and 2 sqrt(2) / pi (Stetson 1996); the scatter of a mean of 20,000 is 0.5%
    assert np.isclose(made.value(made.star("a", t, rng.normal(1, 0.1, 20000), 0.1), "stetson_k"), 0.798, atol=0.01)
    assert np.isclose(made.value(made.star("a", t, np.sin(t), 0.1), "stetson_k"), 0.900, atol=0.01)
