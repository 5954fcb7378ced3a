"""Files of word vectors that a study's embeddings start from: found, fitting, and named once.

A study calls a file by the name that it was begun with, in its space, its trials and its
classifiers. Where the file lies now is looked up by its content.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from data.vector_files import VectorFile, look_at
from search.definition.domain import Choices, Domain, Range, Value, choices
from search.definition.tables import Definition
from search.errors import StudyError

SETTING = "embedding_init"
BUILT_IN = ("random", "corpus")

Files = Mapping[str, VectorFile]  # by name


def find_files(definition: Definition) -> dict[str, VectorFile]:
    """The files that trials may start from, by the name in ``definition``.

    Raises:
        DataError: one is not there, or is none of word vectors.
        StudyError: one does not fit the nets, or is named twice.
    """
    names = [str(name) for name in definition.values_of(SETTING) if name not in BUILT_IN]
    files = {name: look_at(name) for name in dict.fromkeys(names)}
    if files:
        _check_widths(definition, files)
    by_content: dict[str, str] = {}
    for name, file in files.items():
        if (other := by_content.setdefault(file.fingerprint, name)) != name:
            raise StudyError(f"{SETTING}: {other} and {name} are the same: keep one of them")
    return files


def known_names(files: Files, stored: Mapping[str, Any] | None) -> dict[str, str]:
    """What the study that is there calls each of ``files``; a new one calls it as it is named.

    Args:
        files: by the names that are asked for.
        stored: the tables of the study that is there, if it is.
    """
    fingerprints: dict[str, str] = (stored or {}).get("vectors", {})
    moved = {fingerprint: name for name, fingerprint in fingerprints.items() if name not in files}
    return {
        name: name if name in fingerprints else moved.get(file.fingerprint, name)
        for name, file in files.items()
    }


def with_names(definition: Definition, names: Mapping[str, str]) -> Definition:
    """``definition`` with ``names`` for those of its files."""
    space = {
        name: _renamed(domain, names) if name == SETTING else domain
        for name, domain in definition.space.items()
    }
    rows = [renamed(row, names) for row in definition.enqueue]
    fixed = renamed(definition.fixed, names)
    return definition.model_copy(update={"space": space, "fixed": fixed, "enqueue": rows})


def renamed(configuration: Mapping[str, Value], names: Mapping[str, str]) -> dict[str, Value]:
    """A ``configuration`` with ``names`` for those of its files."""
    return {
        name: names.get(str(value), value) if name == SETTING else value
        for name, value in configuration.items()
    }


def _renamed(domain: Domain, names: Mapping[str, str]) -> Domain:
    values = [names.get(str(value), value) for value in choices(domain)]
    if not isinstance(domain, Choices):
        return values
    default = domain.default
    default = default if default is None else names.get(str(default), default)
    return domain.model_copy(update={"choices": values, "default": default})


def _check_widths(definition: Definition, files: Files) -> None:
    """See that each net that starts from a file has embeddings of its vectors' width."""
    first, *others = files
    for name in others:
        if files[name].dimensions != files[first].dimensions and definition.space:
            raise StudyError(
                f"{SETTING}: the vectors of {first} have {files[first].dimensions} numbers and "
                f"those of {name} have {files[name].dimensions}: a search takes one width"
            )
    for name, where, width in _widths(definition):
        if name in files and width != (needed := files[name].dimensions):
            raise StudyError(
                f"{SETTING} = {name!r}: its vectors have {needed} numbers, but {where}: "
                f"set embedding_dim = {needed}{' under [fixed]' if definition.space else ''}"
            )


def _widths(definition: Definition) -> Iterator[tuple[str, str, Value]]:
    """Each start that trials may have, with each width, and what says that width."""
    if not definition.space:
        for number, row in enumerate(definition.enqueue, 1):
            net = definition.settings(row)[0]
            width = net.embedding_dim or net.hidden_dim
            yield (
                net.embedding_init,
                f"[[enqueue]] number {number} has embeddings of {width}",
                width,
            )
        return
    is_set = definition.values_of("embedding_dim") != [None]
    setting = "embedding_dim" if is_set else "hidden_dim"
    widths = definition.values_of(setting)
    between = " to " if isinstance(definition.space.get(setting), Range) else ", "
    where = f"{setting} is {widths[0]}"
    if len(widths) > 1:
        where = f"{setting} is searched ({between.join(map(str, widths))})"
    where += "" if is_set else " and embedding_dim is not set"
    for name in definition.values_of(SETTING):
        yield from ((str(name), where, width) for width in widths)
