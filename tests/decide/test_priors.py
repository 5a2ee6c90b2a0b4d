from __future__ import annotations

import json

import numpy as np
import pytest

from decide.made import sample
from goodricke.decide.priors import checked_priors, column_of, parse_priors, shifted
from goodricke.errors import DataError, OptionError

CLASSES = ("EA", "EB", "EW", "RRAB")
TRAINED = np.array([0.4, 0.2, 0.3, 0.1])


def test_the_shift_gives_the_exact_posterior() -> None:
    believed, wanted = [0.5, 0.3, 0.2], [0.05, 0.05, 0.9]
    stars = sample(500, wanted, 0, believed=believed)
    exact = sample(500, wanted, 0, believed=wanted).posterior
    np.testing.assert_allclose(shifted(stars.posterior, believed, wanted), exact, rtol=1e-10)
    np.testing.assert_allclose(shifted(shifted(stars.posterior, believed, wanted), wanted, believed), stars.posterior)


def test_rows_at_the_edge() -> None:
    p = np.array([[1.0, 0.0, 0.0], [np.nan] * 3, [0.2, 0.3, 0.5]])
    found = shifted(p, [0.4, 0.6, 0.0], [0.0, 0.7, 0.3])
    np.testing.assert_allclose(found[0], [0.0, 0.7, 0.3])  # nothing that the star can be is wanted
    assert np.isnan(found[1]).all()
    np.testing.assert_allclose(found[2], [0, 1, 0])  # the third class was never trained
    assert shifted(np.empty((0, 2)), [0.5, 0.5], [0.1, 0.9]).shape == (0, 2)


def test_classes_in_any_order() -> None:
    stars, order = sample(50, [0.5, 0.3, 0.2], 0), np.array([2, 0, 1])
    old, new = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.1, 0.8])
    turned = shifted(stars.posterior[:, order], old[order], new[order])
    np.testing.assert_allclose(turned, shifted(stars.posterior, old, new)[:, order], rtol=1e-12)


def test_the_rest_is_shared_as_in_training() -> None:
    found = parse_priors(" EA=0.1, EW = 0.3 ,", CLASSES, TRAINED)
    np.testing.assert_allclose(found, [0.1, 0.6 * 2 / 3, 0.3, 0.6 / 3])
    np.testing.assert_allclose(parse_priors("EA=1", CLASSES, TRAINED), [1, 0, 0, 0])
    np.testing.assert_allclose(parse_priors("EA=.33,EB=.33,EW=.33,RRAB=0", CLASSES, TRAINED), [1 / 3, 1 / 3, 1 / 3, 0])


@pytest.mark.parametrize("head", ["", "class,share\n"])
def test_files_say_the_same(tmp_path, head) -> None:
    table, mapping = tmp_path / "p.csv", tmp_path / "p.JSON"
    table.write_text(f"\ufeff{head}EA, 0.1\n\nEW,0.3\n")
    mapping.write_text(json.dumps({"EA": 0.1, "EW": "0.3"}))
    wanted = parse_priors("EA=0.1,EW=0.3", CLASSES, TRAINED)
    for path in (table, mapping):
        np.testing.assert_array_equal(parse_priors(str(path), CLASSES, TRAINED), wanted)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("EAA=0.1", "no class 'EAA'; did you mean 'EA'"),
        ("rrab=0.1", "did you mean 'RRAB'"),
        ("QQ=0.1", "it has EA, EB, EW, RRAB"),
        ("EA=0.1,EA=0.2", "EA has two priors"),
        ("EA=lots", "prior of EA is 'lots'"),
        ("EA=", "prior of EA is ''"),
        ("EA=nan", "number in 0 ... 1"),
        ("EA=-0.1", "number in 0 ... 1"),
        ("EA=10", "number in 0 ... 1"),
        ("EA=0.7,EW=0.6", "sum to 1.3"),
        ("EA=0.1,EB=0.1,EW=0.1,RRAB=0.1", "sum to 0.4"),
        ("EA:0.1", "not of the form CLASS=SHARE"),
        ("", "no prior in ''"),
        ("nowhere.csv", "cannot be read"),
    ],
)
def test_wrong_words_are_named(text, says) -> None:
    with pytest.raises(OptionError, match="(?i)" + says):
        parse_priors(text, CLASSES, TRAINED)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("p.json", "[1]", "JSON object"),
        ("p.json", "0.5", "JSON object"),
        ("p.json", '{"EA": true}', "prior of EA is True"),
        ("p.json", '{"EA": {"EB": 1}}', "prior of EA"),
        ("p.json", '{"EA": 0.1, "EA": 0.2}', "two priors"),
        ("p.json", "{", "cannot be read"),
        ("p.json", "{}", "no prior"),
        ("p.csv", "EA,0.1,7\n", "two columns"),
        ("p.csv", "", "no prior"),
        ("p.csv", "class,share\nEA,x\n", "prior of EA is 'x'"),
    ],
)
def test_wrong_files_are_named(tmp_path, name, content, says) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(OptionError, match=says):
        parse_priors(str(tmp_path / name), CLASSES, TRAINED)


def test_nobody_to_take_the_rest() -> None:
    with pytest.raises(OptionError, match="no other class was in training"):
        parse_priors("EA=0.5", ("EA", "EB"), [1.0, 0.0])
    assert parse_priors("EA=1", ("EA", "EB"), [1.0, 0.0]).tolist() == [1.0, 0.0]


def test_what_else_is_refused() -> None:
    for priors in ([0.5], [0.5, 0.6], [-0.1, 1.1], [np.nan, 1.0]):
        with pytest.raises(DataError, match="2 shares"):
            checked_priors(priors, 2)
    assert column_of("EW", CLASSES) == 2
