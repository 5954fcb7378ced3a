"""What a parameter may be: a choice or a range, as a study file writes it."""

import math
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Value = bool | int | float | str
STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)
NEARLY = 1e-9  # of a step: a float that is off the grid by rounding alone is on it
LISTED = 8  # steps that a message lists
FORMS = ("a choice", "a choice with a default", "a range")


class Range(BaseModel):
    """Numbers from ``low`` to ``high``, both included."""

    model_config = STRICT

    low: int | float
    high: int | float
    step: int | float | None = Field(None, gt=0)
    log: bool = False
    default: int | float | None = Field(None, description="of trials before it was searched")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}: swap them")
        if self.log and self.low <= 0:
            raise ValueError(f"low {self.low} with log = true: must be above 0")
        if self.log and self.step is not None:
            raise ValueError("log and step exclude each other: keep one of them")
        return self

    def off_grid(self, value: float) -> tuple[float, float] | None:
        """The steps below and above ``value``, where it is none itself; else ``None``."""
        if self.step is None:
            return None
        steps = (value - self.low) / self.step
        if abs(steps - round(steps)) < NEARLY:
            return None
        below = self.low + math.floor(steps) * self.step
        return below, below + self.step

    def grid_text(self, value: float) -> str:
        """What is allowed near ``value``: all steps where they are few, else the nearest two."""
        assert self.step is not None
        count = round((self.high - self.low) / self.step) + 1
        if count <= LISTED:
            steps = [self.low + i * self.step for i in range(count)]
        else:
            steps = list(self.off_grid(value) or ())
        return f"{', '.join(f'{step:g}' for step in steps[:-1])} or {steps[-1]:g}"


class Choices(BaseModel):
    """One of ``choices``; a list alone is the same without a default."""

    model_config = STRICT

    choices: list[Value]
    default: Value | None = Field(None, description="of trials before it was searched")


def _form(given: object) -> str:
    if isinstance(given, Choices) or (isinstance(given, dict) and "choices" in given):
        return "a choice with a default"
    return "a range" if isinstance(given, dict | Range) else "a choice"


Domain = list[Value] | Choices | Range
TaggedDomain = Annotated[
    Annotated[list[Value], Tag("a choice")]
    | Annotated[Choices, Tag("a choice with a default")]
    | Annotated[Range, Tag("a range")],
    Discriminator(_form),
]


def choices(domain: Domain) -> list[Value]:
    """The values of a choice, as the study file lists them; none of a range."""
    if isinstance(domain, Range):
        return []
    return domain.choices if isinstance(domain, Choices) else domain


def default(domain: Domain) -> Value | None:
    """What stands for the parameter in trials from before it was searched, where that is given."""
    return None if isinstance(domain, list) else domain.default
