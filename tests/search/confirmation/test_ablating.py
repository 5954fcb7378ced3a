"""``search.ablate`` trains one change at a time between two configurations."""

import json
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState
from typer.testing import CliRunner

from search.api import open_study
from search.confirmation.confirming import latest
from search.definition.route import Route
from search.report import app as report_app
from search.storage.record import StudyRecord
from tests.search.commands import DATABASE, facts, kill_after, search, status, trials
from tests.search.confirmation.ablations import ENDS, SMALLEST, ablate
from tests.search.conftest import DIVERGING, edit

NAME = "small-ablation"


def record() -> StudyRecord:
    return StudyRecord.of(optuna.load_study(study_name=NAME, storage=DATABASE))


def test_the_path_and_the_way_back_are_trained_with_shared_seeds(ablated: Path) -> None:
    made = trials(NAME)
    assert len(made) == 2 * 4  # of two changes all four corners
    assert all(t.state == TrialState.COMPLETE for t in made)
    corners = {(t.params["cell"], t.params["lr"]) for t in made}
    assert corners == {(cell, lr) for cell in ("rnn", "gru") for lr in (0.0001, 0.02)}
    assert set(made[0].params) == {"cell", "lr"}
    said = [open_study(name).home.baseline.read_bytes() for name in ("small", NAME)]
    assert said[0] == said[1], "it was not fitted again"
    output = ablate(*ENDS)
    assert len(trials(NAME)) == 8, "nothing is trained twice"
    assert "2 changes: cell rnn -> gru, lr 0.0001 -> 0.02" in output
    assert "Changed one at a time, 2 seeds each: " in output
    assert "taken back" in output


def test_commands_without_a_study_mean_the_search(ablated: Path) -> None:
    assert open_study().record.name == "small"
    assert latest(DATABASE) == "small"


def test_what_it_says_is_what_was_trained(ablated: Path) -> None:
    ablate(*ENDS, "--order", "lr,cell")
    values = open_study("small").findings().ablation.values
    by_run = {(t.params["cell"], t.params["lr"], t.user_attrs.get("repetition", 1)): t.value
              for t in trials(NAME)}  # fmt: skip

    def mean(cell: str, lr: float) -> float:
        return sum(by_run[cell, lr, seed] or 0.0 for seed in (1, 2)) / 2

    first, second = values.path  # type: ignore[attr-defined]
    assert (first.name, second.name) == ("lr", "cell")
    assert first.score.interval.value == pytest.approx(mean("rnn", 0.02) - mean("rnn", 0.0001))
    assert second.score.interval.value == pytest.approx(mean("gru", 0.02) - mean("rnn", 0.02))
    back = {step.name: step for step in values.back}  # type: ignore[attr-defined]
    assert back["lr"].score.interval.value == pytest.approx(
        mean("gru", 0.0001) - mean("gru", 0.02)
    )
    assert first.loss.interval.low < first.loss.interval.value < first.loss.interval.high


def test_killed_and_gone_on_with_it_is_as_if_never_killed(ablated: Path) -> None:
    unbroken = sorted(_results())
    optuna.delete_study(study_name=NAME, storage=DATABASE)
    command = ("search.ablate", "--study", "small", "--seeds", "2", *ENDS)
    kill_after(NAME, 2, *command)
    ablate(*ENDS, "--jobs", "2")
    assert len(unbroken) == 8
    assert sorted(_results()) == unbroken


def _results() -> list[str]:
    return [repr((sorted(t.params.items()), facts(t)[2:4])) for t in trials(NAME)]


def test_more_seeds_and_other_ends_extend_what_is_there(ablated: Path) -> None:
    before = [facts(t) for t in trials(NAME)]
    ablate(*ENDS, "--seeds", "3")
    assert [facts(t) for t in trials(NAME)][:8] == before
    assert len(trials(NAME)) == 12
    output = ablate("--from", SMALLEST, "--to", f"{SMALLEST} dropout=0.5")
    assert "1 change: dropout" in output
    assert len(trials(NAME)) == 12 + 2, "the start was trained before"
    route = record().ablation
    assert isinstance(route, Route)
    assert route.changes == ("dropout",)


def test_embedding_dim_follows_whatever_was_trained_before(searched: Path) -> None:
    ablate("--from", "hidden_dim=8", "--to", "hidden_dim=12 embedding_dim=8")
    ablate("--from", "hidden_dim=4", "--to", "hidden_dim=12")
    route = record().ablation
    assert isinstance(route, Route)
    assert (route.start["embedding_dim"], route.goal["embedding_dim"]) == (4, 12)
    assert "nothing to run" in ablate("--from", "hidden_dim=4", "--to", "hidden_dim=12", "--plan")


def test_epochs_may_change_back(searched: Path) -> None:
    ablate("--from", "epochs=1 hidden_dim=4", "--to", "epochs=1 hidden_dim=8")
    ablate("--from", "epochs=2 hidden_dim=4", "--to", "epochs=2 hidden_dim=8")
    assert {len(t.user_attrs["curve"]) for t in trials(NAME)} == {1, 2}


def test_what_a_confirmation_has_trained_is_reused(confirmed: Path) -> None:
    best = open_study("small").findings().confirmed.values.configurations[0]  # type: ignore[attr-defined]
    output = ablate("--from", SMALLEST, "--order", _order())
    there = [t for t in record().in_state(TrialState.COMPLETE) if t.stored.reused]
    assert len(there) == 2
    assert {t.stored.reused.split()[0] for t in there} == {"small-final"}
    assert all(t.params.items() <= best.params.items() | t.params.items() for t in there)
    assert "is that training already: reused" in output
    sources = {t.number: t for t in trials("small-final")}
    for trial in there:
        source = sources[int(trial.stored.reused.split()[1])]
        assert trial.value == source.value
        home, own = open_study("small-final").home, open_study(NAME).home
        assert home.probabilities(source.number).read_bytes() == (
            own.probabilities(trial.number).read_bytes()
        )
    assert "2 trainings were there already" in output


def _order() -> str:
    """The changes between that start and the confirmed configuration."""
    output = ablate("--from", SMALLEST, "--plan")
    line = next(line for line in output.splitlines() if "->" in line)
    return ",".join(part.split()[0] for part in line.partition(": ")[2].split(", "))


def test_a_plan_trains_nothing(searched: Path) -> None:
    output = ablate(*ENDS, "--plan")
    assert "2 changes: 4 configurations, 2 seeds each: at most 8 trainings to run" in output
    assert "time: at most about" in output
    with pytest.raises(KeyError):
        trials(NAME)


def test_the_report_says_how_to_have_one(searched: Path) -> None:
    none = open_study("small").findings().ablation
    assert "python -m search.ablate --study small" in none.sentence


def test_the_report_has_it_and_markdown_has_it_alone(ablated: Path) -> None:
    markdown = ablate(*ENDS, "--markdown")
    assert markdown.startswith("### Which change helped, trained")
    assert "| taken back |" in markdown
    findings = open_study("small").findings()
    assert "Changed one at a time" in " ".join(said.text for said in findings.said)
    figure = findings.ablation.figure()
    assert figure is not None
    assert [trace.x[0] for trace in figure.data if trace.type == "bar"] == [
        step.name
        for step in findings.ablation.values.path  # type: ignore[attr-defined]
    ]
    result = CliRunner().invoke(report_app, ["--study", "small", "--json"])
    card = json.loads(result.output)
    assert "Changed one at a time" in json.dumps(card)
    assert "small-ablation: 8 complete" in status("--study", NAME)


def test_a_study_of_listed_configurations(place: Path) -> None:
    (place / "listed.toml").write_text(
        '[data]\ndataset = "news.csv"\nvalidation = 0.2\n[search]\nepochs = 2\n'
        '[fixed]\nhidden_dim = 4\nbatch_size = 32\nprecision = "float32"\n'
        '[[enqueue]]\ncell = "rnn"\nepochs = 1\n[[enqueue]]\ncell = "lstm"\nlr = 1e-2\n'
    )
    search("--study", "listed.toml")
    output = ablate("--study", "listed", "--from", "0", "--to", "1", "--order", "epochs,cell,lr")
    assert "3 changes: cell rnn -> lstm, epochs 1 -> 2, lr 0.002 -> 0.01" in output
    made = trials("listed-ablation")
    assert len(made) == 2 * (4 + 2)
    assert all(len(t.user_attrs["curve"]) == t.params["epochs"] for t in made)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--study", "nowhere"), "no such study"),
        (("--from", "99"), "--from 99: the study small has trials 0 to 3"),
        (("--from", "cell=rnm"), "should be 'rnn', 'gru' or 'lstm'"),
        (("--from", "celt=rnn"), "did you mean cell?"),
        (("--to", "rnn"), "want NAME=VALUE"),
        (("--from", "0", "--to", "0"), "are the same configuration"),
        (("--from", ""), "--from: want NAME=VALUE"),
        (("--from", "enqueue"), "has no [[enqueue]]"),
        ((*ENDS, "--order", "lr"), "--order lr: the two configurations differ in cell, lr"),
        ((*ENDS, "--order", "lr,lr"), "name each of these once"),
        (("--from", "tokens=characters", "--to", "1"), "tokens = 'characters': the study's own"),
        (("--from", "tokens=characters", "--to", "tokens=characters"), "the study's own"),
        (("--seeds", "1"), "greater than or equal to 2"),
    ],
)
def test_mistakes(searched: Path, arguments: tuple[str, ...], says: str) -> None:
    assert says in " ".join(ablate(*arguments, expect=2).split())
    with pytest.raises(KeyError):
        trials(NAME)


def test_ends_may_stand_in_files(searched: Path) -> None:
    (searched / "from.toml").write_text('cell = "rnn"\nlr = 0.0001\nhidden_dim = 4\n')
    (searched / "to.json").write_text('{"cell": "gru", "lr": 0.02, "hidden_dim": 4}')
    output = ablate("--from", "from.toml", "--to", "to.json", "--plan")
    assert "2 changes: cell rnn -> gru, lr 0.0001 -> 0.02" in output


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.toml", None, "a.toml: cannot be read as settings: "),
        ("a.toml", "cell = ", "a.toml: cannot be read as settings: "),
        ("a.json", "{", "a.json: cannot be read as settings: "),
        ("a.json", "[1]", "a.json: want settings such as cell"),
        ("a.toml", "", "a.toml: want settings such as cell"),
        ("a.toml", "[space]\ncell = 'rnn'\n", "a.toml: space: want a value"),
        ("a.toml", "celt = 'rnn'\n", "did you mean cell?"),
        ("a.json", '{"lr": -1}', "should be greater than 0"),
    ],
)
def test_files_that_are_no_end(searched: Path, name: str, content: str | None, says: str) -> None:
    if content is not None:
        (searched / name).write_text(content)
    assert says in " ".join(ablate("--from", name, expect=2).split())


def test_a_precision_that_is_not_there_is_refused(
    searched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.devices.has_bf16_lstm", lambda _: False)
    ends = ("--from", "precision=bf16 hidden_dim=4", "--to", "precision=float32 hidden_dim=4")
    assert "has no bf16 for an LSTM" in ablate(*ends, expect=2)


def test_a_study_of_that_name_that_is_no_ablation_is_left_alone(searched: Path) -> None:
    search("--name", NAME, "--trials", "1")
    assert f"the study {NAME} is there, and no ablation" in ablate(*ENDS, expect=2)
    assert len(trials(NAME)) == 1


def test_a_study_without_a_complete_trial(place: Path) -> None:
    edit(place / "small.toml", *DIVERGING)
    search("--trials", "2", "--max-failures", "1", expect=1)
    assert "has no complete trial yet: search first, or give --to" in ablate(expect=2)
