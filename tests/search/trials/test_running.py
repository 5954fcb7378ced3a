"""What a study makes of a trial's training: every epoch is stored, the best classifier kept."""

from pathlib import Path

from optuna.trial import TrialState

from model.checkpoint import load
from model.prediction import TextClassifier
from tests.search.commands import search, trials


def test_every_trial_stores_its_curve_and_where_it_comes_from(place: Path) -> None:
    search("--trials", "16")
    states = {t.state for t in trials()}
    assert states == {TrialState.COMPLETE, TrialState.PRUNED}
    for trial in trials():
        attributes = trial.user_attrs
        losses = [row["validation_loss"] for row in attributes["curve"]]
        assert [row["number"] for row in attributes["curve"]] == list(range(1, len(losses) + 1))
        assert set(attributes["curve"][0]) == {
            "number", "train_loss", "validation_loss", "accuracy", "macro_f1", "lr", "seconds",
            "score",
        }  # fmt: skip
        assert list(trial.intermediate_values.values()) == losses
        assert attributes["best_loss"] == min(losses)
        assert losses[attributes["best_epoch"] - 1] == min(losses)
        if trial.state == TrialState.COMPLETE:
            assert trial.value == min(losses)
            assert len(losses) == 3
        else:
            assert 1 < len(losses) < 3, "pruned only after the warm-up, before the last epoch"
        assert attributes["parameters"] > 100
        assert attributes["seconds"] > 0
        environment = attributes["environment"]
        assert environment["precision"] == "float32"
        assert environment["device"].startswith("CPU")
        assert {"torch", "optuna", "python"} <= set(environment["versions"])
        assert "git" in environment
        assert environment["command"]


def test_the_best_classifier_is_kept_until_it_is_beaten(place: Path) -> None:
    rows = [("rnn", 4, 0.001), ("gru", 12, 0.05), ("lstm", 4, 0.001)]
    with (place / "small.toml").open("a") as file:
        file.writelines(
            f"[[enqueue]]\ncell = {cell!r}\nhidden_dim = {size}\nlr = {lr}\n"
            for cell, size, lr in rows
        )
    kept = []
    for total in (1, 2, 3):
        search("--trials", str(total))
        kept.append((place / "studies/small/best/weights.pt").read_bytes())
    losses = [min(t.intermediate_values.values()) for t in trials()]
    assert losses[1] < min(losses[0], losses[2]), "the case needs the second to be the best"
    assert kept[1] != kept[0]
    assert kept[2] == kept[1]
    classifier = load("studies/small/best")
    assert isinstance(classifier, TextClassifier)
    assert (classifier.net.settings.cell, classifier.net.settings.hidden_dim) == ("gru", 12)
    assert classifier.predict(["goal the of market", "market the of goal"]) == ["goal", "market"]
