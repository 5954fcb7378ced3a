"""The errors that are meant for the user, and the exit codes of the commands that meet them."""

from data.files import DataError

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


class StudyError(ValueError):
    """A study that cannot be defined, opened or continued; the message is for the user."""


class UnavailableError(Exception):
    """A disk, a folder or a database cannot be used; the study is as it was.

    The message is for the user; when the cause is mended, the same command goes on.
    """


class SearchFailedError(Exception):
    """Failures that more trials would not mend; the message says which, and what to change."""


FOR_THE_USER = (StudyError, DataError, UnavailableError, SearchFailedError)


def exit_code(error: BaseException) -> int:
    """What a command exits with that ``error`` ended."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return WRONG_USE if isinstance(error, (StudyError, DataError)) else FAILED
