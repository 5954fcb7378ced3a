"""Class names: labels of other rows in them, by name or number, and they as labels again."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.errors import DataError, listed, several, shown
from data.rows import Rows
from data.whole_numbers import INTEGER, whole

Label = str | int | bool  # as it is in the training data
NO_LABEL = -1  # which `datasets` writes where there is no label


@dataclass(kw_only=True)
class NamedClasses:
    """The classes of training rows whose labels are numbers that have names.

    Attributes:
        column: of the labels.
        names: of the classes; names that only other rows have are appended.
        codes: the class number of each label as it is written.
        is_open: whether other rows may have numbers that are none of these.
    """

    column: str
    names: list[str]
    codes: Mapping[str, int]
    is_open: bool

    @classmethod
    def of(cls, train: Rows, column: str, *, is_open: bool) -> "NamedClasses | None":
        """Those of ``train``; ``None``: its labels have no names."""
        names = [one_form(name) for name in train.class_names.get(column, ())]
        codes = train.codes.get(column) or {str(i): i for i in range(len(names))}
        return cls(column=column, names=names, codes=codes, is_open=is_open) if names else None

    def numbered(
        self, rows: Rows, values: Sequence[object], keys: Mapping[object, str]
    ) -> dict[object, str]:
        """The ``keys`` of other rows as numbers of these classes, in digits.

        Args:
            rows: that have the labels.
            values: their labels.
            keys: each distinct label as a string, "" for none.

        Raises:
            DataError: a number is none of a class.
        """
        own = rows.class_names.get(self.column)
        found: dict[object, str] = {}
        for value, key in keys.items():
            name = one_form(own[int(key)]) if own and key else key
            code = whole(name) if INTEGER.fullmatch(name) else name
            if not name or name in self.names or own:
                found[value] = self._position(name)
            elif code in self.codes:
                found[value] = str(self.codes[code])
            elif code == str(NO_LABEL):
                found[value] = ""
            elif self.is_open or not INTEGER.fullmatch(name):
                found[value] = self._position(code)
            else:
                choices = f"{listed(list(self.codes))} ({listed(self.names)})"
                problem = f"but the classes are {choices}"
                raise wrong_label(rows, self.column, values, value=value, problem=problem)
        return found

    def _position(self, name: str) -> str:
        """The number of ``name``, which may be new; "" for none."""
        if not name:
            return ""
        if name not in self.names:
            self.names.append(name)
        return str(self.names.index(name))


def named(
    rows: Rows, column: str, keys: Mapping[object, str], known: set[str]
) -> Mapping[object, str]:
    """The ``keys`` of rows whose numbers have names, as names, where training rows have none.

    They stay numbers where the training rows' labels, ``known``, are numbers and no such names.
    """
    own = rows.class_names.get(column)
    if not own:
        return keys
    names = {value: one_form(own[int(key)]) if key else "" for value, key in keys.items()}
    is_number = all(map(INTEGER.fullmatch, known)) and known.isdisjoint(names.values())
    return keys if is_number else names


def wrong_label(
    rows: Rows, column: str, values: Sequence[object], *, value: object, problem: str
) -> DataError:
    """What is wrong with the label ``value``, and where it stands."""
    where = [i for i, v in enumerate(values, start=1) if v is value or v == value]
    return DataError(
        f"{rows.source}, row {where[0]} has the label {shown(value)}, {problem} "
        f"({several(len(where), 'row')}, column {shown(column)})"
    )


def one_form(name: str) -> str:
    """``name`` in Unicode's composed form, and without half characters."""
    mended = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", mended)


def as_labels(names: Iterable[str], kind: str) -> tuple[Label, ...]:
    """Class names as the labels that they are in the training data: "int", "bool" or "str"."""
    if kind == "int":
        return tuple(int(name) for name in names)
    return tuple(name == "True" for name in names) if kind == "bool" else tuple(names)
