"""The network of candidate folds: what it must not see, what it must not mind, and what it must."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from goodricke.models.onnx_graph import EXTRAS
from goodricke.networks.folds import Folds, FoldsSettings, Seen
from networks.made import settled, some_folds, some_steps

SETTINGS = FoldsSettings(
    candidates=5, strengths=6, features=7, widths=(8, 12, 16), raw_widths=(6, 8), embedding=20, hidden=24
)


def inputs(n: int = 6, seed: int = 0, candidates: int = 5) -> list[Tensor]:
    chance = torch.Generator().manual_seed(seed)
    return [
        some_folds(n, candidates, seed),
        torch.randn(n, candidates, 6, generator=chance),
        some_steps(n, 32, seed),
        torch.randn(n, 7, generator=chance),
    ]


def made(settings: FoldsSettings = SETTINGS) -> Folds:
    torch.manual_seed(0)
    network = Folds(4, settings)
    rng = np.random.default_rng(0)
    network.feature_scores.learn(rng.normal(size=(300, settings.features)))
    network.strength_scores.learn(rng.normal(size=(300, settings.strengths)))
    torch.nn.init.normal_(network.shape_to_class.weight)  # as after training
    return settled(network, lambda seed: inputs(16, seed))


@pytest.fixture(scope="module")
def network() -> Folds:
    return made()


def asked(network: Folds, given: list[Tensor]) -> Seen:
    with torch.inference_mode():
        return network(*given)


def same(one: Seen, other: Seen) -> None:
    for name, a, b in zip(Seen._fields, one, other, strict=True):
        np.testing.assert_allclose(a, b, atol=2e-5, err_msg=name)


def test_shapes_names_and_size(network: Folds) -> None:
    found = asked(network, inputs())
    assert [tuple(one.shape) for one in found] == [(6, 4), (6, 7), (6, 5), (6, 24)]
    assert set(Seen._fields) == {"logits", "embedding", "attention", "morphology"} <= {"logits", *EXTRAS}
    np.testing.assert_allclose(found.attention.exp().sum(1), 1.0, atol=1e-5)
    # What the settings promise, of 15 classes.
    assert sum(weight.numel() for weight in Folds(15).parameters()) == pytest.approx(3.2e5, rel=0.02)


def test_missing_candidates_have_no_influence(network: Folds) -> None:
    given = inputs()
    given[0][1, 2:], given[0][3, 0] = 0.0, 0.0
    before = asked(network, given)
    wild = [one.clone() for one in given]
    wild[1][1, 2:], wild[1][3, 0] = 9.0, torch.nan
    same(before, asked(network, wild))
    assert before.attention[1, 2:].max() < -1000
    assert before.attention[3, 0] < -1000
    fewer = [one[1:2, :2] if k < 2 else one[1:2] for k, one in enumerate(given)]
    found = asked(network, fewer)
    np.testing.assert_allclose(found.logits[0], before.logits[1], atol=2e-5)
    np.testing.assert_allclose(found.attention[0], before.attention[1, :2], atol=2e-5)


def test_candidates_are_a_set(network: Folds) -> None:
    given, turned = inputs(), [3, 0, 4, 1, 2]
    first = asked(network, given)
    second = asked(network, [given[0][:, turned], given[1][:, turned], *given[2:]])
    same(first._replace(attention=first.attention[:, turned]), second)


def test_no_more_candidates_are_looked_at_than_settings_say(network: Folds) -> None:
    given = inputs(candidates=8)
    few = [given[0][:, :5], given[1][:, :5], *given[2:]]
    same(asked(network, given), asked(network, few))


def test_the_fold_has_no_beginning(network: Folds) -> None:
    """Turned by eight bins, what the last stage sees is turned by one of its own: two bins a channel, halved twice."""
    seen: list[Tensor] = []
    hook = network.stages[-1].register_forward_hook(lambda _, __, found: seen.append(found))
    given = inputs(3)
    asked(network, given)
    for by in (8, -8, 24, 64):
        asked(network, [given[0].roll(by, dims=-1), *given[1:]])
        np.testing.assert_allclose(seen[-1], seen[0].roll(by // 8, dims=-1), atol=1e-5)
    hook.remove()
    assert seen[0].shape == (15, 16, 8)
    assert seen[0].std(dim=-1).max() > 0.01


def test_the_phase_of_minimum_is_known_all_the_same(network: Folds) -> None:
    """Bin 0 is the faintest: where the second minimum stands tells an eccentric binary."""
    given = inputs()
    turned = asked(network, [given[0].roll(8, dims=-1), *given[1:]])
    assert (turned.logits - asked(network, given).logits).abs().max() > 1e-3


def test_what_is_unknown_does_no_harm(network: Folds) -> None:
    given = inputs()
    given[1][:] = torch.nan
    given[3][:] = torch.nan
    given[3][2] = torch.inf
    found = asked(network, given)
    assert all(torch.isfinite(one).all() for one in found)
    nothing = [torch.zeros_like(given[0]), given[1], torch.zeros_like(given[2]), given[3]]
    assert all(torch.isfinite(one).all() for one in asked(network, nothing))


def test_company_does_not_matter(network: Folds) -> None:
    given = inputs(7)
    given[0][2, 1:] = 0.0
    alone = [asked(network, [one[k : k + 1] for one in given]) for k in range(7)]
    same(asked(network, given), Seen(*(torch.cat(parts) for parts in zip(*alone, strict=True))))


@pytest.mark.parametrize(("without", "unseen"), [
    (("raw",), 2), (("features",), 3), (("strengths",), 1), (("folds",), 0), (("folds", "strengths"), 0),
])  # fmt: skip
def test_what_it_is_told_not_to_look_at(without: tuple[str, ...], unseen: int) -> None:
    network = made(replace(SETTINGS, without=without))
    given = inputs()
    before = asked(network, given)
    given[unseen] = given[unseen].flip(0) * (1.0 if unseen == 2 else 1.3)
    same(before, asked(network, given))
    others = [k for k in range(4) if k != unseen and (k, without) != (1, ("folds", "strengths"))]
    for k in others:
        given = inputs()
        given[k] = given[k].flip(0)
        assert (asked(network, given).logits - before.logits).abs().max() > 1e-4, k


def test_what_it_does_not_look_at_drives_nothing() -> None:
    """Folds of nothing, normalised, once gave gradients of millions, and clipping them stopped all learning."""
    torch.manual_seed(0)
    network = Folds(4, replace(SETTINGS, without=("folds", "strengths"))).train()
    found = network(*inputs(16))
    (found.logits.square().mean() - found.attention[:, 0].mean()).backward()
    given = {name: one.grad for name, one in network.named_parameters() if one.grad is not None}
    assert max(float(grad.norm()) for grad in given.values()) < 10.0
    assert not any(name.startswith(("stages", "describe", "strength.", "merge")) for name in given)
    assert any(name.startswith("numbers") for name in given)


def test_branches_are_left_out_while_it_trains_alone(network: Folds) -> None:
    given = inputs()
    same(asked(network, given), asked(network, given))
    always = made(replace(SETTINGS, missing=1.0, dropout=0.0)).train()
    found = always(*given)
    np.testing.assert_allclose(found.logits.std(0).detach(), 0.0, atol=1e-5)  # nothing of the stars is left


def test_every_weight_learns() -> None:
    network = made().train()
    found = network(*inputs(16))
    loss = found.logits.square().sum() + found.morphology.square().sum() + found.attention[:, 0].sum()
    loss.backward()
    still = [name for name, weight in network.named_parameters() if weight.grad is None or not weight.grad.any()]
    assert not still
