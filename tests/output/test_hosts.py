from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodricke.errors import DataError, OptionError, ReadError
from goodricke.output.hosts import host_words, hosts_of, match_hosts, read_hosts

ARCHIVE = """# This file was produced by the NASA Exoplanet Archive  http://exoplanetarchive.ipac.caltech.edu
# COLUMN pl_name:        Planet Name
# COLUMN ra:             RA [deg]
#
pl_name,hostname,sy_snum,rastr,ra,decstr,dec
11 Com b,11 Com,2,12h20m42.91s,185.1787793,+17d47m35.71s,17.7932516
51 Peg b,51 Peg,1,22h57m28.21s,344.3675359,+20d46m08.21s,20.7689420
55 Cnc b,55 Cnc,2,08h52m35.22s,133.1467611,+28d19m46.39s,28.3297
55 Cnc c,55 Cnc,2,08h52m35.22s,133.1467611,+28d19m46.39s,28.3297
"""


def stars() -> pa.Table:
    # 51 Peg 1 arcsec east, a second star 2 arcsec from it, 55 Cnc at 2.9 arcsec, 11 Com at 3.2, and a stranger.
    east = 1 / 3600 / np.cos(np.radians(20.7689420))
    return pa.table(
        {
            "object_id": ["near", "farther", "cnc", "com", "stranger"],
            "ra": [344.3675359 + east, 344.3675359 - 2 * east, 133.1467611, 185.1787793, 10.0],
            "dec": [20.7689420, 20.7689420, 28.3297 + 2.9 / 3600, 17.7932516 - 3.2 / 3600, 10.0],
            "prob_BINARY": [0.9, 0.9, 0.6, 0.9, 0.9],
        }
    )


def test_the_archive_is_read_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "PS.csv"
    path.write_text(ARCHIVE)
    hosts = read_hosts(path)
    assert hosts.name.tolist() == ["11 Com", "51 Peg", "55 Cnc"]
    assert hosts.planets.tolist() == ["11 Com b", "51 Peg b", "55 Cnc b, 55 Cnc c"]
    assert hosts.known_binary.tolist() == [True, False, True]
    found, notes = match_hosts(stars(), hosts)
    assert found["object_id"].to_pylist() == ["near", "cnc"]
    assert found["host_name"].to_pylist() == ["51 Peg", "55 Cnc"]
    np.testing.assert_allclose(found["host_separation"].to_numpy(), [1.0, 2.9], atol=1e-4)
    assert "proper motion was not applied" in notes[-1]
    assert host_words(found) == (
        "2 binaries (p > 0.5) host 3 known planets; 1 of them single there; 2 hosts were observed in all"
    )
    assert host_words(found, 0.8).startswith("1 binary (p > 0.8) hosts 1 known planet; 1 of them single there")
    wide, _ = match_hosts(stars(), hosts, radius_arcsec=5.0)
    assert wide["object_id"].to_pylist() == ["near", "cnc", "com"]


@pytest.mark.parametrize("suffix", ["fits", "xml", "ecsv", "parquet"])
def test_hosts_of_other_formats(tmp_path: Path, suffix: str) -> None:
    from astropy.table import Table

    path = tmp_path / f"hosts.{suffix}"
    columns = {"Name": ["51 Peg", "55 Cnc"], "RAJ2000": [344.3675359, 133.1467611], "DEJ2000": [20.7689420, 28.3297]}
    if suffix == "parquet":
        pq.write_table(pa.table(columns), path)
    else:
        words = {"fits": "fits", "xml": "votable", "ecsv": "ascii.ecsv"}
        Table(columns).write(path, format=words[suffix])
    hosts = read_hosts(path)
    assert "name from Name, position from RAJ2000 and DEJ2000" in hosts.notes[0]
    found, _ = match_hosts(stars(), hosts)
    assert found["host_name"].to_pylist() == ["51 Peg", "55 Cnc"]
    assert found["host_known_binary"].null_count == 2
    assert "single" not in host_words(found)


def test_sexagesimal_positions() -> None:
    hosts = hosts_of(pa.table({"star": ["51 Peg"], "ra": ["22h57m28.21s"], "dec": ["+20d46m08.21s"]}))
    assert "sexagesimal" in hosts.notes[0]
    # The text has hundredths of a second of time: 0.15 arcsec.
    assert hosts.ra[0] == pytest.approx(344.3675359, abs=0.1 / 3600)
    assert match_hosts(stars(), hosts)[0]["object_id"].to_pylist() == ["near"]


def test_names_where_there_are_no_positions() -> None:
    hosts = hosts_of(pa.table({"gaia_id": ["Gaia DR3 12", "Gaia DR3 13"]}))
    found, notes = match_hosts(pa.table({"object_id": ["gaia_dr3_13", "x"], "prob_BINARY": [0.7, 0.2]}), hosts)
    assert found["host_name"].to_pylist() == ["Gaia DR3 13"]
    assert found["host_separation"].null_count == 1
    assert "by name" in notes[-1]


def test_columns_can_be_chosen() -> None:
    table = pa.table({"ra": [1.0], "dec": [1.0], "lon": [344.3675359], "lat": [20.7689420], "title": ["51 Peg"]})
    hosts = hosts_of(table, name="title", ra="lon", dec="lat")
    assert match_hosts(stars(), hosts)[0]["host_name"].to_pylist() == ["51 Peg"]
    with pytest.raises(OptionError, match="no column 'nothing'"):
        hosts_of(table, ra="nothing")


def test_hosts_without_names_are_told_apart_by_place() -> None:
    hosts = hosts_of(pa.table({"ra": [1.0, 1.0, 2.0], "dec": [1.0, 1.0, 2.0]}))
    assert len(hosts) == 2
    assert hosts.n_planets.tolist() == [2, 1]


def test_no_match_is_an_empty_table() -> None:
    hosts = hosts_of(pa.table({"hostname": ["x"], "ra": [77.0], "dec": [7.0]}))
    found, _ = match_hosts(stars(), hosts)
    assert found.num_rows == 0
    assert "host_planets" in found.schema.names
    assert host_words(found) == "0 binaries (p > 0.5) host 0 known planets; 0 hosts were observed in all"


def test_tables_that_are_no_hosts(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="neither names nor positions"):
        hosts_of(pa.table({"mass": [1.0]}))
    with pytest.raises(DataError, match="other coordinate"):
        hosts_of(pa.table({"hostname": ["x"], "ra": [1.0]}))
    with pytest.raises(DataError, match="no degrees"):
        hosts_of(pa.table({"hostname": ["x"], "ra": [1.0], "dec": [123.0]}))
    with pytest.raises(OptionError, match="share neither"):
        match_hosts(pa.table({"x": [1.0]}), hosts_of(pa.table({"hostname": ["x"]})))
    path = tmp_path / "mass.csv"
    path.write_text("mass,radius\n1,2\n")
    with pytest.raises(ReadError, match=r"mass\.csv"):
        read_hosts(path)
