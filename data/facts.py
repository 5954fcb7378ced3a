"""What was noticed while a data set was read; plain values, for people to be told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """How the rows of a corpus came about.

    Attributes:
        rows: that the files hold, those left out included.
        text_columns: whose join is the text.
        label_column: the label's; "" for the built-in demo.
        other_columns: that are not used.
        separator: between columns, in text files.
        encoding: of text files.
        notes: what was unusual about the files, a sentence each.
        closed: rows of a test part, which stay closed.
        unlabelled: rows left out since they have no label.
        small_classes: classes left out since they are too small.
        small_rows: rows of these.
        mended: texts with half a character, which UTF-8 cannot hold; now U+FFFD stands there.
        validation: where the user's own validation rows come from; "" without any.
        combinations: what the classes look like, if like several labels a text; else "".
        determining: columns of the text that alone say the label.
    """

    rows: int = 0
    text_columns: tuple[str, ...] = ()
    label_column: str = ""
    other_columns: tuple[str, ...] = ()
    separator: str = ""
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()
    closed: int = 0
    unlabelled: int = 0
    small_classes: tuple[str, ...] = ()
    small_rows: int = 0
    mended: int = 0
    validation: str = ""
    combinations: str = ""
    determining: tuple[str, ...] = ()
