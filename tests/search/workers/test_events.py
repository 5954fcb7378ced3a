"""Warnings of a training come with its events, and are given once where the search runs."""

import warnings
from collections.abc import Generator

import pytest

from search.workers.events import Ended, Event, Halved, Warned, with_warnings


def training(*, parts: int) -> Generator[Event]:
    for part in range(parts):
        warnings.warn(f"part {part}", UserWarning, stacklevel=1)
        yield Halved(part)
    yield Ended()


def test_a_warning_comes_before_the_event_it_led_to(recwarn: pytest.WarningsRecorder) -> None:
    shown = warnings.showwarning
    told = list(with_warnings(training(parts=2)))
    assert [type(event) for event in told] == [Warned, Halved, Warned, Halved, Ended]
    assert [e.message for e in told if isinstance(e, Warned)] == ["part 0", "part 1"]
    assert not recwarn.list, "they are told, not shown"
    assert warnings.showwarning is shown


def test_a_training_that_is_stopped_is_closed_and_shows_warnings_again() -> None:
    shown = warnings.showwarning
    inner = training(parts=9)
    told = with_warnings(inner)
    next(told)
    told.close()
    assert warnings.showwarning is shown
    assert list(inner) == []


def test_what_several_trainings_warn_of_is_given_once() -> None:
    with pytest.warns(UserWarning, match="^part 0$") as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            Warned("part 0", UserWarning, __file__, 1).again()
    assert len(caught) == 1
    assert caught[0].filename == __file__
