"""Tasks for tests of the workers."""

from model.settings import ModelSettings, TrainSettings
from search.workers.task import Task

MINIMAL = Task(
    number=4,
    net_settings=ModelSettings(),
    train_settings=TrainSettings(),
    seed=1,
    fingerprint="f",
    longest_epoch=1e9,
)
