"""Data sets as folders, and text files: shards, a folder a class, labels beside, pipes."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas
import pytest

from data.corpus import Corpus, DataError, Reading, load_corpus

FRAME = pandas.DataFrame({"text": ["a b", "c", "d e", "f"], "label": ["x", "y", "x", "y"]})


def shards(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    FRAME[:3].to_parquet(folder / "train-00000-of-00002.parquet")
    FRAME[3:].to_parquet(folder / "train-00001-of-00002.parquet")
    (folder / "test-00000-of-00001.parquet").write_bytes(b"sealed")


def class_folders(folder: Path, *, names: str = "{}.txt") -> None:
    for i, (text, label) in enumerate(zip(FRAME["text"], FRAME["label"], strict=True)):
        (folder / label).mkdir(parents=True, exist_ok=True)
        (folder / label / names.format(i)).write_text(f"{text}\n")
    (folder / ".DS_Store").write_bytes(b"\0")


def reviews(folder: Path) -> None:
    """As IMDB's: parts, classes, texts without labels, and lists of addresses beside."""
    class_folders(folder / "train")
    (folder / "train" / "unsup").mkdir()
    (folder / "train" / "unsup" / "0.txt").write_text("whatever")
    (folder / "train" / "urls_x.txt").write_text("http://example.org")
    (folder / "test" / "x").mkdir(parents=True)
    (folder / "test" / "x" / "0.txt").write_bytes(b"\xff sealed")


def shards_of_conversion(folder: Path) -> None:
    (folder / "train").mkdir()
    FRAME.to_parquet(folder / "train" / "0000.parquet")


FOLDERS: dict[str, Callable[[Path], object]] = {
    "Parquet shards": shards,
    "a cloned data set": lambda p: shards(p / "data"),
    "a part of converted files": shards_of_conversion,
    "film reviews": reviews,
    "class folders alone": class_folders,
    "newsgroups": lambda p: class_folders(p / "20news-train", names="{}"),
    "packed": lambda p: FRAME.to_csv(p / "train.csv.gz", index=False),
}


@pytest.mark.parametrize("make", FOLDERS.values(), ids=FOLDERS)
def test_every_folder_is_read(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path)
    corpus = load_corpus(str(tmp_path))
    rows = {(text, corpus.class_names[i]) for text, i in zip(corpus.texts, corpus.labels)}  # noqa: B905
    assert rows == set(zip(FRAME["text"], FRAME["label"], strict=True))
    assert corpus.label_type == "str"


def test_a_table_goes_before_what_lies_beside_it(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "train.csv", index=False)
    FRAME[:2].to_csv(tmp_path / "train.csv.gz", index=False)
    class_folders(tmp_path)
    assert len(load_corpus(str(tmp_path)).texts) == 4


def test_texts_without_labels_are_left_out_and_said(tmp_path: Path) -> None:
    reviews(tmp_path)
    notes = load_corpus(str(tmp_path)).facts.notes
    assert "the folder 'unsup' of texts without labels is left out" in notes


LINES: dict[str, tuple[str, str, Reading, tuple[str, ...]]] = {
    "fastText": ("a.txt", "__label__{} {}", Reading(), ("x", "y")),
    "fastText with tabs": ("a.txt", "__label__{}\t{}", Reading(), ("x", "y")),
    "fastText without an ending": ("set", "__label__{} {}", Reading(), ("x", "y")),
    "questions": ("a.txt", "{}:fine {}", Reading(), ("x", "y")),
    "questions, fine": ("a", "{}:fine {}", Reading(label="fine label"), ("x:fine", "y:fine")),
    "tabs": ("a.txt", "{}\t{}", Reading(), ("x", "y")),
}


@pytest.mark.parametrize(("name", "form", "reading", "names"), LINES.values(), ids=LINES)
def test_texts_with_labels_before_them(
    tmp_path: Path, name: str, form: str, reading: Reading, names: tuple[str, ...]
) -> None:
    rows = [("x", "a, b"), ("y", "c"), ("x", "d e"), ("y", "f: g")]
    (tmp_path / name).write_text("\n".join(form.format(*row) for row in rows) + "\n\n")
    corpus = load_corpus(str(tmp_path / name), reading)
    assert corpus.texts == ["a, b", "c", "d e", "f: g"]
    assert corpus.class_names == names


def with_labels(folder: Path, texts: str, labels: str) -> Corpus:
    (folder / "texts.txt").write_text(texts)
    (folder / "labels.txt").write_text(labels)
    return load_corpus(str(folder / "texts.txt"), Reading(labels_file=str(folder / "labels.txt")))


def test_labels_may_lie_in_a_file_of_their_own(tmp_path: Path) -> None:
    corpus = with_labels(tmp_path, "a, b\n\nc\td\r\ne\n", "1\n2\n1\n2\n")
    assert corpus.texts == ["a, b", "", "c\td", "e"]
    assert corpus.label_type == "int"
    with pytest.raises(DataError, match=r"labels.txt has 1 line, but .*texts.txt has 2 rows"):
        with_labels(tmp_path, "a\nb\n", "1\n")


def test_labels_may_belong_to_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,id\na,1\nb,2\nc,3\nd,4\n")
    (tmp_path / "l.txt").write_text("x\ny\nx\ny\n")
    corpus = load_corpus(str(tmp_path / "a.csv"), Reading(labels_file=str(tmp_path / "l.txt")))
    assert corpus.class_names == ("x", "y")


def missing_shard(folder: Path) -> None:
    shards(folder)
    (folder / "train-00001-of-00002.parquet").unlink()


def fasttext(folder: Path) -> None:
    (folder / "train.txt").write_text("__label__a __label__b c\n__label__a d\n")


def prose(folder: Path) -> None:
    (folder / "train.txt").write_text("One sentence, and more.\nAnother one.\n")


def other_columns(folder: Path) -> None:
    shards(folder)
    FRAME.rename(columns={"text": "t"}).to_parquet(folder / "train-00001-of-00002.parquet")


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "a missing shard": (missing_shard, r"1 of 2 shards are there \(train-00000-of-00002.parquet"),
    "several labels": (fasttext, r"1 text has several labels \(row 1\)"),
    "no labels": (prose, r"no label is found .*--labels FILE"),
    "nothing": (lambda p: None, r"looked for train.csv, .* found nothing"),
    "other columns": (other_columns, "have different columns: only one of them has 't"),
}


@pytest.mark.parametrize(("make", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_folder_is_said(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    make(tmp_path)
    with pytest.raises(DataError, match=message):
        load_corpus(str(tmp_path))


@pytest.mark.parametrize("source", ["-", "/dev/stdin", "/dev/fd/0", "a pipe", "/dev/null"])
def test_pipes_are_a_clear_no(tmp_path: Path, source: str) -> None:
    if source == "a pipe":
        source = str(tmp_path / "pipe.csv")
        os.mkfifo(source)
    with pytest.raises(DataError, match="standard input and pipes can be read only once"):
        load_corpus(source)
