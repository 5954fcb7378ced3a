"""What was read is said in plain lines, and what is alarming in warnings."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.corpus import Corpus, Reading, load_corpus
from data.inspection import Inspection, inspect
from data.inspection_text import as_dict, lines, warnings
from data.preparation import Treatment, prepare


def corpus(texts: list[str], labels: list[int]) -> Corpus:
    names = tuple("abcdefghijkl"[: max(labels) + 1])
    fingerprint = str(hash((tuple(texts), tuple(labels))))
    return Corpus("made", texts, np.array(labels), names, fingerprint)


def look(made: Corpus, kind: str = "space", **options: object) -> Inspection:
    treatment = Treatment(kinds=(kind,))  # type: ignore[arg-type]
    prepared = prepare(made, share=0.2, examples=None, seed=0, treatment=treatment)
    return inspect(made, prepared, **options)  # type: ignore[arg-type]


def plain(rows: int = 200, classes: int = 2, words: int = 5) -> Corpus:
    texts = [
        " ".join(f"w{(i * 7 + k) % 50}" for k in range(words)) + f" n{i}" for i in range(rows)
    ]
    return corpus(texts, [i % classes for i in range(rows)])


def test_numbers_are_those_of_the_texts() -> None:
    texts = ["one two"] * 6 + ["one two three four"] * 3 + ["!!!"]
    found = look(corpus(texts, [0, 1] * 5), max_length=5, threshold=4)
    assert found.rows == 10
    assert found.median == 2
    assert found.cut == 0.3, "six steps are more than five"
    assert found.empty == 1
    assert found.repeats.texts == found.repeats.contradictions == 2
    assert found.repeats.rows == found.repeats.contradicting_rows == 9
    assert [(each.train + each.validation) for each in found.classes] == [5, 5]


def test_the_share_of_unknown_tokens_follows_the_threshold() -> None:
    made = plain()
    assert look(made).unknown == pytest.approx(1 / 6), "each text has a word of its own"
    assert look(made).words == 50 + 160
    assert look(made, threshold=1000).unknown == 1
    assert look(made, threshold=1000).words == 0


def test_unknown_tokens_are_told_by_threshold() -> None:
    found = look(plain(), threshold=1, highest=7)
    assert list(found.unknown_by_threshold) == [1, 2, 5, 7]
    for threshold, share in found.unknown_by_threshold.items():
        assert share == look(plain(), threshold=threshold).unknown
    said = "unknown tokens: 16.7% at vocab_threshold 1, 16.7% at 2, 16.7% at 5, 16.7% at 7"
    assert said in lines(found)
    assert not any("unknown tokens" in line for line in lines(look(plain(), threshold=1)))


def face(i: int) -> str:
    return f"w{i % 13} {':)' if i % 2 else ':('}"


ALARMING: dict[str, tuple[Callable[[], Inspection], str]] = {
    "cut": (
        lambda: look(plain(words=20), max_length=10),
        "200 of 200 texts are longer than max_length 10 and are cut (the beginning is kept)",
    ),
    "tail": (
        lambda: look(plain(words=20), max_length=10, truncate="tail"),
        "cut (the end is kept)",
    ),
    "unknown": (
        lambda: look(plain(), threshold=1000),
        "100% of the validation tokens are unknown",
    ),
    "one word": (lambda: look(plain(words=0)), "most texts are one word under tokens = 'space'"),
    "few": (
        lambda: look(plain(40, classes=10)),
        "10 classes have fewer than 5 validation rows: 'a', 'b'",
    ),
    "largest": (
        lambda: look(corpus([f"w{i} x" for i in range(400)], [int(i < 20) for i in range(400)])),
        "95% of the validation rows are of the class 'a'",
    ),
    "empty": (
        lambda: look(corpus(["!!!" if i % 9 == 0 else f"w{i} x" for i in range(90)], [0, 1] * 45)),
        "10 texts have no word left under tokens = 'space'",
    ),
    "signs": (
        lambda: look(corpus([face(i) for i in range(200)], [0, 1] * 100)),
        "':(' and ':)' say much",
    ),
    "signs of the notebook": (
        lambda: look(corpus([face(i) for i in range(200)], [0, 1] * 100), "words"),
        "under tokens = 'words': 'keep'",
    ),
    "contradictions": (
        lambda: look(corpus([f"w{i // 2} x" for i in range(80)], [0, 1] * 40)),
        "40 texts have more than one label (80 rows): no model",
    ),
    "shared": (
        lambda: look(corpus([f"w{i // 2} x" for i in range(80)], [i // 2 % 2 for i in range(80)])),
        "validation texts stand in the training rows too",
    ),
}


@pytest.mark.parametrize(("make", "warning"), ALARMING.values(), ids=ALARMING)
def test_what_is_alarming_comes_first(make: Callable[[], Inspection], warning: str) -> None:
    found = make()
    block = lines(found)
    count = len(warnings(found))
    assert count > 0
    assert all(line.startswith("warning: ") for line in block[:count])
    assert not any(line.startswith("warning: ") for line in block[count:])
    assert any(warning in line for line in block[:count])


@pytest.mark.parametrize("kind", ["space", "words", "keep", "characters"])
def test_plain_texts_raise_no_alarm(kind: str) -> None:
    assert warnings(look(plain(), kind)) == []


def test_signs_that_are_kept_raise_no_alarm() -> None:
    faces = corpus([face(i) for i in range(200)], [0, 1] * 100)
    pictures = corpus([f"w{i % 13} {'🙂☹'[i % 2]}" for i in range(200)], [0, 1] * 100)
    assert look(faces, "keep").removed == look(faces, "characters").removed == ()
    assert look(pictures).removed == look(pictures, "words").removed == ()


FACTS = {
    "combinations": ("combinations of 5 parts joined by '|'", "the classes look like combi"),
    "determining": (("name",), "the text column 'name' alone says the label"),
}


@pytest.mark.parametrize("name", FACTS)
def test_what_reading_found_alarming_is_said(name: str) -> None:
    value, warning = FACTS[name]
    made = plain()
    facts = replace(made.facts, **{name: value})  # type: ignore[arg-type]
    assert any(warning in line for line in warnings(look(replace(made, facts=facts))))


def test_the_block_says_how_a_file_was_read(tmp_path: Path) -> None:
    rows = [f"{i};text {i};{label};x" for i, label in enumerate("ab" * 20)]
    rows += ["40;no label;;x", "41;alone;c;x"]
    (tmp_path / "a.csv").write_text("\n".join(["id;text;label;who", *rows]), encoding="utf-16")
    asked = Reading(skip_unlabelled=True, drop_small_classes=True)
    found = look(load_corpus(str(tmp_path / "a.csv"), asked))
    block = "\n".join(lines(found))
    assert "32 training and 8 validation rows" in block
    assert (
        "text: 'text', label: 'label'; not used: 'id', 'who'; parted by semicolons; "
        "encoding utf-16" in block
    )
    assert "left out: 1 row without a label" in block
    assert "left out: 1 row of 1 small class ('c')" in block
    assert "2 classes: 'a' 20, 'b' 20; the largest has 50% of the validation rows" in block
    assert "text 0" not in block
    shown = "\n".join(lines(found, examples=True))
    assert "'a':\n  'text 0'\n  'text 2'\n  'text 4'\n'b':" in shown


def test_no_line_holds_a_long_text() -> None:
    made = corpus([f"{'x' * 500} w{i}" for i in range(20)], [0, 1] * 10)
    names = replace(made, class_names=("y" * 500, "z"))
    assert max(map(len, lines(look(names), examples=True)[-6:])) < 70
    assert len(next(line for line in lines(look(names)) if "2 classes" in line)) < 200


def test_the_inspection_is_json() -> None:
    found = look(plain())
    stored = json.loads(json.dumps(as_dict(found)))
    assert stored["rows"] == 200
    assert stored["warnings"] == []
    assert stored["repeats"]["texts"] == 0
    assert stored["classes"][0]["name"] == "a"
    assert len(stored["classes"][0]["examples"]) == 3
    assert stored["facts"]["encoding"] == "utf-8"
