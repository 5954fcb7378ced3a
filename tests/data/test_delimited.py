"""CSV and its kin as people have them: separators, quotation, headers, and what goes wrong."""

from pathlib import Path

import pytest

from data.corpus import DataError, Reading, load_corpus

ROWS = [("good, fine", "pos"), ("bad; poor", "neg"), ("nice | well", "pos"), ("it's sad", "neg")]
TEXTS = [text for text, _ in ROWS]


def delimited(separator: str, *, header: str = "text,label", quote: bool = True) -> str:
    lines = [header.replace(",", separator)] if header else []
    mark = '"' if quote else ""
    return "\n".join([*lines, *(f"{mark}{t}{mark}{separator}{label}" for t, label in ROWS)]) + "\n"


FORMS: dict[str, tuple[str, str, str]] = {
    "comma": ("a.csv", delimited(","), ","),
    "semicolon": ("a.csv", delimited(";"), ";"),
    "tab in .csv": ("a.csv", delimited("\t"), "\t"),
    "bar": ("a.csv", delimited("|"), "|"),
    "comma in .tsv": ("a.tsv", delimited(","), ","),
    "sep line": ("a.csv", "sep=;\n" + delimited(";"), ";"),
    "quoted sep line, Windows' ends": ("a.csv", '"sep=;"\r\n' + delimited(";"), ";"),
    "tab without quotation": ("a.tsv", delimited("\t", quote=False), "\t"),
    "no ending": ("reviews", delimited("\t", quote=False), "\t"),
    "text file with tabs": ("a.txt", delimited("\t", quote=False), "\t"),
    "blank lines": ("a.csv", delimited(",").replace("\n", "\n\n"), ","),
    "no header": ("a.csv", delimited(",", header="") * 2, ","),
    "empty fields at the ends": ("a.csv", delimited(",").replace("\n", ",,\n"), ","),
}


@pytest.mark.parametrize(("name", "content", "separator"), FORMS.values(), ids=FORMS)
def test_every_dialect_is_read(tmp_path: Path, name: str, content: str, separator: str) -> None:
    (tmp_path / name).write_text(content, newline="")
    corpus = load_corpus(str(tmp_path / name))
    assert corpus.texts[:4] == TEXTS
    assert corpus.class_names == ("neg", "pos")
    assert corpus.facts.separator == separator


def test_the_separator_is_found_among_long_texts(tmp_path: Path) -> None:
    """The sample that tells it ends within a text."""
    text = "one, two\nthree, " * 400
    rows = [f'"{text}{i}";{"xy"[i % 2]}\n' for i in range(40)]
    (tmp_path / "a.csv").write_text("text;label\n" + "".join(rows))
    assert load_corpus(str(tmp_path / "a.csv")).facts.separator == ";"


def test_a_popular_file_of_messages_needs_no_editing(tmp_path: Path) -> None:
    """Unnamed columns at the end, another encoding, names that say nothing."""
    rows = 'v1,v2,,,\nham,"Go, \xa31 off",,,\nspam,WIN,,,\nham,b,,,\nspam,d,,,\nham,e,"f",,\n'
    (tmp_path / "spam.csv").write_bytes(rows.encode("cp1252"))
    with pytest.raises(DataError, match="--encoding cp1252"):
        load_corpus(str(tmp_path / "spam.csv"))
    asked = Reading(encoding="cp1252", text="v2", label="v1")
    assert load_corpus(str(tmp_path / "spam.csv"), asked).texts[0] == "Go, £1 off"


UNQUOTED = (
    "text\tlabel\n"
    '"once upon a time\tpos\n'
    "bad\tneg\n"
    'he said "\tpos\n'
    '"so sad" they cried\tneg\n'
    '"fine"\tpos\n'
)


def test_a_tsv_without_quotation_keeps_its_rows(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(UNQUOTED)
    corpus = load_corpus(str(tmp_path / "a.tsv"))
    assert len(corpus.texts) == 5
    assert corpus.texts[0] == '"once upon a time'
    assert "quotation marks are taken as they stand" in corpus.facts.notes[0]


def test_a_quotation_over_lines_stays_one_text(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('text\tlabel\n"one\ntwo"\tx\nb\ty\nc\tx\nd\ty\n')
    (tmp_path / "a.csv").write_text('text,label\n"one, and\ntwo, too"\n,x\nb,y\nc,x\nd,y\n'
        .replace('"\n,', '",'))  # fmt: skip
    assert load_corpus(str(tmp_path / "a.tsv")).texts[0] == "one\ntwo"
    assert load_corpus(str(tmp_path / "a.csv")).texts[0] == "one, and\ntwo, too"


WRONG = {
    "a quotation swallows rows": (
        "a.tsv",
        'text\tlabel\none\tx\n"two\ty\nthree\tx\textra\nfour"\ty\n',
        r"line 3: the quotation that begins here",
    ),
    "a quotation is not closed": (
        "a.csv",
        'text,label\n"one\n, two",x\n"two, or,more,y\nthree,x\n',
        r"line 4: the quotation that begins here goes wrong",
    ),
    "fields are missing": (
        "a.csv",
        "text,label\n\na,x\nb\nc,y,z\nd,x\ne\nf\n",
        r"line 4: 4 lines .* line 4 has 1, line 5 has 3, line 7 has 1, \.\.\.",
    ),
    "two columns of one name": ("a.csv", "text,label,label\na,b,c\n", "named 'label'"),
    "a long cell": ("a.csv", "x" * 500 + ",b\nfoo,bar\n", r"^.{0,400}$"),
}


@pytest.mark.parametrize(("name", "content", "message"), WRONG.values(), ids=WRONG)
def test_the_guilty_line_is_named(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=message):
        load_corpus(str(tmp_path / name))


HEADERS: dict[str, tuple[str, Reading, tuple[str, ...], str]] = {
    "numbers, no header": ("1,a b\n2,c d\n1,e f\n2,g h\n1,i\n2,j\n", Reading(), ("2",), "1"),
    "said to have none": (
        "a b,x\nc d,y\ne f,x\ng h,y\n",
        Reading(header=False),
        ("1",),
        "2",
    ),
    "named by number": (
        "x,1,a b\ny,2,c d\nx,2,e f\ny,1,g h\n",
        Reading(header=False, text="3", label="1"),
        ("3",),
        "1",
    ),
    "a name beside its number": (
        "0,neg,a b\n1,pos,c d\n0,neg,e\n1,pos,f\n0,neg,g\n1,pos,h\n",
        Reading(),
        ("3",),
        "2",
    ),
    "AG News' form": (
        "1,a,b c\n2,d,e f\n1,g,h\n2,i,j\n",
        Reading(),
        ("title", "description"),
        "class",
    ),
    "pandas' numbers": ("0,1\na b,x\nc d,y\ne f,x\ng h,y\n", Reading(), ("0",), "1"),
    "pandas' numbers, three": (
        "0,1,2\n5,x,a b\n6,y,c d\n5,x,e\n6,y,f\n",
        Reading(text="2", label="1"),
        ("2",),
        "1",
    ),
    "unnamed columns beside": (
        ",v1,v2,,\n0,ham,a b,,\n1,spam,c d,,\n2,ham,e f,,\n3,spam,g h,,\n",
        Reading(text="v2", label="v1"),
        ("v2",),
        "v1",
    ),
    "a header like a row": (
        "5,text,label\n0,a,x\n0,b,y\n0,c,x\n0,d,y\n",
        Reading(header=True),
        ("text",),
        "label",
    ),
}


@pytest.mark.parametrize(("content", "reading", "texts", "label"), HEADERS.values(), ids=HEADERS)
def test_headers_and_their_lack(
    tmp_path: Path, content: str, reading: Reading, texts: tuple[str, ...], label: str
) -> None:
    (tmp_path / "a.csv").write_text(content)
    corpus = load_corpus(str(tmp_path / "a.csv"), reading)
    assert corpus.facts.text_columns == texts
    assert corpus.facts.label_column == label
    rows = sum(bool(line) for line in content.split("\n"))
    has_header = corpus.facts.text_columns[0] not in {"1", "2", "3", "title"} or "0,1" in content
    assert len(corpus.texts) == rows - has_header


def test_numbered_columns_that_stay_open_are_shown_with_their_first_cells(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a b,x,p\nc d,y,q\ne f,x,q\ng h,y,p\n")
    with pytest.raises(DataError, match=r"--label-column \(columns: 1 begins 'a b', 2 begins 'x'"):
        load_corpus(str(tmp_path / "a.csv"), Reading(header=False))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_texts_of_two_lines_are_no_rows(tmp_path: Path, end: str) -> None:
    """Each half of such a record has as many fields as a row."""
    rows = [(f"x{i % 2}", f"Dear team {i}{end}bye, all") for i in range(40)]
    lines = ["label,text", *(f'{label},"{text}"' for label, text in rows)]
    (tmp_path / "letters.csv").write_bytes((end.join(lines) + end).encode())
    corpus = load_corpus(str(tmp_path / "letters.csv"))
    assert corpus.texts == [text for _, text in rows]
    assert corpus.class_names == ("x0", "x1")
    assert corpus.facts.notes == ()


def test_surplus_columns_may_share_a_name(tmp_path: Path) -> None:
    path = tmp_path / "surplus.csv"
    path.write_text("text,label,x,x\n" + "".join(f"word {i},{i % 2},1,2\n" for i in range(20)))
    assert load_corpus(str(path)).class_names == ("0", "1")
    path.write_text(path.read_text().replace("x,x", "x,text"))
    with pytest.raises(DataError, match="two columns are named 'text'"):
        load_corpus(str(path))


ODD = {
    "a torn line is named, whatever the separator": (
        "text;label\n" + "so, well;x\nno, oh;y\n" * 20 + "a;b;c\n",
        "line 42 has 3",
    ),
    "a first line of white space": (" \n" + "text,label\n" + "so well,x\noh no,y\n" * 20, ""),
    "separators at the end of rows": ("text;label\n" + "so well;x;\noh no;y;\n" * 20, ""),
    "separators at the end of all lines": ("text,label,\n" + "so well,x,\noh no,y,\n" * 20, ""),
    "a space behind each separator": (
        "text, label\n" + '"so, well", "x"\n"oh, no", "y"\n' * 20,
        "",
    ),
    "empty labels at the end": ("text;label\n" + "so well;x\noh no;y\nhm;\n" * 20, "no label"),
}


@pytest.mark.parametrize(("text", "message"), ODD.values(), ids=ODD)
def test_odd_tables(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "odd.csv").write_text(text)
    if message:
        with pytest.raises(DataError, match=message):
            load_corpus(str(tmp_path / "odd.csv"))
    else:
        corpus = load_corpus(str(tmp_path / "odd.csv"))
        assert corpus.class_names == ("x", "y")
        assert {text.replace(",", "") for text in corpus.texts} == {"so well", "oh no"}
