"""Study files: what they may say, and one message for each way to get it wrong."""

from pathlib import Path

import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from search.definition.lookup import FOLDERS, find_study
from search.definition.reading import read_definition
from search.definition.space import distributions, enqueued
from search.definition.tables import Definition
from search.errors import StudyError
from search.trials.pruning import longest

SPACE = '[space]\ncell = ["gru", "lstm"]\nlr = { low = 1e-4, high = 1e-2, log = true }\n'


def read(tmp_path: Path, text: str) -> Definition:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return read_definition(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"nothing to search: give \[space\]"),
        ("[space", r"cannot be read as a study file"),
        ("[spaces]\na = 1", r"\[spaces\]: unknown key; there are data, search, space"),
        (SPACE + "[search]\nepoch = 3", r"\[search\] epoch: unknown key; there are epochs, seed"),
        (SPACE + "[search]\nepochs = 0", r"\[search\] epochs = 0: .*greater than or equal to 1"),
        (SPACE + '[search]\nepochs = "3"', r"\[search\] epochs = '3': .*valid integer"),
        (SPACE + '[search]\nsampler = "grid"', r"sampler = 'grid': .*'tpe', 'gp', 'cmaes'"),
        (SPACE + '[search]\nobjective = "f2"', r"= 'f2': should be loss, .* or f1:CLASS"),
        (SPACE + '[search]\nobjective = "f1:"', r"= 'f1:': should be loss, .* or f1:CLASS"),
        (SPACE + "[search]\nobjective = 1", r"\[search\] objective = 1: .*valid string"),
        ("[space]\nhiden_dim = [8]", r"hiden_dim: unknown setting; did you mean hidden_dim\?"),
        ("[space]\ncell = []", r"\[space\] cell: an empty choice"),
        ('[space]\ncell = ["lstn"]', r"\[space\] cell = 'lstn': should be 'rnn', 'gru' or 'lstm'"),
        ("[space]\nlr = { low = 1e-2, high = 1e-4 }", r"low 0.01 is above high 0.0001: swap"),
        ("[space]\nlr = { low = 0, high = 1, log = true }", r"low 0 with log = true: .* above 0"),
        ("[space]\nlr = { low = 0, high = 1 }", r"lr = 0: should be greater than 0"),
        ("[space]\nlr = { low = 0.1 }", r"lr high: Field required"),
        ("[space]\nlr = { low = 0.1, high = 1, lag = true }", r"lr lag: unknown key"),
        ("[space]\nlayers = { low = 1, high = 2.5 }", r"layers = 2.5: should be a valid integer"),
        ("[space]\nlr = { low = 0.1, high = 1, log = true, step = 0.1 }", r"exclude each other"),
        ("[space]\ncell = { low = 1, high = 2 }", r"cell = 1: should be 'rnn', 'gru' or 'lstm'"),
        ("[space]\ncell = 3", r"\[space\] cell = 3: .*list"),
        (SPACE + "[fixed]\nlr = 0.1", r"lr stands under \[space\] and \[fixed\]"),
        (SPACE + "[fixed]\nepochs = 3", r"epochs: write it under \[search\]"),
        (SPACE + "[fixed]\ndropout = 1.5", r"\[fixed\] dropout = 1.5: should be less than 1"),
        (SPACE + "[[enqueue]]\nlayers = 2", r"enqueue\]\] number 1: layers is not in \[space\]"),
        (SPACE + '[[enqueue]]\ncell = "rnn"', r"cell = 'rnn' is not one of \['gru', 'lstm'\]"),
        (SPACE + "[[enqueue]]\nlr = 0.5", r"lr = 0.5 is not between 0.0001 and 0.01"),
        ('[[enqueue]]\ncell = "x"', r"number 1: cell = 'x': should be"),
        (SPACE + "[data]\nvalidation = 1.0", r"\[data\] validation = 1.0: .*less than 1"),
    ],
)
def test_what_is_wrong_is_named_with_file_value_and_rule(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(StudyError, match=message) as caught:
        read(tmp_path, text)
    assert "mine.toml: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lists_are_choices_and_tables_are_ranges(tmp_path: Path) -> None:
    definition = read(
        tmp_path,
        '[space]\ncell = ["gru", "lstm"]\nbidirectional = [true, false]\n'
        "hidden_dim = { low = 64, high = 768, step = 64 }\n"
        "lr = { low = 1e-4, high = 1e-2, log = true }\n"
        "vocab_threshold = { low = 1, high = 50, log = true }\n"
        "dropout = { low = 0, high = 0.6 }\n",
    )
    assert distributions(definition) == {
        "cell": CategoricalDistribution(("gru", "lstm")),
        "bidirectional": CategoricalDistribution((True, False)),
        "hidden_dim": IntDistribution(64, 768, step=64),
        "lr": FloatDistribution(1e-4, 1e-2, log=True),
        "vocab_threshold": IntDistribution(1, 50, log=True),
        "dropout": FloatDistribution(0.0, 0.6),
    }
    assert definition.limit(50) == 50


def test_settings_are_chosen_over_fixed_over_default(tmp_path: Path) -> None:
    definition = read(tmp_path, SPACE + "[search]\nepochs = 4\n[fixed]\nhidden_dim = 32\n")
    net_settings, train_settings = definition.settings({"cell": "gru", "lr": 2e-3})
    assert (net_settings.cell, net_settings.hidden_dim, net_settings.layers) == ("gru", 32, 1)
    assert (train_settings.lr, train_settings.epochs) == (2e-3, 4)


@pytest.mark.parametrize(
    "name", ["ag_news", "ag_news_cpu", "candidates", "demo", "notebook", "notebook_cpu", "quick"]
)
def test_shipped_studies_are_valid(name: str) -> None:
    assert find_study(name).definition.search.seed == 42


def test_ag_news_samples_the_six_parameters() -> None:
    names = list(distributions(find_study("ag_news").definition))
    assert names == ["cell", "layers", "hidden_dim", "dropout", "vocab_threshold", "lr"]


def test_the_notebooks_eleven_configurations_stand_in_order_and_nothing_else() -> None:
    definition = find_study("notebook").definition
    assert definition.limit(50) == 11
    assert longest(definition) == 10
    rows = [enqueued(definition, i) or {} for i in range(11)]
    assert [
        (r["cell"], r["hidden_dim"], r["lr"], r["epochs"], r["schedule"], r["vocab_threshold"])
        for r in rows
    ] == [
        ("rnn", 256, 1e-3, 5, "none", 25),
        ("gru", 256, 1e-3, 5, "none", 25),
        ("lstm", 256, 1e-3, 5, "none", 25),
        ("lstm", 256, 3e-4, 5, "none", 25),
        ("lstm", 256, 3e-4, 10, "none", 25),
        ("lstm", 256, 3e-4, 10, "plateau", 25),
        ("lstm", 256, 3e-4, 10, "plateau", 10),
        ("lstm", 256, 3e-4, 10, "plateau", 50),
        ("lstm", 384, 3e-4, 10, "plateau", 10),
        ("lstm", 512, 3e-4, 10, "plateau", 10),
        ("lstm", 768, 3e-4, 10, "plateau", 10),
    ]
    for row in rows:  # what a row leaves out is a default: all rows have all parameters
        assert set(row) == set(distributions(definition))
        net_settings, train_settings = definition.settings(row)
        assert (net_settings.pooling, net_settings.dropout, train_settings.batch_size) == (
            "max",
            0.1,
            512,
        )


def test_options_take_the_place_of_the_files_but_not_of_what_is_searched(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SPACE + "[search]\nepochs = 0\n[fixed]\ndropout = 0.2\n")
    definition = read_definition(path, {"epochs": 2, "precision": "bf16", "seed": None})
    assert definition.search.epochs == 2, "what is replaced is not checked"
    assert definition.search.seed == 42
    assert definition.settings({})[0].dropout == 0.2
    assert definition.settings({})[1].precision == "bf16"
    with pytest.raises(StudyError, match=r"^--epochs 2: this study searches epochs"):
        find_study("notebook", options={"epochs": 2})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seed": -1}, r"^\[search\] seed = -1: .*greater than or equal to 0"),
        ({"epocs": 3}, r"^epocs: unknown setting; did you mean epochs\?"),
        ({"dropout": 2.0}, r"dropout = 2.0: should be less than 1"),
    ],
)
def test_a_bad_option_is_not_blamed_on_the_file(
    tmp_path: Path, options: dict[str, object], message: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SPACE)
    with pytest.raises(StudyError, match=message):
        read_definition(path, options)


@pytest.mark.parametrize(
    ("arguments", "name", "dataset"),
    [
        (("demo", None, None), "demo", "demo"),
        ((None, "demo", None), "demo", "demo"),
        ((None, "ag_news", None), "ag_news", "ag_news"),
        ((None, "some/where/texts.csv", None), "texts", "some/where/texts.csv"),
        (("demo", "x.csv", "mine"), "mine", "x.csv"),
        ((None, "my [new] texts_.csv", None), "my-new-texts", "my [new] texts_.csv"),
        ((None, "texts_.csv", None), "texts_", "texts_.csv"),
        ((None, "\u8bc4\u8bba.csv", None), "study", "\u8bc4\u8bba.csv"),
    ],
)
def test_a_study_takes_its_name_from_what_was_given(
    arguments: tuple[str | None, str | None, str | None], name: str, dataset: str
) -> None:
    study, given, called = arguments
    choice = find_study(study, given, name=called)
    assert (choice.name, choice.definition.data.dataset) == (name, dataset)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing", None, None), r"--study nothing: no such study; there are ag_news, ag_news_c"),
        (("no/file.toml", None, None), r"--study no/file.toml: no such file"),
        (("demo", None, "../up"), r"'../up' cannot be a study's name"),
        (("demo", None, "<b>"), r"'<b>' cannot be a study's name"),
    ],
)
def test_unknown_studies_and_names_are_refused(
    arguments: tuple[str | None, str | None, str | None], message: str
) -> None:
    with pytest.raises(StudyError, match=message):
        find_study(arguments[0], arguments[1], name=arguments[2])


def test_without_the_hub_the_demo_runs_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.definition.lookup.hub_available", lambda name, timeout: False)
    choice = find_study()
    assert choice.name == "demo"
    assert "built-in demo" in choice.note
    assert "--dataset PATH" in choice.note
    monkeypatch.setattr("search.definition.lookup.hub_available", lambda name, timeout: True)
    assert find_study().name == "ag_news"
    assert len(FOLDERS) == 2
