from __future__ import annotations

import numpy as np

from goodricke.decide.morphology import morphology

CLASSES = ("RRAB", "EW", "EA", "ELL", "EB")


def row(**shares: float) -> list[float]:
    return [shares.get(name, 0.0) for name in CLASSES]


def test_borders_are_those_of_the_kepler_catalogue() -> None:
    p = [row(EA=1), row(EA=0.5, EB=0.5), row(EB=0.5, EW=0.5), row(EW=0.5, ELL=0.5), row(ELL=1)]
    np.testing.assert_allclose(morphology(p, CLASSES), [0.0, 0.5, 0.7, 0.8, 1.0], atol=1e-12)
    sure = morphology([row(EB=1), row(EW=1)], CLASSES)
    assert 0.5 < sure[0] < 0.7 < sure[1] < 0.8


def test_it_rises_from_class_to_class_and_ignores_the_rest() -> None:
    share = np.linspace(0, 1, 101)
    for first, second in (("EA", "EB"), ("EB", "EW"), ("EW", "ELL")):
        values = morphology([row(**{first: 1 - s, second: s}) for s in share], CLASSES)
        assert (np.diff(values) > 0).all()
    np.testing.assert_allclose(
        morphology([row(EA=0.3, EB=0.3, RRAB=0.4)], CLASSES), morphology([row(EA=0.5, EB=0.5)], CLASSES)
    )


def test_stars_that_do_not_eclipse_have_none() -> None:
    p = [row(RRAB=0.51, EA=0.49), row(RRAB=0.5, EA=0.5), [np.nan] * 5]
    assert np.isnan(morphology(p, CLASSES)).tolist() == [True, False, True]
    assert np.isnan(morphology([row(RRAB=1)], CLASSES, least=0.0)).all()
    assert np.isnan(morphology([[0.5, 0.5]], ("RRAB", "RRC"))).all()
    assert morphology(np.empty((0, 5)), CLASSES).shape == (0,)
