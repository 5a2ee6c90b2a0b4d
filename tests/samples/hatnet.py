"""HAT light curves: the two csv formats of the data servers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np

from samples import DEC, RA, Star, star

OBJECT = "HAT-579-0000001"
_COLUMNS = ("rjd", "bjd", "net", "stf", "flt", "aim_000", "aie_000", "aiq_000", "aim_001", "aie_001", "aiq_001",
            "arm_000", "arm_001", "aep_000", "aep_001", "atf_000", "atf_001")  # fmt: skip


def _rows(s: Star, columns: tuple[str, ...]) -> list[str]:
    """Aperture 001 holds the star, aperture 000 lies 0.3 mag above and is noisier."""
    noise = np.random.default_rng(3).normal(0, 0.05, len(s.jd))
    rows = []
    for k, (jd, mag, err) in enumerate(zip(s.jd, s.mag, s.err, strict=True)):
        letter = "X" if k == 7 else "G"
        cells = {"rjd": f"{jd - 2400000 - 0.002:.7f}", "bjd": f"{jd:.7f}", "net": "HS", "stf": "1", "flt": "4"}
        for stem, shift in (("aim", 1.0), ("arm", 0.2), ("aep", 0.1), ("atf", 0.0), ("irm", 0.2), ("itf", 0.0)):
            cells[f"{stem}_000"] = f"{mag + shift + 0.3 + noise[k]:.5f}"
            cells[f"{stem}_001"] = f"{mag + shift:.5f}"
        for name in ("aie_000", "aie_001", "ire_000", "ire_001"):
            cells[name] = f"{err:.5f}"
        for name in ("aiq_000", "aiq_001", "irq_000", "irq_001"):
            cells[name] = letter
        if k == 3:
            cells["atf_001"] = "nan"
        rows.append(",".join(cells[name] for name in columns))
    return rows


def _hatlc(columns: tuple[str, ...], best: str) -> str:
    header = [
        "# OBJECT", f"# objectid = {OBJECT}", f"# hatid = {OBJECT}; twomassid = None",
        "# network = HS; stations = HS01; ndet = 60", f"# ra = {RA}; decl = {DEC}", "#",
        "# METADATA", "# datarelease = 0; lcversion = 0", *([f"# lcbestaperture = {best}"] if best else []), "#",
        "# CAMFILTERS", "# 4 - r - Sloan r AST0285", "# 12 - r - Sloan r SN070 AST0285", "#",
        "# PHOTAPERTURES", "# 000 - 2.05 px", "# 001 - 3.00 px", "#",
        "# COLUMNS", *(f"# {k:03d} - {name} - what it is" for k, name in enumerate(columns)), "#", "# LIGHTCURVE",
    ]  # fmt: skip
    return "\n".join([*header, *_rows(star(), columns)]) + "\n"


def _lcc() -> str:
    columns = ("rjd", "bjd", "net", "stf", "flt", "irm_000", "irm_001", "ire_000", "ire_001", "irq_000", "irq_001",
               "itf_000", "itf_001")  # fmt: skip
    facts = {"objectid": OBJECT, "ra": RA, "decl": DEC, "lcbestaperture": {"ism": ["001"]}}
    about = {key: {"val": value, "desc": key} for key, value in facts.items()}
    about["lcbestaperture"]["val"] = json.dumps(facts["lcbestaperture"])
    defined = {name: {"colnum": k, "dtype": "f8", "desc": name} for k, name in enumerate(columns)}
    lines = ["LCC-CSVLC-V1", "#", ","]
    for title, content in (("OBJECT METADATA", about), ("COLUMN DEFINITIONS", defined)):
        lines += [f"# {title}", *(f"# {line}" for line in json.dumps(content, indent=2).splitlines()), "#"]
    return "\n".join([*lines, "# LIGHTCURVE", *_rows(star(), columns)]) + "\n"


def write(folder: Path) -> list[Path]:
    """The hatlc format packed and plain (without a best aperture and without TFA), and LCC-CSVLC-V1."""
    packed, plain, lcc = folder / "MADE-hatlc.csv.gz", folder / "MADE-epd-hatlc.csv", folder / "MADE-csvlc.gz"
    packed.write_bytes(gzip.compress(_hatlc(_COLUMNS, '{"ap": ["001"], "ism": ["001"]}').encode()))
    plain.write_text(_hatlc(tuple(name for name in _COLUMNS if not name.startswith("atf")), ""))
    lcc.write_bytes(gzip.compress(_lcc().encode()))
    return [packed, plain, lcc]
