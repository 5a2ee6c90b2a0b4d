# Everything a developer needs: each target sets up what it uses, in .venv.
#   make demo    classify and draw the example light curves and spectra that ship with the package
#   make test    lint, types, import directions, tests with coverage: what CI runs
#   make bench   benchmarks (slow; results are printed)
#   make examples, make picture   write the shipped examples, and their picture in the README, anew
#   make clean   remove what these made

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types imports pytest bench models examples picture clean

demo: .venv/demo.stamp
	$(BIN)/goodricke read src/goodricke/examples/data -o demo-output/lightcurves.parquet --report demo-output/report.csv
	$(BIN)/goodricke classify demo-output/lightcurves.parquet -o demo-output/classes.ecsv --plot demo-output/pages
	$(BIN)/goodricke classify src/goodricke/examples/spectra -o demo-output/binaries.ecsv --explain --plot demo-output/spectra

test: lint types imports pytest

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp
	$(BIN)/mypy

imports: .venv/dev.stamp
	$(BIN)/lint-imports

# A file of tests per core at a time; one thread for sums, since threads that wait for a busy core make small matrices crawl.
pytest: .venv/dev.stamp
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --cov --cov-report=term

bench: .venv/dev.stamp
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/parquet_stream.py
	$(BIN)/python benchmarks/cleaning.py
	$(BIN)/python benchmarks/fuzz.py
	$(BIN)/python benchmarks/periods.py
	$(BIN)/python benchmarks/features.py
	$(BIN)/python benchmarks/models.py
	$(BIN)/python benchmarks/decisions.py
	$(BIN)/python benchmarks/classify.py
	$(BIN)/python benchmarks/simulate_speed.py
	$(BIN)/python benchmarks/simulate_many.py -n 20000

# The bundles that ship, anew, from the data sets in DATA and, of spectra, the folder SPECTRA (see docs/train.md).
models: .venv/dev.stamp
	$(BIN)/python -m goodricke.train.period_chooser $(DATA)
	$(BIN)/goodricke train variables --data $(DATA) -o src/goodricke/models/bundles
	$(BIN)/goodricke train variables-with-period --data $(DATA) -o src/goodricke/models/bundles
	$(BIN)/goodricke train folds --data $(DATA) -o src/goodricke/models/bundles
	$(BIN)/goodricke train quick --single-fold --data $(DATA) -o src/goodricke/models/bundles
	$(BIN)/goodricke train bigru --data $(DATA) -o src/goodricke/models/bundles
	$(BIN)/python -m goodricke.train.emulator $(SPECTRA)
	$(BIN)/goodricke train spectra-binary --data $(SPECTRA) -o src/goodricke/models/bundles
	$(BIN)/goodricke train spectra-residual --data $(SPECTRA) -o src/goodricke/models/bundles

examples: .venv/dev.stamp
	$(BIN)/python -m goodricke.examples.make src/goodricke/examples/data
	$(BIN)/python -m goodricke.examples.make_spectra src/goodricke/examples/spectra

picture: .venv/demo.stamp
	$(BIN)/goodricke plot src/goodricke/examples/data --sheet -o docs

# The demo needs the package and matplotlib; the tests need the rest. pip compiles to bytecode, which start-up times need.
.venv/demo.stamp: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[plot]'
	mkdir -p demo-output
	touch $@

.venv/dev.stamp: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'torch==2.13.0'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

clean:
	rm -rf .venv demo-output .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage build src/*.egg-info
