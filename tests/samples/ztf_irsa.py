"""ZTF light curves of IRSA: csv, IPAC table, and two stars in one file."""

from __future__ import annotations

from pathlib import Path

from samples import DEC, RA, star
from samples.neowise import ipac

OID_G, OID_R = "767103400060298", "767203400071638"


def rows(shift_deg: float = 0.0, step: int = 0) -> list[dict[str, str]]:
    """The star in g and r, 0.3 arcsec apart; row 4 is not usable, row 9 has a warning."""
    s = star()
    return [
        {
            "oid": str(int((OID_G, OID_R)[k % 2]) + step), "expid": str(52043374 + k), "hjd": f"{jd:.10f}",
            "mjd": f"{jd - 2400000.5 + 0.001:.10f}", "mag": f"{mag:.7f}", "magerr": f"{err:.7f}",
            "catflags": {4: "32768", 9: "2"}.get(k, "0"), "filtercode": ("zg", "zr")[k % 2], "ra": f"{RA:.7f}",
            "dec": f"{DEC + shift_deg + (k % 2) * 0.3 / 3600:.7f}", "chi": "1.0", "sharp": "0.01", "field": "767",
        }
        for k, (jd, mag, err) in enumerate(zip(s.jd, s.mag, s.err, strict=True))
    ]  # fmt: skip


def _csv(table: list[dict[str, str]]) -> str:
    return "\n".join([",".join(table[0]), *(",".join(row.values()) for row in table)]) + "\n"


def write(folder: Path) -> list[Path]:
    """Three files, the last with two stars."""
    made = [folder / f"MADE-{name}" for name in ("ztf_irsa.csv", "ztf_irsa.tbl", "ztf_two.csv")]
    made[0].write_text(_csv(rows()))
    made[1].write_text(ipac(rows(), "ztf_objects"))
    made[2].write_text(_csv([*rows(), *rows(shift_deg=10.0 / 3600.0, step=7)]))
    return made
