"""The ONNX graph gives the net's probabilities, for any net, batch and length."""

from typing import get_args

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto

from model.classifier import RecurrentClassifier
from model.graph import OPSET, graph_of, weights_size
from model.settings import Cell, Pooling
from tests.model.texts import net

SHAPES = [(1, 1), (1, 9), (2, 1), (5, 3), (33, 20)]  # texts, steps of the longest


def lively(**settings: object) -> RecurrentClassifier:
    """A net whose weights are so large that a wrong one shows."""
    made = net(hidden_dim=6, embedding_dim=5, dropout=0.5, **settings).eval()
    with torch.no_grad():
        for weights in made.parameters():
            weights.mul_(3)
    return made


def assert_same(made: RecurrentClassifier) -> None:
    graph = graph_of(made)
    onnx.checker.check_model(graph, full_check=True)
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    drawn = torch.Generator().manual_seed(0)
    for rows, longest in SHAPES:
        ids = torch.randint(4, 24, (rows, longest), generator=drawn)
        lengths = torch.randint(1, longest + 1, (rows,), generator=drawn)
        with torch.inference_mode():
            logits = made(ids, lengths)
        feed = {"ids": ids.numpy(), "lengths": lengths.numpy()}
        said = session.run(["logits", "probabilities"], feed)
        np.testing.assert_allclose(said[0], logits.numpy(), atol=1e-5)
        np.testing.assert_allclose(said[1], logits.softmax(dim=1).numpy(), atol=1e-5)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("pooling", get_args(Pooling))
@pytest.mark.parametrize("cell", get_args(Cell))
def test_every_kind_of_net(cell: Cell, pooling: Pooling, bidirectional: bool, layers: int) -> None:
    assert_same(lively(cell=cell, pooling=pooling, bidirectional=bidirectional, layers=layers))


def test_many_layers_and_a_net_in_training_mode_and_half_precision() -> None:
    made = lively(cell="gru", bidirectional=True, layers=4)
    assert_same(made)
    expected = graph_of(made)
    assert graph_of(made.train()) == expected, "dropout is off"
    assert made.training
    stored = graph_of(made.bfloat16()).graph.initializer
    assert {c.data_type for c in stored} == {TensorProto.FLOAT, TensorProto.INT64}


def test_names_types_and_versions_are_the_documented_ones() -> None:
    graph = graph_of(lively())
    described = {
        value.name: (
            value.type.tensor_type.elem_type,
            [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim],
        )
        for value in [*graph.graph.input, *graph.graph.output]
    }
    assert described == {
        "ids": (TensorProto.INT64, ["batch", "length"]),
        "lengths": (TensorProto.INT64, ["batch"]),
        "logits": (TensorProto.FLOAT, ["batch", 2]),
        "probabilities": (TensorProto.FLOAT, ["batch", 2]),
    }
    assert [(o.domain, o.version) for o in graph.opset_import] == [("", OPSET)]


def test_padding_may_be_any_id() -> None:
    made = lively(bidirectional=True, pooling="max+last")
    session = onnxruntime.InferenceSession(graph_of(made).SerializeToString())
    lengths = np.array([2, 1], np.int64)
    both = [
        session.run(["logits"], {"ids": np.array(ids, np.int64), "lengths": lengths})[0]
        for ids in ([[5, 6, 3], [7, 3, 3]], [[5, 6, 9], [7, 8, 23]])
    ]
    np.testing.assert_array_equal(both[0], both[1])


def test_the_size_is_that_of_the_file_but_for_the_graph() -> None:
    made = lively(layers=2)
    assert 0 < len(graph_of(made).SerializeToString()) - weights_size(made) < 6_000
