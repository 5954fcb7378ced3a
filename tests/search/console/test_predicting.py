"""The bar stands on standard error, where that is a terminal, and only for files."""

import io
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from search.console import predicting
from tests.search.prediction.classifiers import predict


@pytest.mark.parametrize(("is_terminal", "arguments", "has_bar"), [
    (True, ("--input", "a.txt"), True),
    (False, ("--input", "a.txt"), False),
    (True, ("the team",), False),
])  # fmt: skip
def test_a_bar_is_for_a_person_who_waits(
    here: Path,
    is_terminal: bool,
    arguments: tuple[str, ...],
    has_bar: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("a.txt").write_text("the team\n" * 3)
    shown = io.StringIO()
    terminal = partial(Console, file=shown, force_terminal=is_terminal, width=80)
    monkeypatch.setattr(predicting, "Console", lambda **_: terminal())
    done = predict(*arguments)
    assert ("3 rows" in shown.getvalue()) == has_bar
    assert "rows" not in done.stdout
