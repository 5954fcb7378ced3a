"""What an ablation asks: from one configuration to another, one change at a time."""

from collections.abc import Collection
from dataclasses import dataclass

from search.definition.domain import Value

Run = tuple[dict[str, Value], int]  # a configuration, and which of its seeds, from 1


@dataclass(frozen=True, kw_only=True)
class Route:
    """Two configurations, and how the way between them is looked for.

    Attributes:
        start: every parameter of the ablation's study.
        goal: likewise.
        order: of the changes; (): the one that helps most is looked for at each step.
        seeds: that each configuration on the way is trained with.
    """

    start: dict[str, Value]
    goal: dict[str, Value]
    order: tuple[str, ...] = ()
    seeds: int = 3

    @property
    def changes(self) -> tuple[str, ...]:
        """The parameters in which the two differ."""
        return tuple(name for name in self.start if self.start[name] != self.goal[name])

    @property
    def count(self) -> int:
        """How many changes there are."""
        return len(self.changes)

    def at(self, changed: Collection[str]) -> dict[str, Value]:
        """The start with the ``changed`` parameters as they are in the goal."""
        return {name: (self.goal if name in changed else self.start)[name] for name in self.start}

    def without(self, name: str) -> dict[str, Value]:
        """The goal with one parameter as it was at the start."""
        return {**self.goal, name: self.start[name]}

    def known_runs(self) -> tuple[list[Run], int]:
        """Trainings that are known beforehand, each once, and how many more there may be."""
        if self.order:
            path = [self.at(self.order[:count]) for count in range(len(self.order) + 1)]
        else:
            path = [self.start, *(self.at([name]) for name in self.changes), self.goal]
        rows: list[dict[str, Value]] = []
        for row in [*path, *(self.without(name) for name in self.changes)]:
            if row not in rows:
                rows.append(row)
        # Of d changes the path tries d, d - 1, ... 1; the first and the last of these are counted,
        # and those one before the goal are taken back too.
        more = 0 if self.order else sum(range(3, len(self.changes)))
        return [run for row in rows for run in self.all_seeds(row)], more * self.seeds

    def has(self, configuration: dict[str, Value]) -> bool:
        """Whether it lies between the two."""
        return all(value in (self.start[n], self.goal[n]) for n, value in configuration.items())

    def all_seeds(self, configuration: dict[str, Value]) -> list[Run]:
        """The trainings of one configuration."""
        return [(configuration, seed) for seed in range(1, self.seeds + 1)]
