"""Configurations that a study file lists: each change by itself, and what was claimed of them."""

from collections.abc import Callable
from pathlib import Path

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
from search.trials.watcher import Silent
from search.workers.task import Task
from tests.search.commands import trials
from tests.search.confirmation.ablations import ablate
from tests.search.confirmation.listings import CLAIMS, ROWS, loss, write
from tests.search.confirmation.planting import run_all, with_planted


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
    assert "the best of 7 listed configurations" in findings.answer[-1]
    assert "2 rows have no result" in findings.answer[-1]
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
    assert findings.answer[0].startswith("The best net has no more texts right"), "not tested"
    assert "the best of 9 listed configurations (row 4)" in findings.answer[-1]
    assert "; all others have a worse validation loss." in findings.answer[-1]
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
