"""Which files of a folder hold the training rows, and which the validation rows.

They are looked for by their names; test files are never opened.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from data.encoding import read_content
from data.errors import DataError, listed, several
from data.reading import Reading
from data.rows import Rows

TABLES = (".csv", ".tsv", ".jsonl", ".json", ".parquet")
FORMATS = (*TABLES, ".ndjson", ".txt")
PACKED = ".gz"
ENDINGS = (*FORMATS, *(ending + PACKED for ending in FORMATS if ending != ".parquet"))
TRAIN, VALIDATION = ("train",), ("validation", "valid", "val", "dev")
SHARD = re.compile(r"(?P<part>[a-z]+)-(?P<number>\d+)-of-(?P<count>\d+)(?P<ending>\..+)")
UNLABELLED = "unsup"  # the film reviews of IMDB come with a folder of texts without labels


class Part(NamedTuple):
    """Where a part of a data set lies.

    Attributes:
        files: of rows, to be read one after another.
        classes: the folder that has a folder of texts for each class; ``None``: there are files.
    """

    files: tuple[Path, ...]
    classes: Path | None = None


def training_part(folder: Path) -> Part:
    """The training rows' place in ``folder``; no file is opened.

    Raises:
        DataError: there is none, or more than one.
    """
    found = find_part(folder, TRAIN) or classes_alone(folder)
    if found is not None:
        return found
    files = sorted(path.name for path in folder.iterdir())
    wanted = [f"train{ending}" for ending in FORMATS]
    raise DataError(
        f"{folder} has no training file: looked for {listed(wanted)}, these packed with gzip, "
        f"train-*-of-*, a folder a class, or a save_to_disk folder; "
        f"found {listed(files) or 'nothing'}"
    )


def find_part(folder: Path, names: Sequence[str]) -> Part | None:
    """Where the part with one of ``names`` lies in ``folder``, or in its folder "data".

    Raises:
        DataError: there is more than one place, or a shard is missing.
    """
    for place in (folder, folder / "data"):
        if not place.is_dir():
            continue
        if file := _named_file(place, names):
            return Part((file,))
        if shards := _shards(place, names):
            return Part(shards)
        for inner in _folders(place):
            if inner.name.lower() in names or inner.name.lower().endswith(f"-{names[0]}"):
                if _has_classes(inner):
                    return Part((), inner)
                inside = [path for path in _visible(inner) if path.name.lower().endswith(ENDINGS)]
                if inside and len({path.suffix for path in inside}) == 1:
                    return Part(tuple(inside))
    return None


def _named_file(place: Path, names: Sequence[str]) -> Path | None:
    """The one file that is called ``train.csv`` and so on; tables go before texts and packed ones.

    Raises:
        DataError: there are several.
    """
    for endings in (TABLES, ENDINGS):
        wanted = [name + ending for name in names for ending in endings]
        files = [path for path in _visible(place) if path.name.lower() in wanted]
        if len(files) > 1:
            found = listed([path.name for path in files])
            raise DataError(f"{place} has {found}; name the one to use")
        if files:
            return files[0]
    return None


def read_classes(folder: Path, reading: Reading) -> Rows:
    """The rows of a folder that has a folder of texts for each class, a text a file."""
    classes = [inner for inner in _folders(folder) if _files(inner)]
    names = [inner.name for inner in classes]
    notes: list[str] = []
    if UNLABELLED in names and len(names) > 2:
        classes = [inner for inner in classes if inner.name != UNLABELLED]
        notes.append(f"the folder {UNLABELLED!r} of texts without labels is left out")
    table: dict[str, list[str]] = {"text": [], "label": [], "file": []}
    encodings: dict[str, None] = {}
    for inner in classes:
        for path in _files(inner):
            content = None if _is_blank(path) else read_content(path, reading.encoding)
            table["text"].append(content.text.strip() if content else "")
            table["label"].append(inner.name)
            table["file"].append(path.name)
            encodings |= {content.encoding: None} if content else {}
    notes.insert(0, f"{folder} has a folder of texts for each of {len(classes)} classes")
    encoding = ", ".join(encodings) or "utf-8"
    return Rows(
        str(folder), tuple(table), table.__getitem__, encoding=encoding, notes=tuple(notes)
    )


def _shards(place: Path, names: Sequence[str]) -> tuple[Path, ...]:
    """The files ``train-00000-of-00002.parquet`` and so on, all of them."""
    found: dict[tuple[str, str], list[Path]] = {}
    for path in _visible(place):
        match = SHARD.fullmatch(path.name.lower())
        if match and match["part"] in names and match["ending"] in ENDINGS:
            found.setdefault((match["count"], match["ending"]), []).append(path)
    if len(found) > 1:
        kinds = listed([files[0].name for files in found.values()])
        raise DataError(f"{place} has shards of several kinds: {kinds}; name a folder of one kind")
    for (count, _), files in found.items():
        if len(files) != int(count):
            there = f"{len(files)} of {several(int(count), 'shard is', 'shards are')} there"
            raise DataError(f"{place}: {there} ({listed([path.name for path in files])})")
        return tuple(files)
    return ()


def classes_alone(folder: Path) -> Part | None:
    """``folder`` itself, where its folders are classes."""
    return Part((), folder) if _has_classes(folder) else None


def _has_classes(folder: Path) -> bool:
    """Whether two or more folders in it hold texts, and none is a part of a data set."""
    names = {inner.name.lower() for inner in _folders(folder)}
    if names & {"test", *TRAIN, *VALIDATION}:
        return False
    return sum(bool(_files(inner, first=True)) for inner in _folders(folder)) > 1


def _files(folder: Path, *, first: bool = False) -> list[Path]:
    """The texts in ``folder``: files that end in .txt or a number, or have no ending."""
    found: list[Path] = []
    for path in _visible(folder):
        ending = path.suffix.lower()
        if path.is_file() and (ending in {".txt", ""} or ending[1:].isdecimal()):
            found.append(path)
            if first:
                break
    return found


def _is_blank(path: Path) -> bool:
    return path.stat().st_size < 1 << 10 and not path.read_bytes().strip()


def _folders(folder: Path) -> list[Path]:
    return [path for path in _visible(folder) if path.is_dir() and path.name != "__MACOSX"]


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
