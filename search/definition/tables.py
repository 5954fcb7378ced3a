"""A study file's tables, typed and checked: all that a study's numbers depend on."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from model.settings import ModelSettings, TrainSettings
from search.definition.checks import check_configuration, check_domain, check_value
from search.definition.criteria import LOSS, check_objective
from search.definition.domain import STRICT, TaggedDomain, Value

Sampler = Literal["tpe", "gp", "cmaes", "random"]
Pruner = Literal["median", "hyperband", "none"]
ObjectiveName = Annotated[str, AfterValidator(check_objective)]


class DataTable(BaseModel):
    """``[data]``: which texts, and how they are split."""

    model_config = STRICT

    dataset: str = Field("ag_news", description='a Hub name, a folder, a file, or "demo"')
    text: str | None = Field(None, description="text column")
    label: str | None = Field(None, description="label column")
    validation: float = Field(0.05, gt=0, lt=1, description="share of the training rows")
    examples: int | None = Field(None, ge=2, description="training rows to use; default: all")


class SearchTable(BaseModel):
    """``[search]``: how the space is searched."""

    model_config = STRICT

    epochs: int = Field(10, ge=1, description="a trial's passes over the training texts")
    seed: int = Field(42, ge=0, le=2**32 - 1)
    sampler: Sampler = "tpe"
    pruner: Pruner = "median"
    objective: ObjectiveName = Field(LOSS, description="what the best trial is best at")


class Definition(BaseModel):
    """All that a study's numbers depend on, beside the texts themselves and the trainer."""

    model_config = STRICT

    data: DataTable = DataTable()
    search: SearchTable = SearchTable()
    space: dict[str, TaggedDomain] = {}
    fixed: dict[str, Value] = {}
    enqueue: list[dict[str, Value]] = []

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
        return self

    def limit(self, trials: int) -> int:
        """How many of ``trials`` can be: without ``[space]``, the enqueued configurations."""
        return trials if self.space else min(trials, len(self.enqueue))

    def check_queued(self, where: str, params: dict[str, Value]) -> None:
        """See that a configuration that was queued for this study can be run.

        Raises:
            ValueError: it cannot; the message begins with ``where``.
        """
        if not self.space:
            raise ValueError(f"{where}: this study has no [space]; write it under [[enqueue]]")
        check_configuration(where, params, self.space)

    def settings(self, params: dict[str, Value]) -> tuple[ModelSettings, TrainSettings]:
        """The settings of a trial with the parameters ``params``, the fixed ones and defaults."""
        values: dict[str, Any] = {"epochs": self.search.epochs, **self.fixed, **params}
        of_net = {name: v for name, v in values.items() if name in ModelSettings.model_fields}
        of_training = {name: v for name, v in values.items() if name not in of_net}
        return ModelSettings(**of_net), TrainSettings(**of_training)
