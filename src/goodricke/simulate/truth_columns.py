"""What the columns of the table of truth mean: unit and a sentence each."""

from __future__ import annotations

__all__ = ["TRUTH_COLUMNS"]

_SPOT = {
    "star": ("", "Star that has the spot: 1 or 2"),
    "colatitude": ("deg", "Angle of the spot from the spin axis"),
    "longitude": ("deg", "Angle of the spot from the companion, in the sense of the orbit"),
    "radius": ("deg", "Angular radius of the spot"),
    "factor": ("", "Temperature of the spot over that of the surface"),
}
_BOTH = {
    "temperature": ("K", "Effective temperature of star {k}"),
    "mass": ("solMass", "Mass of star {k}"),
    "radius": ("", "Volume radius of star {k} over the semi-major axis; inf: fills its lobe, empty: in contact"),
    "gravity": ("", "Exponent b of star {k}: T^4 goes with gravity^b"),
    "albedo": ("", "Part of the companion's light that star {k} sends out again"),
    "spin": ("", "Rotation of star {k} over mean orbital motion"),
}
_LABELS = {
    "depth": ("mag", "Depth below maximum of the minimum near the conjunction at which star {k} is behind"),
    "width": ("", "Width of that minimum between contacts, in cycles"),
    "eclipse": ("", "What happens to star {k} when it is behind: none, partial, total or annular"),
    "hidden": ("", "Greatest part of the disc of star {k} that is hidden"),
    "eclipse_phase": ("", "Cycles after conjunction at which star {k} is hidden most"),
    "lobe_filling": ("", "Volume radius of star {k} over that of its Roche lobe at periastron"),
}

TRUTH_COLUMNS: dict[str, tuple[str, str]] = {
    "object_id": ("", "Name of the star"),
    "survey": ("", "Format row that would read it; see goodricke surveys"),
    "kind": ("", "Kind of star that was simulated; see goodricke simulate --list"),
    "label": ("", "Class, of binaries by their physics"),
    "period_days": ("d", "Period; of a binary that of the orbit"),
    "epoch": ("d", "Julian date of a minimum of a binary, of a maximum of a pulsator, of the middle of an event"),
    "temperature": ("K", "Effective temperature that makes the star's colours"),
    "ra": ("deg", "ICRS right ascension"),
    "dec": ("deg", "ICRS declination"),
    "mag": ("mag", "Magnitude at a flux of 1 in the survey's first band"),
    "n_points": ("", "Points that reading keeps"),
    "span_days": ("d", "Time from the first point to the last"),
    "range_mag": ("mag", "Range of the light without noise at the visits in the first band"),
    "snr": ("", "That range over the median error"),
    "conjunction": ("d", "Julian date of the superior conjunction of star 1, phase 0 of the simulator"),
    "q": ("", "Mass of star 2 over star 1"),
    "fillout": ("", "Fill-out of a contact envelope, 0 to 1; empty: not in contact"),
    "semi_major_axis": ("solRad", "Semi-major axis of the relative orbit"),
    "eccentricity": ("", "Of the orbit"),
    "periastron": ("deg", "Argument of periastron of star 1"),
    "third_light": ("", "Part of the mean light that does not come from the two stars"),
    "inclination": ("deg", "Of the orbit; 90 is edge on"),
    "spot_count": ("", "Number of spots"),
    "secondary_phase": ("", "Phase of the second minimum after the conjunction of star 1, in cycles"),
    "amplitude": ("mag", "From maximum to minimum of the curve without noise in the first band"),
    "eclipsed_light": ("", "Part of the light at maximum that is missing at minimum"),
    "fullness": ("", "Width of the minima over that of a sine wave's"),
    "morphology": ("", "0 well detached, 0.5 to 0.7 semi-detached, 0.8 contact, 1 ellipsoidal; from the curve"),
    "label_shape": ("", "Class by the look of the curve alone"),
    "total": ("", "Whether the smaller star is wholly hidden"),
    "totality_width": ("", "For how long it is, in cycles"),
    "total_limit_deg": ("deg", "Inclination above which it would be"),
    "total_margin_deg": ("deg", "Inclination less that limit"),
    **{f"{name}{k}": (unit, says.format(k=k)) for name, (unit, says) in _BOTH.items() for k in (1, 2)},
    **{f"{name}_{k}": (unit, says.format(k=k)) for name, (unit, says) in _LABELS.items() for k in (1, 2)},
    **{f"spot{k}_{name}": (unit, f"{says} (spot {k})") for name, (unit, says) in _SPOT.items() for k in (1, 2)},
    "seed": ("", "Of the chance in the star's own light"),
}
"""Column -> unit (VOUnits) and a sentence. Parameters that one kind alone has are told in ``docs/simulate.md``."""
