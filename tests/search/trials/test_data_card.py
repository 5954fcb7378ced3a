"""What is alarming about a study of these texts is said before the first trial."""

from pathlib import Path

import pytest

from data.corpus import load_corpus
from search.definition.reading import read_definition
from search.trials.data_card import data_card
from search.trials.objective import prepare_for


@pytest.mark.parametrize(
    ("epochs", "batch_size", "says"),
    [
        (3, 128, "3 epochs of 2 batches make 6 steps of training, which is too little: a smaller"),
        (3, 256, "3 epochs of 1 batch make 3 steps of training"),
        (13, 16, ""),
        (80, 128, ""),
    ],
)
def test_too_few_steps_to_learn_from_are_warned_of(
    place: Path, epochs: int, batch_size: int, says: str
) -> None:
    """192 texts train."""
    file = place / "small.toml"
    text = file.read_text("utf-8").replace("batch_size = 32", f"batch_size = {batch_size}")
    file.write_text(text, "utf-8")
    definition = read_definition(file, {"epochs": epochs, "validation": 0.2})
    corpus = load_corpus("news.csv")
    found = data_card(definition, corpus, prepare_for(definition, corpus))
    warned = [line for line in found.warnings if "of training" in line]
    assert len(warned) == bool(says)
    assert not says or warned[0].startswith(says)
