"""Two plain passes give what one packed pass of PyTorch gives, and take its weights."""

import copy

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from model.both_directions import BothDirections, mirrored
from model.classifier import CELLS, build
from model.settings import ModelSettings
from tests.model.texts import VOCABULARY_SIZE, random_batch

LENGTHS = torch.tensor([9, 2, 5, 1, 9])
REAL = torch.arange(9) < LENGTHS[:, None]  # (B, T)


def packed(recurrent: nn.RNNBase, steps: Tensor) -> Tensor:
    together = pack_padded_sequence(steps, LENGTHS, batch_first=True, enforce_sorted=False)
    outputs, _ = recurrent(together)
    return pad_packed_sequence(outputs, batch_first=True, total_length=steps.shape[1])[0]


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_outputs_and_gradients_are_the_packed_ones(cell: str, layers: int) -> None:
    torch.manual_seed(layers)
    old = CELLS[cell](6, 5, layers, bidirectional=True, batch_first=True)
    new = BothDirections(CELLS[cell], 6, 5, layers=layers, dropout=0.0)
    new.load_state_dict(old.state_dict())
    steps, weights = torch.randn(5, 9, 6), torch.randn(5, 9, 10)
    mine, theirs = steps.clone().requires_grad_(), steps.clone().requires_grad_()
    got, expected = new(mine, LENGTHS), packed(old, theirs)
    torch.testing.assert_close(got[REAL], expected[REAL])
    (got[REAL] * weights[REAL]).sum().backward()
    (expected[REAL] * weights[REAL]).sum().backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(mine.grad, theirs.grad)
    names = {f"backwards.{i}.bias_ih_l0": f"bias_ih_l{i}_reverse" for i in range(layers)}
    for name, before in names.items():
        torch.testing.assert_close(new.get_parameter(name).grad, old.get_parameter(before).grad)


def test_a_classifier_of_an_earlier_version_loads() -> None:
    settings = ModelSettings(cell="gru", hidden_dim=8, layers=2, bidirectional=True)
    net = build(settings, vocabulary_size=VOCABULARY_SIZE, classes=3, seed=1).eval()
    before = nn.GRU(8, 8, 2, bidirectional=True, batch_first=True)
    weights = {k: v for k, v in net.state_dict().items() if not k.startswith("recurrent.")}
    weights |= {f"recurrent.{name}": value for name, value in before.state_dict().items()}
    missing = copy.deepcopy(weights)
    del missing["recurrent.weight_hh_l1_reverse"]
    copy.deepcopy(net).load_state_dict(weights)  # a copy too, such as the averaged weights are
    net.load_state_dict(weights)
    ids, lengths = random_batch(LENGTHS.tolist())
    hidden = packed(before, net.embedding(ids)).masked_fill(~REAL[..., None], -torch.inf)
    torch.testing.assert_close(net(ids, lengths), net.head(hidden.amax(dim=1)))
    with pytest.raises(RuntimeError, match="Missing key"):
        net.load_state_dict(missing)


def test_dropout_is_between_layers_alone() -> None:
    one, two = (BothDirections(nn.GRU, 6, 5, layers=n, dropout=0.5) for n in (1, 2))
    steps = torch.randn(5, 9, 6)
    assert torch.equal(one(steps, LENGTHS), one(steps, LENGTHS))
    assert not torch.equal(two(steps, LENGTHS), two(steps, LENGTHS))
    two.eval()
    assert torch.equal(two(steps, LENGTHS), two(steps, LENGTHS))


def test_mirrored_by_hand() -> None:
    where = mirrored(torch.tensor([4, 1, 2]), 4)
    assert where.tolist() == [[3, 2, 1, 0], [0, 1, 2, 3], [1, 0, 2, 3]]
