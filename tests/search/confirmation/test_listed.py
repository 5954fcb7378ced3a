"""Configurations that a study file lists: each change by itself, and what was claimed of them."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from search.api import open_study
from search.confirmation.shortlist import queue_missing
from search.findings.contrasts import HELPS, HURTS, NOTHING
from search.findings.listed import Listed
from search.findings.published import (
    CONFIRMED,
    CONTRADICTED,
    DIVERGES,
    JOINED,
    NOISE,
    UNKNOWN,
)
from search.report import app as report_app
from search.request import AblationRequest
from search.trials.objective import Objective
from search.trials.watcher import Silent
from search.workers.task import Task
from tests.search.commands import search, trials
from tests.search.confirmation.ablations import ablate
from tests.search.confirmation.planting import Loss, run_all, with_planted

HEAD = """
[data]
dataset = "news.csv"
validation = 0.2
[search]
epochs = 1
[fixed]
batch_size = 32
precision = "float32"
"""
ROWS: list[dict[str, Any]] = [
    {"cell": "rnn"},
    {"cell": "gru"},
    {"cell": "lstm"},
    {"cell": "gru", "dropout": 0.5},
    {"cell": "gru", "hidden_dim": 8, "pooling": "mean"},
    {"cell": "gru", "lr": 0.01},
    {"cell": "gru", "pooling": "mean"},
    {"cell": "gru", "epochs": 4},
    {"cell": "gru", "epochs": 4, "schedule": "plateau"},
]
USUAL = {"cell": "rnn", "dropout": 0.0, "hidden_dim": 4, "lr": 0.001, "pooling": "max",
         "epochs": 1, "schedule": "none"}  # fmt: skip
AFTER = [0, 1, 1, 1, 0, 1, 1, 7]
PUBLISHED = [0.50, 0.60, 0.62, 0.61, 0.66, 0.65, 0.60, 0.55, 0.70]
CLAIMS = {
    'order = ["gru", "rnn"], of = "cell"': CONFIRMED,
    'order = ["lstm", "gru"], of = "cell"': NOISE,
    'order = ["lstm", "gru", "rnn"], of = "cell"': NOISE,
    'order = ["rnn", "gru"], of = "cell"': CONTRADICTED,
    'most = "cell"': CONFIRMED,
    'most = "pooling"': CONTRADICTED,
    'no_gain = "pooling"': CONFIRMED,
    'no_gain = "hidden_dim"': CONTRADICTED,
    "row = 7, rises_after = 2": CONFIRMED,
    "row = 7, rises_after = 1": NOISE,
    "row = 8, rises_less_than = 7": CONFIRMED,
    "row = 7, rises_less_than = 8": CONTRADICTED,
}


def loss(task: Task) -> float | list[float]:
    """Of the cells the RNN is worse; units gain 0.05, the rate 0.03, dropout costs 0.02."""
    net, training = task.net_settings, task.train_settings
    level = 0.5 - 0.1 * (net.cell != "rnn") - 0.05 * (net.hidden_dim == 8)
    level += 0.02 * (net.dropout == 0.5) - 0.03 * (training.lr == 0.01)
    if training.epochs == 1:
        return level
    late = 0.0 if training.schedule == "none" else -0.03
    return [level + 0.05, level, level + 0.03, level + 0.05 + late]


@pytest.fixture
def listed(place: Path) -> Path:
    """A place with a study that lists configurations and was never run."""
    claims = [f'{{ says = "claim {i}", {claim} }}' for i, claim in enumerate(CLAIMS)]
    write(place, f"after = {AFTER}\npublished = {PUBLISHED}\nclaims = [{', '.join(claims)}]\n")
    return place


def write(place: Path, table: str, rows: list[dict[str, Any]] = ROWS, head: str = HEAD) -> None:
    text = head
    for row in rows:
        pairs = [f"{name} = {json.dumps(value)}\n" for name, value in {**USUAL, **row}.items()]
        text += "[[enqueue]]\n" + "".join(pairs)
    (place / "listed.toml").write_text(text + f"[ablation]\n{table}")


@pytest.fixture
def trained(listed: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Listed]:
    monkeypatch.setattr(Objective, "keep_best", lambda *_: None)

    def train(of: Loss = loss, *, noise: float = 0.0005, **asked: Any) -> Listed:
        run_all(with_planted(AblationRequest(study="listed.toml", **asked), of, noise))
        values = open_study("listed").findings().ablation.values
        assert isinstance(values, Listed)
        return values

    return train


def test_words_and_verdicts_are_the_planted_ones(trained: Callable[..., Listed]) -> None:
    values = trained()
    found = {change.row: (change.word, change.verdict) for change in values.steps}
    assert found == {
        1: (HELPS, CONFIRMED),
        2: (NOTHING, NOISE),
        3: (HURTS, CONTRADICTED),  # published as a gain
        4: (HELPS, CONFIRMED),  # two changes, of which one does it
        5: (HELPS, JOINED),  # two changes, which both do
        6: (NOTHING, CONFIRMED),  # published as no difference
        7: (NOTHING, NOISE),
        8: (NOTHING, NOISE),
    }
    parts = {(c.row, *c.values): c.word for c in values.changes if c.is_part}
    assert parts == {
        (4, "hidden_dim"): HELPS, (4, "pooling"): NOTHING,
        (5, "cell"): HELPS, (5, "lr"): HELPS,
    }  # fmt: skip
    assert {claim.says: claim.verdict for claim in values.claims} == {
        f"claim {i}": verdict for i, verdict in enumerate(CLAIMS.values())
    }
    assert values.best == 4
    assert values.level == ()
    # Of row 4 one part is row 6, of row 5 one part is row 1.
    assert values.configurations == len(ROWS) + 2
    assert values.trainings == 3 * values.configurations == len(trials("listed-ablation"))
    assert values.missing == 0
    first = values.steps[0].accuracy
    assert first is not None
    assert first.interval.value == pytest.approx(0.1, abs=0.002)


def test_more_seeds_go_on_with_what_is_there(trained: Callable[..., Listed]) -> None:
    few = trained(seeds=2)
    many = trained(seeds=4)
    assert many.trainings == 4 * many.configurations
    assert many.smallest < few.smallest


def test_claims_may_change_at_any_time(trained: Callable[..., Listed], listed: Path) -> None:
    trained()
    write(listed, 'claims = [{ says = "all the same", most = "lr" }]\n')
    values = trained()
    assert [(claim.says, claim.verdict) for claim in values.claims] == [
        ("all the same", CONTRADICTED)
    ]
    assert [change.after for change in values.steps] == list(range(8))
    assert all(not change.verdict for change in values.steps), "nothing is published"
    (listed / "listed.toml").unlink()
    assert len(trained_without_file().claims) == 1


def trained_without_file() -> Listed:
    ablate("--study", "listed", "--seeds", "3")
    values = open_study("listed").findings().ablation.values
    assert isinstance(values, Listed)
    return values


def test_what_diverges_is_a_result(trained: Callable[..., Listed]) -> None:
    def diverging(task: Task) -> float | list[float]:
        return float("nan") if task.net_settings.dropout == 0.5 else loss(task)

    values = trained(diverging)
    assert {c.row: (c.word, c.verdict) for c in values.steps}[3] == (DIVERGES, CONTRADICTED)
    verdicts = {claim.says: claim.verdict for claim in values.claims}
    assert verdicts["claim 4"] == UNKNOWN, "the effect of dropout is not known"
    sentence = open_study("listed").findings().conclusion.sentence
    assert "Training diverged with: dropout 0 → 0.5." in sentence
    assert "Convergence is not stable" in sentence
    assert "3 diverged beside them" in sentence


def test_half_an_ablation_says_what_it_does_not_know(
    trained: Callable[..., Listed], listed: Path
) -> None:
    ablating = with_planted(AblationRequest(study="listed.toml", seeds=2), loss, 0.0005)
    study = ablating.open()
    wanted = ablating.wanted(study)
    kept = [run for run in wanted if run[0] != wanted[len(ROWS) + 1][0] and run[0]["epochs"] == 1]
    limits = queue_missing(study, kept, take_over=False)
    ablating.job.run(study, limits, Silent())
    values = open_study("listed").findings().ablation.values
    assert isinstance(values, Listed)
    found = {change.row: change.verdict for change in values.steps}
    assert (found[5], found[7], found[1]) == (UNKNOWN, UNKNOWN, CONFIRMED)
    findings = open_study("listed").findings()
    assert "the best of 7 listed configurations" in findings.answer[0]
    assert "2 rows have no result" in findings.answer[0]
    assert "6 trainings are missing." in findings.conclusion.sentence
    assert "No result yet of: epochs 1 → 4" in findings.conclusion.sentence


def test_other_questions_to_the_same_ablation_change_nothing(
    trained: Callable[..., Listed],
) -> None:
    def wild(task: Task) -> float | list[float]:
        return loss(task) if task.net_settings.layers == 1 else 3.0 * (task.seed % 7)

    before = trained(wild)
    other = AblationRequest(study="listed", start="cell=rnn layers=2", goal="cell=rnn layers=3")
    run_all(with_planted(other, wild, 0.0005))
    assert trained(wild).steps == before.steps


def test_the_page_and_the_texts_say_it(trained: Callable[..., Listed]) -> None:
    trained()
    findings = open_study("listed").findings()
    assert "the best of 9 listed configurations (row 4)" in findings.answer[0]
    said = " ".join(sentence.text for sentence in findings.said)
    assert "8 published changes, 3 seeds each: 3 confirmed, 3 within noise, 1 contradicted" in said
    assert "12 claims: 5 confirmed, 3 within noise, 4 contradicted." in said
    assert "1 contradicted (dropout 0 → 0.5: -0.0" in findings.ablation.sentence
    assert findings.headline == "listed: what 33 trials of its ablation say"
    assert [tile.value for tile in findings.tiles[:3]] == ["33 trainings", "3 of 8", "5 of 12"]
    conclusion = findings.conclusion.sentence
    assert "Improved by: cell rnn → gru; " in conclusion
    assert "Made worse by: dropout 0 → 0.5." in conclusion
    assert "Convergence is not stable" in conclusion
    figure = findings.ablation.figure()
    assert figure is not None
    assert {trace.name for trace in figure.data} == {HELPS, HURTS, NOTHING, "published"}
    report = CliRunner().invoke(report_app, ["--study", "listed"])
    assert report.exit_code == 0, report.output
    page = Path("studies/listed/report.html").read_text("utf-8")
    assert "What is the conclusion?" in page
    assert "What was claimed" in page
    result = CliRunner().invoke(report_app, ["--study", "listed", "--json"])
    assert "What was claimed" in result.output


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
    assert "GRU of 4 units, lr 0.0" in open_study("own").findings().answer[0]


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
