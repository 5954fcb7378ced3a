"""Settings, prepared texts and a seed become a trainer: the only place where they come together.

Whoever trains (a trial, a plan, a benchmark) gets the same net from the same settings and seed.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from data.batching import Encoded
from data.preparation import Prepared
from data.vectors import SPREAD, load_vectors
from data.vocabulary import SPECIALS
from model.classifier import RecurrentClassifier, build
from model.criterion import BY_LOSS, Criterion
from model.settings import ModelSettings, TrainSettings
from model.training import Trainer


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """A training that can begin.

    Attributes:
        net: on the device, with its initial weights.
        trainer: of ``net``, before its first epoch.
        train: training texts, cut to the net's vocabulary and longest length, on the device.
        validation: validation texts, likewise.
        vocabulary_size: words of the net, special tokens included.
    """

    net: RecurrentClassifier
    trainer: Trainer
    train: Encoded
    validation: Encoded
    vocabulary_size: int


def assemble(
    prepared: Prepared,
    net_settings: ModelSettings,
    train_settings: TrainSettings,
    *,
    seed: int,
    device: torch.device | str = "cpu",
    longest_epoch: float = math.inf,
    criterion: Criterion = BY_LOSS,
) -> Assembly:
    """Build the net and the trainer of it.

    Args:
        prepared: the texts, as tokens of the net's kind among others.
        net_settings: of the net, and of what it sees of a text.
        train_settings: of its training.
        seed: of initial weights, order and dropout.
        device: where to train.
        longest_epoch: seconds after which an epoch is given up.
        criterion: which epoch is the best.
    """
    prepared = prepared.of(net_settings.tokens)
    size = prepared.vocabulary.size(net_settings.vocab_threshold)
    classes = len(prepared.class_names)
    net = build(net_settings, vocabulary_size=size, classes=classes, seed=seed)
    if net_settings.embedding_init == "corpus":
        start_from(net, load_vectors(prepared, net.embedding.embedding_dim))
    elif net_settings.embedding_init != "random":
        start_from(net, *prepared.vectors[net_settings.embedding_init])
    net = net.to(device)
    train, validation = (
        Encoded.of(part.cut(size, net_settings.max_length, net_settings.truncate), device)
        for part in (prepared.train, prepared.validation)
    )
    trainer = Trainer(
        net, train_settings, seed=seed, longest_epoch=longest_epoch, criterion=criterion
    )
    return Assembly(
        net=net, trainer=trainer, train=train, validation=validation, vocabulary_size=size
    )


def start_from(
    net: RecurrentClassifier,
    vectors: npt.NDArray[np.float32],
    ranks: npt.NDArray[np.int64] | None = None,
) -> None:
    """Begin ``net``'s embedding at word vectors.

    What they do not reach (other words, special tokens, dimensions they lack) stays random, at
    the vectors' standard deviation.

    Args:
        net: just built.
        vectors: (words, dimensions) in the ranking's order; what is more than the net has of
            either is left out.
        ranks: (words,) which words they are of, ascending; ``None``: the first ones.
    """
    if ranks is None:
        ranks = np.arange(len(vectors))
    with torch.no_grad():
        net.embedding.weight *= SPREAD
        rows = net.embedding.weight[len(SPECIALS) :]  # (words, E)
        reached = int(np.searchsorted(ranks, len(rows)))
        given = torch.tensor(vectors[:reached, : rows.shape[1]])
        rows[torch.tensor(ranks[:reached]), : given.shape[1]] = given
