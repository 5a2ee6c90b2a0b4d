"""Light curves of binary stars from physics, many at a time.

Conventions, beside those of PHOEBE 2.5 and ellc 1.8:

=================  =========================================  =============================  ===========================
quantity           here                                       PHOEBE                         ellc
=================  =========================================  =============================  ===========================
q                  mass of star 2 / star 1                    the same                       the same
phase 0            superior conjunction of star 1: star 1 is  the same (``t0_supconj``)      ``t_zero``: centre of the
                   eclipsed                                                                  eclipse of star 1
fill-out           (W - W_L1) / (W_outer - W_L1), 0 to 1      the same                       no contact binaries
radii              sphere of the star's volume / semi-major   ``requiv / sma``               ``radius_1``: the same kind
                   axis, kept along an eccentric orbit
third light        part of the mean light over all            ``l3_frac``: the same          ``light_3``: ratio to the
                   directions, without spots, reflection                                     light of both stars
periastron         argument for star 1, degrees; conjunction  ``per0``: the same             ``f_c``, ``f_s``
                   where anomaly + argument = 90
inclination        degrees, 90 edge on                        the same                       the same
gravity            b in T^4 ~ g^b                             ``gravb_bol``: the same        exponent of intensity
spot longitude     from the companion, as the orbit turns     the same                       from the companion
spot colatitude    from the spin axis +z on both stars        the same, but from -z on star  latitude
                                                              2 of a contact envelope
beaming            part of a star's light by which it swings  none in 2.5                    ``bfac_1``: B alone
light time         a / c in periods; phase 0 as the           ``ltte``: in time              none
                   barycentre has it
limb darkening     scales so that the light of a surface is   the same                       of the central intensity
                   that of its temperature
=================  =========================================  =============================  ===========================

PHOEBE's spot frame on star 2 of a contact envelope is that of version 2.5.4.
"""

from goodricke.simulate.binary.band import BANDS, Band, blackbody, named_band
from goodricke.simulate.binary.curves import light_curve, light_curves
from goodricke.simulate.binary.grid import FAST, FINE, Grid
from goodricke.simulate.binary.samples import curves_at
from goodricke.simulate.binary.systems import REASONS, Spots, Systems
from goodricke.simulate.binary.velocities import radial_velocities

__all__ = [
    "BANDS",
    "FAST",
    "FINE",
    "REASONS",
    "Band",
    "Grid",
    "Spots",
    "Systems",
    "blackbody",
    "curves_at",
    "light_curve",
    "light_curves",
    "named_band",
    "radial_velocities",
]
