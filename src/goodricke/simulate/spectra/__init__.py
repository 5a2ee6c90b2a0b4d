"""Made spectra of single stars and binaries: templates, orbits, noise and how they are put together."""
