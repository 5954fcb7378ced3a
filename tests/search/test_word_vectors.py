"""A study whose embeddings start from a file of word vectors, from its start to its end."""

import json
import random
from pathlib import Path

import optuna
import pytest
import torch

from model.checkpoint import load
from model.prediction import TextClassifier
from tests.data.word_vectors import write_vectors
from tests.search.commands import DATABASE, equals_unbroken, facts, search, trials
from tests.search.conftest import edit

WORDS = {
    word: [random.Random(word).gauss() for _ in range(8)]
    for word in ("goal", "Market", "the", "of", "a", "elsewhere")
}
FILE = ("[fixed]", '[fixed]\nembedding_dim = 8\nembedding_init = "words.vec.gz"')
SEARCHED = (
    "[fixed]",
    'embedding_init = ["random", "words.vec.gz"]\n[fixed]\nembedding_dim = 8',
)


@pytest.fixture
def words(place: Path) -> Path:
    return write_vectors(place / "words.vec.gz", WORDS, "fastText")


def started(study: str = "small") -> set[str]:
    """The starts of a study's trials."""
    return {trial.params["embedding_init"] for trial in trials(study)}


def test_a_study_goes_from_start_to_end_and_is_resumed(place: Path, words: Path) -> None:
    edit(place / "small.toml", SEARCHED)
    first = search("--trials", "2", "--enqueue", "embedding_init=words.vec.gz").output
    told = next(line for line in first.splitlines() if line.startswith("words.vec.gz: "))
    assert told.startswith("words.vec.gz: vectors of 8 numbers for 5 of 8 words (62.5%), which")
    assert first.index(told) < first.index("trial   0")
    card = optuna.load_study(study_name="small", storage=DATABASE).user_attrs["data_card"]
    assert told in card["lines"]
    assert trials()[0].params["embedding_init"] == "words.vec.gz"
    search("--trials", "5")
    assert started() == {"random", "words.vec.gz"}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_workers_start_from_the_file_and_a_resume_changes_nothing(
    place: Path, words: Path, jobs: str
) -> None:
    edit(place / "small.toml", FILE)
    search("--trials", "1", "--jobs", jobs)
    search("--trials", "2", "--jobs", jobs)
    assert equals_unbroken(2)
    edit(place / "small.toml", ('"words.vec.gz"', '"random"'))
    search("--trials", "2", "--name", "random")
    assert [t.value for t in trials()] != [t.value for t in trials("random")]


@pytest.mark.parametrize("change", [FILE, SEARCHED], ids=["fixed", "searched"])
def test_a_moved_file_goes_on_and_a_changed_one_is_refused(
    place: Path, words: Path, change: tuple[str, str]
) -> None:
    edit(place / "small.toml", change)
    search("--trials", "2", "--name", "unbroken")
    search("--trials", "1")
    (place / "elsewhere").mkdir()
    moved = words.rename(place / "elsewhere" / "moved.bin")
    missing = search("--trials", "2", expect=2).output
    assert "embedding_init = 'words.vec.gz': no such file" in missing
    edit(place / "small.toml", ('"words.vec.gz"', f'"{moved}"'))
    search("--trials", "2")
    assert [facts(t) for t in trials()] == [facts(t) for t in trials("unbroken")]
    if change is SEARCHED:
        search("--trials", "3", "--enqueue", f"embedding_init={moved}")
        assert trials()[2].params["embedding_init"] == "words.vec.gz"
    moved.rename(words)
    edit(place / "small.toml", (f'"{moved}"', '"words.vec.gz"'))
    write_vectors(words, {**WORDS, "goal": WORDS["the"]}, "fastText")
    before = len(trials())
    refused = " ".join(search("--trials", "4", expect=2).output.split())
    assert "the word vectors of words.vec.gz are not those that the study small was" in refused
    assert "add --name small-2" in refused
    assert len(trials()) == before


def test_a_file_can_become_one_more_choice(place: Path, words: Path) -> None:
    edit(
        place / "small.toml", ("[fixed]", '[fixed]\nembedding_dim = 8\nembedding_init = "random"')
    )
    search("--trials", "1")
    edit(
        place / "small.toml",
        ('embedding_init = "random"\n', ""),
        (
            "[fixed]",
            'embedding_init = {choices = ["random", "words.vec.gz"], default = "random"}\n[fixed]',
        ),
    )
    assert "add --extend-space" in search("--trials", "2", expect=2).output
    search("--trials", "2", "--extend-space", "--enqueue", "embedding_init=words.vec.gz")
    assert trials()[1].params["embedding_init"] == "words.vec.gz"
    write_vectors(words, {**WORDS, "goal": WORDS["the"]}, "fastText")
    assert "the file changed" in search("--trials", "3", "--extend-space", expect=2).output


def test_a_classifier_needs_no_file(place: Path, words: Path) -> None:
    edit(place / "small.toml", FILE)
    search("--trials", "1")
    words.unlink()
    stored = json.loads((place / "studies/small/best/settings.json").read_text())
    assert stored["model"]["embedding_init"] == "words.vec.gz"
    classifier = load(place / "studies/small/best")
    assert set(classifier.predict(["goal the of", "market the of"])) <= {"goal", "market"}
    assert isinstance(classifier, TextClassifier)
    assert torch.isfinite(classifier.net.embedding.weight).all()


BAD = {
    "another width": (("_dim = 8", "_dim = 9"), "have 8 numbers, but embedding_dim is 9"),
    "a searched width": (("embedding_dim = 8\n", ""), "but hidden_dim is searched (4 to 12)"),
    "a typing mistake": (('"words.vec.gz"', '"copus"'), "'copus': no such file; choose 'random'"),
    "no string": (('"words.vec.gz"', "3"), "[fixed] embedding_init = 3: should be a valid string"),
    "no vectors": (('"words.vec.gz"', '"news.csv"'), "news.csv, line 1: 'text,label': want a"),
    "broken": (('"words.vec.gz"', '"broken.txt"'), "broken.txt, line 2: 'of 1 2': 2 numbers in"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), BAD.values(), ids=BAD)
def test_what_cannot_be_is_said_before_any_work(
    place: Path, words: Path, change: tuple[str, str], message: str
) -> None:
    (place / "broken.txt").write_text("the 1 2 3 4 5 6 7 8\nof 1 2\n")
    edit(place / "small.toml", FILE, change)
    before = sorted(place.rglob("*"))
    result = search("--trials", "1", expect=2)
    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert sorted(place.rglob("*")) == before


def test_a_file_that_reaches_little_is_warned_of(place: Path) -> None:
    write_vectors(place / "words.vec.gz", {"das": WORDS["the"], "of": WORDS["of"]}, "fastText")
    edit(place / "small.toml", FILE)
    printed = search("--trials", "1").output
    warned = next(line for line in printed.splitlines() if line.startswith("warning: "))
    assert "words.vec.gz has vectors for " in warned
    assert "of the known training tokens only" in warned
    card = optuna.load_study(study_name="small", storage=DATABASE).user_attrs["data_card"]
    assert warned in [f"warning: {line}" for line in card["warnings"]]
