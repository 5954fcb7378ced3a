"""The report: one offline file that shows what there is, and says what it cannot show."""

import importlib
import re
import webbrowser
from dataclasses import replace
from pathlib import Path

import optuna
import plotly.graph_objects as go
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.trial import TrialState, create_trial
from typer.testing import CliRunner

from search.findings.card import Card
from search.findings.curves import best_curves
from search.findings.evidence import Evidence
from search.findings.page import render, write_report
from search.findings.sections import Findings, Section, findings_of
from search.report import app
from search.storage.record import StudyRecord
from tests.search.findings.searched import searched, shown

ROOT = Path(__file__).parents[3]
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
CELLS = CategoricalDistribution(("gru", "lstm"))
RATES = FloatDistribution(0.0, 1.0)


def add(study: optuna.Study, lr: float, state: TrialState = TrialState.COMPLETE) -> None:
    losses = [1.0, 0.5 + lr]
    curve = [
        {"number": i, "train_loss": x, "validation_loss": x, "accuracy": 0.5, "lr": lr}
        for i, x in enumerate(losses, 1)
    ]
    done = state in (TrialState.COMPLETE, TrialState.PRUNED)
    study.add_trial(
        create_trial(
            state=state,
            value=min(losses) if done else None,
            params={"cell": "gru", "lr": lr},
            distributions={"cell": CELLS, "lr": RATES},
            intermediate_values=dict(enumerate(losses, 1)),
            user_attrs={"curve": curve, "best_loss": min(losses), "accuracy": 0.5}
            if done
            else {"failure": {"kind": "error", "message": HOSTILE}},
        )
    )


def study_of(*states: TrialState) -> StudyRecord:
    study = optuna.create_study()
    study.set_user_attr("definition", {})
    for i, state in enumerate(states):
        add(study, i / max(20, len(states)), state)
    return StudyRecord.of(study)


C, P, F, R = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL, TrialState.RUNNING


def found(study: StudyRecord) -> Findings:
    return findings_of(Evidence(record=study))


@pytest.mark.parametrize(
    ("states", "drawn", "said"),
    [
        ((), False, "no trial with a score has ended yet"),
        ((F, F), False, "2 of 2 trials failed: 2 error"),
        ((R,), False, "1 trial, the best first"),
        ((P, P), True, "none of them is complete"),
        ((C,), True, "The best so far came with trial 0"),
        ((C, C, P, F, R), True, "1 of 5 trials failed: 1 error"),
    ],
)
def test_a_page_says_what_it_cannot_show(
    states: tuple[TrialState, ...], drawn: bool, said: str
) -> None:
    page = render(found(study_of(*states)))
    assert ('id="figure-history"' in page) == drawn
    assert said in page


def test_a_figure_that_cannot_be_drawn_does_not_cost_the_page() -> None:
    def fails() -> go.Figure:
        raise ValueError("<b>odd</b>")

    findings = found(study_of(C, C))
    card = Card(name="odd", title="Odd", sentence="It is odd.", draw=fails)
    page = render(replace(findings, sections=(Section("Odd?", (card,)), *findings.sections)))
    assert "could not be drawn: ValueError: &lt;b&gt;odd" in page
    assert 'id="figure-history"' in page


def test_the_same_study_gives_the_same_bytes() -> None:
    assert render(shown(searched(40))) == render(shown(searched(40)))


def test_nothing_from_outside_becomes_markup() -> None:
    study = optuna.create_study(study_name=HOSTILE)
    study.set_user_attr("definition", {"data": {"dataset": HOSTILE}})
    for state in (C, C, P, F):
        add(study, 0.1 * state, state)
    page = render(found(StudyRecord.of(study)))
    assert "<script>alert(1)" not in page
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert "\\u003cimg src=x" in page, "in the rows that the script reads"


def test_the_page_is_one_file_under_6_mb_that_asks_no_network(tmp_path: Path) -> None:
    path = write_report(found(study_of(*[C] * 12, P)), tmp_path / "deep" / "report.html")
    text = path.read_text("utf-8")
    assert len(text.encode()) < 6_000_000
    assert text.count("plotly.js v") == 1
    assert "default-src 'none'" in text, "the browser itself refuses any request"
    own = re.sub(r"<script>/\*\*.*?</script>", "", text, count=1, flags=re.S)
    assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", own)
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]


def test_best_curves_come_best_first() -> None:
    curves = best_curves(study_of(C, C, C, C, P))
    assert [c.number for c in curves] == [0, 1, 2]
    assert curves[1].validation == [1.0, 0.55]
    assert curves[1].epochs == [1, 2]


def test_the_command_writes_the_report_of_a_stored_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 2
    assert "no studies yet" in result.output
    study = optuna.create_study(study_name="mine", storage="sqlite:///my.db")
    add(study, 0.1)
    result = CliRunner().invoke(app, ["--storage", "my.db"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "my.db.studies/mine/report.html").exists()
    result = CliRunner().invoke(app, ["--storage", "my.db", "--study", "other"])
    assert result.exit_code == 2
    assert "no such study in sqlite:///my.db; there are mine" in result.output
    optuna.create_study(study_name="two", storage="sqlite:///my.db", directions=["minimize"] * 2)
    result = CliRunner().invoke(app, ["--storage", "my.db", "--study", "two"])
    assert result.exit_code == 2
    assert "several objectives" in result.output


def test_attributes_of_another_program_may_be_anything() -> None:
    study = optuna.create_study(direction="maximize")
    for i in range(3):
        add(study, i / 10)
    odd = dict.fromkeys(("curve", "accuracy", "best_loss", "failure", "seconds"), "odd")
    study.add_trial(create_trial(value=1.0, user_attrs={**odd, "environment": 3}))
    page = render(found(StudyRecord.of(study)))
    assert "The best trial is 3, with 1" in page
    assert "could not be drawn" not in page


def test_a_large_study_stays_small_and_shows_the_best_100_without_scripts() -> None:
    page = render(found(searched(1000).record))
    assert len(page.encode()) < 6_000_000
    assert "The best 100 of 1000 trials" in page
    rows = page.split('<tbody id="trials-rows">')[1].split("</tbody>")[0]
    assert rows.count("<tr>") == 100


@pytest.mark.parametrize(
    ("browser", "said"), [("/bin/sh script %s", ""), ("nothing", "no browser could be")]
)
def test_open_starts_the_browser_or_says_it_cannot(
    tmp_path: Path, browser: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    (tmp_path / "script").write_text(f'echo "$1" > {seen}\n')
    add(optuna.create_study(study_name="mine", storage=f"sqlite:///{tmp_path}/my.db"), 0.1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISPLAY", raising=False)
    environment = {"BROWSER": browser, "PATH": ""}
    importlib.reload(webbrowser)  # it looks for browsers once
    done = CliRunner().invoke(app, ["--storage", "my.db", "--open"], env=environment)
    importlib.reload(webbrowser)
    assert done.exit_code == 0, done.output
    assert said in done.stderr
    assert seen.exists() == (not said)
    if seen.exists():
        assert seen.read_text().strip() == (tmp_path / "my.db.studies/mine/report.html").as_uri()
