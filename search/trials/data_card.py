"""What was read of a data set, as the trials of a study see it: what the study keeps of it."""

import math
from collections.abc import Iterator

from data.corpus import Corpus, load_corpus
from data.errors import several
from data.inspection import Inspection, inspect
from data.inspection_text import lines, warnings
from data.preparation import Prepared
from data.pretrained import coverage
from search.definition.fitting import fit, sizes_for
from search.definition.lookup import find_study
from search.definition.reading import Options
from search.definition.settling import settle_data, settle_tokens
from search.definition.tables import Definition
from search.errors import StudyError
from search.storage.attributes import DataCard
from search.trials.objective import prepare_for
from search.trials.pruning import longest

LITTLE = 0.3  # of the training tokens: below it there is a warning
FEW = 150  # steps of training: with fewer nets of five data sets were at or near the majority


def data_card(definition: Definition, corpus: Corpus, prepared: Prepared) -> DataCard:
    """What to tell and to keep.

    Raises:
        StudyError: no word is left at the lowest threshold, so that all texts would be the same.
    """
    found = inspect_for(definition, corpus, prepared)
    if not found.words:
        raise StudyError(
            f"{found.name}: 0 words are seen more than {found.threshold} times: "
            "lower vocab_threshold in the study file"
        )
    told = [line for line in lines(found) if not line.startswith("warning: ")]
    warned = warnings(found)
    for line, warning in _of_vectors(prepared, found.threshold):
        told.append(line)
        warned += [warning] if warning else []
    warned += _of_steps(definition, len(prepared.train))
    return DataCard(lines=tuple(told), warnings=tuple(warned))


def _of_steps(definition: Definition, texts: int) -> list[str]:
    """That a training is over before a net has learnt, where batches are too large for texts."""
    batches = math.ceil(texts / min(int(size) for size in definition.values_of("batch_size")))
    epochs = longest(definition)
    if epochs * batches >= FEW:
        return []
    return [
        f"{several(epochs, 'epoch')} of {several(batches, 'batch', 'batches')} make "
        f"{several(epochs * batches, 'step')} of training, which is too little: a smaller "
        "batch_size, more epochs, or --dataset without --study, which fits them to the texts"
    ]


def _of_vectors(prepared: Prepared, threshold: int) -> Iterator[tuple[str, str]]:
    """How much of the vocabulary each file of vectors reaches, and a warning if that is little."""
    for each in (prepared, *prepared.others.values()):
        kind = f" of tokens = {each.kind!r}" if prepared.others else ""
        for name, vectors in each.vectors.items():
            reach = coverage(vectors, each.vocabulary, threshold)
            width = vectors.values.shape[1]
            of_words, of_tokens = reach.found / max(reach.words, 1), f"{reach.tokens:.1%}"
            line = (
                f"{name}: vectors of {several(width, 'number')} for {reach.found:,} of "
                f"{several(reach.words, 'word')}{kind} ({of_words:.1%}), which are {of_tokens} "
                "of the known training tokens"
            )
            warning = (
                f"{name} has vectors for {of_tokens} of the known training tokens only: "
                f"is it of their language, and does it part words as tokens = {each.kind!r} does?"
            )
            yield line, warning if reach.tokens < LITTLE else ""


def inspect_for(definition: Definition, corpus: Corpus, prepared: Prepared) -> Inspection:
    """Look at the texts with the thresholds and the greatest length that trials may have."""
    thresholds = [int(value) for value in definition.values_of("vocab_threshold")]
    return inspect(
        corpus,
        prepared,
        threshold=min(thresholds),
        highest=max(thresholds),
        max_length=max(int(value) for value in definition.values_of("max_length")),
        truncate=definition.settings({})[0].truncate,
    )


def read_texts(
    study: str | None, dataset: str | None, options: Options
) -> tuple[Definition, Corpus, Prepared]:
    """The texts as a new study would have them, and its settled definition.

    Raises:
        StudyError, DataError: something that is asked for cannot be.
    """
    found = find_study(study, dataset, options=options)
    data = settle_data(found.definition.data, None)
    corpus = load_corpus(data.dataset, data.reading())
    asked = found.definition.model_copy(update={"data": data})
    definition = settle_tokens(asked, None, corpus)
    prepared = prepare_for(definition, corpus)
    if found.is_draft:
        texts = inspect(corpus, prepared)
        definition = fit(texts, sizes_for(texts)[0], definition)
    return definition, corpus, prepared
