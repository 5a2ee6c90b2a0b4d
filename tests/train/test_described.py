from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodricke.lightcurves import concatenate
from goodricke.period.candidates import FEATURES
from goodricke.period.periods import levelled
from goodricke.period.search import candidates
from goodricke.train import described as room
from goodricke.train.datasets import Labelled
from goodricke.train.described import cache_folder, described
from line.made import star


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    """Five stars, the third of which can have no period."""
    stars = [star("EA", 2.0, f"s{k}", k, n=60) for k in range(5)]
    stars[2] = replace(stars[2], flux=np.ones(60))
    lcs = concatenate(stars)
    return Labelled("crts_sss", lcs, np.full(5, "EA"), (("EA",),) * 5, np.full(5, 2.0), "a" * 64, np.full(5, -1))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PART", 2)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("small_parts")
def test_every_star_owns_the_candidates_of_its_own_search(labelled: Labelled, tmp_path: Path) -> None:
    done: list[int] = []
    found = described(labelled, tmp_path, on_part=done.append)
    assert done == [2, 2, 1]
    lcs = labelled.lcs
    assert found.offsets[0] == 0
    assert found.offsets[-1] == len(found.frequency) == len(found.features)
    assert np.diff(found.offsets)[2] == 0
    assert np.isnan(found.power[2])
    assert found.features.shape[1] == len(FEATURES)
    level = levelled(lcs)
    for k in (0, 1, 3, 4):
        here = slice(int(lcs.offsets[k]), int(lcs.offsets[k + 1]))
        alone = candidates(lcs.time[here], level[here], lcs.flux_err[here].astype(float))
        rows = slice(int(found.offsets[k]), int(found.offsets[k + 1]))
        np.testing.assert_array_equal(found.frequency[rows], alone.candidates.frequency)
        np.testing.assert_allclose(found.features[rows], alone.candidates.features, rtol=1e-6)
        assert found.power[k] == alone.power
    assert len(files(tmp_path)) == 1  # the parts are gone
    assert files(tmp_path)[0].startswith("candidates-crts_sss-")


@pytest.mark.usefixtures("small_parts")
def test_what_is_in_the_cache_is_not_done_again(
    labelled: Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = described(labelled, tmp_path)
    done: list[int] = []
    second = described(labelled, tmp_path, on_part=done.append)
    assert done == []
    for name in ("offsets", "frequency", "features", "power"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    (whole,) = tmp_path.iterdir()
    content = whole.read_bytes()
    whole.unlink()
    described(labelled, tmp_path, jobs=2)
    assert whole.read_bytes() == content  # processes do not show


@pytest.mark.usefixtures("small_parts")
def test_a_killed_run_goes_on_where_it_was(labelled: Labelled, tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    reference = described(labelled, tmp_path / "whole")

    def killed(_: int) -> None:
        if len(files(tmp_path / "killed")) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        described(labelled, tmp_path / "killed", on_part=killed)
    assert [name[-10:] for name in files(tmp_path / "killed")] == ["000000.npz", "000002.npz"]
    done: list[int] = []
    found = described(labelled, tmp_path / "killed", on_part=done.append)
    assert done == [1]
    np.testing.assert_array_equal(found.features, reference.features)
    np.testing.assert_array_equal(found.offsets, reference.offsets)
    assert files(tmp_path / "killed") == files(tmp_path / "whole")


def test_the_name_in_the_cache_changes_with_data_stars_and_code(
    labelled: Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = room._key(labelled)
    assert room._key(replace(labelled, label=np.full(5, "EW"))) == base  # labels are in the hash of the files
    renamed = replace(labelled.lcs, object_id=np.array(["t0", "s1", "s2", "s3", "s4"]))
    others = [
        replace(labelled, sha256="b" * 64),
        replace(labelled, lcs=labelled.lcs[:4]),
        replace(labelled, lcs=renamed),
    ]
    keys = [base, *(room._key(one) for one in others)]
    fake = tmp_path / "period"
    fake.mkdir()
    for name in room._CODE:
        (fake / f"{name}.py").write_bytes((Path(room.period.__file__).parent / f"{name}.py").read_bytes())
    monkeypatch.setattr(room.period, "__file__", str(fake / "__init__.py"))
    assert room._key(labelled) == base
    (fake / "grid.py").write_text("another grid")
    assert len({*keys, room._key(labelled)}) == 5


def test_the_cache_is_where_it_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODRICKE_CACHE", str(tmp_path / "by" / "environment"))
    assert cache_folder(tmp_path / "asked") == tmp_path / "asked"
    assert cache_folder() == tmp_path / "by" / "environment"
    monkeypatch.delenv("GOODRICKE_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / ".cache" / "goodricke"
    assert all((tmp_path / name).is_dir() for name in ("asked", "by/environment", "home/.cache/goodricke"))
