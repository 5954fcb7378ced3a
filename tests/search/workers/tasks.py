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

# Of a study file: configurations that are run first, once each.
ENQUEUED = """
[[enqueue]]
cell = "gru"
lr = 0.011
[[enqueue]]
cell = "gru"
lr = 0.012
[[enqueue]]
cell = "gru"
lr = 0.013
"""
