"""Orders that are taken over from a shorter list are those that would be made anew."""

import random
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from search.storage.kept import FEW, Kept


class Item(NamedTuple):
    """Like a trial: its state and value change, its number stays."""

    number: int
    value: float
    ended: bool


def ranked(kept: Kept[Item]) -> Sequence[Item]:
    return kept.those("ranked", lambda i: i.ended, lambda i: (i.value, i.number))


def by_number(kept: Kept[Item]) -> Sequence[Item]:
    return kept.those("running", lambda i: not i.ended, lambda i: i.number)


def changed(items: Sequence[Item], rng: random.Random, most: int) -> list[Item]:
    """Some become others, some are new; equal values are common."""
    found = list(items)
    for _ in range(rng.randrange(most)):
        place = rng.randrange(len(found) + 1)
        item = Item(place, float(rng.randrange(9)), rng.random() < 0.7)
        found[place : place + 1] = [item]
    return found


@pytest.mark.parametrize("most", [1, 5, 3 * FEW], ids=["none", "few", "many"])
def test_what_has_changed_is_put_in_its_place(most: int) -> None:
    rng, items = random.Random(0), [Item(i, 0.0, ended=True) for i in range(5)]
    kept = Kept(items)
    for step in range(60):
        if step % 7:  # an order that nobody asked for meanwhile is taken over as well
            assert ranked(kept) == sorted([i for i in items if i.ended], key=lambda i: i[1::-1])
            assert by_number(kept) == [i for i in items if not i.ended]
        items = changed(items, rng, most)
        kept = Kept(items, kept)
    shorter = Kept(items[:3], kept)
    assert by_number(shorter) == [i for i in items[:3] if not i.ended]


def test_only_what_has_changed_is_looked_at() -> None:
    items = [Item(i, float(-i), ended=True) for i in range(1000)]
    asked: list[int] = []

    def holds(item: Item) -> bool:
        asked.append(item.number)
        return item.ended

    before = Kept(items)
    assert len(before.those("ended", holds, lambda i: i.value)) == 1000
    asked.clear()
    items = [*items[:-1], Item(999, 0.5, ended=True), Item(1000, 0.0, ended=False)]
    after = Kept(items, before)
    assert after.those("ended", holds, lambda i: i.value)[-1].value == 0.5
    assert set(asked) == {999, 1000}
    assert before.those("ended", holds, lambda i: i.value)[0].value == -999
