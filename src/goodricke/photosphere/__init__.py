"""What the light of a star of given temperature, gravity and metals looks like, and which of them fit a spectrum."""

from __future__ import annotations

from goodricke.photosphere.composite import pair_flux
from goodricke.photosphere.doppler import shift
from goodricke.photosphere.emulator import Emulator, emulator
from goodricke.photosphere.main_sequence import abs_mag_v, companion, light_ratio, mass, radius
from goodricke.photosphere.single import Single, fit_single

__all__ = [
    "Emulator", "Single", "abs_mag_v", "companion", "emulator", "fit_single", "light_ratio", "mass", "pair_flux",
    "radius", "shift",
]  # fmt: skip
