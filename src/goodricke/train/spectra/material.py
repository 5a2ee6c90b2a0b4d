"""Made spectra as models see them, made once and kept outside the project.

A shard is 2,048 spectra. The name of its file holds a hash of all that it hangs on: recipe, code, templates. A killed
run goes on with the first shard that is not there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from goodricke.clean.spectra import prepare
from goodricke.errors import ReadError
from goodricke.output.atomic import whole_file
from goodricke.photosphere.emulator import Emulator
from goodricke.photosphere.emulator import emulator as shipped
from goodricke.photosphere.single import fit_single
from goodricke.represent.spectra import Looked, looked
from goodricke.simulate.spectra import Source, fold_of, load_noise, load_population, load_templates, made, source_of
from goodricke.simulate.spectra.blends import blended, gaussian
from goodricke.spectra import Spectra
from goodricke.train.emulator import fit as fit_emulator
from goodricke.train.emulator import stars_of
from goodricke.train.spectra.recipe import LIBRARIES, SpectralRecipe

__all__ = ["PARTS", "Material", "joined", "looked_at", "material", "source_for"]

PARTS = ("learn", "calibrate", "test")
Part = Literal["learn", "calibrate", "test"]

_SHARD = 2048
_TRUTH = ("binary", "q", "dv", "teff1", "logg1", "feh", "match_q", "match_dv", "snr", "star")
_ROOMS = ("photosphere", "clean/spectra", "simulate/spectra", "spectra", "represent/spectra.py")
_LATER = ("name", "version", "says", "network", "settings", "training", "shards", "judged", "survey", "kept")
_TEST, _CALIBRATE = 0, 1  # folds of the stars


@dataclass(frozen=True, eq=False)
class Material:
    """N made spectra.

    Parameters
    ----------
    seen : Looked
        What models see.
    truth : mapping
        Columns of `goodricke.simulate.spectra.Truth`.
    """

    seen: Looked
    truth: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.seen)

    def __getitem__(self, which: Any) -> Material:
        return Material(self.seen[which], {name: column[which] for name, column in self.truth.items()})


@cache
def source_for(data: Path, libraries: tuple[str, ...]) -> Source:
    """Mean stars and deviations of the libraries; of some of them, with an emulator that has seen no other."""
    templates = load_templates(data, libraries)
    return source_of(templates, _emulator_for(data, libraries))


@cache
def _emulator_for(data: Path, libraries: tuple[str, ...]) -> Emulator:
    if set(libraries) == set(LIBRARIES):
        return shipped()
    return fit_emulator(stars_of(load_templates(data, libraries), data / "isochrones" / "EEM_dwarf_table.csv"))


def material(
    recipe: SpectralRecipe,
    part: Part,
    data: Path,
    cache_folder: Path,
    jobs: int = 1,
    say: Callable[[str], None] = print,
) -> Material:
    """All shards of a part, from the cache where they are there; some 8 s of one core a shard otherwise.

    Parameters
    ----------
    recipe : SpectralRecipe
        What to make.
    part : {"learn", "calibrate", "test"}
        Each has real stars of its own.
    data : Path
        The folder ``spectra`` of the data.
    cache_folder : Path
        Where shards are kept.
    jobs : int
        Processes.
    """
    if not (data / "templates").is_dir():
        raise ReadError(
            "there are no templates/ in it", "give the folder of spectra, with templates/ and catalogues/", str(data)
        )
    n = recipe.shards if part == "learn" else recipe.judged
    key = _key(recipe, data)
    paths = [cache_folder / f"spectra-{part}-{key}-{k:04d}.npz" for k in range(n)]
    todo = [k for k, path in enumerate(paths) if not path.exists()]
    make = partial(_save, recipe, part, data, cache_folder / f"spectra-{part}-{key}")
    if todo and jobs > 1:
        with ProcessPoolExecutor(min(jobs, len(todo)), get_context("spawn")) as pool:
            for done, _ in enumerate(pool.map(make, todo), start=1):
                say(f"{part}: shard {done} of {len(todo)} made")
    else:
        for done, k in enumerate(todo, start=1):
            make(k)
            say(f"{part}: shard {done} of {len(todo)} made")
    return joined([_load(path) for path in paths])


def _save(recipe: SpectralRecipe, part: Part, data: Path, stem: Path, k: int) -> None:
    shard = _made(recipe, part, data, k)
    path = stem.with_name(f"{stem.name}-{k:04d}.npz")
    with whole_file(path) as temporary, temporary.open("wb") as file:
        columns: dict[str, Any] = {one.name: getattr(shard.seen, one.name) for one in fields(Looked)}
        columns |= {f"truth_{name}": column for name, column in shard.truth.items()}
        np.savez(file, **columns)


def _made(recipe: SpectralRecipe, part: Part, data: Path, k: int) -> Material:
    rng = np.random.default_rng([recipe.seed, PARTS.index(part), k])
    source = source_for(data, recipe.libraries)
    if recipe.scatter == "gaussian":
        source = gaussian(source, max(recipe.blends, 100), rng)
    else:
        fold = fold_of(source.star)
        wanted = {"learn": fold > _CALIBRATE, "calibrate": fold == _CALIBRATE, "test": fold == _TEST}[part]
        source = source[wanted]
        if recipe.blends and part == "learn":
            source = blended(source, recipe.blends, rng)
    spectra, truth = made(
        _SHARD, rng, source, "white" if recipe.noise == "white" else _noise(data), _population(data),
        q=(recipe.q[0], recipe.q[1]), dv=recipe.dv, snr=(recipe.snr[0], recipe.snr[1]) if k % 2 == 0 else None,
        without=recipe.without,
    )  # fmt: skip
    return looked_at(spectra, {name: truth.columns()[name] for name in _TRUTH}, source.emulator)


def looked_at(spectra: Spectra, truth: Mapping[str, NDArray[Any]], emulator: Emulator | None = None) -> Material:
    """What models see of made spectra; those that the line would not use are left out."""
    prepared = prepare(spectra)
    single = fit_single(prepared, emulator)
    fine = prepared.usable & np.isfinite(single.teff)
    return Material(looked(prepared, single)[fine], {name: np.asarray(column)[fine] for name, column in truth.items()})


_noise = cache(load_noise)
_population = cache(load_population)


def _key(recipe: SpectralRecipe, data: Path) -> str:
    own = {one.name: getattr(recipe, one.name) for one in fields(recipe)}
    for name in _LATER:
        own.pop(name)
    own["without"] = sorted(own["without"])
    if not own["without"]:
        del own["without"]  # what is made is the same as if there were no controls to switch off
    digest = hashlib.sha256(json.dumps(own, sort_keys=True).encode())
    root = Path(__file__).parents[2]
    for room in _ROOMS:
        place = root / room
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.suffix in (".py", ".npz", ".csv"):
                digest.update(path.read_bytes())
    for path in sorted((data / "templates").glob("*.npz")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _load(path: Path) -> Material:
    with np.load(path, allow_pickle=False) as stored:
        seen = Looked(**{one.name: stored[one.name] for one in fields(Looked)})
        return Material(seen, {name: stored[f"truth_{name}"] for name in _TRUTH})


def joined(parts: Sequence[Material]) -> Material:
    """One material of several, in their order."""
    if len(parts) == 1:
        return parts[0]
    columns = {one.name: np.concatenate([getattr(part.seen, one.name) for part in parts]) for one in fields(Looked)}
    return Material(Looked(**columns), {k: np.concatenate([part.truth[k] for part in parts]) for k in _TRUTH})
