"""What can be set of a model and of its training: frozen, validated, each with its unit.

The defaults are those of the best configuration tried in ``studies/RESULTS.md``, but for its size.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

TRAINER_VERSION = 7  # raise it when the same settings and seed no longer give the same numbers

Cell = Literal["rnn", "gru", "lstm"]
Pooling = Literal["max", "mean", "last", "max+last", "max+mean"]
Tokens = Literal["auto", "words", "keep", "space", "mixed", "characters"]
Truncate = Literal["head", "tail", "both"]
Schedule = Literal["none", "plateau", "linear"]
ClassWeights = Literal["none", "sqrt", "balanced"]
Precision = Literal["auto", "float32", "bf16"]


class ModelSettings(BaseModel):
    """The net, and what it sees of a text."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    cell: Cell = Field("lstm", description="recurrent cell")
    layers: int = Field(1, ge=1, le=8, description="recurrent layers")
    bidirectional: bool = Field(False, description="read each text in both directions")
    hidden_dim: int = Field(256, ge=1, le=8192, description="units of a layer and direction")
    embedding_dim: int | None = Field(None, ge=1, le=8192, description="default: hidden_dim")
    embedding_init: str = Field(
        "corpus",
        min_length=1,
        description="random; corpus: from the training texts' word vectors; "
        "or a file of word vectors",
    )
    pooling: Pooling = Field("max", description="over the real steps of a text")
    dropout: float = Field(0.3, ge=0, lt=1, description="in the head and between layers")
    vocab_threshold: int = Field(2, ge=0, description="keep words seen more often than this")
    tokens: Tokens = Field("words", description="kind of tokens; auto: by the texts' script")
    max_length: int = Field(256, ge=3, description="steps a text is cut at, both ends included")
    truncate: Truncate = Field("head", description="which end is kept of a longer text")


class TrainSettings(BaseModel):
    """The training of one net."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    epochs: int = Field(10, ge=1, description="passes over the training texts, at most")
    batch_size: int = Field(128, ge=1, description="texts")
    lr: float = Field(2e-3, gt=0, le=10, description="learning rate")
    optimizer: Literal["adam", "adamw"] = Field("adam", description="what moves the weights")
    weight_decay: float = Field(0.0, ge=0, description="decoupled with adamw")
    ema: float = Field(0.99, ge=0, lt=1, description="decay of averaged weights; 0: none")
    clip_norm: float = Field(5.0, ge=0, description="largest norm of the gradient; 0: any")
    schedule: Schedule = Field(
        "none",
        description="plateau: a tenth of the rate after 2 epochs without improvement; "
        "linear: falling to 0 at the last step",
    )
    warmup_ratio: float = Field(0.0, ge=0, lt=1, description="share of steps of a rising rate")
    adversarial: float = Field(
        1.0,
        ge=0,
        description="how far a text's embedded words are moved, if they had 128 dimensions; "
        "0: not at all",
    )
    class_weights: ClassWeights = Field("none", description="of rare classes in the training loss")
    patience: int = Field(0, ge=0, description="epochs without improvement to end at; 0: never")
    precision: Precision = Field("auto", description="auto: bf16 where the hardware has it")


def settings_of(values: Mapping[str, Any]) -> tuple[ModelSettings, TrainSettings]:
    """The settings that ``values`` name, and the defaults of the others.

    Raises:
        pydantic.ValidationError: a name is unknown, or a value illegal.
    """
    of_net = {name: v for name, v in values.items() if name in ModelSettings.model_fields}
    of_training = {name: v for name, v in values.items() if name not in of_net}
    return ModelSettings(**of_net), TrainSettings(**of_training)
