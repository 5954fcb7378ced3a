"""Which columns of a table are the text and the label."""

from collections.abc import Sequence

from data.errors import DataError, listed, shown
from data.rows import Rows
from data.whole_numbers import INTEGER

TEXT_NAMES = (
    *("text", "sentence", "content", "review", "document", "body", "headline"),
    *("article", "comment", "message", "tweet", "utterance"),
)
JOINED_NAMES = ("title", "description")
LABEL_NAMES = (
    *("label", "labels", "class", "category", "target", "topic"),
    *("class index", "class_index", "sentiment", "intent"),
)
LONGEST_LIST = 300  # characters: names that are longer are texts rather
USUAL_NAMES = (*TEXT_NAMES, *JOINED_NAMES, *LABEL_NAMES)


def choose_columns(
    rows: Rows, *, text: str | None, label: str | None
) -> tuple[Sequence[str], str]:
    """The columns whose join is the text, and the label's column.

    Args:
        rows: the table.
        text: column asked for, or several joined by "+"; ``None``: found by usual names, or by
            content where columns have numbers only.
        label: column asked for; ``None``: found likewise.

    Raises:
        DataError: a column asked for does not exist, or none or several may be meant.
    """
    if rows.numbered and (text is None or label is None):
        found_text, found_label = _by_content(rows, text=text, label=label)
        text, label = text or found_text, label or found_label
    texts = _text_columns(rows) if text is None else _asked_texts(rows, text)
    if label is not None:
        column = asked_column(rows, label, "--label-column")
    else:
        usual = [(name,) for name in _with_names(rows, LABEL_NAMES) if name not in texts]
        (column,) = _only(rows, usual, "label")
    if column in texts:
        raise DataError(f"{rows.source}: column {shown(column)} is both the text and the label")
    return texts, column


def choose_text(rows: Rows, text: str | None) -> Sequence[str]:
    """The columns whose join is the text, of a table that needs no label; see ``choose_columns``.

    Raises:
        DataError: a column asked for does not exist, or none or several may be meant.
    """
    if text is None and len(rows.columns) == 1:
        return tuple(rows.columns)
    if text is None and rows.numbered:
        text, _ = _by_content(rows, text=None, label=None)
    return _text_columns(rows) if text is None else _asked_texts(rows, text)


def _by_content(
    rows: Rows, *, text: str | None, label: str | None
) -> tuple[str | None, str | None]:
    """The text and the label of a table whose columns have numbers: most values, and few.

    Where columns with few values say the same ("1" and "positive"), the one with names is the
    label. ``None`` where it stays open.
    """
    values = {name: rows.read(name) for name in rows.columns}
    distinct = {name: len(set(map(str, cells))) for name, cells in values.items()}
    if text is None:
        most = max((count for name, count in distinct.items() if name != label), default=0)
        texts = [name for name, count in distinct.items() if count == most and name != label]
        text = texts[0] if len(texts) == 1 else None
    if label is None and text is not None:
        few = [n for n in values if n != text and 1 < distinct[n] <= len(values[n]) // 2]
        if few and all(_say_the_same(values[few[0]], values[name]) for name in few[1:]):
            named = [n for n in few if not all(INTEGER.fullmatch(str(v)) for v in set(values[n]))]
            label = (named or few)[0]
    return text, label


def _say_the_same(one: Sequence[object], other: Sequence[object]) -> bool:
    pairs = set(zip(map(str, one), map(str, other), strict=True))
    return len(pairs) == len(set(map(str, one))) == len(set(map(str, other)))


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
    which = " or ".join(shown("+".join(names)) for names in candidates)
    problem = f"the {role} column may be {which}" if which else f"no column is named like a {role}"
    raise DataError(f"{rows.source}: {problem}; name it with --{role}-column ({_columns(rows)})")


def _asked_texts(rows: Rows, asked: str) -> Sequence[str]:
    parts = [asked] if asked in rows.columns else asked.split("+")
    return [asked_column(rows, part.strip(), "--text-column") for part in parts]


def asked_column(rows: Rows, asked: str, option: str) -> str:
    """The column that ``option`` asks for, in whatever case its name is written.

    Raises:
        DataError: there is none, or there are several.
    """
    if asked in rows.columns:
        return asked
    alike = _with_names(rows, [asked.lower()])
    if len(alike) != 1:
        raise DataError(f"{rows.source}: {option} {shown(asked)} is no column ({_columns(rows)})")
    return alike[0]


def _columns(rows: Rows) -> str:
    """The columns; those with numbers for names with what stands first in them."""
    if not rows.columns:
        return "there are no columns"
    if not rows.numbered:
        names = [shown(name) for name in rows.columns]
        if sum(map(len, names)) <= LONGEST_LIST:
            return f"columns: {listed(names)}"
        return f"{len(names):,} columns, the first is {names[0]}"
    firsts = [f"{name} begins {shown((*rows.read(name), '')[0])}" for name in rows.columns]
    return f"columns: {listed(firsts)}"
