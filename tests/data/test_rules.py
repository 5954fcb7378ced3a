"""The tokeniser as data is the tokeniser: the same tokens, for every kind and every character."""

import json
import random
import re
import sys
from functools import cache
from itertools import islice
from typing import Any

import pytest

from data.kinds import KINDS, Kind, ranges
from data.rules import export_rules
from data.tokens import tokenize
from model.classify import changed
from tests import agnews, sets
from tests.data.texts import TEXTS

# Ends of words that are parted, quotation marks, remains of HTML, emoticons, white space of all
# sorts, and letters whose lower or composed form is longer, shorter or depends on their place.
PIECES = [
    *("can", "not", "cannot", "CANNOT", "gonna", "wanna", "wanna\n", "gotta", "lemme", "gimme"),
    *("g\u0131mme", "\u017f", "\u2019s", "\u2013", "\u2014", "\u201c", "\u201e", "\u201f", "\xab"),
    *(
        "#39;",
        " #39;s",
        "&#39;s",
        "quot;",
        "&amp;quot;",
        "&amp;amp;lt;",
        "&ampT",
        "<b>",
        "<br/>",
        "<a href='x'>",
    ),
    *("<", ";", "&lt;", "&#0;", "&#x110000;", ":)", ":-(", "<3", ":d", "^_^", "...", "!!", "??"),
    *("3.5", "1,000", "don't", "rock-'n'-roll", "'", "`", '"', "-", "_", "@", "\\", "[", "]", "^"),
    *(" ", "  ", "\t", "\n", "\x00", "\x1c", "\x85", "\xa0", "\xad", "\u200b", "\u2028", "\u3000"),
    *(
        "é",
        "e\u0301",
        "J\u030c",
        "İ",
        "Σ",
        "ΑΣ",
        "\u0345",
        "\u1e9e",
        "ß",
        "ﬁ",
        "½",
        "①",
        "٣",
        "№",
        "\ufeff",
    ),
    *("東京", "ไทย", "カ", "\U00020000", "😀", "👩\u200d🔬", "\U0001fb00", "\ud800"),
    *("a", "B", "9"),
]


@cache
def rules(kind: Kind) -> Any:
    """As a program reads them from a file."""
    return json.loads(json.dumps(export_rules(kind)))


def by_rules(text: str, kind: Kind) -> list[str]:
    return re.findall(rules(kind)["token"], changed(text, rules(kind)["steps"]))


def nasty_texts() -> list[str]:
    drawn = random.Random(0)
    of_pieces = ["".join(drawn.choices(PIECES, k=drawn.randint(0, 8))) for _ in range(1500)]
    codes = [range(128), range(0x3000), range(0x110000)]
    of_all = [
        "".join(chr(drawn.choice(drawn.choice(codes))) for _ in range(drawn.randint(1, 12)))
        for _ in range(500)
    ]
    return [*TEXTS, *PIECES, *of_pieces, *of_all]


def real_texts(lines: int) -> list[str]:
    """The first lines of real training files, whatever else stands in them."""
    files = [agnews.FOLDER / "train.csv"] if agnews.FOLDER.exists() else []
    files += sorted(sets.FOLDER.glob("*.*sv")) + sorted(sets.FOLDER.glob("*.jsonl"))
    texts = []
    for file in files:
        with file.open(encoding="utf-8") as opened:
            texts += list(islice(opened, lines))
    return texts


def same(texts: list[str], kind: Kind) -> bool:
    for text in texts:
        assert by_rules(text, kind) == tokenize(text, kind), repr(text)
    return bool(texts)


@pytest.mark.parametrize("kind", KINDS)
def test_nasty_texts_have_the_same_tokens(kind: Kind) -> None:
    assert same(nasty_texts(), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_real_texts_have_the_same_tokens(kind: Kind) -> None:
    texts = real_texts(200)
    if not texts:
        pytest.skip("no real texts are here")
    assert same(texts, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_character_of_the_first_plane_has_the_same_tokens(kind: Kind) -> None:
    """Many to a text, so that it stays quick: a difference shows all the same."""
    characters = [chr(code) for code in range(0x20000)]
    texts = [
        " ".join(f"a{c}1 {c}" for c in characters[i : i + 512])
        for i in range(0, len(characters), 512)
    ]
    assert same(texts, kind)


def test_white_space_is_one_thing() -> None:
    """The rules find tokens with a pattern where the tokeniser splits: that needs this."""
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    assert re.findall(r"\S+", everything) == everything.split()


@pytest.mark.parametrize("kind", KINDS)
def test_rules_are_ascii_and_small(kind: Kind) -> None:
    stored = json.dumps(export_rules(kind), ensure_ascii=False)
    assert stored.isascii()
    assert len(stored) < 20_000


@pytest.mark.parametrize("codes", [[93], [94, 45, 92], [97, 98, 99, 101], [0x1F600, 0xFFFF, 0]])
def test_ranges_hold_their_characters_and_no_others(codes: list[int]) -> None:
    near = {code + step for code in codes for step in (-1, 0, 1)} - {-1}
    found = {code for code in near if re.fullmatch(f"[{ranges(codes)}]", chr(code))}
    assert found == set(codes)
