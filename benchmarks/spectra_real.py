"""The rung of real LAMOST spectra as users classify them, and the speed of the line. Run by `spectra_ladder.py`."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kruskal, ks_2samp, rankdata

from goodricke.clean.spectra import prepare
from goodricke.decide.epochs import error_correlation
from goodricke.decide.epochs import log_odds as log_odds_of
from goodricke.evaluate.resampling import wilson
from goodricke.line.spectra import classify_spectra
from goodricke.models import Bundle
from goodricke.photosphere import fit_pair, fit_single
from goodricke.represent.spectra import looked, spectral
from goodricke.simulate.spectra import load_noise, load_population, made
from goodricke.spectra import LAMOST_LATTICE, Spectra
from goodricke.spectra.lattice import LIGHT_KM_S
from goodricke.surveys.spectra import scan_spectra
from spectra_rungs import DRAWS, Settings, ends, whole_source

CUTS = (0.5, 0.8)
_FEWEST = 5  # spectra of a plate that is compared with the others
Row = dict[str, Any]


def real_spectra(data: Path) -> Spectra:
    """The packed LAMOST spectra of the data folder, as a user would give them."""
    with (data / "lamost_lrs_real_meta.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    column = {name: np.array([row[name] for row in rows]) for name in rows[0]}

    def number(name: str) -> NDArray[np.float64]:
        return np.array([float(word) if word else np.nan for word in column[name]])

    with np.load(data / "lamost_lrs_real.npz", allow_pickle=False) as held:
        flux, ivar = held["flux"], held["ivar"]
        bad = np.unpackbits(held["andmask"], axis=1)[:, : LAMOST_LATTICE.n] > 0
    plate = np.char.add(np.char.add(column["planid"], " "), column["spid"])
    return Spectra.from_arrays(
        LAMOST_LATTICE.wave, flux, ivar, bad, object_id=column["star_id"],
        spectrum_id=np.array([f"row {row['row']}" for row in rows]), survey="lamost", ra=number("ra"),
        dec=number("dec"), mjd=number("lmjd"), velocity=number("z") * LIGHT_KM_S, snr=number("snrg"),
        kind=column["cls"], subclass=column["subclass"], plate=plate, layout=column["layout"],
        fiber=number("fiberid"),
    )  # fmt: skip


def t3(settings: Settings, singles_flagged: dict[str, dict[str, float]]) -> dict[str, Any]:
    """What is said of the real spectra by every model, and by the fit of two stars.

    `singles_flagged`: shares of singles above each cut, by model, from rung T2 (real pixels).
    """
    spectra = real_spectra(settings.data)
    prepared = prepare(spectra)
    single = fit_single(prepared)
    gain = np.sqrt(fit_pair(prepared, single).delta_chi2)
    found: dict[str, Any] = {"spectra": len(spectra), "models": {}, "points": {}}
    for name, bundle in settings.models.items():
        said = classify_spectra(spectra, str(bundle.folder))
        status = said.column("status")
        fine = np.flatnonzero((status == "ok") & np.isfinite(gain))
        p = said.column("prob_BINARY").astype(float)[fine]
        one = {"status": {word: int((status == word).sum()) for word in ("ok", "abstained", "failed")}}
        odds = log_odds_of(p)
        about = spectra[fine]
        share = said.column("found_share").astype(float)[fine]
        false = singles_flagged.get(name, {})
        for cut in CUTS:
            low, high = wilson((p >= cut).sum(), len(p))
            one[f"flagged {cut:g}"] = [float((p >= cut).mean()), float(low), float(high)]
            one[f"singles flagged {cut:g}"] = false.get(f"{cut:g}", np.nan)
        one["found share"] = float(np.nanmean(share))
        facts = {
            "S/N": about.snr, "Teff": single.teff[fine], "[Fe/H]": single.feh[fine],
            "broadening": single.broadening[fine], "goodness": single.goodness[fine],
            "sqrt(delta chi2) of two stars": gain[fine],
        }  # fmt: skip
        one["trends"] = {key: _rank(odds, value, about.object_id) for key, value in facts.items()}
        one["flag trends"] = {
            key: _rank((p >= CUTS[0]).astype(float), facts[key], about.object_id) for key in ("S/N", "Teff")
        }
        halves = facts["S/N"] > np.nanmedian(facts["S/N"])
        one["ks of S/N halves"] = float(ks_2samp(odds[halves], odds[~halves]).pvalue)
        one["plates"] = _plates(odds, about.meta["plate"])
        one["layouts"] = {
            str(word): [
                int((about.meta["layout"] == word).sum()),
                float((p[about.meta["layout"] == word] >= 0.5).mean()),
            ]
            for word in np.unique(about.meta["layout"])
        }
        one["epochs"] = _epochs(p, about.object_id)
        found["models"][name] = one
        found["points"][name] = {
            "odds": odds.round(3).tolist(), "snr": about.snr.tolist(), "teff": single.teff[fine].round().tolist(),
            "star": about.object_id.tolist(),
        }  # fmt: skip
    return found


def _rank(score: NDArray[np.float64], value: NDArray[np.float64], star: NDArray[np.str_]) -> list[float]:
    """Spearman's rank correlation with its interval over stars, and the number of spectra."""
    known = np.isfinite(score) & np.isfinite(value)
    score, value, star = score[known], value[known], star[known]
    names, code = np.unique(star, return_inverse=True)
    rows = [np.flatnonzero(code == k) for k in range(len(names))]
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        some = np.concatenate([rows[k] for k in rng.integers(0, len(names), len(names))])
        drawn.append(np.corrcoef(rankdata(score[some]), rankdata(value[some]))[0, 1])
    return [float(np.corrcoef(rankdata(score), rankdata(value))[0, 1]), *ends(np.array(drawn)), len(score)]


def _plates(score: NDArray[np.float64], plate: NDArray[np.str_]) -> Row:
    groups = [score[plate == name] for name in np.unique(plate) if (plate == name).sum() >= _FEWEST]
    if len(groups) < 2:
        return {"plates": len(groups), "p": float("nan")}
    medians = [float(np.median(group)) for group in groups]
    return {"plates": len(groups), "spectra": sum(map(len, groups)), "p": float(kruskal(*groups).pvalue),
            "medians": [min(medians), max(medians)]}  # fmt: skip


def _epochs(p: NDArray[np.float64], star: NDArray[np.str_]) -> Row:
    """Agreement of visits to one star: pairs of all its visits, each star with one vote in all."""
    odds = log_odds_of(p)
    first, second, weight = [], [], []
    for name in np.unique(star):
        rows = np.flatnonzero(star == name)
        pairs = [(a, b) for k, a in enumerate(rows) for b in rows[k + 1 :]]
        first += [a for a, _ in pairs]
        second += [b for _, b in pairs]
        weight += [1.0 / max(len(pairs), 1)] * len(pairs)
    a, b, w = np.array(first, int), np.array(second, int), np.array(weight)
    if len(a) < 3:
        return {"stars": 0}
    both = np.concatenate([odds[a], odds[b]]), np.concatenate([odds[b], odds[a]])
    found = {
        "stars": len(np.unique(star[a])), "pairs": len(a),
        "rank": _rank(*both, np.concatenate([star[a], star[a]]))[:3],
        "scatter": float(np.sqrt(np.average((odds[a] - odds[b]) ** 2, weights=w) / 2.0)),
        "spread": float(odds.std()),
    }  # fmt: skip
    for cut in CUTS:
        found[f"flips {cut:g}"] = float(np.average((p[a] >= cut) != (p[b] >= cut), weights=w))
    like = error_correlation(p, star)
    found["correlation"] = [like.value, like.low, like.high]
    return found


# Speed ---------------------------------------------------------------------------------------------------------------


def speed(settings: Settings, n: int = 1000) -> list[Row]:
    """CPU time of one process, stage by stage: best of three runs after one that warms up."""
    every = whole_source(settings)
    noise, population = load_noise(settings.data), load_population(settings.data)
    spectra, _ = made(n, np.random.default_rng(5), every, noise, population)
    prepared = prepare(spectra)
    single = fit_single(prepared)
    seen = looked(prepared, single)
    stages: dict[str, tuple[int, Callable[[], object]]] = {
        "prepare": (n, lambda: prepare(spectra)),
        "fit_single": (n, lambda: fit_single(prepared)),
        "looked": (n, lambda: looked(prepared, single)),
    }
    few = min(n, 512)
    for name, bundle in settings.models.items():
        stages[f"ONNX Runtime, {name}"] = (few, _network(bundle, seen[:few]))
        stages[f"classify_spectra, {name}: all, with detectability"] = (n, _whole(bundle, spectra))
    stages["fit_pair, which is not part of the line"] = (few, lambda: fit_pair(prepared[:few], single[:few]))
    folder = settings.data / "lamost_raw"
    if folder.is_dir():
        files = sum(len(part) for part in scan_spectra(folder))
        stages["read_spectra of LAMOST files, packed and not"] = (files, lambda: list(scan_spectra(folder)))
    rows = []
    for name, (count, work) in stages.items():
        work()
        times = []
        for _ in range(3):
            begun = time.process_time()
            work()
            times.append(time.process_time() - begun)
        rows.append({"stage": name, "n": count, "ms": 1e3 * min(times) / count})
    cost = {row["stage"]: row["ms"] for row in rows}
    for name in settings.models:
        parts = ("prepare", "fit_single", "looked", f"ONNX Runtime, {name}")
        rows.append(
            {"stage": f"end to end, {name}: the four together", "n": n, "ms": sum(cost[part] for part in parts)}
        )
    return rows


def _network(bundle: Bundle, seen: Any) -> Callable[[], object]:
    inputs = spectral(bundle.manifest["representation"]["name"]).make(seen)
    return lambda: bundle.logits(inputs)


def _whole(bundle: Bundle, spectra: Spectra) -> Callable[[], object]:
    return lambda: classify_spectra(spectra, str(bundle.folder), jobs=1)
