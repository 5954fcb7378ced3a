"""A study file's tables, typed and checked: all that a study's numbers depend on."""

import re
from collections.abc import ItemsView
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

from data.reading import Reading
from model.settings import ModelSettings, TrainSettings, settings_of
from search.definition.checks import check_configuration, check_domain, check_value
from search.definition.criteria import LOSS, check_objective
from search.definition.domain import STRICT, Range, TaggedDomain, Value, choices
from search.definition.steps import AblationTable

Sampler = Literal["tpe", "gp", "cmaes", "random"]
Pruner = Literal["median", "hyperband", "none"]
Seeds = Literal["own", "shared", "given"]
ObjectiveName = Annotated[str, AfterValidator(check_objective)]


class DataTable(BaseModel):
    """``[data]``: which texts, and how they are split."""

    model_config = STRICT

    dataset: str = Field("ag_news", description='a Hub name, a folder, a file, or "demo"')
    text: str | None = Field(None, description="text column")
    label: str | None = Field(None, description="label column")
    header: bool | None = Field(None, description="of a table; default: found by looking")
    encoding: str | None = Field(None, description="of text files; default: UTF-8")
    separator: str | None = Field(None, description="of columns; default: found by looking")
    labels: str | None = Field(None, description="file with a label a line")
    skip_unlabelled: bool = Field(False, description="leave out rows without a label")
    drop_small_classes: bool = Field(False, description="leave out classes of one row")
    validation: float | str | None = Field(
        None, description="share of the training rows, or a file; default: 5%, at least 1,000 rows"
    )
    own_validation: bool | None = Field(
        None, description="use validation rows that lie beside the training rows; default: yes"
    )
    split_column: str | None = Field(None, description='column of "train" and "validation"')
    group_column: str | None = Field(None, description="its rows of a value stay on one side")
    repeats: Literal["together", "apart"] | None = Field(
        None, description="equal texts on one side of the split, or not; default: together"
    )
    share: Literal["exact", "raised"] | None = Field(
        None, description="whether validation is raised to 1,000 rows; default: where not given"
    )
    examples: int | None = Field(None, ge=2, description="training rows to use; default: all")

    @field_validator("validation")
    @classmethod
    def _check_share(cls, value: float | str | None) -> float | str | None:
        if isinstance(value, str) and re.fullmatch(r"[\d.,]+ *%?", value):
            raise ValueError("a share is written as a number below 1, such as 0.1")
        if isinstance(value, float) and not 0 < value < 1:
            raise ValueError("should be greater than 0 and less than 1, or a file")
        return value

    def reading(self) -> Reading:
        """How the data set is to be read."""
        return Reading(
            text=self.text,
            label=self.label,
            header=self.header,
            encoding=self.encoding,
            separator=self.separator,
            labels_file=self.labels,
            skip_unlabelled=self.skip_unlabelled,
            drop_small_classes=self.drop_small_classes,
            validation_file=self.validation if isinstance(self.validation, str) else None,
            own_validation=bool(self.own_validation),
            split_column=self.split_column,
            group_column=self.group_column,
        )


class SearchTable(BaseModel):
    """``[search]``: how the space is searched."""

    model_config = STRICT

    epochs: int = Field(10, ge=1, description="a trial's passes over the training texts")
    seed: int = Field(42, ge=0, le=2**32 - 1)
    sampler: Sampler = "tpe"
    pruner: Pruner = "median"
    objective: ObjectiveName = Field(LOSS, description="what the best trial is best at")
    seeds: Seeds = Field(
        "own",
        description="of trials; shared: the first of each configuration have the same; "
        "given: of each queued trial what it was queued with",
    )


class Definition(BaseModel):
    """All that a study's numbers depend on, beside the texts themselves and the trainer.

    ``ablation`` is no such thing: it may change at any time.
    """

    model_config = STRICT

    data: DataTable = DataTable()
    search: SearchTable = SearchTable()
    space: dict[str, TaggedDomain] = {}
    fixed: dict[str, Value] = {}
    enqueue: list[dict[str, Value]] = []
    ablation: AblationTable = AblationTable()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.space and not self.enqueue:
            raise ValueError("nothing to search: give [space], [[enqueue]] or both")
        for name, domain in self.space.items():
            check_domain(name, domain)
        for name, value in self.fixed.items():
            check_value("[fixed]", name, value)
            if name == "epochs":
                raise ValueError("[fixed] epochs: write it under [search]")
            if name in self.space:
                raise ValueError(f"{name} stands under [space] and [fixed]: keep one of them")
        for number, configuration in enumerate(self.enqueue, 1):
            check_configuration(f"[[enqueue]] number {number}:", configuration, self.space)
        if self.ablation != AblationTable():
            if self.space:
                raise ValueError("[ablation]: only where there is no [space]")
            self.ablation.check(len(self.enqueue))
        return self

    def limit(self, trials: int) -> int:
        """How many of ``trials`` can be: without ``[space]``, the enqueued configurations."""
        return trials if self.space else min(trials, len(self.enqueue))

    def values_of(self, name: str) -> list[Value]:
        """What trials may have for the setting ``name``: all choices, or both ends of a range."""
        net_settings, train_settings = self.settings({})
        usual: Value = {**net_settings.model_dump(), **train_settings.model_dump()}[name]
        if name in self.space:
            domain = self.space[name]
            return [domain.low, domain.high] if isinstance(domain, Range) else choices(domain)
        rows = [row.get(name, usual) for row in self.enqueue] if not self.space else []
        return rows or [usual]

    def check_queued(self, where: str, params: dict[str, Value]) -> None:
        """See that a configuration that was queued for this study can be run.

        Raises:
            ValueError: it cannot; the message begins with ``where``.
        """
        if self.space:
            check_configuration(where, params, self.space)
        elif self.search.seeds == "own" or not any(map(params.items().__le__, self._rows())):
            raise ValueError(f"{where}: this study has no [space]; write it under [[enqueue]]")

    def _rows(self) -> list[ItemsView[str, Value]]:
        """The enqueued configurations with all their settings."""
        net_settings, train_settings = self.settings({})
        usual = {**net_settings.model_dump(), **train_settings.model_dump()}
        return [{**usual, **row}.items() for row in self.enqueue]

    def settings(self, params: dict[str, Value]) -> tuple[ModelSettings, TrainSettings]:
        """The settings of a trial with the parameters ``params``, the fixed ones and defaults."""
        return settings_of({"epochs": self.search.epochs, **self.fixed, **params})
