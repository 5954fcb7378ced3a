"""How often a training may lose its worker before that is its own fault."""

from collections import Counter

from model.epoch import Epoch
from search.workers.events import Event

DEATHS = 2  # of workers in the same epoch of a trial make the trial a failure


class Tries:
    """Counts the deaths of workers by trial and epoch."""

    def __init__(self) -> None:
        self.reached: Counter[int] = Counter()  # by trial, the last epoch heard of
        self.deaths: Counter[int] = Counter()  # and deaths since then

    def heard(self, number: int, event: Event) -> None:
        """Trial ``number`` got on; epochs that were heard before come again after a death."""
        if isinstance(event, Epoch) and event.number > self.reached[number]:
            self.reached[number] = event.number
            self.deaths[number] = 0

    def one_more(self, number: int) -> bool:
        """Whether trial ``number``, whose worker died, may have another one."""
        self.deaths[number] += 1
        return self.deaths[number] < DEATHS
