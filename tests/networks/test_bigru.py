"""The recurrent network against torch's own layers, formulas of its initialisers, and the size that it claims."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from goodricke.errors import OptionError
from goodricke.networks.bigru import BiGRU, BiGRUSettings

SMALL = BiGRUSettings(units=(6, 5, 4), directions=(2, 2, 1))


def made(settings: BiGRUSettings = SMALL, classes: int = 4) -> BiGRU:
    """A network whose running means and variances are not those that it starts with."""
    torch.manual_seed(0)
    network = BiGRU(classes, settings)
    network.train()
    with torch.no_grad():
        for _ in range(20):
            network(torch.rand(16, 12, 3), torch.randint(3, 13, (16,)))
    return network.eval()


def sequence(n: int, steps: int, seed: int = 0) -> Tensor:
    return torch.rand(n, steps, 3, generator=torch.Generator().manual_seed(seed))


def test_the_paper_has_266_thousand_numbers_and_this_one_265092() -> None:
    network = BiGRU(4)
    weights = sum(one.numel() for one in network.parameters())
    running = sum(one.numel() for one in network.buffers() if one.is_floating_point())
    # Of a layer with u units, w inputs and d directions: 3 u (w + u + 2) d; of its normalisation 4 u d.
    layers = [(128, 3, 2), (64, 256, 2), (64, 128, 1)]
    by_hand = sum(3 * u * (w + u + 2) * d + 4 * u * d for u, w, d in layers) + 64 * 4 + 4
    assert weights + running == by_hand == 265_092


@pytest.mark.parametrize("settings", [SMALL, replace(SMALL, batch_norm=False, dense=7), BiGRUSettings((5,), (2,))])
def test_neither_padding_nor_company_changes_a_star(settings: BiGRUSettings) -> None:
    network = made(settings)
    star = sequence(1, 9)
    alone = network(star, torch.tensor([9]))
    company, lengths = sequence(5, 30, seed=1) * 50, torch.tensor([30, 9, 1, 22, 9])
    company[1, :9] = star[0]  # and wild numbers behind its last step
    np.testing.assert_allclose(network(company, lengths)[1].detach(), alone[0].detach(), atol=1e-6)


def test_padding_has_no_gradient_and_is_not_learned_from() -> None:
    network = BiGRU(4, SMALL).train()
    torch.manual_seed(3)
    values = sequence(4, 10).requires_grad_()
    lengths = torch.tensor([10, 3, 7, 1])
    (gradient,) = torch.autograd.grad(network(values, lengths).square().sum(), values)
    there = torch.arange(10)[None, :] < lengths[:, None]
    assert not gradient[~there].any()
    assert (gradient[there].abs().sum(1) > 0).all()


def test_a_layer_of_two_directions_is_that_of_torch() -> None:
    """torch packs the sequences; here they are turned by an index."""
    settings = BiGRUSettings(units=(6,), directions=(2,), dropout=0.0, batch_norm=False)
    torch.manual_seed(1)
    network = BiGRU(3, settings).eval()
    for weight in network.parameters():
        nn.init.normal_(weight, 0.0, 0.5)  # biases too, which start at zero
    theirs = nn.GRU(3, 6, batch_first=True, bidirectional=True)
    for name, weight in network.forwards[0].named_parameters():
        getattr(theirs, name).data.copy_(weight)
    for name, weight in network.backwards[0].named_parameters():
        getattr(theirs, f"{name}_reverse").data.copy_(weight)
    values, lengths = sequence(6, 11), torch.tensor([11, 4, 1, 8, 11, 2])
    packed = pack_padded_sequence(values, lengths, batch_first=True, enforce_sorted=False)
    given, _ = torch.nn.utils.rnn.pad_packed_sequence(theirs(packed)[0], batch_first=True)
    # The last step of the star: all of it read forwards, one step read backwards.
    last = given[torch.arange(6), lengths - 1]
    with torch.inference_mode():
        np.testing.assert_allclose(network(values, lengths), network.last(last).detach(), atol=1e-6)


def test_the_first_of_two_layers_tells_the_second_of_both_ends() -> None:
    """With one layer forwards behind it, the past of the last step knows the future of every other."""
    settings = BiGRUSettings(units=(6, 4), directions=(2, 1), dropout=0.0, batch_norm=False)
    network, theirs = made(settings), nn.GRU(3, 6, batch_first=True, bidirectional=True)
    for layer, ending in ((network.forwards[0], ""), (network.backwards[0], "_reverse")):
        for name, weight in layer.named_parameters():
            getattr(theirs, name + ending).data.copy_(weight)
    values = sequence(3, 8)
    with torch.inference_mode():
        wanted = network.last(network.forwards[1](theirs(values)[0])[0][:, -1])
        np.testing.assert_allclose(network(values, torch.full((3,), 8)), wanted, atol=1e-6)


def test_a_star_without_steps_has_finite_logits() -> None:
    found = made()(sequence(2, 5), torch.tensor([0, 5]))
    assert torch.isfinite(found).all()


def test_values_are_dropped_in_training_alone() -> None:
    network = made()
    values, lengths = sequence(8, 6), torch.full((8,), 6)
    assert torch.equal(network(values, lengths), network(values, lengths))
    network.train()
    assert not torch.allclose(network(values, lengths), network(values, lengths))


def test_activations_of_the_dense_layer() -> None:
    found = {}
    for name in ("tanh", "relu", "softmax"):
        network = made(replace(SMALL, dense=9, activation=name))
        seen: list[Tensor] = []
        network.last.register_forward_pre_hook(lambda _, given, to=seen: to.append(given[0]))
        network(sequence(5, 8), torch.full((5,), 8))
        found[name] = seen[0].detach()
        assert found[name].shape == (5, 9)
    assert (found["relu"] >= 0).all()
    assert (found["relu"] == 0).any()
    assert (found["tanh"] < 0).any()
    np.testing.assert_allclose(found["softmax"].sum(1), 1.0, atol=1e-6)


@pytest.mark.parametrize(
    ("key", "value"),
    [("activation", "rleu"), ("initialiser", "glorot"), ("directions", (2, 2)), ("directions", (2, 3, 1))],
)
def test_settings_that_are_none(key: str, value: object) -> None:
    with pytest.raises(OptionError, match=key):
        BiGRU(4, replace(SMALL, **{key: value}))


# Keras's: uniform ones reach as far as the formula says, normal ones have that standard deviation.
_FAN_IN, _FAN_OUT = 256, 64
BOUNDS = {
    "glorot_uniform": np.sqrt(6 / (_FAN_IN + _FAN_OUT)), "lecun_uniform": np.sqrt(3 / _FAN_IN),
    "he_uniform": np.sqrt(6 / _FAN_IN), "lecun_normal": np.sqrt(1 / _FAN_IN), "he_normal": np.sqrt(2 / _FAN_IN),
}  # fmt: skip


@pytest.mark.parametrize("name", [*BOUNDS, "orthogonal"])
def test_initialisers_are_those_of_keras(name: str) -> None:
    torch.manual_seed(0)
    network = BiGRU(4, BiGRUSettings(initialiser=name))
    layer = network.forwards[1]
    for gate in layer.weight_ih_l0.detach().chunk(3):  # 64 x 256
        if name == "orthogonal":
            np.testing.assert_allclose(gate @ gate.T, np.eye(_FAN_OUT), atol=1e-5)
        elif name.endswith("uniform"):
            # Of 16,384 draws the largest is within a thousandth of the bound, 16 times out of 16.
            assert gate.abs().max() == pytest.approx(BOUNDS[name], rel=1e-3)
            assert gate.std() == pytest.approx(BOUNDS[name] / np.sqrt(3), rel=0.03)
        else:
            assert gate.std() == pytest.approx(BOUNDS[name], rel=0.03)
            assert gate.abs().max() > 2 * BOUNDS[name]
    for gate in layer.weight_hh_l0.detach().chunk(3):
        np.testing.assert_allclose(gate @ gate.T, np.eye(64), atol=1e-5)
    assert not layer.bias_ih_l0.any()
    assert not layer.bias_hh_l0.any()
    assert not network.last.bias.any()
