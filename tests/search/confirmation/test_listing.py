"""Studies that list configurations, as the command finds, trains and refuses them."""

import re
from pathlib import Path

import pytest

from search.api import open_study
from tests.search.commands import search, trials
from tests.search.confirmation.ablations import ablate
from tests.search.confirmation.listings import HEAD, PUBLISHED, ROWS, write


def test_its_table_is_known_where_the_study_is_named(place: Path) -> None:
    head = HEAD.replace("[fixed]", '[fixed]\nhidden_dim = 4\ncell = "gru"')
    rows = "".join(f"[[enqueue]]\nlr = {lr}\n" for lr in (0.01, 0.02, 0.03))
    file = place / "own.toml"
    file.write_text(f"{head}{rows}[ablation]\nafter = [0, 0]\npublished = [0.5, 0.6, 0.7]\n")
    search("--study", "own.toml", "--epochs", "2")
    output = ablate("--study", "own")
    assert "2, after 0" in output
    assert "published" in output
    assert "verdict" in output
    assert re.search(r"2, after 0 .* (confirmed|within noise|contradicted)\n", output)
    ablate("--study", "own.toml", "--from", "0", "--to", "1")
    assert "2, after 0" in ablate("--study", "own")
    assert "2, after 0" in ablate("--study", "own.toml"), "its epochs are the study's"
    assert "GRU of 4 units, lr 0.0" in open_study("own").findings().answer[-1]


def test_what_is_listed_may_change_until_something_is_trained_of_it(place: Path) -> None:
    head = HEAD.replace("[fixed]", "[fixed]\nhidden_dim = 4")
    rows = "[[enqueue]]\ncell = 'rnn'\n[[enqueue]]\ncell = 'gru'\n"
    (place / "own.toml").write_text(head + rows)
    ablate("--study", "own.toml")
    (place / "own.toml").write_text(head + rows + "[[enqueue]]\ncell = 'lstm'\n")
    assert "2 listed changes" in ablate("--study", "own.toml")
    assert len(trials("own-ablation")) == 6
    search("--study", "own.toml")
    (place / "own.toml").write_text(head + rows)
    assert "was begun with other settings" in ablate("--study", "own.toml", expect=2)


def test_a_study_that_was_never_run_is_trained_by_its_file(place: Path) -> None:
    head = HEAD.replace("[fixed]", "[fixed]\nhidden_dim = 4")
    rows = "[[enqueue]]\ncell = 'rnn'\n[[enqueue]]\ncell = 'gru'\n"
    (place / "own.toml").write_text(head + rows)
    plan = ablate("--study", "own.toml", "--plan")
    assert "1 change: 2 configurations, 2 seeds each: at most 4 trainings to run" in plan
    assert not Path("studies").exists()
    output = ablate("--study", "own.toml", "--jobs", "2")
    assert "2 listed configurations, each a change to an earlier one" in output
    assert "1 listed change, trained with 2 seeds each: 1 " in output
    assert len(trials("own-ablation")) == 4
    search("--study", "own.toml")
    assert len(trials("own")) == 2
    markdown = ablate("--study", "own.toml", "--markdown")
    assert markdown.startswith("### Which change helped, trained")
    assert "| 1, after 0 | cell rnn → gru |" in markdown
    assert len(trials("own-ablation")) == 4, "nothing is trained again"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("after = [0]", "after: 1 numbers for 8 changes"),
        ("after = [0, 1, 1, 4, 0, 1, 1, 7]", "after: 4 for number 4: an earlier one"),
        ("after = [0, 1, 1, -1, 0, 1, 1, 7]", "after: -1 for number 4"),
        ("published = [0.5]", "published: 1 accuracies for 9 [[enqueue]]"),
        (f"published = {[50, *PUBLISHED[1:]]}", "accuracies are from 0 to 1"),
        ("publshed = []", "unknown key; there are after, published, note, claims"),
        ('claims = [{ says = "x" }]', "give one of order, most, no_gain"),
        ('claims = [{ says = "x", most = "lr", no_gain = "lr" }]', "give one of"),
        ('claims = [{ says = "x", order = [1, 2] }]', "order needs of"),
        ('claims = [{ says = "x", most = "lr", row = 1 }]', "most stands alone"),
        ('claims = [{ says = "x", most = "layers" }]', "layers: what changes is cell, dropout"),
        ('claims = [{ says = "x", row = 9, rises_after = 1 }]', "there are [[enqueue]] 0 to 8"),
        ('claims = [{ says = "x", row = 7, rises_after = 4 }]', "row 7 has 4 epochs"),
        ('claims = [{ says = "x", row = 7, rises_less_than = 7 }]', "compared with itself"),
        (
            'claims = [{ says = "x", order = ["ltsm", "gru"], of = "cell" }]',
            "no two configurations differ in cell = 'gru' and 'ltsm' alone",
        ),
        ('claims = [{ says = "x", order = [0.5, 0.1], of = "dropout" }]', "and 0.5 alone"),
        ('claims = [{ says = "x", maximum = "lr" }]', "unknown key; there are says, order"),
    ],
)
def test_mistakes(listed: Path, table: str, says: str) -> None:
    write(listed, table)
    assert says in " ".join(ablate("--study", "listed.toml", expect=2).split())


def test_what_cannot_be_listed(place: Path) -> None:
    write(place, "", rows=ROWS[:1])
    assert "one configuration" in ablate("--study", "listed.toml", expect=2)
    write(place, "", rows=[ROWS[0], ROWS[1], ROWS[1]])
    assert "[[enqueue]] 2 and 1, counted from 0, are the same" in ablate(
        "--study", "listed.toml", expect=2
    )


def test_an_ablation_table_needs_a_study_without_space(place: Path) -> None:
    (place / "both.toml").write_text(
        HEAD + '[space]\ncell = ["rnn", "gru"]\n[ablation]\nafter = [0]\n'
    )
    assert "only where there is no [space]" in search("--study", "both.toml", expect=2).output
