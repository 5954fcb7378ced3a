"""Raw texts to a vocabulary's ids, as a net that is to classify them wants them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from data.batching import Encoded
from data.kinds import Kind
from data.tokens import tokenize
from data.vocabulary import BOS, EOS, UNK, Vocabulary


def encode_texts(texts: Sequence[str], vocabulary: Vocabulary, kind: Kind) -> Encoded:
    """Tokenise ``texts`` and look up their words; the "labels" are the texts' own numbers.

    A batch of them says by these where the answers belong.
    """
    get = vocabulary.ids.get
    ids: list[int] = []
    ends = [0]
    for text in texts:
        ids.append(BOS)
        ids += [get(token, UNK) for token in tokenize(text, kind)]
        ids.append(EOS)
        ends.append(len(ids))
    offsets = torch.tensor(ends)
    return Encoded(
        torch.from_numpy(np.array(ids, np.int32)),
        offsets[:-1],
        offsets.diff(),
        torch.arange(len(texts)),
    )


def unknown_share(encoded: Encoded) -> npt.NDArray[np.float64]:
    """(N,) the share of a text's tokens that are ``<unk>``; NaN for a text without tokens."""
    words = encoded.lengths.numpy() - 2  # <bos> and <eos> are none
    until = np.concatenate(([0], np.cumsum(encoded.ids.numpy() == UNK)))
    begin = encoded.offsets.numpy()
    unknown = until[begin + words + 1] - until[begin]
    return np.where(words > 0, unknown / np.maximum(words, 1), np.nan)
