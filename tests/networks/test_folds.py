import numpy as np
import pytest

torch = pytest.importorskip("torch")

from goodricke.networks.folds import Folds, FoldsSettings  # noqa: E402

SETTINGS = FoldsSettings(strengths=5, scalars=7)


def inputs(n=6, c=4, seed=0):
    chance = torch.Generator().manual_seed(seed)
    there = torch.ones(n, c, dtype=torch.bool)
    there[1, 2:] = False
    return (
        torch.randn(n, c, 3, 64, generator=chance),
        torch.randn(n, c, 5, generator=chance),
        there,
        torch.randn(n, 7, generator=chance),
    )


@pytest.fixture
def network():
    torch.manual_seed(0)
    return Folds(14, SETTINGS).eval()


def test_shapes_and_size(network):
    classes, morphology, attention = network(*inputs())
    assert classes.shape == (6, 14)
    assert morphology.shape == (6, SETTINGS.levels)
    assert torch.allclose(attention.exp().sum(1), torch.ones(6))
    assert 1e5 < sum(weight.numel() for weight in Folds(14).parameters()) < 1.5e6


def test_missing_candidates_are_not_seen(network):
    folds, strengths, there, scalars = inputs()
    before = network(folds, strengths, there, scalars)
    folds[1, 2:], strengths[1, 2:] = 9.0, -9.0
    after = network(folds, strengths, there, scalars)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(before, after, strict=True))
    assert before[2][1, 2:].max() < -100


def test_order_of_candidates_does_not_matter(network):
    folds, strengths, there, scalars = inputs()
    turned = [2, 0, 3, 1]
    first = network(folds, strengths, there, scalars)
    second = network(folds[:, turned], strengths[:, turned], there[:, turned], scalars)
    assert torch.allclose(first[0], second[0], atol=1e-5)
    assert torch.allclose(first[2][:, turned], second[2], atol=1e-4)


# The exporter that writes plain operators is the older one; torch warns that it will go one day.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_exported_graph_agrees(network, tmp_path):
    pytest.importorskip("onnx")
    onnxruntime = pytest.importorskip("onnxruntime")
    names = ["folds", "strengths", "there", "scalars"]
    path = tmp_path / "folds.onnx"
    torch.onnx.export(
        network, inputs(), str(path), input_names=names, output_names=["logits", "morphology", "attention"],
        dynamic_axes={name: {0: "n"} for name in names}, dynamo=False, opset_version=17,
    )  # fmt: skip
    session = onnxruntime.InferenceSession(str(path))
    for n in (2, 9):
        batch = inputs(n, seed=n)
        found = session.run(None, {name: one.numpy() for name, one in zip(names, batch, strict=True)})
        with torch.inference_mode():
            wanted = network(*batch)
        for one, two in zip(found[:2], wanted[:2], strict=True):
            assert np.abs(one - two.numpy()).max() < 1e-5
        assert np.abs(np.exp(found[2]) - wanted[2].exp().numpy()).max() < 1e-5
