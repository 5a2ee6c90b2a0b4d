"""Numba at arm's length: kernels are plain functions that numba compiles where it is installed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from goodricke.errors import MissingDependency

__all__ = ["Floats", "Ints", "kernel", "need_numba", "numba_threads", "parallel_kernel", "small_kernel", "span"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])

# Not the whole of fastmath: a NaN must stay a NaN.
_MATHS = {"nsz", "arcp", "contract", "reassoc", "afn"}


def _numba() -> Any:
    try:
        return importlib.import_module("numba")
    except ImportError:
        return None


def need_numba() -> Any:
    """Return the module numba.

    Raises
    ------
    MissingDependency
        When it is not installed.
    """
    found = _numba()
    if found is None:
        raise MissingDependency("numba", "simulate")
    return found


def _compiled(function: F, **options: bool) -> F:
    """Compile without the lock of Python and without checks for zero divisors, which would forbid vector code."""
    numba = _numba()
    if numba is None:
        return function
    made: F = numba.njit(nogil=True, cache=True, error_model="numpy", fastmath=_MATHS, **options)(function)
    return made


def kernel(function: F) -> F:
    """Compile a function of numbers and arrays; where numba is missing it stays plain Python, slow but the same."""
    return _compiled(function)


def small_kernel(function: F) -> F:
    """Compile a function that becomes part of the loops that call it, so that they can become vector code."""
    return _compiled(function, forceinline=True)


def parallel_kernel(function: F) -> F:
    """Compile a function whose ``span`` loop runs over all threads."""
    return _compiled(function, parallel=True)


def numba_threads(threads: int | None) -> int:
    """Set the number of threads (None: all) and return the one that was set before."""
    numba = need_numba()
    before = int(numba.get_num_threads())
    most = int(numba.config.NUMBA_NUM_THREADS)
    numba.set_num_threads(most if threads is None else max(1, min(threads, most)))
    return before


_found = _numba()
span: Any = range if _found is None else _found.prange
"""``prange`` of numba, for the loop over systems."""
