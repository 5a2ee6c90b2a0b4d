"""What starting costs: modules that must stay out, and CPU time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "sklearn", "pandas", "dask", "matplotlib", "lsdb", "numba", "astropy", "scipy", "onnxruntime")


def imported(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(' '.join({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import goodricke",
        "import goodricke as gr; gr.read, gr.LightCurves",
        "import goodricke.surveys, goodricke.batch",
    ],
)
def test_no_heavy_module_comes_along(statement: str) -> None:
    assert imported(statement).isdisjoint(HEAVY)


def test_the_bare_import_brings_nothing_but_the_standard_library() -> None:
    assert imported("import goodricke").isdisjoint({"numpy", "pyarrow", "click"})


def cpu_ms(arguments: list[str], cache: Path) -> float:
    """User and system time of a run, best of three, with bytecode compiled (the first run compiles)."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(cache)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    code = (
        "import os,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "print(sum(os.times()[2:4]))"
    )
    times = []
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", code, sys.executable, *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=env,
        )
        times.append(1e3 * float(done.stdout))
    return min(times[1:])


def test_help_answers_at_once(tmp_path: Path) -> None:
    bare = cpu_ms(["-c", "pass"], tmp_path)
    spent = cpu_ms(["-m", "goodricke", "--help"], tmp_path)
    # 150 ms on the machine of record, where a bare interpreter takes some 20; a slower machine gets its due.
    assert spent < 150 * max(1.0, bare / 25.0)
