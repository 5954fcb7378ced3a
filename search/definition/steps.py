"""Configurations that a study file lists, each a change to an earlier one, and what is claimed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

from pydantic import BaseModel, Field, model_validator

from data.errors import listed
from search.definition.domain import STRICT, Value
from search.definition.route import Route, Run

Pair = tuple[dict[str, Value], dict[str, Value]]  # before a change and after it
KINDS = ("order", "most", "no_gain", "rises_after", "rises_less_than")  # a claim is one of them


class Claim(BaseModel):
    """A sentence about the listed configurations that their trainings can bear out or not."""

    model_config = STRICT

    says: str = Field(description="the sentence")
    order: list[Value] | None = Field(None, min_length=2, description="values, the best first")
    of: str | None = Field(None, description="order: of which parameter")
    most: str | None = Field(None, description="the parameter whose changes matter most")
    no_gain: str | None = Field(None, description="the parameter whose changes gain nothing")
    row: int | None = Field(None, ge=0, description="rises_...: of which configuration, from 0")
    rises_after: int | None = Field(None, ge=1, description="epoch after which its loss rises")
    rises_less_than: int | None = Field(None, ge=0, description="a configuration that rises more")

    @model_validator(mode="after")
    def _check(self) -> Self:
        given = [name for name in KINDS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"claim {self.says!r}: give one of {', '.join(KINDS)}")
        needs = {"order": "of", "rises_after": "row", "rises_less_than": "row"}.get(given[0])
        others = {name for name in ("of", "row") if getattr(self, name) is not None}
        if others != ({needs} if needs else set()):
            raise ValueError(
                f"claim {self.says!r}: {given[0]} {f'needs {needs}' if needs else 'stands alone'}"
            )
        return self


class AblationTable(BaseModel):
    """``[ablation]``: what ``search.ablate`` makes of ``[[enqueue]]`` where there is no space.

    Nothing that is trained depends on it, so that it may change at any time.
    """

    model_config = STRICT

    after: list[int] = Field(
        [], description="of each [[enqueue]] but the first: to which earlier one, from 0, it is a "
        "change; default: to the one before"
    )  # fmt: skip
    published: list[float] = Field(
        [], description="accuracies that were published of the [[enqueue]]"
    )
    note: str = Field("", description="on how the two may be compared")
    claims: list[Claim] = []

    def check(self, rows: int) -> None:
        """See that it fits so many rows of ``[[enqueue]]``.

        Raises:
            ValueError: it does not.
        """
        if self.after and len(self.after) != rows - 1:
            raise ValueError(f"[ablation] after: {len(self.after)} numbers for {rows - 1} changes")
        for row, before in enumerate(self.after, 1):
            if not 0 <= before < row:
                raise ValueError(f"[ablation] after: {before} for number {row}: an earlier one")
        if self.published and len(self.published) != rows:
            raise ValueError(
                f"[ablation] published: {len(self.published)} accuracies for {rows} [[enqueue]]"
            )
        if wrong := [share for share in self.published if not 0 <= share <= 1]:
            raise ValueError(f"[ablation] published: {wrong[0]}: accuracies are from 0 to 1")
        for claim in self.claims:
            for named in (claim.row, claim.rises_less_than):
                if named is not None and named >= rows:
                    raise ValueError(
                        f"[ablation] claim {claim.says!r}: there are [[enqueue]] 0 to {rows - 1}"
                    )


@dataclass(frozen=True, kw_only=True)
class Steps:
    """What an ablation asks of listed configurations: what each change does.

    Attributes:
        rows: all parameters of the ablation's study, of each listed configuration.
        seeds: that each is trained with.
        table: which change each is, and what is claimed.
    """

    rows: tuple[dict[str, Value], ...]
    seeds: int
    table: AblationTable

    @classmethod
    def stored(cls, given: dict[str, Any]) -> Self:
        """The reverse of ``to_store``."""
        table = AblationTable.model_validate(given["table"])
        return cls(rows=tuple(given["rows"]), seeds=given["seeds"], table=table)

    def to_store(self) -> dict[str, Any]:
        """It as JSON can hold it."""
        return {
            "rows": list(self.rows), "seeds": self.seeds, "table": self.table.model_dump(),
        }  # fmt: skip

    def after(self, row: int) -> int:
        """To which row the ``row``, from 1, is a change."""
        return self.table.after[row - 1] if self.table.after else row - 1

    def changes(self, row: int) -> tuple[str, ...]:
        """The parameters that it changes."""
        before = self.rows[self.after(row)]
        return tuple(name for name, value in self.rows[row].items() if value != before[name])

    @property
    def count(self) -> int:
        """How many changes there are."""
        return len(self.rows) - 1

    def alone(self, row: int) -> dict[str, dict[str, Value]]:
        """Each of its changes made alone, by the parameter; {} where it is one change only."""
        changed = self.changes(row)
        before = self.rows[self.after(row)]
        if len(changed) < 2:
            return {}
        return {name: {**before, name: self.rows[row][name]} for name in changed}

    @property
    def configurations(self) -> list[dict[str, Value]]:
        """All that has to be trained, each once: what is listed, then what parts its changes."""
        alone = [each for row in range(1, len(self.rows)) for each in self.alone(row).values()]
        found: list[dict[str, Value]] = []
        for configuration in (*self.rows, *alone):
            if configuration not in found:
                found.append(configuration)
        return found

    def pairs(self, name: str) -> Iterator[Pair]:
        """All configurations that differ in one parameter alone, in both directions."""
        for before in self.configurations:
            for after in self.configurations:
                if [n for n, v in after.items() if v != before[n]] == [name]:
                    yield before, after

    def made(self, name: str) -> Iterator[Pair]:
        """Configurations of which one is listed as a change of that parameter, alone."""
        for row in range(1, len(self.rows)):
            before = self.rows[self.after(row)]
            if self.changes(row) == (name,):
                yield before, self.rows[row]
            elif name in self.alone(row):
                yield before, self.alone(row)[name]

    def check_claims(self) -> None:
        """See that the trainings of rows with all their settings can tell what is claimed.

        Raises:
            ValueError: they cannot; the message names the claim.
        """
        changed = {name for row in range(1, len(self.rows)) for name in self.changes(row)}
        for claim in self.table.claims:
            where = f"[ablation] claim {claim.says!r}:"
            name = claim.of or claim.most or claim.no_gain
            if name is not None and name not in changed:
                raise ValueError(f"{where} {name}: what changes is {listed(sorted(changed))}")
            if claim.most is not None and len(changed) < 2:
                raise ValueError(f"{where} only {claim.most} changes: there is no other one")
            there = [(before[str(name)], after[str(name)]) for before, after in
                     (self.pairs(name) if claim.order and name else ())]  # fmt: skip
            for better, worse in pairwise(claim.order or ()):
                if (worse, better) not in there:
                    raise ValueError(
                        f"{where} no two configurations differ in {name} = {worse!r} and "
                        f"{better!r} alone"
                    )
            self._check_rise(where, claim)

    def _check_rise(self, where: str, claim: Claim) -> None:
        if claim.row is not None and claim.row == claim.rises_less_than:
            raise ValueError(f"{where} row {claim.row} is compared with itself")
        if claim.row is None or claim.rises_after is None:
            return
        epochs = self.rows[claim.row]["epochs"]
        if claim.rises_after >= int(epochs):
            raise ValueError(f"{where} row {claim.row} has {epochs} epochs: give an earlier one")

    def runs(self) -> Iterator[Run]:
        """All trainings: the first seed of all, then the next one's."""
        for seed in range(1, self.seeds + 1):
            yield from ((each, seed) for each in self.configurations)

    def known_runs(self) -> tuple[list[Run], int]:
        """All of them, and that there are no more."""
        return list(self.runs()), 0

    def has(self, configuration: dict[str, Value]) -> bool:
        """Whether it has to be trained."""
        return configuration in self.configurations

    def all_seeds(self, configuration: dict[str, Value]) -> list[Run]:
        """The trainings of one configuration."""
        return [(configuration, seed) for seed in range(1, self.seeds + 1)]

    def wanted(self, value_of: Callable[[dict[str, Value], int], float | None]) -> list[Run]:
        """Trainings that are still to come."""
        return [run for run in self.runs() if value_of(*run) is None]


Asked = Route | Steps  # what an ablation can be asked
