"""What a training needs to be told, beside the texts; it goes to wherever the training runs."""

from dataclasses import astuple, dataclass

from model.criterion import BY_LOSS, Criterion
from model.settings import ModelSettings, TrainSettings


@dataclass(frozen=True, kw_only=True)
class Task:
    """The training of trial ``number``.

    Attributes:
        number: the trial's.
        net_settings: of its net.
        train_settings: of its training.
        seed: of initial weights, order and dropout.
        fingerprint: of the texts it trains on.
        longest_epoch: seconds after which an epoch is given up.
        criterion: which epoch is its best.
    """

    number: int
    net_settings: ModelSettings
    train_settings: TrainSettings
    seed: int
    fingerprint: str
    longest_epoch: float
    criterion: Criterion = BY_LOSS

    def identity(self) -> dict[str, object]:
        """What a snapshot must be of, to go on from it."""
        settings = {**self.net_settings.model_dump(), **self.train_settings.model_dump()}
        return {
            "settings": settings,
            "seed": self.seed,
            "texts": self.fingerprint,
            "criterion": list(astuple(self.criterion)),
        }
