"""``python -m goodricke`` is the command line."""

from goodricke.cli.main import main

main()
