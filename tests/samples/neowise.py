"""NEOWISE-R single exposures and AllWISE multi-epoch photometry: IPAC tables and csv."""

from __future__ import annotations

from pathlib import Path

from samples import DEC, RA, star

COUNTER = "3017143901351046039"
_TYPES = {"mjd": "double", "cc_flags": "char", "ph_qual": "char", "moon_masked": "char", "allwise_cntr": "long",
          "cntr_mf": "long", "qual_frame": "int", "source_id_mf": "char"}  # fmt: skip


def rows(counter: str = COUNTER, shift_deg: float = 0.0) -> list[dict[str, str]]:
    """The star; row 5 is a limit in W2, row 6 comes from a bad frame, row 8 is touched by an artefact in W1."""
    s = star()
    return [
        {
            "ra": f"{RA:.7f}", "dec": f"{DEC + shift_deg:.7f}", "w1mpro": f"{mag:.3f}", "w1sigmpro": f"{err:.3f}",
            "w2mpro": f"{mag + 0.1:.3f}", "w2sigmpro": "null" if k == 5 else f"{err:.3f}", "nb": "1",
            "cc_flags": "gd00" if k == 8 else "0000", "ph_qual": "AU" if k == 5 else "AA",
            "qual_frame": "0" if k == 6 else "10", "qi_fact": "1.0", "saa_sep": "50.0", "moon_masked": "00",
            "mjd": f"{jd - 2400000.5:.8f}", "allwise_cntr": counter,
        }
        for k, (jd, mag, err) in enumerate(zip(s.jd, s.mag, s.err, strict=True))
    ]  # fmt: skip


def ipac(table: list[dict[str, str]], database: str) -> str:
    """An IPAC table with four header lines."""
    names = list(table[0])
    width = {name: max(len(name), 8, *(len(row[name]) for row in table)) + 1 for name in names}

    def line(words: list[str], bar: str) -> str:
        return bar + bar.join(f"{word:<{width[name]}}" for name, word in zip(names, words, strict=True)) + bar

    return "\n".join([
        "\\fixlen = T", f"\\DATABASE = '{database}'", "\\EQUINOX = 'J2000'",
        line(names, "|"), line([_TYPES.get(name, "double") for name in names], "|"),
        line([""] * len(names), "|"), line(["null"] * len(names), "|"),
        *(line([row[name] for name in names], " ") for row in table),
    ]) + "\n"  # fmt: skip


def _csv(table: list[dict[str, str]]) -> str:
    cells = [",".join("" if word == "null" else word for word in row.values()) for row in table]
    return "\n".join([",".join(table[0]), *cells]) + "\n"


def _mep(table: list[dict[str, str]]) -> list[dict[str, str]]:
    renamed = {"w1mpro": "w1mpro_ep", "w1sigmpro": "w1sigmpro_ep", "w2mpro": "w2mpro_ep", "w2sigmpro": "w2sigmpro_ep",
               "allwise_cntr": "cntr_mf"}  # fmt: skip
    gone = ("ph_qual", "qual_frame")
    return [{renamed.get(name, name): word for name, word in row.items() if name not in gone} for row in table]


def write(folder: Path) -> list[Path]:
    """NEOWISE-R as table and csv, multi-epoch photometry, and two stars of a cone search without counters."""
    made = [folder / f"MADE-{name}" for name in ("neowise.tbl", "neowise.csv", "allwise_mep.tbl", "cone.csv")]
    made[0].write_text(ipac(rows(), "NEOWISE-R Single Exposure (L1b) Source Table (neowiser_p1bs_psd)"))
    made[1].write_text(_csv(rows()))
    made[2].write_text(ipac(_mep(rows()), "AllWISE Multiepoch Photometry Table (allwise_p3as_mep)"))
    two = [*rows(), *rows(shift_deg=8.0 / 3600.0)]
    made[3].write_text(_csv([{name: word for name, word in row.items() if name != "allwise_cntr"} for row in two]))
    return made
