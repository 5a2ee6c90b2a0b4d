"""Training of what ships with the package. Needs ``pip install 'goodricke[train]'``."""
