"""Whether a space only became wider, and what stands for a parameter in older trials."""

from typing import Any

import pytest

from search.definition.domain import Value
from search.definition.tables import Definition
from search.definition.widening import check_widening, filled_in, has_new_choices
from search.errors import StudyError
from tests.search.records import SPACE, definition

SIZES = {"low": 4, "high": 12, "step": 4}
BEFORE = definition(space={**SPACE, "hidden_dim": SIZES}, fixed={"batch_size": 32, "dropout": 0.2})


def now(fixed: dict[str, Any] | None = None, /, **space: Any) -> Definition:
    """The study with other domains; ``None`` for one that is gone."""
    domains = {**SPACE, "hidden_dim": SIZES, **space}
    kept = {name: domain for name, domain in domains.items() if domain is not None}
    return definition(space=kept, fixed=fixed or {"batch_size": 32, "dropout": 0.2})


WIDER: dict[str, Definition] = {
    "nothing": now(),
    "a lower end": now(lr={"low": 1e-5, "high": 1.0, "log": True}),
    "both ends": now(lr={"low": 1e-5, "high": 2.0, "log": True}),
    "a higher end by a step": now(hidden_dim={"low": 4, "high": 16, "step": 4}),
    "a lower end by two steps": now(hidden_dim={"low": -4 + 8, "high": 20, "step": 4}),
    "a higher end": now(hidden_dim={"low": 4, "high": 16, "step": 4}),
    "more choices": now(cell=["gru", "lstm", "rnn"]),
    "choices in another order": now(cell=["lstm", "rnn", "gru"]),
    "choices with a default": now(cell={"choices": ["gru", "lstm"], "default": "gru"}),
    "a new range with what a setting is otherwise": now(
        layers={"low": 1, "high": 3, "default": 1}
    ),
    "a new choice with what a setting is otherwise": now(
        pooling={"choices": ["max", "mean"], "default": "max"}
    ),
    "a fixed setting is searched": now(
        {"dropout": 0.2}, batch_size={"choices": [16, 32], "default": 32}
    ),
}
NO_WIDENING: dict[str, tuple[Definition, str]] = {
    "a parameter is gone": (now(hidden_dim=None), "hidden_dim: was searched and is gone"),
    "a choice is gone": (now(cell=["gru", "rnn"]), "cell: 'lstm' was a choice and is gone"),
    "a higher low end": (
        now(lr={"low": 1e-3, "high": 1.0, "log": True}),
        "lr: 0.001 to 1.0 does not hold 0.0001 to 1.0",
    ),
    "a lower high end": (
        now(hidden_dim={"low": 4, "high": 8, "step": 4}),
        "hidden_dim: 4 to 8 does not hold 4 to 12",
    ),
    "steps that miss": (
        now(hidden_dim={"low": 2, "high": 14, "step": 4}),
        "hidden_dim: from 2, steps of 4 miss 4",
    ),
    "another step": (
        now(hidden_dim={"low": 4, "high": 12, "step": 2}),
        "hidden_dim: step and log cannot change",
    ),
    "no logarithm": (now(lr={"low": 1e-4, "high": 1.0}), "lr: step and log cannot change"),
    "a choice for a range": (now(lr=[1e-4, 1.0]), "lr: a range cannot become a choice"),
    "a range for a choice": (
        now(hidden_dim=[4, 8, 12]),
        "hidden_dim: a range cannot become a choice, nor the reverse",
    ),
    "a new choice without a default": (
        now(pooling=["max", "mean"]),
        'pooling: new, so it needs a default, .*: default = "max"',
    ),
    "a new range without a default": (now(layers={"low": 1, "high": 3}), "layers: .*default = 1"),
    "a default that the old trials did not have": (
        now(layers={"low": 1, "high": 3, "default": 2}),
        "layers: the old trials ran with 1, so that must be its default, not 2",
    ),
    "a default that is not the fixed one": (
        now({"dropout": 0.2}, batch_size={"choices": [16, 32], "default": 16}),
        "batch_size: the old trials ran with 32",
    ),
    "a fixed setting is another": (
        now({"batch_size": 64, "dropout": 0.2}),
        r"more than \[space\] differs",
    ),
    "a fixed setting is gone": (now({"batch_size": 32}), r"more than \[space\] differs"),
    "a fixed setting is new": (
        now({"batch_size": 32, "dropout": 0.2, "layers": 2}),
        r"more than \[space\] differs",
    ),
}


@pytest.mark.parametrize("after", WIDER.values(), ids=WIDER)
def test_a_wider_space_is_taken(after: Definition) -> None:
    check_widening(BEFORE, after)


@pytest.mark.parametrize(("after", "message"), NO_WIDENING.values(), ids=NO_WIDENING)
def test_what_is_no_widening_is_named(after: Definition, message: str) -> None:
    with pytest.raises(StudyError, match=message):
        check_widening(BEFORE, after)


def test_a_study_without_a_space_has_none_that_could_be_wider() -> None:
    before = definition(space={}, enqueue=[{"cell": "gru"}])
    with pytest.raises(StudyError, match=r"without \[space\] cannot be extended"):
        check_widening(before, definition(enqueue=[{"cell": "gru"}]))


@pytest.mark.parametrize(
    ("after", "values"),
    [
        (now(), {}),
        (now(layers={"low": 1, "high": 3, "default": 1}), {"layers": 1}),
        (
            now(
                bidirectional={"choices": [True, False], "default": False},
                pooling={"choices": ["max"], "default": "max"},
            ),
            {"bidirectional": False, "pooling": "max"},
        ),
    ],
    ids=["no defaults", "a range", "choices, one false"],
)
def test_defaults_stand_in_trials_that_are_older(
    after: Definition, values: dict[str, Value]
) -> None:
    assert filled_in(after) == values


@pytest.mark.parametrize(
    ("after", "new"),
    [
        (now(), False),
        (now(lr={"low": 1e-5, "high": 1.0, "log": True}), False),
        (now(layers={"choices": [1, 2], "default": 1}), False),
        (now(cell=["gru", "lstm", "rnn"]), True),
        (now(cell=["lstm", "gru"]), True),
        (now(cell={"choices": ["gru", "lstm"], "default": "gru"}), False),
    ],
    ids=["none", "a range", "a new parameter", "one more", "another order", "a default alone"],
)
def test_only_other_choices_need_optunas_tables_changed(after: Definition, new: bool) -> None:
    assert has_new_choices(BEFORE, after) == new
