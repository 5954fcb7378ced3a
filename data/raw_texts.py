"""Raw texts to a vocabulary's ids, as a net that is to classify them wants them."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from data.encoded import EncodedTexts
from data.kinds import Kind
from data.tokens import tokenize
from data.vocabulary import BOS, EOS, UNK, Vocabulary
from data.words import CONTRACTED, all_normalized

FEW = 64  # texts, for which a table of all words is not worth its making


def encode_texts(texts: Sequence[str], vocabulary: Vocabulary, kind: Kind) -> EncodedTexts:
    """Tokenise ``texts`` and look up their words; the "labels" are the texts' own numbers.

    A batch of them says by these where the answers belong.
    """
    if kind == "words" and len(texts) > FEW:
        ids = _ids_of_words(texts, vocabulary)
    else:
        found = (vocabulary.encode(tokenize(text, kind)) for text in texts)
        ids = np.fromiter(chain.from_iterable(found), np.int32)
    offsets = np.flatnonzero(ids == BOS)
    lengths = np.diff(offsets, append=len(ids))
    return EncodedTexts(ids, offsets, lengths, np.arange(len(texts)))


def unknown_share(encoded: EncodedTexts) -> npt.NDArray[np.float64]:
    """(N,) the share of a text's tokens that are ``<unk>``; NaN for a text without tokens."""
    words = encoded.lengths - 2  # <bos> and <eos> are none
    until = np.concatenate(([0], np.cumsum(encoded.ids == UNK)))
    begin = encoded.offsets
    unknown = until[begin + words + 1] - until[begin]
    return np.where(words > 0, unknown / np.maximum(words, 1), np.nan)


def _ids_of_words(texts: Sequence[str], vocabulary: Vocabulary) -> npt.NDArray[np.int32]:
    """What ``encode`` gives of each text's ``split_words``, of all texts at once.

    There is no loop over words in Python: it takes two thirds of the time. A word that
    is two tokens, and the full stop that is put between texts and can be no word, are looked up as
    numbers behind the vocabulary's, and become a pair of ids in the end.
    """
    ids, size = vocabulary.ids, vocabulary.size()
    pairs = [(EOS, BOS), *((ids.get(a, UNK), ids.get(b, UNK)) for a, b in CONTRACTED.values())]
    table = _Table({**ids, **{word: size + i for i, word in enumerate([".", *CONTRACTED])}})
    words = f". {' . '.join(all_normalized(texts))} .".split()
    found = np.fromiter(map(table.__getitem__, words), np.int32, len(words))
    is_pair = found >= size
    which = found[is_pair] - size
    places = np.cumsum(is_pair + 1)[is_pair] - 2
    found = np.repeat(found, is_pair + 1)
    both = np.array(pairs, np.int32)
    found[places], found[places + 1] = both[which, 0], both[which, 1]
    return found[1:-1]  # the first text ends none, and behind the last none begins


class _Table(dict[str, int]):
    """Words to ids; one that is not in it is unknown."""

    def __missing__(self, word: str) -> int:
        return UNK
