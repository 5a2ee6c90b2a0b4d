"""Training of models for spectra: made spectra, networks, bundles."""
