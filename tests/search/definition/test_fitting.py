"""A study fitted to its texts: what the rule makes of them, and the file that comes of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.corpus import load_corpus
from data.inspection import ClassCount, Inspection, inspect
from data.preparation import prepare
from search.definition.domain import Range
from search.definition.fitting import SIZES, Size, draft, fit, sizes_for
from search.definition.reading import read_definition
from search.definition.study_file import as_toml, reasons
from search.definition.tables import Definition


@pytest.fixture
def texts(place: Path) -> Inspection:
    corpus = load_corpus("news.csv")
    return inspect(corpus, prepare(corpus, share=0.2, examples=None, seed=1))


def with_classes(texts: Inspection, *rows: int) -> Inspection:
    """The same with classes of so many training rows, and a twentieth of them to validate."""
    classes = [ClassCount(name=str(i), train=n, validation=n // 20) for i, n in enumerate(rows)]
    return replace(texts, classes=tuple(classes))


def fitted(texts: Inspection, options: dict[str, object] | None = None) -> Definition:
    return fit(texts, SIZES[0], draft({"dataset": "news.csv", **(options or {})}))


@pytest.mark.parametrize(
    ("rows", "settings", "highest", "widest"),
    [
        ((200, 200), (16, 16, "linear"), 2, 128),
        ((400, 400), (32, 16, "linear"), 5, 128),
        ((1000, 1100), (32, 12, "linear"), 5, 256),
        ((1500, 1500, 1500), (32, 12, "linear"), 5, 256),
        ((100,) * 80, (32, 15, "linear"), 5, 256),
        ((15_000, 15_000), (64, 8, "linear"), 10, 512),
        ((30_000,) * 4, (128, 5, "none"), 20, 512),
    ],
)
def test_the_study_follows_the_number_of_texts(
    texts: Inspection,
    rows: tuple[int, ...],
    settings: tuple[int, int, str],
    highest: int,
    widest: int,
) -> None:
    given = with_classes(texts, *rows)
    definition = fitted(given)
    _, found = definition.settings({})
    assert (found.batch_size, found.epochs, found.schedule) == settings
    threshold = definition.space["vocab_threshold"]
    assert isinstance(threshold, Range)
    assert (threshold.low, threshold.high) == (0, highest)
    assert sizes_for(given)[0].hidden_dim == widest


@pytest.mark.parametrize(("long", "max_length"), [(5, 32), (22, 64), (60, 96), (900, 512)])
def test_few_texts_are_cut(texts: Inspection, long: float, max_length: int) -> None:
    assert fitted(replace(texts, long=long)).fixed["max_length"] == max_length


@pytest.mark.parametrize(
    ("rows", "weights", "objective"),
    [((500, 500), "none", "loss"), ((700, 300), "sqrt", "macro_f1")],
)
def test_where_one_class_dominates_the_others_count_more(
    texts: Inspection, rows: tuple[int, int], weights: str, objective: str
) -> None:
    definition = fitted(with_classes(texts, *rows))
    assert definition.settings({})[1].class_weights == weights
    assert definition.search.objective == objective


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_each_size_is_a_study_with_its_starts_in_its_space(texts: Inspection, size: Size) -> None:
    definition = fit(texts, size, draft(None))
    assert ("bidirectional" in definition.space) == (len(definition.enqueue) == 2)
    assert all(set(row) == set(definition.space) for row in definition.enqueue)


def test_options_come_before_the_rule(texts: Inspection) -> None:
    options = {"epochs": 3, "objective": "accuracy", "tokens": "keep", "pruner": "none"}
    definition = fitted(with_classes(texts, 900, 100), options)
    assert definition.search.epochs == 3
    assert definition.search.objective == "accuracy"
    assert definition.search.pruner == "none"
    assert definition.fixed["tokens"] == "keep"


@pytest.mark.parametrize("dataset", ["news.csv", 'a "b" \\ \u8bc4.csv'])
@pytest.mark.parametrize("rows", [(800, 200), (30_000, 30_000)])
def test_its_file_says_the_same_and_why(
    texts: Inspection, tmp_path: Path, dataset: str, rows: tuple[int, int]
) -> None:
    given = with_classes(texts, *rows)
    definition = fitted(given, {"dataset": dataset, "text_column": None, "seed": 7})
    why = reasons(given, definition, "a trial takes about 3 s here")
    assert len(why) == 4
    path = tmp_path / "study.toml"
    path.write_text(as_toml(definition, why, "python -m search.run --study news"), "utf-8")
    assert read_definition(path) == definition
    assert ("rare classes count more" in why[2]) == (rows == (800, 200))
    for line in why:
        assert f"# {line}\n" in path.read_text("utf-8")
