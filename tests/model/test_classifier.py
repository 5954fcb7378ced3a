"""The net's size is the notebook's, and a text's logits do not depend on its neighbours."""

from typing import get_args

import pytest
import torch
from torch.nn import functional

from model.classifier import RecurrentClassifier, build, weight_count
from model.pooling import pool
from model.settings import Cell, ModelSettings, Pooling
from tests.model.texts import VOCABULARY_SIZE, random_batch

LENGTHS = [9, 2, 5, 7, 3]


def make(**settings: object) -> RecurrentClassifier:
    net_settings = ModelSettings.model_validate({"hidden_dim": 8, **settings})
    return build(net_settings, vocabulary_size=VOCABULARY_SIZE, classes=4, seed=1).eval()


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("pooling", get_args(Pooling))
@pytest.mark.parametrize("cell", get_args(Cell))
def test_logits_do_not_depend_on_the_batch(
    cell: str, pooling: str, bidirectional: bool, layers: int
) -> None:
    net = make(cell=cell, pooling=pooling, bidirectional=bidirectional, layers=layers)
    ids, lengths = random_batch(LENGTHS)
    with torch.inference_mode():
        together = net(ids, lengths)
        alone = [net(ids[i : i + 1, :n], lengths[i : i + 1]) for i, n in enumerate(LENGTHS)]
        padded = net(functional.pad(ids, (0, 6), value=11), lengths)
    torch.testing.assert_close(together, torch.cat(alone))
    torch.testing.assert_close(together, padded)


@pytest.mark.parametrize(("cell", "gates"), [("rnn", 1), ("gru", 3), ("lstm", 4)])
def test_parameter_count_is_the_notebooks(cell: str, gates: int) -> None:
    hidden, words = 256, 11_842
    settings = ModelSettings.model_validate({"cell": cell, "hidden_dim": hidden})
    net = build(settings, vocabulary_size=words, classes=4, seed=0)
    recurrent = gates * (2 * hidden * hidden + 2 * hidden)
    head = hidden * hidden + hidden + 4 * hidden + 4
    assert weight_count(net) == words * hidden + recurrent + head


def test_the_same_seed_gives_the_same_weights_and_leaves_the_global_state() -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    first, second = make(), make()
    assert torch.equal(torch.rand(3), expected)
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [
        ("max", [[-1.0], [3.0]]),
        ("mean", [[-1.5], [2.0]]),
        ("last", [[-2.0], [2.0]]),
        ("max+last", [[-1.0, -2.0], [3.0, 2.0]]),
        ("max+mean", [[-1.0, -1.5], [3.0, 2.0]]),
    ],
)
def test_pooling_by_hand(pooling: Pooling, expected: list[list[float]]) -> None:
    steps = torch.tensor([[-1.0, -2.0, 9.0, float("inf")], [1.0, 3.0, 2.0, 9.0]])[..., None]
    pooled = pool(steps, torch.tensor([2, 3]), pooling)
    assert pooled.tolist() == expected
