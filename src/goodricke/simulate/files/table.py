"""The table of writers: name of an observatory -> module with a function ``write``, imported when asked for.

``write(measured, folder) -> list[Path]`` writes the stars of ``Measurements`` of that survey, one or
more files per star, as the survey's archive hands them out.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from goodricke.errors import OptionError
from goodricke.lightcurves import Measurements

__all__ = ["WRITERS", "FileWriter", "write_files"]

_HERE = "goodricke.simulate.files"

WRITERS: dict[str, str] = {
    "asas3": f"{_HERE}.asas3",
    "asassn": f"{_HERE}.asassn",
    "asassn_v": f"{_HERE}.asassn",
    "crts": f"{_HERE}.crts",
    "ogle": f"{_HERE}.ogle",
    "ztf": f"{_HERE}.ztf",
    "gaia": f"{_HERE}.gaia",
    "lsst": f"{_HERE}.lsst",
    "kepler": f"{_HERE}.kepler",
    "tess_20s": f"{_HERE}.tess",
    "tess_2min": f"{_HERE}.tess",
    "tess_10min": f"{_HERE}.tess",
    "tess_30min": f"{_HERE}.tess",
}
"""Name of an observatory -> the module that writes its files."""


class FileWriter(Protocol):
    """What a module of this folder holds."""

    def write(self, measured: Measurements, folder: Path) -> list[Path]:
        """Write every star of `measured` into `folder`, in the format of the survey's archive."""


def write_files(measured: Measurements, survey: str, folder: Path) -> list[Path]:
    """Write simulated stars as the archive of a survey hands out real ones.

    ``goodricke.read`` gives the same stars again, to the digits that the format holds. Where a format knows stars by
    number only (Catalina, ZTF, Gaia, LSST), all digits of the name make the number: ``sim-7-000000012`` comes back as
    ``Gaia DR3 7000000012``. A name of the survey's own (``Gaia DR3 123``, ``TIC 123``, ``OGLE-LMC-ECL-12``) stays.

    Parameters
    ----------
    measured : Measurements
        Stars as the observatory of that survey measured them.
    survey : str
        A name of ``OBSERVATORIES``.
    folder : Path
        Where to; made when it is not there. Each file appears whole or not at all.

    Returns
    -------
    list of Path
        The files, star by star.

    Raises
    ------
    OptionError
        When the survey has no writer.
    DataError
        When the measurements are not those of that survey.
    WriteError
        When a file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from goodricke.timeframes import TimeFrame
    >>> star = Measurements(np.array(["OGLE-LMC-ECL-90001"]), np.array([5260.5]), np.array([17.1]), np.array([0.01]),
    ...                     "mag", TimeFrame.parse("HJD_UTC-2450000"), bands=("I",))
    >>> (path,) = write_files(star, "ogle", Path(tempfile.mkdtemp()))
    >>> path.name, path.read_text()
    ('OGLE-LMC-ECL-90001_I.dat', '5260.50000 17.100 0.010\\n')
    """
    if survey not in WRITERS:
        raise OptionError(f"no file format is known for {survey!r}; there are {', '.join(WRITERS)}")
    writer = cast(FileWriter, import_module(WRITERS[survey]))
    return writer.write(measured, folder)
