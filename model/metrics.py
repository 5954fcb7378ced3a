"""Loss, accuracy and macro-F1 of a classifier over texts, exact whatever the batches."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from data.batching import Encoded
from model.memory import parts_to_fit

EVALUATED_AT_ONCE = 512


class NotFiniteError(ArithmeticError):
    """A loss became NaN or infinite; the message names the step."""


class Metrics(NamedTuple):
    """Scores of one pass.

    Attributes:
        loss: mean cross-entropy a text, in nats.
        accuracy: share of texts whose most probable class is the right one.
        macro_f1: unweighted mean of the F1 of the classes that are present or predicted, as
            scikit-learn's ``f1_score(average="macro")`` has it.
        f1: of each class; 0 for one that is neither present nor predicted.
        probabilities: (N, C) float16 of each text, in the texts' order, on the CPU.
    """

    loss: float
    accuracy: float
    macro_f1: float
    f1: tuple[float, ...]
    probabilities: Tensor


def evaluate(
    model: nn.Module,
    texts: Encoded,
    *,
    autocast: torch.autocast,
    batch_size: int = EVALUATED_AT_ONCE,
) -> Metrics:
    """Score ``model`` on ``texts``, dropout off; leaves the model in evaluation mode.

    Raises:
        NotFiniteError: a text's loss is NaN or infinite.
    """
    model.eval()
    losses: list[Tensor] = []  # of each batch, summed
    probabilities: list[Tensor] = []  # of each batch
    confusion: Tensor | None = None  # (C, C) int64, rows: right class
    with torch.inference_mode():
        for batch in texts.ordered(batch_size):
            pieces = batch.split(parts_to_fit(batch.ids))
            with autocast:
                logits = torch.cat([model(part.ids, part.lengths) for part in pieces]).float()
            losses.append(functional.cross_entropy(logits, batch.labels, reduction="sum"))
            probabilities.append(logits.softmax(dim=1).half())
            classes = logits.shape[1]
            pairs = batch.labels * classes + logits.argmax(dim=1)
            counts = torch.bincount(pairs, minlength=classes**2).view(classes, classes)
            confusion = counts if confusion is None else confusion + counts
    if confusion is None:
        raise ValueError("no texts to evaluate on")
    sums = torch.stack(losses).double()
    if not sums.isfinite().all():
        step = int(sums.isfinite().logical_not().nonzero()[0])
        raise NotFiniteError(f"the validation loss became {float(sums[step])} in step {step + 1}")
    by_length = torch.cat(probabilities).cpu()
    in_order = torch.empty_like(by_length)
    in_order[texts.order()] = by_length
    return _metrics(float(sums.sum()) / len(texts), confusion.double(), in_order)


def _metrics(loss: float, confusion: Tensor, probabilities: Tensor) -> Metrics:
    right = confusion.diagonal()
    accuracy = right.sum() / confusion.sum()
    named = confusion.sum(dim=0) + confusion.sum(dim=1)  # (C,) right or predicted
    f1 = 2 * right / named.clamp(min=1)
    macro_f1 = float(f1[named > 0].mean())
    return Metrics(loss, float(accuracy), macro_f1, tuple(f1.tolist()), probabilities)
