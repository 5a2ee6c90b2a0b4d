"""Batches in their turn: as they come, and never many at a time."""

from __future__ import annotations

from collections.abc import Iterator

from goodricke.line import Model, load_model
from goodricke.line.processes import in_turn


def length(batch: str, model: Model) -> int:
    """Something that other processes can be asked for."""
    return len(batch) + len(model.classes_)


def test_batches_come_back_in_their_order() -> None:
    model = load_model("quick")
    words = ["a", "bbbb", "cc", "", "ddd"]
    expected = [(word, len(word) + len(model.classes_)) for word in words]
    assert list(in_turn(words, model, length, 1)) == expected
    assert list(in_turn(words, model, length, 2)) == expected
    assert list(in_turn([], model, length, 2)) == []
    assert list(in_turn(["one"], model, length, 2)) == [("one", 3 + len(model.classes_))]


def test_work_is_not_taken_before_it_is_needed() -> None:
    taken: list[int] = []

    def work() -> Iterator[str]:
        for k in range(100):
            taken.append(k)
            yield "x" * k

    model = load_model("quick")
    stream = in_turn(work(), model, length, 1)
    assert next(stream)[1] == len(model.classes_)
    assert len(taken) <= 2
    several = in_turn(work(), model, length, 2)
    taken.clear()
    next(several)
    assert len(taken) <= 6  # two for each process, and those that the first look takes
    several.close()
