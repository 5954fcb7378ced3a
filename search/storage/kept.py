"""Items in several orders at once, of which a longer list takes over what it has of a shorter."""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import compress, zip_longest
from operator import is_not
from typing import Any, Generic, NamedTuple, TypeVar

FEW = 100  # items that are put in their places one by one; of more it is quicker to sort all
T = TypeVar("T")
Changed = Sequence[tuple[T | None, T | None]]  # before and after; None: there was, or is, none


class Order(NamedTuple, Generic[T]):
    """Some of the items, sorted.

    Attributes:
        holds: whether an item is one of them.
        key: that they are sorted by; no two have the same.
        items: themselves.
    """

    holds: Callable[[T], bool]
    key: Callable[[T], Any]
    items: list[T]

    def after(self, changed: "Changed[T]") -> "Order[T]":
        """The order once items have become others."""
        items = list(self.items)
        for old, new in changed:
            if old is not None and self.holds(old):
                del items[bisect_left(items, self.key(old), key=self.key)]
            if new is not None and self.holds(new):
                insort(items, new, key=self.key)
        return self._replace(items=items)


class Kept(Generic[T]):
    """Items, each of which is the same object for as long as it has not changed."""

    def __init__(self, items: Sequence[T], before: "Kept[T] | None" = None) -> None:
        """Of ``before``, an earlier list of the same items, the orders are taken over."""
        self.items = items
        self._orders: dict[Hashable, Order[T]] = {}
        if before is not None:
            changed = list(_changed(before.items, items))
            if len(changed) <= FEW:
                orders = before._orders.items()
                self._orders = {name: order.after(changed) for name, order in orders}

    def those(
        self, name: Hashable, holds: Callable[[T], bool], key: Callable[[T], Any]
    ) -> Sequence[T]:
        """Those that ``holds`` is true of, by ``key``, which no two have in common.

        Both must say the same of an item for good, and each time that this ``name`` is asked for.
        """
        if name not in self._orders:
            self._orders[name] = Order(holds, key, sorted(filter(holds, self.items), key=key))
        return self._orders[name].items


def _changed(before: Sequence[T], after: Sequence[T]) -> Iterator[tuple[T | None, T | None]]:
    """The items that are others, in pairs.

    Of ten thousand few are: those that are not are passed over in C.
    """
    yield from compress(zip(before, after, strict=False), map(is_not, before, after))
    both = min(len(before), len(after))
    yield from zip_longest(before[both:], after[both:])
