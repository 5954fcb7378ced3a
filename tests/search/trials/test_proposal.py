"""A configuration drawn again becomes another seed of itself."""

from pathlib import Path

from tests.search.commands import search, status, trials
from tests.search.conftest import edit

FEW = (
    ('cell = ["rnn", "gru", "lstm"]', 'cell = ["rnn", "gru"]'),
    ("hidden_dim = { low = 4, high = 12, step = 4 }", "hidden_dim = [8]"),
    ("lr = { low = 1e-3, high = 1e-1, log = true }", "lr = [0.01]"),
    ("dropout = { low = 0.0, high = 0.5 }", ""),
)


def test_a_repeated_configuration_is_another_seed_of_it(place: Path) -> None:
    edit(place / "small.toml", *FEW)
    output = search("--trials", "6", "--pruner", "none").output
    assert "4 of them repeat an earlier configuration with another seed" in output
    first: dict[str, int] = {}
    seen: dict[str, int] = {}
    for trial in trials():
        cell = trial.params["cell"]
        seen[cell] = seen.get(cell, 0) + 1
        if seen[cell] == 1:
            first[cell] = trial.number
            assert "repeat_of" not in trial.user_attrs
        else:
            assert trial.user_attrs["repeat_of"] == first[cell]
            assert trial.user_attrs["repetition"] == seen[cell]
            assert f"(seed {seen[cell]} of trial {first[cell]})" in output
        assert trial.value == min(trial.intermediate_values.values()), "its own value"
    assert len({t.value for t in trials()}) == 6, "no two were trained with the same seed"
    last = max(t.number for t in trials() if "repeat_of" in t.user_attrs)
    assert "It repeats the configuration of trial" in status("--why", str(last))
