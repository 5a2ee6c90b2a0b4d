"""The recipe of a model of spectra: a TOML file, checked to the last key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from goodricke.errors import OptionError
from goodricke.networks.table import SPECTRAL_NETWORKS
from goodricke.simulate.spectra.controls import refusal

__all__ = ["LIBRARIES", "SpectralRecipe", "is_spectral", "load_spectral", "shipped_spectral"]

LIBRARIES = ("miles", "stelib", "boss")


@dataclass(frozen=True)
class SpectralRecipe:
    """What makes a bundle."""

    name: str
    """Of the bundle."""
    version: str
    """A whole number as text; the newest is used when none is asked for."""
    says: str
    """One sentence for the card."""
    network: str
    """A row of ``goodricke.networks.table.SPECTRAL_NETWORKS``."""
    libraries: tuple[str, ...] = LIBRARIES
    """Of template stars whose deviations are learnt from."""
    shards: int = 96
    """Made spectra to learn from, in units of 2,048, half of them binaries."""
    judged: int = 10
    """The same, to calibrate and to test by each."""
    blends: int = 2000
    """Mixtures of real stars per shard; 0: the stars themselves."""
    noise: str = "lamost"
    """``lamost``: as in real spectra; ``white``: photons and the floor alone."""
    scatter: str = "real"
    """How stars deviate: ``real``, or ``gaussian`` with the covariance of all of them (for the ladder)."""
    q: tuple[float, ...] = (0.3, 1.0)
    """Mass ratios, from and to."""
    dv: float | None = None
    """Velocity difference of all binaries, km/s; otherwise orbits, and a part even up to 400 km/s."""
    snr: tuple[float, ...] = (8.0, 200.0)
    """Of every second shard, from and to; the others have LAMOST's."""
    without: tuple[str, ...] = ()
    """Of ``goodricke.simulate.spectra.CONTROLS``, those that are switched off, for ablations."""
    survey: bool = True
    """Whether what a survey does to all spectra alike is free in the filters, and varied while it trains."""
    kept: float = 1.0
    """Share of the binaries that are kept to learn from; the seed had one to 18 singles, and drew them again."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of the network."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """See ``goodricke.train.loop.LoopSettings``."""
    seed: int = 0
    """Of everything."""


def shipped_spectral() -> dict[str, Path]:
    """Name -> recipe of every bundle for spectra that ships.

    >>> sorted(shipped_spectral())
    ['spectra-binary', 'spectra-residual']
    """
    folder = Path(str(files("goodricke"))) / "train" / "spectra" / "configs"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def is_spectral(name_or_path: str | Path) -> bool:
    """Whether a recipe is one of spectra: by its name, or because it names a network and no examples.

    >>> is_spectral("spectra-binary"), is_spectral("variables")
    (True, False)
    """
    if str(name_or_path) in shipped_spectral():
        return True
    try:
        stored = tomllib.loads(Path(name_or_path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
    return "network" in stored and "examples" not in stored


def load_spectral(name_or_path: str | Path) -> SpectralRecipe:
    """Read a recipe: the name of one that ships, or a file.

    Raises
    ------
    OptionError
        If there is no such file, or it has a key that no recipe has, or a value that cannot be.
    """
    path = shipped_spectral().get(str(name_or_path), Path(name_or_path))
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        there = ", ".join(shipped_spectral())
        raise OptionError(f"{path}: there is no such recipe; give a TOML file, or one of {there}") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OptionError(f"{path}: not a readable TOML file ({error})") from error
    known = {one.name for one in fields(SpectralRecipe)}
    for key in stored:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(known))}"
            raise OptionError(f"{path}: key {key!r} is not known; {hint}")
    try:
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}
        recipe = SpectralRecipe(**values)
    except TypeError as error:
        raise OptionError(f"{path}: {str(error).partition(') ')[2] or error}") from None
    for right, says in _rules(recipe):
        if not right:
            raise OptionError(f"{path}: {says}")
    return recipe


def _rules(r: SpectralRecipe) -> list[tuple[bool, str]]:
    return [
        (r.network in SPECTRAL_NETWORKS, f"network {r.network!r}; there are {', '.join(SPECTRAL_NETWORKS)}"),
        (bool(r.libraries) and set(r.libraries) <= set(LIBRARIES), f"libraries are among {', '.join(LIBRARIES)}"),
        (r.shards > 0 and r.judged > 0, "shards and judged are 1 or more"),
        (r.noise in ("lamost", "white"), f'noise is "lamost" or "white", not {r.noise!r}'),
        (r.scatter in ("real", "gaussian"), f'scatter is "real" or "gaussian", not {r.scatter!r}'),
        (len(r.q) == 2 and 0 < r.q[0] <= r.q[1] <= 1, f"q goes from above 0 to 1 at most, not {r.q}"),
        (len(r.snr) == 2 and 0 < r.snr[0] <= r.snr[1], f"snr goes from above 0 upwards, not {r.snr}"),
        (not refusal(r.without), refusal(r.without)),
        (0 < r.kept <= 1, f"kept is a share, not {r.kept}"),
    ]
