"""How a data set is read: all that a user may say about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """Options of reading; the defaults read what needs no option, and no validation rows.

    Attributes:
        text: ``--text-column``, or several joined by "+"; ``None``: found by usual names.
        label: ``--label-column``; ``None``: found by usual names.
        header: ``--header`` or ``--no-header``, which numbers the columns from 1; ``None``: found
            by looking at the first line.
        encoding: ``--encoding`` of text files; ``None``: UTF-8, or UTF-16 where it is marked.
        separator: ``--separator`` of delimited files, one character or more; ``None``: found by
            looking.
        labels_file: ``--labels``, a file with the label of each row, one a line.
        skip_unlabelled: ``--skip-unlabelled``: leave out rows without a label.
        drop_small_classes: ``--drop-small-classes``: leave out classes that are too small.
        validation_file: ``--validation FILE`` with the rows to validate with.
        own_validation: whether validation rows that lie beside the training rows (a file, folder
            or split called "validation", "valid", "val" or "dev") are used.
        split_column: ``--split-column``, which says "train" or "validation" for each row.
        group_column: ``--group-column``; rows of one value stay on one side of the split.
    """

    text: str | None = None
    label: str | None = None
    header: bool | None = None
    encoding: str | None = None
    separator: str | None = None
    labels_file: str | None = None
    skip_unlabelled: bool = False
    drop_small_classes: bool = False
    validation_file: str | None = None
    own_validation: bool = False
    split_column: str | None = None
    group_column: str | None = None

    @property
    def asked_columns(self) -> tuple[str, ...]:
        """The names of columns that the user gave, joined ones also one by one."""
        given = (self.text, self.label, self.split_column, self.group_column)
        names = [name for name in given if name is not None]
        parts = [part.strip() for name in names for part in name.split("+")]
        return tuple(dict.fromkeys([*names, *parts]))
