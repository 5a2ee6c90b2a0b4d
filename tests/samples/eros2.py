"""EROS-2: the usual file, and one with the bands in the other order."""

from __future__ import annotations

from pathlib import Path

from samples import star

MISSING_B = 5
"""Every fifth row has no B magnitude."""


def write(folder: Path) -> list[Path]:
    """Two files."""
    made = star(start_jd=2450300.0, mag=17.0)
    usual, other = folder / "lm0010k9001_MADE.time", folder / "lm0010k9002_MADE.time"
    red, blue = [], []
    for k, (jd, mag, err) in enumerate(zip(made.jd, made.mag, made.err, strict=True)):
        r = f"{mag:7.3f} {err:6.3f}"
        b = " 99.999  9.999" if k % MISSING_B == 0 else f"{mag + 0.2:7.3f} {err:6.3f}"
        red.append(f"  {jd - 2447892.5:10.5f} {r} {b} \n")
        blue.append(f"  {jd - 2447892.5:10.5f} {b} {r} \n")
    head = (
        "# star:  erosid      MagR    ErrMR   XR      YR     MagB    ErrMB   XB      YB \n"
        "#        {}   16.923  0.188 1306.72 1555.31  17.097  0.245 1250.22 1597.74\n#\n"
    )
    usual.write_text(head.format("lm0010k9001") + "#   date      MagR    ErMagR MagB    ErMagB\n" + "".join(red))
    other.write_text(head.format("lm0010k9002") + "#   date      MagB    ErMagB MagR    ErMagR\n" + "".join(blue))
    return [usual, other]
