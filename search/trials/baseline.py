"""The linear baseline of a study, fitted in the background while its first trial trains."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from data.preparation import Prepared
from search.interrupts import check_interrupt

if TYPE_CHECKING:  # scikit-learn's SVM takes a second
    from model.baseline import LinearBaseline

PAUSE = 0.1  # seconds between two looks for Ctrl-C


class Background:
    """Fits the baseline in a thread of its own, which ends with the process.

    Attributes:
        error: why there is none.
    """

    def __init__(self, prepared: Prepared, store: Callable[["LinearBaseline"], None]) -> None:
        """For ``prepared``, which lies on the CPU; ``store`` keeps what was fitted."""
        self.prepared, self.store = prepared, store
        self.error = ""
        self.thread = threading.Thread(target=self._fit, daemon=True)
        self.fitted: LinearBaseline | None = None

    def look(self) -> None:
        """Begin, if it has not begun, and store what has been fitted meanwhile.

        Before the first net is built a beginning would delay that. The thread does not store it:
        a study has one writer.
        """
        if self.thread.ident is None:
            self.thread.start()
        if self.fitted is not None:
            self.store(self.fitted)
            self.fitted = None

    def wait(self) -> None:
        """Until it has ended: the baseline is stored then, or there is an error.

        Raises:
            KeyboardInterrupt: a signal has come.
        """
        self.look()
        while self.thread.is_alive():
            self.thread.join(PAUSE)
            check_interrupt()
        self.look()

    def _fit(self) -> None:
        try:
            from model.baseline import linear_baseline  # scikit-learn's SVM takes a second

            self.fitted = linear_baseline(self.prepared)
        except Exception as error:  # a search is worth its hours without a baseline too
            reason = f"{type(error).__name__} {error}".strip()
            self.error = f"the linear baseline could not be fitted: {reason}"
