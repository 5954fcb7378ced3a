"""Which columns of a table are the text and the label."""

from collections.abc import Sequence

from data.files import DataError, Rows, listed

TEXT_NAMES = (
    *("text", "sentence", "content", "review", "document", "body", "headline"),
    *("article", "comment", "message", "tweet", "utterance"),
)
JOINED_NAMES = ("title", "description")
LABEL_NAMES = (
    *("label", "labels", "class", "category", "target", "topic"),
    *("class index", "class_index", "sentiment", "intent"),
)


def choose_columns(
    rows: Rows, *, text: str | None, label: str | None
) -> tuple[Sequence[str], str]:
    """The columns whose join is the text, and the label's column.

    Args:
        rows: the table.
        text: column asked for, or several joined by "+"; ``None``: found by usual names.
        label: column asked for; ``None``: found by usual names.

    Raises:
        DataError: a column asked for does not exist, or none or several have usual names.
    """
    texts = _text_columns(rows) if text is None else _asked_texts(rows, text)
    if label is not None:
        column = _asked_column(rows, label, "--label-column")
    else:
        usual = [(name,) for name in _with_names(rows, LABEL_NAMES) if name not in texts]
        (column,) = _only(rows, usual, "label")
    if column in texts:
        raise DataError(f"{rows.source}: column {column!r} is both the text and the label")
    return texts, column


def _text_columns(rows: Rows) -> Sequence[str]:
    usual = [(name,) for name in _with_names(rows, TEXT_NAMES)]
    joined = _with_names(rows, JOINED_NAMES)
    if len({name.lower() for name in joined}) == len(joined) == len(JOINED_NAMES):
        return _only(rows, [*usual, joined], "text")
    return _only(rows, usual or [(name,) for name in joined], "text")


def _with_names(rows: Rows, usual: Sequence[str]) -> tuple[str, ...]:
    """The columns that have one of the ``usual`` names, in the order of these."""
    return tuple(name for word in usual for name in rows.columns if name.strip().lower() == word)


def _only(rows: Rows, candidates: Sequence[Sequence[str]], role: str) -> Sequence[str]:
    if len(candidates) == 1:
        return candidates[0]
    which = " or ".join(repr("+".join(names)) for names in candidates)
    problem = f"the {role} column may be {which}" if which else f"no column is named like a {role}"
    raise DataError(f"{rows.source}: {problem}; name it with --{role}-column ({_columns(rows)})")


def _asked_texts(rows: Rows, asked: str) -> Sequence[str]:
    parts = [asked] if asked in rows.columns else asked.split("+")
    return [_asked_column(rows, part.strip(), "--text-column") for part in parts]


def _asked_column(rows: Rows, asked: str, option: str) -> str:
    if asked in rows.columns:
        return asked
    alike = _with_names(rows, [asked.lower()])
    if len(alike) != 1:
        raise DataError(f"{rows.source}: {option} {asked!r} is no column ({_columns(rows)})")
    return alike[0]


def _columns(rows: Rows) -> str:
    return f"columns: {listed([repr(name) for name in rows.columns])}"
