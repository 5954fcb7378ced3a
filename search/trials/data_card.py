"""What was read of a data set, as the trials of a study see it: what the study keeps of it."""

from data.corpus import Corpus
from data.inspection import Inspection, inspect
from data.inspection_text import lines, warnings
from data.preparation import Prepared
from search.definition.tables import Definition
from search.errors import StudyError
from search.storage.attributes import DataCard


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
    return DataCard(lines=tuple(told), warnings=tuple(warnings(found)))


def inspect_for(definition: Definition, corpus: Corpus, prepared: Prepared) -> Inspection:
    """Look at the texts with the lowest threshold and the greatest length that trials may have."""
    return inspect(
        corpus,
        prepared,
        threshold=min(int(value) for value in definition.values_of("vocab_threshold")),
        max_length=max(int(value) for value in definition.values_of("max_length")),
        truncate=definition.settings({})[0].truncate,
    )
