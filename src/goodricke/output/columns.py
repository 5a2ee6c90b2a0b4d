"""What every output column means: unit (VOUnits), UCD1+ and a sentence, carried in the Arrow field of the column."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from goodricke.labels import LEAVES, MEANINGS, SPECTRAL
from goodricke.lightcurves import DROP_REASONS

__all__ = ["COLUMNS", "TRUTHS", "Meaning", "described", "meaning_of"]


@dataclass(frozen=True)
class Meaning:
    """Unit, UCD and one sentence."""

    unit: str
    ucd: str
    says: str


_DROPPED = {
    "limit": "upper limits, which are no detections",
    "quality": "points with a quality flag that was asked to drop them",
    "not_finite": "points whose time or value is not a number",
    "error": "points whose error is zero, negative or not a number",
    "duplicate": "points merged into another of the same time and band",
    "error_clip": "points whose error is far from the star's others",
    "flux_clip": "points whose flux stands out from the star's others",
}

_MINIMA = {
    "depth": ("", "src.var.amplitude", "Depth of the primary minimum, as a fraction of the light outside"),
    "width": ("", "time.phase", "Full width of the primary minimum at half depth, in cycles"),
    "contact_width": ("", "time.phase", "Width of the primary minimum from first to last contact, in cycles"),
    "second_depth": ("", "src.var.amplitude", "Depth of the secondary minimum, as a fraction of the light outside"),
    "second_width": ("", "time.phase", "Full width of the secondary minimum at half depth, in cycles"),
    "second_phase": ("", "time.phase", "Phase of the secondary minimum after the primary, in cycles"),
}


def _error_of(name: str) -> str:
    return f"Standard deviation of {name}"


COLUMNS: dict[str, Meaning] = {
    "object_id": Meaning("", "meta.id;meta.main", "Name of the star"),
    "survey": Meaning("", "meta.bib", "Format row that read the star; see goodricke surveys"),
    "ra": Meaning("deg", "pos.eq.ra;meta.main", "ICRS right ascension"),
    "dec": Meaning("deg", "pos.eq.dec;meta.main", "ICRS declination"),
    "time_frame": Meaning("", "time.scale", "Clock, place and zero point of time, such as BTJD"),
    "time": Meaning("d", "time.epoch", "Time in the frame of time_frame"),
    "flux": Meaning("", "phot.flux", "Relative flux: median 1 per star and band"),
    "flux_err": Meaning("", "stat.error;phot.flux", "Standard deviation of flux"),
    "mag": Meaning("mag", "phot.mag", "Magnitude; empty where the zero point is unknown or the flux not positive"),
    "mag_err": Meaning("mag", "stat.error;phot.mag", "Standard deviation of mag"),
    "band": Meaning("", "meta.id;instr.bandpass", "Band; in the layout of one row per star an index into bands"),
    "bands": Meaning("", "instr.bandpass", "Names of the bands of the star"),
    "ref_mag": Meaning("mag", "phot.mag;stat.median", "Magnitude at flux 1, per entry of bands"),
    "ref_flux": Meaning("", "phot.flux;stat.median", "Flux 1 in the unit of the survey, per entry of bands"),
    "difference": Meaning("", "meta.code", "True where flux is a difference from a template, in units of ref_flux"),
    **{f"n_{reason}": Meaning("", "meta.number", f"Number of {_DROPPED[reason]}") for reason in DROP_REASONS},
    "exposure_s": Meaning("s", "time.duration;obs.exposure", "Exposure or cadence"),
    "model": Meaning("", "meta.id;meta.software", "Model that classified the star"),
    "label": Meaning("", "meta.code.class", "Likeliest class; see goodricke.labels"),
    "probability": Meaning("", "stat.probability", "Calibrated probability of label"),
    **{f"prob_{name}": Meaning("", "stat.probability", f"Calibrated probability: {MEANINGS[name]}") for name in LEAVES},
    **{
        f"prob_{name}": Meaning("", "stat.probability", f"Calibrated probability: {says}")
        for name, says in SPECTRAL.items()
    },
    "prediction_set": Meaning("", "meta.code.class", "Classes that together hold the truth for 95% of such stars"),
    "morphology": Meaning("", "src.morph.param", "Of eclipsing binaries: 0 detached, 0.75 contact, 1 ellipsoidal"),
    "novelty": Meaning("", "stat.probability", "Share of training-like stars that look as odd"),
    "embedding": Meaning("", "stat.value", "Place of the star among all others: like stars have like numbers"),
    "query_id": Meaning("", "meta.id", "Star for which others like it were sought"),
    "query_survey": Meaning("", "meta.bib", "Survey of that star"),
    "rank": Meaning("", "stat.rank", "Place among the stars like it, 1 being the most alike"),
    "distance": Meaning("", "stat.value", "Distance of the two embeddings: 0 for the same"),
    "span_days": Meaning("d", "time.duration", "Time from the first point to the last"),
    "amplitude": Meaning("", "src.var.amplitude", "Flux from the 5th to the 95th percentile, median 1"),
    "amplitude_mag": Meaning("mag", "src.var.amplitude", "The same as a ratio of fluxes, in magnitudes"),
    "snr": Meaning("", "stat.snr", "Amplitude over the median error; of spectra median flux over error per pixel"),
    "period_days": Meaning("d", "src.var;time.period", "Period: the likeliest candidate, or as given"),
    "period_probability": Meaning("", "stat.probability", "Calibrated probability that the period is right"),
    **{
        f"period_days_{k}": Meaning("d", "src.var;time.period", f"Alternative period, number {k} in likelihood")
        for k in range(2, 6)
    },
    **{
        f"period_probability_{k}": Meaning("", "stat.probability", f"How likely period_days_{k} is")
        for k in range(2, 6)
    },
    **{
        f"period_alias_{k}": Meaning("", "meta.code", f"What period_days_{k} is to period_days, such as 2P or P/2")
        for k in range(2, 6)
    },
    "period_error": Meaning("d", "stat.error;time.period", "Standard deviation of period_days, if it is the right one"),
    "period_suspicious": Meaning("", "meta.code", "Near a clock of the sampling, or longer than half the span"),
    "epoch_error": Meaning("d", "stat.error;time.epoch", "Standard deviation of epoch"),
    "epoch_max_error": Meaning("d", "stat.error;time.epoch", "Standard deviation of epoch_max"),
    **{
        f"{name}{ending}": Meaning(unit, f"stat.error;{ucd}" if ending else ucd, _error_of(name) if ending else says)
        for name, (unit, ucd, says) in _MINIMA.items()
        for ending in ("", "_error")
    },
    "epoch": Meaning("d", "time.epoch", "Time of minimum light at period_days, near the middle of the data"),
    "as_of": Meaning("d", "time.epoch", "Up to when the points of the star were known, in the frame of time_frame"),
    "epoch_max": Meaning("d", "time.epoch", "Time of maximum light at period_days, near the middle of the data"),
    "power": Meaning("", "stat.fourier", "Highest peak of the floating-mean periodogram, 0 to 1"),
    "false_alarm": Meaning("", "stat.probability", "Chance that noise of this star has a peak as high"),
    "spectrum_id": Meaning("", "meta.id;obs", "Name of the spectrum, such as the obsid of LAMOST"),
    "mjd": Meaning("d", "time.epoch;obs", "Modified Julian date of the exposure, begin or middle as the survey has it"),
    "velocity": Meaning("km/s", "spect.dopplerVeloc", "Heliocentric radial velocity: the survey's, or measured here"),
    "velocity_err": Meaning("km/s", "stat.error;spect.dopplerVeloc", "Standard deviation of velocity, as it was given"),
    "teff": Meaning("K", "phys.temperature.effective", "Effective temperature of the best single star"),
    "logg": Meaning("", "phys.gravity", "Log g (cgs) of the best single star"),
    "feh": Meaning("", "phys.abund.Fe", "Metals of the best single star, [Fe/H] in dex"),
    "goodness": Meaning("", "stat.fit.chi2", "Chi square per pixel of the best single star, scatter of stars included"),
    "q": Meaning("", "phys.mass;arith.ratio", "Mass ratio of the two stars, where a binary is likelier than not"),
    "dv": Meaning("km/s", "spect.dopplerVeloc;arith.diff", "Velocity difference of the two stars without its sign"),
    "found_share": Meaning(
        "", "stat.probability", "Share of all companions that would have been found in the spectrum"
    ),
    "detectability": Meaning("", "meta.note", "What would have been found in this very spectrum, at p > 0.5"),
    "n_epochs": Meaning("", "meta.number;obs", "Spectra of the star"),
    "n_answers": Meaning("", "meta.number;obs", "Spectra of the star that have an answer"),
    "prob_spectra": Meaning("", "stat.probability", "Calibrated probability of a binary by all spectra, no velocities"),
    "prob_max": Meaning("", "stat.probability;stat.max", "Highest probability of a binary of a spectrum of the star"),
    "prob_min": Meaning("", "stat.probability;stat.min", "Lowest probability of a binary of a spectrum of the star"),
    "logit_scatter": Meaning("", "stat.stdev", "Standard deviation of the log odds of the spectra of the star"),
    "rv_n": Meaning("", "meta.number", "Velocities that were compared, all of one survey"),
    "rv_mean": Meaning("km/s", "spect.dopplerVeloc;stat.mean", "Weighted mean of the velocities"),
    "rv_mean_err": Meaning("km/s", "stat.error;spect.dopplerVeloc", "Standard deviation of rv_mean if it is constant"),
    "rv_chi2": Meaning("", "stat.fit.chi2", "Chi square of a constant velocity, with rv_n - 1 degrees of freedom"),
    "rv_p_constant": Meaning("", "stat.probability", "Chance of so large a scatter if the velocity is constant"),
    "rv_difference": Meaning("km/s", "spect.dopplerVeloc;arith.diff", "Largest difference of two velocities"),
    "rv_log_ratio": Meaning("", "stat.likelihood", "Log likelihood ratio of the velocities, binary to single star"),
    "parallax": Meaning("mas", "pos.parallax", "Parallax, as it came with the spectrum"),
    "distance_pc": Meaning("pc", "pos.distance", "Distance, as it came with the spectrum"),
    "phot_g_mean_mag": Meaning("mag", "phot.mag;em.opt", "Magnitude in G, as it came with the spectrum"),
    "bp_rp": Meaning("mag", "phot.color", "Colour BP - RP, as it came with the spectrum"),
    "host_name": Meaning("", "meta.id.cross", "Name of the star in the table of hosts of planets"),
    "host_separation": Meaning(
        "arcsec", "pos.angDistance", "Distance on the sky from the host; empty if matched by name"
    ),
    "host_planets": Meaning("", "meta.id.assoc", "Planets of the host, as its table names them"),
    "host_n_planets": Meaning("", "meta.number", "Planets of the host"),
    "host_known_binary": Meaning("", "meta.code", "Whether the table of hosts knows more than one star there"),
    "path": Meaning("", "meta.ref", "File that was read"),
    "status": Meaning("", "meta.code.status", "What became of it: ok, abstained, failed or skipped"),
    "reason": Meaning("", "meta.note", "Why it failed or abstained, and what to do"),
    "notes": Meaning("", "meta.note", "What was guessed or looked odd"),
    "n_stars": Meaning("", "meta.number", "Stars read from the file"),
    "n_points": Meaning("", "meta.number", "Points kept"),
}


TRUTHS = ("period_suspicious", "difference", "host_known_binary")
"""Columns of true and false, which formats spell in several ways."""


def meaning_of(field: pa.Field) -> Meaning:
    """The meaning that an Arrow field carries; empty when it carries none."""
    stored = field.metadata or {}
    words = (stored.get(key, b"").decode() for key in (b"unit", b"ucd", b"description"))
    return Meaning(*words)


def described(table: pa.Table) -> pa.Table:
    """The same table, with what is known of each column in its field's metadata.

    A column without any value and without a type becomes text, which all formats have.
    """
    fields = []
    for field in table.schema:
        meaning = COLUMNS.get(field.name)
        if meaning and not field.metadata:
            words = {"unit": meaning.unit, "ucd": meaning.ucd, "description": meaning.says}
            field = field.with_metadata({key: word for key, word in words.items() if word})
        fields.append(field.with_type(pa.string()) if pa.types.is_null(field.type) else field)
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))
