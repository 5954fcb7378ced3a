"""What parts columns: found where it stands in each line, or asked for; comments before them."""

from pathlib import Path

import pytest

from data.corpus import DataError, Reading, load_corpus

ROWS = [("good film", "pos"), ("bad, really bad", "neg"), ("so so", "neg"), ("great", "pos")]
TEXTS = [text for text, _ in ROWS]


def table(separator: str, header: str = "text,label\n", before: str = "") -> str:
    rows = "".join(f"{text}{separator}{label}\n" for text, label in ROWS)
    return before + header.replace(",", separator) + rows


CARET = Reading(separator="^")
READ: dict[str, tuple[str, str, Reading, str]] = {
    "semicolons in .txt": ("a.txt", table(";", ""), Reading(), ";"),
    "bars in .txt": ("a.txt", table("|", ""), Reading(), "|"),
    "a header and semicolons in .txt": ("a.txt", table(";"), Reading(), ";"),
    "label before text in .txt": (
        "a.txt",
        "".join(f"{label};{text}\n" for text, label in ROWS),
        Reading(),
        ";",
    ),
    "commas in .txt, asked for": (
        "a.txt",
        table(",", "").replace("bad, ", '"bad, ').replace("bad,neg", 'bad",neg'),
        Reading(separator=","),
        ",",
    ),
    "a caret": ("a.csv", table("^"), CARET, "^"),
    "a caret in .txt": ("a.txt", table("^", ""), CARET, "^"),
    "a tilde": ("a.tsv", table("~"), Reading(separator="~"), "~"),
    "two colons": ("a.csv", table("::"), Reading(separator="::"), "::"),
    "a tab, written out": ("a.csv", table("\t"), Reading(separator=r"\t"), "\t"),
    "a tab": ("a.csv", table("\t"), Reading(separator="\t"), "\t"),
    "a comment": ("a.csv", table(";", before="# made by me\n"), Reading(), ";"),
    "comments with commas": ("a.csv", table(";", before="# a;b\n# c, d\n"), Reading(), ";"),
    "a comment, and a caret": ("a.csv", table("^", before="# made by me\n"), CARET, "^"),
    "a comment in .txt": ("a.txt", table(";", "", before="# made by me\n"), Reading(), ";"),
}


@pytest.mark.parametrize(("name", "content", "reading", "separator"), READ.values(), ids=READ)
def test_what_parts_columns_is_found_or_asked_for(
    tmp_path: Path, name: str, content: str, reading: Reading, separator: str
) -> None:
    (tmp_path / name).write_text(content)
    corpus = load_corpus(str(tmp_path / name), reading)
    assert corpus.texts == TEXTS
    assert corpus.class_names == ("neg", "pos")
    assert corpus.facts.separator == separator
    comments = [note for note in corpus.facts.notes if "left out before the header" in note]
    assert len(comments) == content.startswith("#")


def test_a_separator_of_two_characters_may_stand_in_a_quotation(tmp_path: Path) -> None:
    content = table("::").replace("so so", '"so :: \x1f so"')
    (tmp_path / "a.csv").write_text(content)
    assert (
        load_corpus(str(tmp_path / "a.csv"), Reading(separator="::")).texts[2] == "so :: \x1f so"
    )


@pytest.mark.parametrize("mark", ["#", '"#'])
def test_rows_that_begin_like_a_comment_are_rows(tmp_path: Path, mark: str) -> None:
    lines = [f"{mark}{text}{mark[:-1]};{label}\n" for text, label in ROWS]
    (tmp_path / "a.csv").write_text("".join(lines))
    assert load_corpus(str(tmp_path / "a.csv")).texts == [f"#{text}" for text in TEXTS]
    (tmp_path / "b.csv").write_text("#id;text;label\n" + "".join(f"1;{t};{k}\n" for t, k in ROWS))
    assert load_corpus(str(tmp_path / "b.csv")).texts == TEXTS


ALL = "one character or more, none of them a letter"
WRONG: dict[str, tuple[str, str, Reading, str]] = {
    "not found": ("a.csv", table("^"), Reading(), r"'text\^label' .*--separator names what does"),
    "another one": ("a.csv", table("\t"), CARET, r"one column only, as far as '\^' part columns"),
    "a letter": ("a.csv", table("^"), Reading(separator="x"), f"--separator 'x': .* {ALL}"),
    "nothing": ("a.csv", table("^"), Reading(separator=""), f"--separator '': .* {ALL}"),
    "a quotation mark": ("a.txt", table("^"), Reading(separator='"'), ALL),
    "a torn line below a comment": (
        "a.csv",
        table(";", before="# a\n") + "so well;pos\n" * 20 + "a;b;c\n",
        Reading(),
        "line 27: 1 line .* line 27 has 3",
    ),
    "a torn row that begins like a comment": (
        "a.csv",
        "#good, so good,pos\n" + "so well,pos\n#bad,neg\n" * 5,
        Reading(),
        "line 2: 10 lines with another number of fields than the first line's 3",
    ),
    "prose": ("a.txt", "It is so, it seems.\nBut no label is here.\n", Reading(), "--separator"),
    "commas in .txt": (
        "a.txt",
        "good film,pos\nbad film,neg\n" * 3,
        Reading(),
        "no label is foun",
    ),
}


@pytest.mark.parametrize(("name", "content", "reading", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_part_columns_is_said(
    tmp_path: Path, name: str, content: str, reading: Reading, message: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=message):
        load_corpus(str(tmp_path / name), reading)
