"""The linear baseline of a study, fitted in the background while its first trial trains."""

import threading
from typing import TYPE_CHECKING

from data.preparation import Prepared
from search.interrupts import check_interrupt

if TYPE_CHECKING:  # scikit-learn's SVM takes a second
    from model.baseline import LinearBaseline

PAUSE = 0.1  # seconds between two looks for Ctrl-C


class Background:
    """Fits the baseline in a thread of its own, which ends with the process.

    Attributes:
        fitted: the baseline, once it is there.
        error: why there is none.
    """

    def __init__(self, prepared: Prepared) -> None:
        """For ``prepared``, which lies on the CPU."""
        self.prepared = prepared
        self.fitted: LinearBaseline | None = None
        self.error = ""
        self.thread = threading.Thread(target=self._fit, daemon=True)

    def begin(self) -> None:
        """Begin, if it has not begun; before the first net is built it would delay that."""
        if self.thread.ident is None:
            self.thread.start()

    def wait(self) -> None:
        """Until it has ended: there is a baseline then, or an error.

        Raises:
            KeyboardInterrupt: a signal has come.
        """
        self.begin()
        while self.thread.is_alive():
            self.thread.join(PAUSE)
            check_interrupt()

    def _fit(self) -> None:
        try:
            from model.baseline import linear_baseline  # scikit-learn's SVM takes a second

            self.fitted = linear_baseline(self.prepared)
        except Exception as error:  # a search is worth its hours without a baseline too
            reason = f"{type(error).__name__} {error}".strip()
            self.error = f"the linear baseline could not be fitted: {reason}"
