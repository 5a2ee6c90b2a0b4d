from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save
from torch import nn

from goodricke.errors import DataError
from goodricke.train.checkpoint import load_checkpoint, save_checkpoint
from train.blobs import Small


def learned(seed: int = 0) -> tuple[Small, torch.optim.Optimizer]:
    """A network and an optimiser after three steps."""
    network = Small(seed)
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.1)
    torch.manual_seed(seed)
    for _ in range(3):
        optimiser.zero_grad()
        network(torch.rand(8, 2)).logits.square().sum().backward()
        optimiser.step()
    return network, optimiser


def copied(network: nn.Module, by: float = 1.0) -> dict[str, torch.Tensor]:
    return {name: (value * by).detach().clone() for name, value in network.state_dict().items()}


HISTORY = [{"number": 1, "loss": 0.1 + 0.2, "seconds": 1e-9}, {"number": 2, "loss": 1 / 3, "seconds": 0.0}]


def test_all_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    network, optimiser = learned()
    best, averaged = copied(network, 0.5), copied(network, 2.0)
    save_checkpoint(tmp_path, network, optimiser, best, averaged, HISTORY)
    other, fresh = learned(1)
    found = load_checkpoint(tmp_path, other, fresh)
    assert found is not None
    for one, two in ((other.state_dict(), network.state_dict()), (found[0], best), (found[1], averaged)):
        assert one.keys() == two.keys()
        assert all(torch.equal(one[name], two[name]) for name in one)
        assert all(one[name].dtype == two[name].dtype for name in one)
    assert found[2] == HISTORY
    # The optimiser goes on as the other would have.
    for net, opt in ((network, optimiser), (other, fresh)):
        torch.manual_seed(5)
        opt.zero_grad()
        net(torch.rand(8, 2)).logits.square().sum().backward()
        opt.step()
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), other.parameters(), strict=True))


def test_a_later_one_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    for rows in (HISTORY[:1], HISTORY):
        network, optimiser = learned()
        save_checkpoint(tmp_path, network, optimiser, copied(network), copied(network), rows)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.safetensors"]
    found = load_checkpoint(tmp_path, *learned())
    assert found is not None
    assert found[2] == HISTORY


def test_before_the_first_step(tmp_path: Path) -> None:
    network = Small()
    optimiser = torch.optim.AdamW(network.parameters())
    save_checkpoint(tmp_path, network, optimiser, copied(network), copied(network), [])
    found = load_checkpoint(tmp_path, Small(), torch.optim.AdamW(Small().parameters()))
    assert found is not None
    assert found[2] == []


def test_anybody_can_read_the_file(tmp_path: Path) -> None:
    network, optimiser = learned()
    save_checkpoint(tmp_path, network, optimiser, copied(network), copied(network), HISTORY)
    names = load_file(tmp_path / "checkpoint.safetensors").keys()
    assert {name.partition(".")[0] for name in names} == {"network", "best", "averaged", "optimiser"}


def test_there_is_none(tmp_path: Path) -> None:
    assert load_checkpoint(tmp_path, *learned()) is None


def test_of_another_network(tmp_path: Path) -> None:
    network, optimiser = learned()
    save_checkpoint(tmp_path, network, optimiser, copied(network), copied(network), HISTORY)
    other = nn.Linear(2, 3)
    with pytest.raises(DataError, match=r"checkpoint\.safetensors is of another network; choose another folder"):
        load_checkpoint(tmp_path, other, torch.optim.AdamW(other.parameters()))


@pytest.mark.parametrize("content", [b"", b"abc", b"\x80\x04\x95pickled", bytes(1000), save({"a": torch.ones(2)})])
def test_a_file_that_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "checkpoint.safetensors").write_bytes(content)
    with pytest.raises(DataError, match=r"checkpoint\.safetensors cannot be read .*; remove it"):
        load_checkpoint(tmp_path, *learned())
