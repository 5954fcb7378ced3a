"""What is printed of a data set that is only looked at."""

import json

from data.inspection_text import as_dict, lines
from search.definition.reading import Options
from search.interrupts import interruptible
from search.trials.data_card import inspect_for, read_texts


def show(study: str | None, dataset: str | None, options: Options, *, as_json: bool) -> None:
    """Print what a study of ``dataset`` would read.

    Args:
        study: whose settings say how; ``None``: those of the data set's own study.
        dataset: the texts; ``None``: those of the study.
        options: in the place of the study's settings.
        as_json: print one JSON object.
    """
    with interruptible():
        definition, corpus, prepared = read_texts(study, dataset, options)
        found = inspect_for(definition, corpus, prepared)
    if as_json:
        print(json.dumps(as_dict(found), indent=2, ensure_ascii=False))
    else:
        print(*lines(found, examples=True), sep="\n")
