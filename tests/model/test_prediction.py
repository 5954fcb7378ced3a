"""Raw texts in whatever holds them in an order, classified in parallel as one by one."""

from collections import UserList
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

import model.prediction
from tests.model.untrained import classifier

TEXTS = ["The market fell!", "", "team " * 400, "unknown words only", "won by the team"]
FORMS: dict[str, Callable[[list[str]], Any]] = {
    "list": list,
    "tuple": tuple,
    "another sequence": UserList,
    "array": np.array,
    "array of objects": lambda texts: np.array(texts, dtype=object),
    "series": pd.Series,
    "series in another order": lambda texts: pd.Series(texts, index=[7, 3, 3, 0, 1]),
    "series of pandas' strings": lambda texts: pd.Series(texts, dtype="string"),
    "column": lambda texts: pd.DataFrame({"text": texts}, index=list("edcba"))["text"],
    "index": pd.Index,
}


@pytest.mark.parametrize("form", FORMS)
def test_texts_are_whatever_has_strings_in_an_order(form: str) -> None:
    made = classifier()
    expected = made.predict_proba(TEXTS)
    given = FORMS[form](TEXTS)
    np.testing.assert_array_equal(made.predict_proba(given), expected)
    assert made.predict(given) == made.predict(TEXTS)
    np.testing.assert_array_equal(made.unknown_share(given), made.unknown_share(TEXTS))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("The market", "not one string"),
        (b"The market", "not one string"),
        (pd.DataFrame({"text": TEXTS}), "not a DataFrame: give one column"),
        ({"text": "a"}, "not a dict"),
        ({"a", "b"}, "no order"),
        (None, "not a NoneType"),
        (7, "not a int"),
        (np.array([["a"], ["b"]]), "one column of strings, not a ndarray of several dimensions"),
        (["a", None], r"texts\[1\] is None"),
        (["a", "b", float("nan")], r"texts\[2\] is nan"),
        ([b"a"], r"texts\[0\] is b'a'"),
        (pd.Series(["a", None], index=[9, 8]), r"texts\[1\] is (None|nan)"),
        (pd.Series(["a", pd.NA], dtype="string"), r"texts\[1\] is <NA>"),
        (np.array([1, 2]), r"texts\[0\] is .*1"),
    ],
)
@pytest.mark.parametrize("method", ["predict", "predict_proba", "unknown_share"])
def test_others_are_refused_and_the_row_is_named(given: Any, message: str, method: str) -> None:
    with pytest.raises(TypeError, match=message):
        getattr(classifier(), method)(given)


@pytest.mark.parametrize("settings", [{}, {"bidirectional": True, "max_length": 6}])
def test_parts_on_threads_give_what_texts_give_alone(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.prediction, "AT_ONCE", 4)
    monkeypatch.setattr(model.prediction, "PART", 16)
    made = classifier(**settings)
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(["the", "team", "x", "won"], n)) for n in rng.integers(0, 12, 90)]
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        together = made.predict_proba(texts)
        with ThreadPoolExecutor(1) as another:
            assert another.submit(torch.get_num_threads).result() == 2, "left as it was"
    finally:
        torch.set_num_threads(before)
    alone = np.concatenate([made.predict_proba([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert len({row.tobytes() for row in together.round(4)}) > 20, "texts differ"


def test_a_large_net_takes_fewer_texts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model.prediction, "LARGEST", 8 * 5 * 2)  # units, steps, texts
    made, sizes = classifier(), []
    made.net.register_forward_pre_hook(lambda _, given: sizes.append(len(given[0])))
    made.predict_proba(["the team won"] * 5)
    assert sizes == [2, 2, 1]


def test_unknown_shares_are_of_all_tokens() -> None:
    shares = classifier(max_length=4).unknown_share([*TEXTS, "cannot", "the", "x y z the"])
    expected = [0, np.nan, 0, 1, 1 / 4, 1, 0, 3 / 4]
    np.testing.assert_allclose(shares, expected)
    assert classifier().unknown_share([]).shape == (0,)
