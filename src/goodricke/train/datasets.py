"""The labelled light curves that bundles are trained on: which sets there are, what is known of them, and loading.

A set is ``<name>_obs.parquet`` (one row per point) and ``<name>_labels.parquet`` (one row per star) in one folder.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodricke.clean import CleanOptions, clean
from goodricke.errors import OptionError
from goodricke.labels import leaf_of
from goodricke.lightcurves import LightCurves

__all__ = ["SETS", "DataSet", "Labelled", "load"]


@dataclass(frozen=True)
class DataSet:
    """One row of the table of sets."""

    says: str
    """Survey and source, for the cards."""
    catalogue: str = ""
    """Whose words the labels are; a key of ``goodricke.labels.CATALOGUES``."""
    periodic: tuple[str, ...] = ()
    """Labels whose catalogued period is to be trusted for training."""
    teaches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Labels that mean something else here than in the catalogue's table; an empty tuple: not for training."""


SETS: dict[str, DataSet] = {
    "asas3_acvs": DataSet(
        "ASAS-3, catalogue of variable stars ACVS (Pojmanski 2002, Acta Astron. 52, 397)",
        periodic=("EA", "EB", "EW"),
    ),
    "crts_sss": DataSet(
        "Catalina southern survey (Drake et al. 2017, MNRAS 469, 3688)",
        catalogue="crts",
        periodic=("EA", "EW_EB", "RRAB", "RRC", "RRD", "ROT", "LPV", "VAR", "T2CEP", "ACEP", "DSCT", "CEP"),
        teaches={"VAR": ()},
    ),
    "ogle4_lmc_cep": DataSet("OGLE-IV, LMC Cepheids (Soszynski et al. 2015, Acta Astron. 65, 297)", periodic=("CEP",)),
    "eros1_ramp": DataSet("EROS-1 photographic plates, stars inspected by eye"),
    "ogle2_misc_small": DataSet("OGLE-II and MACHO examples", teaches={"VAR": (), "NONVAR": ()}),
    "ztf_bts_snia": DataSet("ZTF Bright Transient Survey, type Ia supernovae (Fremling et al. 2020, ApJ 895, 32)"),
    "css_lsstepo_small": DataSet("Catalina examples", teaches={"EW": ("EW",)}),
}
"""Name -> what it is."""


MORPHOLOGY = {"EC": 0, "EC/ESD": 1, "ESD/EC": 2, "ESD": 3, "ESD/ED": 4, "ED/ESD": 5, "ED": 6}
"""The words of ASAS-3 for eclipsing binaries, the likelier first where there are two: from contact to detached."""


@dataclass(frozen=True)
class Labelled:
    """Cleaned light curves of one set with what its catalogue says.

    Parameters
    ----------
    lcs : LightCurves
        N stars, cleaned.
    label : (N,) str
        The catalogue's word in the vocabulary of the set.
    leaves : N tuples
        The classes that it may mean; empty when it is not for training.
    period : (N,) float64
        Catalogued period in days, NaN when there is none.
    sha256 : str
        Of the two files, one after the other.
    morphology : (N,) int64
        From 0, contact, to 6, detached, where the catalogue has a word for it (`MORPHOLOGY`); -1 elsewhere.
    kind : str
        ``whole``, or how the curves were changed: ``thinned``, ``constant``, ``elsewhere``.
    """

    name: str
    lcs: LightCurves
    label: NDArray[np.str_]
    leaves: tuple[tuple[str, ...], ...]
    period: NDArray[np.float64]
    sha256: str
    morphology: NDArray[np.int64]
    kind: str = "whole"

    @property
    def trusted(self) -> NDArray[np.bool_]:
        """Stars whose catalogued period is to be trusted (N,); of simulated ones, those that have one."""
        about = SETS.get(self.name)
        known: NDArray[np.bool_] = np.isfinite(self.period)
        return known if about is None else known & np.isin(self.label, about.periodic)

    @property
    def title(self) -> str:
        """Name of the set, and what was done to it."""
        return self.name if self.kind == "whole" else f"{self.name} {self.kind}"


def load(folder: Path, name: str, most: int = 0, seed: int = 0, cleaning: CleanOptions | None = None) -> Labelled:
    """Read and clean one set.

    Parameters
    ----------
    folder : Path
        Where the two files are.
    name : str
        A key of `SETS`.
    most : int
        A random choice of so many stars; 0 takes all.
    seed : int
        Of that choice.
    cleaning : CleanOptions, optional
        Other than the defaults.
    """
    import pyarrow.parquet as pq

    from goodricke.surveys import read

    if name not in SETS:
        raise OptionError(f"data set {name!r} is not known; there are {', '.join(SETS)}")
    observations, labels = (folder / f"{name}_{kind}.parquet" for kind in ("obs", "labels"))
    for path in (observations, labels):
        if not path.exists():
            raise OptionError(f"{path}: there is no such file; the folder must hold the two files of {name}")
    known = {row["object_id"]: row for row in pq.read_table(labels).to_pylist()}
    lcs = read(observations)
    if most and most < len(lcs):
        lcs = lcs[np.sort(np.random.default_rng(seed).permutation(len(lcs))[:most])]
    lcs = clean(lcs, cleaning)
    found = [known[star] for star in lcs.object_id]
    about = SETS[name]
    leaves = tuple(_leaves(about, row["label_mapped"], row.get("acvs_class")) for row in found)
    return Labelled(
        name=name,
        lcs=lcs,
        label=np.array([row["label_mapped"] for row in found], dtype=str),
        leaves=leaves,
        period=np.array([row["period_days"] or np.nan for row in found], dtype=np.float64),
        sha256=_sha256(observations, labels),
        morphology=np.array([MORPHOLOGY.get(row.get("acvs_class") or "", -1) for row in found], dtype=np.int64),
    )


def _leaves(about: DataSet, word: str, shape: str | None) -> tuple[str, ...]:
    """What a star may be: a catalogue that is unsure between two shapes rules out the third."""
    leaves = about.teaches.get(word, leaf_of(about.catalogue, word))
    level = MORPHOLOGY.get(shape or "", -1)
    if leaves == ("EA", "EB", "EW") and level >= 0:
        return ("EB", "EW") if level < 3 else ("EA", "EB")
    return leaves


def _sha256(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
