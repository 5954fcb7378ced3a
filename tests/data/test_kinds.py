"""Kinds of tokens: what each keeps, alike for every way to write a text; which goes where."""

import unicodedata
from typing import get_args

import numpy as np
import pytest

import data.tokens
from data.kinds import KINDS, MEANINGS, Kind, resolve_kind
from data.text_form import one_form
from data.tokens import load_tokens, tokenize, tokenize_all
from tests.data.texts import TEXTS, text_tokens

OTHERS = [kind for kind in get_args(Kind) if kind != "words"]
SPLIT: list[tuple[Kind, str, list[str]]] = [
    ("words", "goal,match 3.5 don't :)", ["goalmatch", "35", "dont"]),
    ("space", "goal,match 3.5 1,000 don't :)", ["goal", "match", "35", "1000", "dont"]),
    ("space", "well-known “so” (U.S.)", ["well", "known", "so", "u", "s"]),
    ("space", "fine👍👍 ok", ["fine", "👍", "👍", "ok"]),
    ("space", "नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
    ("space", "很快，好吃", ["很快", "好吃"]),
    ("keep", "Don't! 3.5% :) :-( <3 x", ["don't", "!", "3.5", "%", ":)", ":-(", "<3", "x"]),
    ("keep", "so!!! well-known...", ["so", "!!!", "well-known", "..."]),
    ("keep", "said:do http://a.b", ["said", ":", "do", "http", ":", "/", "/", "a", ".", "b"]),
    ("keep", "!!!", ["!!!"]),
    ("mixed", "很快，iPhone6真好!", ["很", "快", "iphone6", "真", "好"]),
    ("mixed", "ดีมาก well,done", ["ด", "ี", "ม", "า", "ก", "well", "done"]),
    ("mixed", "plain words", ["plain", "words"]),
    ("mixed", "カメラ 한국어 文", ["カ", "メ", "ラ", "한국어", "文"]),
    ("characters", "No  way!\n", ["n", "o", " ", "w", "a", "y", "!"]),
    ("characters", "", []),
]


@pytest.mark.parametrize(("kind", "text", "tokens"), SPLIT)
def test_tokens_of_a_text(kind: Kind, text: str, tokens: list[str]) -> None:
    assert tokenize(text, kind) == tokens


ALIKE = [
    ("Étoile, forêt", unicodedata.normalize("NFD", "Étoile, forêt")),
    ("İstanbul", unicodedata.normalize("NFD", "İstanbul")),
    ("it's “so” `good`", "it’s \"so\" 'good'"),
    ("«oui»", '"oui"'),
    ("Bush's &amp; co", "Bush #39;s & co"),
    ('he said "no."', "he said quot;no.quot;"),
    ("a &lt; b", "a < b"),
    ("fish &amp;amp; chips", "fish & chips"),
    ("one<br />two <a href='x'>three</a>", "one two three"),
    ("soft\u00adware\ufeff", "software"),
]


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_texts_that_say_the_same_have_the_same_tokens(one: str, other: str, kind: Kind) -> None:
    assert tokenize(one, kind) == tokenize(other, kind)


@pytest.mark.parametrize("text", ["i <3 you", "a < b > c", "5 < 6;", "x&y;z", "R&D; <i am>"])
def test_what_is_no_html_stays(text: str) -> None:
    assert one_form(text) == text.lower()


@pytest.mark.parametrize("kind", KINDS)
def test_a_corpus_has_the_tokens_of_its_texts(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*TEXTS, *(text for _, text, _ in SPLIT), *(text for pair in ALIKE for text in pair)]
    whole = tokenize_all(texts, kind=kind)
    assert [text_tokens(whole, i) for i in range(len(texts))] == [tokenize(t, kind) for t in texts]
    assert whole.words == sorted(set(whole.words))
    monkeypatch.setattr(data.tokens, "CHUNK", 7)
    parts = tokenize_all(texts, kind=kind)
    assert parts.words == whole.words
    np.testing.assert_array_equal(parts.ids, whole.ids)
    np.testing.assert_array_equal(parts.offsets, whole.offsets)


@pytest.mark.parametrize("kind", KINDS)
def test_empty_texts_have_no_tokens(kind: Kind) -> None:
    assert tokenize_all(["", " "], kind=kind).offsets.tolist() == [0, 0, 0]


def test_each_kind_is_cached_by_itself() -> None:
    kinds = get_args(Kind)
    stored = {kind: load_tokens(TEXTS, "kinds", kind).words for kind in kinds}
    assert stored == {kind: tokenize_all(TEXTS, kind=kind).words for kind in kinds}


LOOKS = {
    "English": (["The cat sat.", "A dog"], "space"),
    "Chinese": (["很快，好吃，味道足", "没有送水"], "mixed"),
    "short Chinese": (["很好", "不好"], "mixed"),
    "Chinese with spaces": (["很 快 好吃 味道 足", "没有 送 水"], "space"),
    "Japanese": (["今日はとても良い天気ですね。", "映画は面白かった"], "mixed"),
    "Thai": (["สวัสดีครับ ดีมาก", "ไม่ดีเลย"], "mixed"),
    "Korean": (["오늘은 날씨가 좋습니다", "영화가 재미있었다"], "space"),
    "both": (["I like 北京烤鸭 a lot", "So do I"], "mixed"),
    "a rare name": (["a text in English " * 20 + "北"], "space"),
    "nothing": ([], "space"),
}


@pytest.mark.parametrize(("texts", "kind"), LOOKS.values(), ids=LOOKS)
def test_the_kind_that_goes_with_texts(texts: list[str], kind: str) -> None:
    assert resolve_kind("auto", texts) == kind


def test_a_kind_is_given_or_refused() -> None:
    assert [resolve_kind(kind, ["很快"]) for kind in KINDS] == list(KINDS)
    assert list(MEANINGS) == list(KINDS)
    with pytest.raises(ValueError, match="tokens = 'letters': choose from auto, words, keep"):
        resolve_kind("letters", [])
