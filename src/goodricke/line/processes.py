"""Batches of anything through a model, by this process or by several."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

from goodricke.errors import GoodrickeError
from goodricke.line.memory import keep_freed_memory
from goodricke.line.model import Model, load_model

__all__ = ["BREAKS", "in_turn"]

W = TypeVar("W")
R = TypeVar("R")

BREAKS = (GoodrickeError, ValueError, ArithmeticError, IndexError)
"""What arithmetic on strange numbers may raise; a bug of ours that raises anything else shall be seen."""

_THREADS = "OMP_NUM_THREADS"
_AHEAD = 2  # batches that wait for each process: none is idle, and few are held in memory


def in_turn(work: Iterable[W], model: Model, how: Callable[[W, Model], R], jobs: int) -> Iterator[tuple[W, R]]:
    """Every batch with what became of it, in their order; only a few are held at a time.

    Parameters
    ----------
    work : iterable
        Batches; with several processes they and what is made of them must be picklable.
    model : Model
        Every process loads it once, from its folder, when there are several.
    how : callable
        Of a batch and the model.
    jobs : int
        Processes.
    """
    batches = iter(work)
    first = list(islice(batches, 2))
    if jobs < 2 or len(first) < 2:
        for batch in chain(first, batches):
            yield batch, how(batch, model)
        return
    # New processes, not copies of this one: a copy of a process with threads may hang. One thread each is enough.
    with (
        _one_thread(),
        ProcessPoolExecutor(jobs, get_context("spawn"), _load_once, (str(model.bundle.folder),)) as pool,
    ):
        waiting: deque[tuple[W, Future[R]]] = deque()
        for batch in chain(first, batches):
            waiting.append((batch, pool.submit(_in_worker, how, batch)))
            if len(waiting) >= _AHEAD * jobs:
                done, result = waiting.popleft()
                yield done, result.result()
        for done, result in waiting:
            yield done, result.result()


@contextmanager
def _one_thread() -> Iterator[None]:
    """What is started here finds itself told to use one thread for its sums."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before


_loaded: list[Model] = []


def _load_once(folder: str) -> None:
    keep_freed_memory()
    _loaded.append(load_model(folder))


def _in_worker(how: Callable[[W, Model], R], batch: W) -> R:
    return how(batch, _loaded[0])
