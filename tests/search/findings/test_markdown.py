"""The findings as Markdown: what comes from outside stays text, and nobody is called."""

import re

import pytest
from markdown_it import MarkdownIt

from search.findings.card import Card, Said, Table, Tile, Verbatim
from search.findings.cards.trials import trials_card
from search.findings.markdown import BREAK, ROWS, card_markdown, escaped, markdown_of
from search.findings.sections import Findings, Section
from tests.search.findings.searched import searched

HOSTILE = (
    "<script>alert(1)</script>", "![x](http://evil/x.png)", "a | b", "# heading", "- a", "+ a",
    "1. first", "12) twelfth", "> quote", "---", "===", "`code`", "**bold** __bold__ _so_ ~~no~~",
    "[a]: http://evil", "<http://evil>", "&lt;b&gt;", "back\\slash\\", "|", "\\|", "    code",
    "a\n\n# b", "a\r\nb\u2028c", "``` \nfence", "$x$", "vocab_threshold 0.86 (1.2 to 3)",
)  # fmt: skip
REACHING = (
    "@octocat", "(@octo/team)", "see #12", "octo/repo#12", "GH-12", "http://evil.example",
    "https://evil.example/a", "www.evil.example", "a@b.example", ":smile:", ":+1:",
    "e97498f438ef8af6e11f3a49dcfdb6fba8a7690c", "a1b2c3d",
)  # fmt: skip
# What GitHub makes a link or a picture of, wherever it stands in the text.
FOUND = re.compile(
    r"@\w|#\d|gh-\d|https?://|www\.|:[\w+-]+:|\b(?=[a-f]*\d)[0-9a-f]{7,40}\b", re.IGNORECASE
)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def findings(*cards: Card, text: str = "said") -> Findings:
    return Findings(
        name=text,
        headline=text,
        dated="",
        warnings=(text,),
        answer=(text, text),
        tiles=(Tile(text, text),),
        said=(Said(text, "history"),),
        history=Card(name="history", title=text, sentence=text),
        sections=(Section(text, cards),),
    )


def shown(html: str) -> str:
    """The text that a browser shows."""
    bare = re.sub("<[^>]*>", "", html)
    for entity, mark in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("amp", "&")):
        bare = bare.replace(f"&{entity};", mark)
    return bare.replace(BREAK, "").strip()


@pytest.mark.parametrize("text", [*HOSTILE, *REACHING])
def test_a_text_is_shown_as_it_is(text: str) -> None:
    html = MARKDOWN.render(escaped(text))
    assert html.startswith("<p>")
    assert html.count("<") == 2, html
    assert shown(html) == " ".join(text.split())


@pytest.mark.parametrize("text", REACHING)
def test_nobody_is_called_and_nothing_becomes_a_link(text: str) -> None:
    assert FOUND.search(text), "else this shows nothing"
    assert not FOUND.search(escaped(text))


@pytest.mark.parametrize("text", [*HOSTILE, *REACHING])
def test_a_cell_stays_one_cell(text: str) -> None:
    card = Card(name="a", title=text, sentence=text, table=Table((text, "b"), ((text, "c"),)))
    html = MARKDOWN.render(markdown_of(findings(card, text=text)))
    assert html.count("<td>") == html.count("<th>") == 2
    cells = [shown(cell) for cell in re.findall("<t[dh]>(.*?)</t[dh]>", html)]
    line = " ".join(text.split())
    assert cells == [line, "b", line, "c"]
    allowed = "p|h[123]|ul|li|strong|table|thead|tbody|tr|th|td"
    assert not re.findall(f"<(?!/?(?:{allowed})>)[^>]*>", html)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS, ""),
        (ROWS + 1, "\n1 more row is on the page"),
        (ROWS + 1000, "\n1,000 more rows are on the page"),
    ],
)
def test_long_tables_are_cut_and_it_is_said(rows: int, said: str) -> None:
    table = Table(("trial",), tuple((f"t{i}",) for i in range(rows)))
    text = markdown_of(findings(Card(name="a", title="All", sentence="So.", table=table)))
    assert text.count("| t") == ROWS + 1  # and the head
    assert (said in text) if said else ("more" not in text)


def test_it_is_read_from_the_top() -> None:
    table = Table(("a", "b"), (("1", "2"),))
    card = Card(name="x", title="Title", sentence="Sentence.", table=table)
    text = markdown_of(findings(card))
    assert text.endswith(
        "## said\n\n### Title\n\nSentence.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    )
    assert text.startswith(
        "# said\n\n**Warning:** said\n\nsaid said\n\n- **said** said\n\n- said\n"
    )


def test_a_command_is_shown_as_code_whatever_it_holds() -> None:
    verbatim = Verbatim("to type", "a ```` b\n    # c @d\t")
    text = markdown_of(findings(Card(name="a", title="t", sentence="s", texts=(verbatim,))))
    html = MARKDOWN.render(text)
    assert "<pre><code>a ```` b\n    # c @d\n</code></pre>" in html


def test_all_trials_have_a_table_and_nothing_is_promised_that_only_a_page_has() -> None:
    text = card_markdown(trials_card(searched(30)))
    assert "opens" not in text
    assert text.count("\n| ") == 1 + ROWS + 1
    assert "11 more rows are on the page" in text
