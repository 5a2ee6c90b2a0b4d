"""Column names as surveys, catalogues and people write them, and what must come out."""

from __future__ import annotations

import numpy as np
import pytest

from goodricke.errors import ReadError
from goodricke.lightcurves.guess import Column, guess_columns, guess_kind, identity, zero_point_of

WORDS = {"band", "filter", "filtercode", "Filter", "star", "Camera", "name", "UT Date", "locus_id"}


def columns(names: str) -> list[Column]:
    return [Column(name, numeric=name not in WORDS) for name in names.split(",")]


@pytest.mark.parametrize(
    ("names", "time", "value", "kind", "err", "band", "object_id"),
    [
        ("time,mag,magerr,band", "time", "mag", "mag", "magerr", "band", None),
        ("HJD,UT Date,Camera,FWHM,Limit,mag,mag_err,flux(mJy),flux_err,Filter",
         "HJD", "mag", "mag", "mag_err", "Filter", None),
        ("oid,hjd,mjd,mag,magerr,catflags,filtercode,ra,dec,limitmag,magzp",
         "hjd", "mag", "mag", "magerr", "filtercode", "oid"),
        ("MasterID,Mag,Magerr,RA,Dec,MJD,Blend", "MJD", "Mag", "mag", "Magerr", None, None),
        ("TIME,TIMECORR,CADENCENO,SAP_FLUX,SAP_FLUX_ERR,SAP_BKG,PDCSAP_FLUX,PDCSAP_FLUX_ERR,QUALITY",
         "TIME", "PDCSAP_FLUX", "flux", "PDCSAP_FLUX_ERR", None, None),
        ("bjd,rel_flux,rel_flux_err", "bjd", "rel_flux", "flux", "rel_flux_err", None, None),
        ("t,m,e", "t", "m", "mag", "e", None, None),
        ("MJD,m,dm,uJy,duJy", "MJD", "m", "mag", "dm", None, None),
        ("jd,flux,sigma", "jd", "flux", "flux", "sigma", None, None),
        ("JD,V,e_V", "JD", "V", "mag", "e_V", None, None),
        ("star,BJD_TDB,Gmag,e_Gmag,Period_flag", "BJD_TDB", "Gmag", "mag", "e_Gmag", None, "star"),
        ("time,value,error", "time", "value", "", "error", None, None),
        ("mjd,psfmag,psfmagerr,psfflux", "mjd", "psfmag", "mag", "psfmagerr", None, None),
        ("jd,forcediffimflux,forcediffimfluxunc,filter",
         "jd", "forcediffimflux", "flux", "forcediffimfluxunc", "filter", None),
        ("object_id,mjd,magpsf,sigmapsf,fid", "mjd", "magpsf", "mag", "sigmapsf", "fid", "object_id"),
    ],
)  # fmt: skip
def test_names_in_the_wild(names: str, time: str, value: str, kind: str, err: str, band: str, object_id: str) -> None:
    guess = guess_columns(columns(names))
    assert (guess.time, guess.value, guess.kind, guess.err) == (time, value, kind, err)
    assert (guess.band, guess.object_id) == (band, object_id)
    assert time in guess.said[0]
    assert value in guess.said[0]


@pytest.mark.parametrize(
    "names",
    [
        "KIC,period,period_err,bjd0,bjd0_err,morph,GLon,GLat,kmag,Teff",
        "TIC,m_TIC,BJD0,e_BJD0,Per,e_Per,Morph",
        "ID,RAJ2000,DEJ2000,class,Vmag",
        "name,epoch,period,Vmag",
        "wavelength,counts",
        "survey,file,bytes",
        "time,magerr,flux_err",
        "mag,mag_err,limitmag",
    ],
)
def test_what_is_no_light_curve(names: str) -> None:
    with pytest.raises(ReadError) as caught:
        guess_columns(columns(names))
    assert "--columns" in str(caught.value)


def test_text_under_the_name_of_a_brightness() -> None:
    with pytest.raises(ReadError, match="'mag' holds text"):
        guess_columns([Column("time"), Column("mag", numeric=False)])


def test_the_user_overrules() -> None:
    table = columns("time,hjd,mag,flux,flux_err,e2,x,band")
    guess = guess_columns(table, {"time": "X", "flux": "flux", "err": "e2", "quality": "hjd"})
    assert (guess.time, guess.value, guess.kind, guess.err, guess.quality) == ("x", "flux", "flux", "e2", "hjd")
    # Naming the columns also silences the doubt whether this is a catalogue.
    assert guess_columns(columns("name,epoch,period,Vmag"), {"time": "epoch", "mag": "Vmag"}).value == "Vmag"
    with pytest.raises(ReadError, match="no column 'nope'"):
        guess_columns(table, {"time": "nope"})


def test_ucds_speak_where_names_do_not() -> None:
    table = [Column("c1", "d", "time.epoch"), Column("c2", "mag", "phot.mag;em.opt.V"),
             Column("c3", "mag", "stat.error;phot.mag"), Column("c4", "", "meta.id;meta.main", False),
             Column("c5", "deg", "pos.eq.ra;meta.main"), Column("c6", "", "instr.filter", False)]  # fmt: skip
    guess = guess_columns(table)
    found = (guess.time, guess.value, guess.err, guess.object_id, guess.ra, guess.band)
    assert found == ("c1", "c2", "c3", "c4", "c5", "c6")


def test_fluxes_beside_magnitudes_are_kept_in_mind() -> None:
    guess = guess_columns(columns("time,flux,flux_err,mag,mag_err"))
    assert (guess.value, guess.err, guess.flux, guess.flux_err) == ("mag", "mag_err", "flux", "flux_err")
    assert set(guess.names) == {"time", "mag", "mag_err", "flux", "flux_err"}


def test_identity() -> None:
    found = identity(columns("source_id,object_id,filter,RA_deg,DEJ2000"))
    assert found == {"band": "filter", "object_id": "object_id", "ra": "RA_deg", "dec": "DEJ2000", "time_frame": None}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([12.0, 12.1, np.nan], "mag"),
        ([0.98, 1.01], "flux"),
        ([1000.0, 1010.0], "flux"),
        ([-5.0, 8.0, 12.0], "flux"),
        ([99.99, 15.0, 15.1], "mag"),
    ],
)
def test_kinds(values: list[float], kind: str) -> None:
    assert guess_kind(np.array(values)) == kind


@pytest.mark.parametrize(("unit", "zero"), [("Jy", 8.9), ("mJy", 16.4), ("uJy", 23.9), ("µJy", 23.9), ("nJy", 31.4)])
def test_zero_points_are_ab(unit: str, zero: float) -> None:
    from astropy import units

    flux = 1.0 * units.Unit(unit.replace("µ", "u"))
    assert zero_point_of(unit) == pytest.approx(
        flux.to(units.ABmag).value, abs=1e-3
    )  # astropy rounds 3631 Jy elsewhere
    assert zero_point_of(unit) == pytest.approx(zero, abs=0.01)


def test_other_units_have_no_zero_point() -> None:
    assert np.isnan(zero_point_of("e-/s"))
