"""What the light of a star of given temperature, gravity and metals looks like, and which of them fit a spectrum."""

from __future__ import annotations

from goodricke.photosphere.composite import pair_flux
from goodricke.photosphere.detectability import bound_auc, chance, distance, distances, signal
from goodricke.photosphere.doppler import shift
from goodricke.photosphere.emulator import Emulator, emulator
from goodricke.photosphere.main_sequence import abs_mag_v, companion, light_ratio, mass, radius
from goodricke.photosphere.pair import Pair, fit_pair
from goodricke.photosphere.single import Single, fit_single
from goodricke.photosphere.unlike import unlike
from goodricke.photosphere.velocity import Velocity, velocity

__all__ = [
    "Emulator", "Pair", "Single", "Velocity", "abs_mag_v", "bound_auc", "chance", "companion", "distance", "distances",
    "emulator", "fit_pair", "fit_single", "light_ratio", "mass", "pair_flux", "radius", "shift", "signal",
    "unlike", "velocity",
]  # fmt: skip
