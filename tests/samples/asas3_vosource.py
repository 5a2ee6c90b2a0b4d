"""ASAS-3 light curves as VOSource xml: one table, the same table twice, and two bands without an ASAS name."""

from __future__ import annotations

from pathlib import Path

from samples import DEC, RA, star


def table(number: int, band: str = "V", offset: float = 0.0) -> str:
    """One TABLE of the star."""
    made = star(start_jd=2452500.0)
    rows = "\n".join(
        f"<TR row='{k}'><TD>{jd}</TD><TD>{mag + offset:.3f}</TD><TD>{err:.3f}</TD></TR>"
        for k, (jd, mag, err) in enumerate(zip(made.jd, made.mag, made.err, strict=True), 1)
    )
    return f"""<TABLE name='{band}:table{number}'>
<FIELD name='t' ID='col1' system='TIMESYS' ucd='time.epoch' datatype='float' unit='day'/>
<FIELD name='m' ID='col2' ucd='phot.mag;{band}' datatype='float' unit='mag'/>
<FIELD name='m_err' ID='col3' ucd='stat.error;phot.mag;{band}' datatype='float' unit='mag'/>
<DATA><TABLEDATA>
{rows}
</TABLEDATA></DATA></TABLE>
"""


def document(tables: str, description: str = "Best Positional Information for 100100-2030.0") -> str:
    """A whole file."""
    return f"""<?xml version="1.0"?>
<VOSOURCE version="0.03">
<ID>ivo://edu.berkeley.tcp/instancedb.lyra#9001</ID>
<WhereWhen><Description>{description}</Description>
<Position2D unit='deg'><Value2><c1>{RA}</c1><c2>{DEC}</c2></Value2>
<Error2><c1>0.001</c1><c2>0.001</c2></Error2></Position2D></WhereWhen>
<VOTIMESERIES version='0.03'><TIMESYS>
<TimeType ucd='time;pos.frame;pos.heliocentric'>hjd</TimeType>
<TimeZero ucd='time.epoch;arith.zp'>0.0</TimeZero>
<TimeSystem ucd='frame.time.scale'>UTC</TimeSystem>
</TIMESYS><RESOURCE name='0'>
{tables}</RESOURCE></VOTIMESERIES></VOSOURCE>
"""


def write(folder: Path) -> list[Path]:
    """Three files."""
    one, twice, bands = (folder / f"9001_MADE_{name}.xml" for name in ("one_table", "same_twice", "two_bands"))
    one.write_text(document(table(1)))
    twice.write_text(document(table(1) + table(2)))
    bands.write_text(document(table(1) + table(2, "I", -0.7), "made for a test"))
    return [one, twice, bands]
