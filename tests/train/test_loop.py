"""The training loop: what is learned, when it stops, and that a killed run ends where an unbroken one does."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from scipy.special import log_softmax
from torch import nn

from goodricke.train import loop
from goodricke.train.loop import Epoch, LoopSettings, class_weights, cross_entropy, fit, outputs_of
from train.blobs import Blobs, Small

SETTINGS = LoopSettings(epochs=5, batch=16, learning_rate=0.02)


def fitted(
    folder: Path, settings: LoopSettings = SETTINGS, stars: Blobs | None = None, seed: int = 3, **more: Any
) -> tuple[Small, list[Epoch]]:
    network = Small()
    history = fit(network, stars or Blobs(), Blobs(60, 1), settings, folder, seed, lambda _: None, **more)
    return network, history


def weights(network: nn.Module) -> dict[str, np.ndarray]:
    return {name: value.numpy().copy() for name, value in network.state_dict().items()}


def same(one: nn.Module, other: nn.Module) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


def timeless(history: list[Epoch]) -> list[Epoch]:
    return [replace(row, seconds=0.0) for row in history]


# Learning --------------------------------------------------------------------------------------------------------


def test_it_learns_what_can_be_learned(tmp_path: Path) -> None:
    network, history = fitted(tmp_path)
    assert [row.number for row in history] == [1, 2, 3, 4, 5]
    assert history[-1].held_out_accuracy > 0.95
    assert history[-1].loss < 0.5 * history[0].loss
    assert not network.training
    held = Blobs(60, 1)
    logits, embedding = outputs_of(network, held)
    assert embedding.shape == (60, 8)
    best = min(history, key=lambda row: row.held_out_loss)
    # The weights are those of the best epoch.
    plain = -np.mean(log_softmax(logits, axis=1)[held.target > 0])
    assert plain == pytest.approx(best.held_out_loss, rel=1e-5)
    assert np.mean(logits.argmax(1) == held.target.argmax(1)) == pytest.approx(best.held_out_accuracy)


def test_the_history_is_kept_and_told(tmp_path: Path) -> None:
    said: list[str] = []
    history = fit(Small(), Blobs(), Blobs(60, 1), SETTINGS, tmp_path, 0, said.append)
    lines = (tmp_path / "history.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [asdict(row) for row in history]
    assert [line.split(":")[0] for line in said] == [f"epoch {k}" for k in range(1, 6)]


@pytest.mark.parametrize("average", [0.0, 0.9])
@pytest.mark.parametrize("schedule", loop.SCHEDULES)
@pytest.mark.parametrize("stop_at", [8, 9, 20])  # eight batches an epoch: before the first ends, after it, in the third
def test_a_killed_run_that_goes_on_ends_where_an_unbroken_one_does(
    schedule: str, average: float, stop_at: int, tmp_path: Path
) -> None:
    settings = replace(SETTINGS, schedule=schedule, average=average, patience=1, decay=0.01)
    whole, history = fitted(tmp_path / "whole", settings)
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path / "killed", settings, Blobs(stop_at=stop_at))
    again, same_history = fitted(tmp_path / "killed", settings)
    assert same(whole, again)
    assert timeless(history) == timeless(same_history)
    checkpoints = [load_file(tmp_path / name / "checkpoint.safetensors") for name in ("whole", "killed")]
    assert checkpoints[0].keys() == checkpoints[1].keys()
    assert all(torch.equal(checkpoints[0][name], checkpoints[1][name]) for name in checkpoints[0])


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    whole, history = fitted(tmp_path)
    untouched = Blobs(stop_at=1)
    again, same_history = fitted(tmp_path, stars=untouched)
    assert untouched.asked == 0
    assert same(whole, again)
    assert history == same_history
    # More epochs go on from there.
    longer, more = fitted(tmp_path, replace(SETTINGS, epochs=7))
    assert more[:5] == history
    assert len(more) == 7
    from_nothing, _ = fitted(tmp_path / "other", replace(SETTINGS, epochs=7))
    assert same(longer, from_nothing)


def test_the_seed_decides(tmp_path: Path) -> None:
    one, two, other = (fitted(tmp_path / str(k), seed=seed)[0] for k, seed in enumerate((3, 3, 4)))
    assert same(one, two)
    assert not same(one, other)


def test_no_rate_no_change_and_no_gradient_no_change(tmp_path: Path) -> None:
    start = weights(Small())
    for k, settings in enumerate((replace(SETTINGS, learning_rate=0.0), replace(SETTINGS, clip=0.0))):
        network, _ = fitted(tmp_path / str(k), settings)
        for name, value in network.named_parameters():
            np.testing.assert_array_equal(value.detach().numpy(), start[name])


# When it stops ---------------------------------------------------------------------------------------------------


def progress(losses: list[float], **changed: Any) -> tuple[loop._Progress, list[float], list[bool]]:
    """The state after these losses on held-out stars; before each of them the rate, and whether it was the best."""
    settings = LoopSettings(**{"epochs": 50, "learning_rate": 1.0, "patience": 2, "factor": 0.5, "stop": 5, **changed})
    state, rates, better = loop._Progress(settings, []), [], []
    for k, held_out in enumerate(losses):
        assert not state.done
        rates.append(state.learning_rate)
        better.append(state.add(Epoch(k + 1, 0.0, 0.0, held_out, 0.0, 0.0, 0.0)))
    return state, rates, better


def test_the_rate_falls_when_it_gets_no_better() -> None:
    losses = [3.0, 2.0, 2.5, 2.0, 1.9, 2.1, 2.2, 2.3, 2.4]
    state, rates, better = progress(losses)
    assert better == [True, True, False, False, True, False, False, False, False]
    # Two epochs without a better one, the fourth and the seventh, halve it for the next; and two more once again.
    assert rates == [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]
    assert state.learning_rate == 0.125
    assert state.best == 1.9


def test_it_stops_when_it_gets_no_better_or_at_the_last_epoch() -> None:
    assert progress([1.0, 1.1, 1.2, 1.3, 1.4, 1.5])[0].done
    assert not progress([1.0, 1.1, 1.2, 1.3, 1.4])[0].done
    assert not progress([1.0, 1.1, 1.2, 1.3, 1.4, 0.9])[0].done
    assert progress([3.0, 2.0, 1.0], epochs=3)[0].done
    assert progress([np.nan] * 5)[0].done  # a run that broke ends too


def test_it_stops_by_held_out_stars_that_it_cannot_learn(tmp_path: Path) -> None:
    settings = replace(SETTINGS, epochs=40, stop=4)
    held = Blobs(60, 1)
    held.target = np.roll(held.target, 1, axis=1)  # the better it gets, the more wrong it is
    history = fit(Small(), Blobs(), held, settings, tmp_path, 0, lambda _: None)
    best = min(history, key=lambda row: row.held_out_loss).number
    assert len(history) == best + 4 < 40


def test_the_cycle_rises_and_falls(tmp_path: Path) -> None:
    settings = LoopSettings(epochs=14, learning_rate=2.0, schedule="cycle")
    network = Small()
    optimiser = torch.optim.AdamW(network.parameters())
    run = loop._Run(network, optimiser, cross_entropy(torch.ones(3)), settings, 0, torch.device("cpu"), {})
    rate = [run.rate(1 + k // 10, k % 10 / 10, 99.0) for k in range(140)] + [run.rate(14, 1.0, 99.0)]
    assert rate[0] == pytest.approx(0.2)
    assert rate[20] == max(rate) == pytest.approx(2.0)
    assert (np.diff(rate[:21]) > 0).all()
    assert (np.diff(rate[20:]) < 0).all()
    assert rate[80] == pytest.approx(1.0)  # half way down the cosine
    assert rate[-1] == pytest.approx(0.0, abs=1e-12)
    _, history = fitted(tmp_path, replace(SETTINGS, schedule="cycle"))
    assert history[-1].learning_rate == pytest.approx(0.0, abs=1e-9)


# Averages of weights ---------------------------------------------------------------------------------------------


def test_the_weights_that_are_kept_are_the_mean_of_the_last_batches(tmp_path: Path) -> None:
    network, seen = Small(), []

    class Watched(Blobs):
        def batch(self, rows: Any, rng: Any) -> Any:
            if rng is not None:
                seen.append(weights(network))
            return super().batch(rows, rng)

    settings = replace(SETTINGS, epochs=1, average=0.3)
    fit(network, Watched(), Blobs(60, 1), settings, tmp_path, 0, lambda _: None)
    stored = load_file(tmp_path / "checkpoint.safetensors")
    seen.append({name: stored[f"network.{name}"].numpy() for name in seen[0]})
    for name, kept in weights(network).items():
        mean = seen[0][name].astype(np.float64)
        for k, after in enumerate(seen[1:]):
            keep = min(0.3, (k + 1) / (k + 10))  # young averages forget their beginning sooner
            mean = keep * mean + (1.0 - keep) * after[name] if after[name].dtype.kind == "f" else after[name]
        np.testing.assert_allclose(kept, mean, rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(kept, stored[f"averaged.{name}"])
        np.testing.assert_array_equal(kept, stored[f"best.{name}"])


# The loss ----------------------------------------------------------------------------------------------------------

LOGITS = torch.tensor(np.random.default_rng(0).normal(size=(40, 4)), dtype=torch.float32)
WEIGHT = torch.tensor([0.5, 1.0, 2.0, 0.7])


def test_of_certain_stars_it_is_torchs() -> None:
    label = torch.tensor(np.random.default_rng(1).integers(0, 4, 40))
    target = nn.functional.one_hot(label, 4).float()
    wanted = nn.functional.cross_entropy(LOGITS, label, weight=WEIGHT)
    assert float(cross_entropy(WEIGHT)(LOGITS, {"target": target})) == pytest.approx(float(wanted), rel=1e-6)


def test_of_probabilities_it_is_the_usual_one() -> None:
    soft = np.random.default_rng(2).dirichlet(np.ones(4), 40)
    log_p = log_softmax(LOGITS.numpy().astype(np.float64), axis=1)
    w = WEIGHT.numpy()
    wanted = -(soft * w * log_p).sum() / (soft * w).sum()
    found = cross_entropy(WEIGHT)(LOGITS, {"target": torch.tensor(soft, dtype=torch.float32)})
    assert float(found) == pytest.approx(wanted, rel=1e-5)


def test_of_stars_that_may_be_several_it_is_their_sum() -> None:
    sets = np.zeros((40, 4), dtype=np.float32)
    rng = np.random.default_rng(3)
    for row in sets:
        row[rng.permutation(4)[: rng.integers(1, 4)]] = 1.0
    p = np.exp(log_softmax(LOGITS.numpy().astype(np.float64), axis=1))
    mean_weight = (sets * WEIGHT.numpy()).sum(1) / sets.sum(1)
    wanted = -(mean_weight * np.log((p * sets).sum(1))).sum() / mean_weight.sum()
    assert float(cross_entropy(WEIGHT)(LOGITS, {"target": torch.tensor(sets)})) == pytest.approx(wanted, rel=1e-5)
    # Sharing it otherwise among the classes that it may be changes nothing.
    logits = torch.log(torch.tensor([[0.1, 0.5, 0.4], [0.1, 0.2, 0.7]]))
    either = torch.tensor([[0.0, 1.0, 1.0]])
    loss = cross_entropy(torch.ones(3))
    assert float(loss(logits[:1], {"target": either})) == pytest.approx(-np.log(0.9), rel=1e-6)
    assert float(loss(logits[1:], {"target": either})) == pytest.approx(-np.log(0.9), rel=1e-6)


def test_the_loss_of_hopeless_logits_has_a_finite_gradient() -> None:
    logits = torch.tensor([[80.0, -80.0, 0.0], [-300.0, 300.0, 0.0]], requires_grad=True)
    target = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    (gradient,) = torch.autograd.grad(cross_entropy(torch.ones(3))(logits, {"target": target}), logits)
    assert torch.isfinite(gradient).all()


def test_the_first_of_several_outputs_are_the_logits() -> None:
    target = {"target": torch.eye(4)[torch.arange(40) % 4]}
    loss = cross_entropy(WEIGHT)
    assert torch.equal(loss((LOGITS, LOGITS * 9.0), target), loss(LOGITS, target))


def test_class_weights_are_those_of_the_paper() -> None:
    """w = p / sum p with p = 1 - N_c / N; here times the number of classes, which changes no minimum."""
    target = np.eye(4, dtype=np.float32)[np.repeat(np.arange(4), [10, 20, 30, 40])]
    p = 1.0 - np.array([0.1, 0.2, 0.3, 0.4])
    np.testing.assert_allclose(class_weights(target, "seed"), 4 * p / p.sum(), rtol=1e-6)
    inverse = 1.0 / np.array([0.1, 0.2, 0.3, 0.4])
    np.testing.assert_allclose(class_weights(target, "inverse"), 4 * inverse / inverse.sum(), rtol=1e-6)
    np.testing.assert_array_equal(class_weights(target, "none"), np.ones(4))
    # A star that may be two classes is half a star of each.
    either = np.concatenate([target, np.tile([[1.0, 1.0, 0.0, 0.0]], (100, 1)).astype(np.float32)])
    q = 1.0 - np.array([60, 70, 30, 40]) / 200
    np.testing.assert_allclose(class_weights(either, "seed"), 4 * q / q.sum(), rtol=1e-6)


def test_either_class_is_right_for_a_star_that_may_be_both() -> None:
    logits = torch.tensor([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [0.0, 1.0, 4.0]])
    target = torch.tensor([[1.0, 1.0, 0.0]]).expand(3, 3)
    assert loop._right(logits, target).tolist() == [True, True, False]
    assert loop._right(logits, torch.tensor([[0.6, 0.4, 0.0]] * 3)).tolist() == [True, False, False]


def test_another_loss_is_given_all_targets(tmp_path: Path) -> None:
    class More(Blobs):
        def targets(self, rows: Any) -> Any:
            return {**super().targets(rows), "number": rows}

    seen: set[int] = set()

    def loss(given: Any, targets: Any) -> Any:
        seen.update(targets["number"].tolist())
        return cross_entropy(torch.ones(3))(given, targets)

    fitted(tmp_path, stars=More(), loss=loss)
    assert seen == set(range(120))


# Batches -----------------------------------------------------------------------------------------------------------


def test_every_star_is_in_one_batch_with_stars_of_like_length() -> None:
    lengths = np.random.default_rng(0).integers(20, 1000, 1000)
    batches = list(loop._batches(lengths, 32, np.random.default_rng(1)))
    assert sorted(np.concatenate(batches).tolist()) == list(range(1000))
    assert {len(rows) for rows in batches} == {32, 1000 % 32}
    padded = sum(len(rows) * lengths[rows].max() for rows in batches)
    assert padded < 1.2 * lengths.sum()  # at random it would be nearly twice as much
    firsts = [lengths[rows].mean() for rows in batches]
    assert np.abs(np.corrcoef(firsts, np.arange(len(firsts)))[0, 1]) < 0.5  # short ones are not always first
    other = list(loop._batches(lengths, 32, np.random.default_rng(2)))
    mates = [{frozenset(rows.tolist()) for rows in found} for found in (batches, other)]
    assert len(mates[0] & mates[1]) < 3  # and they are not always with the same


def test_batches_of_stars_of_one_length_are_drawn_by_chance() -> None:
    batches = list(loop._batches(np.ones(100, dtype=np.int64), 10, np.random.default_rng(0)))
    assert sorted(np.concatenate(batches).tolist()) == list(range(100))
    assert max(np.ptp(rows) for rows in batches) > 50


def test_a_batch_of_one_star_is_not_learned_from_but_is_judged(tmp_path: Path) -> None:
    _, history = fitted(tmp_path, replace(SETTINGS, epochs=1), Blobs(17))
    assert np.isfinite(history[0].loss)
    assert len(outputs_of(Small(), Blobs(17), 16)[0]) == 17


def test_answers_stand_in_the_order_of_the_stars() -> None:
    network, stars = Small().eval(), Blobs(50)
    with torch.inference_mode():
        wanted = network(torch.from_numpy(stars.values))
    for size in (1, 7, 512):
        logits, embedding = outputs_of(network, stars, size)
        np.testing.assert_allclose(logits, wanted.logits, atol=1e-5)
        np.testing.assert_allclose(embedding, wanted.embedding, atol=1e-5)
