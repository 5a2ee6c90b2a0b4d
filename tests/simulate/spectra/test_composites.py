"""Made binaries and singles: nothing but the second star may tell them apart."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.clean.spectra import prepare
from goodricke.errors import DataError, OptionError
from goodricke.photosphere import emulator, pair_flux
from goodricke.photosphere.single import fit_single
from goodricke.simulate.spectra.composites import made, made_blocks
from goodricke.simulate.spectra.noise import FLOOR, OBSERVED_LATTICE, NoiseBank, correlated, load_noise
from goodricke.simulate.spectra.population import Population, load_population
from goodricke.simulate.spectra.source import Source, fold_of, source_of
from goodricke.simulate.spectra.templates import load_templates

MEAN = emulator()


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "spectra"


@pytest.fixture(scope="module")
def source(folder) -> Source:
    return source_of(load_templates(folder, ["miles"]))


@pytest.fixture(scope="module")
def bank(folder) -> NoiseBank:
    return load_noise(folder)


@pytest.fixture(scope="module")
def population(folder) -> Population:
    return load_population(folder)


def stand_in(two_stars: bool = False) -> Source:
    """A source that needs no files: 40 stars that deviate by a per cent."""
    rng = np.random.default_rng(7)
    labels = np.column_stack([rng.uniform(4200, 6800, 40), rng.uniform(4.1, 4.7, 40), rng.uniform(-0.6, 0.3, 40)])
    residues = 0.01 * correlated((40, MEAN.lattice.n), rng)
    return Source(MEAN, np.array([f"s{k}" for k in range(40)]), labels, residues, two_stars)


def stand_in_bank() -> NoiseBank:
    """Noise that runs smoothly, with a few masked pixels."""
    rng = np.random.default_rng(8)
    profile = 1.0 + 0.3 * np.sin(np.linspace(0, 3, OBSERVED_LATTICE.n) + rng.uniform(0, 6, (80, 1)))
    profile[rng.uniform(size=profile.shape) < 0.01] = 0.0
    return NoiseBank(
        profile.astype(np.float32), np.geomspace(9, 200, 80), *np.full((3, OBSERVED_LATTICE.n), 0.3, np.float32)
    )


def some_population() -> Population:
    rng = np.random.default_rng(9)
    labels = np.column_stack([rng.uniform(4300, 6600, 300), rng.uniform(4.2, 4.6, 300), rng.uniform(-0.5, 0.2, 300)])
    return Population(labels, np.ones(300), np.geomspace(10, 150, 50))


def auc(score: np.ndarray, positive: np.ndarray) -> float:
    rank = score.argsort().argsort() + 1.0
    n = positive.sum()
    return float((rank[positive].sum() - n * (n + 1) / 2) / n / (~positive).sum())


def auc_error(positive: np.ndarray) -> float:
    """Standard error of the AUC of a score that says nothing (Mann & Whitney)."""
    n, m = positive.sum(), (~positive).sum()
    return float(np.sqrt((n + m + 1) / (12.0 * n * m)))


def ks(a: np.ndarray, b: np.ndarray) -> float:
    from scipy.stats import ks_2samp

    return float(ks_2samp(a, b).pvalue)


def nuisances(spectra, truth, labels: np.ndarray) -> np.ndarray:
    """What a model could go by without looking for a second star."""
    ready = prepare(spectra)
    known = ready.ivar > 0
    flux = np.where(known, ready.flux, 1.0).astype(float)
    native = spectra.flux.reshape(len(spectra), -1).astype(float)
    third = native.shape[1] // 3
    thirds = np.stack([native[:, k * third : (k + 1) * third].mean(axis=1) for k in range(3)], axis=1)
    smoothness = [np.diff(flux, n=order, axis=1).std(axis=1) for order in (1, 2)]
    masked = spectra.bad.reshape(len(spectra), -1).sum(axis=1)
    return np.column_stack(
        [labels, np.log(spectra.snr), np.log(ready.snr), spectra.velocity, masked, *smoothness,
         thirds / thirds.mean(axis=1, keepdims=True), truth.ebv]
    )  # fmt: skip


def scores(features: np.ndarray, binary: np.ndarray, model: str) -> np.ndarray:
    """What a classifier says of the second half that has learnt from the first."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    kinds = {
        "logistic": LogisticRegression(max_iter=2000),
        "network": MLPClassifier((16,), early_stopping=True, max_iter=400, random_state=0),
        "trees": HistGradientBoostingClassifier(max_iter=60, random_state=0),
    }
    half = len(binary) // 2
    fitted = make_pipeline(StandardScaler(), kinds[model]).fit(features[:half], binary[:half])
    return fitted.predict_proba(features[half:])[:, 1]


# The same by construction --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("two_stars", [False, True])
@pytest.mark.parametrize("noise", ["white", "real"])
def test_twins_at_rest_are_singles_pixel_by_pixel(two_stars, noise):
    options = {"q": 1.0, "dv": 0.0, "population": some_population()}
    law = "white" if noise == "white" else stand_in_bank()
    made_as = [
        made(64, np.random.default_rng(3), stand_in(two_stars), law, binary_share=share, **options)
        for share in (0.0, 1.0)
    ]
    (singles, of_singles), (binaries, of_binaries) = made_as
    assert not of_singles.binary.any()
    assert of_binaries.binary.all()
    np.testing.assert_array_equal(of_singles.star, of_binaries.star)
    np.testing.assert_array_equal(of_singles.star2, of_binaries.star2)
    # What is left is how well the fit finds the labels again: far below the floor of 0.5 %.
    known = ~singles.bad
    np.testing.assert_array_equal(singles.bad, binaries.bad)
    np.testing.assert_allclose(singles.flux[known], binaries.flux[known], rtol=0, atol=3e-4)
    np.testing.assert_allclose(singles.ivar[known], binaries.ivar[known], rtol=1e-3)
    np.testing.assert_array_equal(singles.velocity, binaries.velocity)


def test_nothing_but_the_components_depends_on_the_class():
    """All of the chance is drawn alike, whatever the class: the other columns of the truth are the same."""
    options = {"population": some_population()}
    tables = [
        made(200, np.random.default_rng(5), stand_in(), stand_in_bank(), binary_share=share, **options)[1]
        for share in (0.0, 0.4, 1.0)
    ]
    for name in ("snr", "v_true", "v_measured", "ebv", "resolution", "match_q", "match_dv", "star", "star2"):
        for table in tables[1:]:
            np.testing.assert_array_equal(getattr(tables[0], name), getattr(table, name), err_msg=name)
    assert int(tables[1].binary.sum()) == 80


def test_a_sum_is_that_of_the_photosphere():
    """Against the other code that adds two stars: noiseless, so that pixels can be compared."""
    plain = Source(MEAN, np.array(["mean"]), np.array([[5800.0, 4.4, 0.0]]), np.zeros((1, MEAN.lattice.n), np.float32))
    spectra, truth = made(
        4, np.random.default_rng(0), plain, "white", teff=5800.0, logg=4.4, feh=0.0, q=0.85, dv=120.0, snr=1e6,
        binary_share=1.0,
    )  # fmt: skip
    ratio = truth.light_ratio
    mean = truth.dv * ratio / (1 + ratio)
    labels = np.tile([5800.0, 4.4, 0.0], (4, 1))
    theirs = pair_flux(MEAN, labels, 0.85, truth.v_true - mean, truth.v_true - mean + truth.dv) / (1 + ratio)[:, None]
    ours = spectra.flux.reshape(4, -1)
    np.testing.assert_allclose(ours / theirs[:, 18:-18], 1.0, atol=6 * FLOOR)
    assert abs((ours / theirs[:, 18:-18] - 1.0).std() / FLOOR - 1.0) < 0.03


def test_velocities_are_about_the_light():
    spectra, truth = made(200, np.random.default_rng(2), stand_in(), stand_in_bank(), some_population())
    apart = truth.v_measured - truth.v_true
    assert 2.0 < apart.std() < 12.0
    np.testing.assert_array_equal(spectra.velocity, truth.v_measured)
    assert np.abs(truth.v_true).max() <= 150.0


# What a model could go by --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["logistic", "network", "trees"])
def test_twins_at_rest_are_not_told_by_anything_else(source, bank, population, model):
    spectra, truth = made(3000, np.random.default_rng(11), source, bank, population, q=1.0, dv=0.0)
    labels = np.column_stack([truth.teff1, truth.logg1, truth.feh])
    score = scores(nuisances(spectra, truth, labels), truth.binary, model)
    half = truth.binary[1500:]
    assert abs(auc(score, half) - 0.5) < 3.0 * auc_error(half)


@pytest.mark.slow
def test_labels_that_fit_do_not_tell_the_class(source, bank, population):
    """All mass ratios at dv = 0: what a single-star fit gives must be distributed alike, and so must the rest."""
    spectra, truth = made(2400, np.random.default_rng(12), source, bank, population, dv=0.0)
    ready = prepare(spectra)
    fitted = fit_single(ready)
    one, two = truth.binary & ready.usable, ~truth.binary & ready.usable
    columns = {"teff": fitted.teff, "logg": fitted.logg, "feh": fitted.feh, "broadening": fitted.broadening,
               "velocity": fitted.velocity, "snr": ready.snr, "out": ready.velocity}  # fmt: skip
    for name, column in columns.items():
        assert ks(column[one], column[two]) > 1e-3, name
    labels = np.column_stack([fitted.teff, fitted.logg, fitted.feh])
    good = ready.usable
    features = nuisances(spectra[good], truth[good], labels[good])
    score = scores(features, truth.binary[good], "logistic")
    half = truth.binary[good][len(features) // 2 :]
    assert abs(auc(score, half) - 0.5) < 3.5 * auc_error(half)


def test_primaries_unmatched_would_be_told(source, bank, population):
    """The check above can fail: against singles with the primaries' labels, Teff alone says something."""
    _, truth = made(3000, np.random.default_rng(13), source, bank, population, dv=0.0, q=(0.7, 0.9), binary_share=0.0)
    _, same = made(3000, np.random.default_rng(13), source, bank, population, dv=0.0, q=(0.7, 0.9), binary_share=1.0)
    assert np.median(same.teff1 - truth.teff1) > 40.0
    np.testing.assert_array_equal(truth.match_q, same.q)


# Splits, bytes, options ----------------------------------------------------------------------------------------------


def test_no_star_is_on_both_sides_of_a_split(folder):
    source = source_of(load_templates(folder))
    fold = fold_of(source.star, 5)
    sides = [
        made(300, np.random.default_rng(1), side, "white", some_population(), snr=50.0)[1]
        for two in (False, True)
        for side in (
            Source(s.emulator, s.star, s.labels, s.residues, two) for s in (source[fold != 2], source[fold == 2])
        )
    ]
    for learn, test in (sides[:2], sides[2:]):
        used = [set(part.star.tolist()) | set(part.star2.tolist()) for part in (learn, test)]
        assert not used[0] & used[1]
        assert len(used[1]) > 20
    assert (sides[2].star != sides[2].star2).all()
    # A star of two libraries is one star; every fold has its share.
    assert len(set(source.star.tolist())) < len(source)
    assert np.bincount(fold_of(sorted(set(source.star.tolist())), 5)).min() > 0.1 * len(set(source.star.tolist()))


def test_the_same_seed_gives_the_same_bytes():
    one, two = (
        made(50, np.random.default_rng(21), stand_in(), stand_in_bank(), some_population())[0] for _ in range(2)
    )
    assert one.flux.tobytes() == two.flux.tobytes()
    assert one.ivar.tobytes() == two.ivar.tobytes()
    other = made(50, np.random.default_rng(22), stand_in(), stand_in_bank(), some_population())[0]
    assert one.flux.tobytes() != other.flux.tobytes()


def test_blocks_are_the_whole():
    options = {"teff": 5800.0, "q": 0.8, "dv": 100.0, "snr": 50.0, "block": 16}
    whole, truth = made(40, np.random.default_rng(23), stand_in(), "white", **options)
    parts = list(made_blocks(40, np.random.default_rng(23), stand_in(), "white", **options))
    assert [len(spectra) for spectra, _ in parts] == [16, 16, 8]
    np.testing.assert_array_equal(whole.flux, np.concatenate([spectra.flux for spectra, _ in parts]))
    assert [int(part.binary.sum()) for _, part in parts] == [8, 8, 4]
    assert len(np.unique(whole.object_id)) == 40
    assert np.isnan(truth.q[~truth.binary]).all()


def test_the_ladders_mode_is_white_and_on_the_lattice():
    spectra, truth = made(400, np.random.default_rng(24), stand_in(), "white", teff=5800.0, q=0.8, dv=0.0, snr=20.0)
    assert spectra.on(OBSERVED_LATTICE) is not None
    assert (spectra.velocity == 0).all()
    assert set(truth.star.tolist()) == set(stand_in().star.tolist())  # any star, not only like ones
    ready = prepare(spectra)
    assert ready.usable.all()
    np.testing.assert_allclose(ready.snr, 20.0, rtol=0.03)
    # Neighbouring pixels know nothing of each other's noise: take the difference of two stars of the same name.
    flux = ready.flux[truth.star == truth.star[0]].astype(float)
    noise = flux - flux.mean(axis=0)
    lag = (noise[:, 1:] * noise[:, :-1]).mean() / (noise**2).mean()
    assert abs(lag) < 0.2


def test_what_cannot_be_made_is_said():
    rng = np.random.default_rng(0)
    with pytest.raises(OptionError, match="population"):
        made(4, rng, stand_in(), "white", snr=20.0)
    with pytest.raises(OptionError, match="S/N"):
        made(4, rng, stand_in(), "white", teff=5800.0)
    with pytest.raises(OptionError, match="mass ratios"):
        made(4, rng, stand_in(), "white", teff=5800.0, snr=20.0, q=1.2)
    with pytest.raises(OptionError, match="binary_share"):
        made(4, rng, stand_in(), "white", teff=5800.0, snr=20.0, binary_share=2.0)
    with pytest.raises(OptionError, match="1 or more"):
        made(0, rng, stand_in(), "white", teff=5800.0, snr=20.0)
    with pytest.raises(DataError, match="too few"):
        Source(MEAN, np.array(["a"]), np.ones((1, 3)), np.zeros((1, MEAN.lattice.n), np.float32), two_stars=True)
