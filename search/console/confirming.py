"""From a study to a model as a person at a terminal has it."""

import optuna
from rich.console import Console

from search.confirmation.confirming import Confirmation, prepare_confirmation
from search.confirmation.finishing import build, ensemble_lines, test_once, write_model
from search.confirmation.sealed import unseal
from search.confirmation.verifying import verify
from search.confirmation.wording import lineup_lines, look_lines
from search.console.progress import Progress
from search.errors import SearchFailedError, StudyError
from search.request import FinalRequest
from search.storage.database import storage_errors
from search.storage.home import shown


def confirm(asked: FinalRequest, *, plan_only: bool = False, quiet: bool = False) -> None:
    """Confirm the best configurations of a study, and make its model.

    Args:
        asked: what is asked for.
        plan_only: only say what it would cost.
        quiet: print nothing but errors.
    """
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)  # its errors reach the user as ours
    console = Console(quiet=quiet, highlight=False, soft_wrap=True, markup=False)
    confirmation = prepare_confirmation(asked, console.print)
    with storage_errors(confirmation.home.url):
        console.print(*confirmation.notes, sep="\n")
        if plan_only:
            console.print(*confirmation.plan(), sep="\n")
            return
        _finish(console, confirmation, _train(console, confirmation))


def _train(console: Console, confirmation: Confirmation) -> optuna.Study:
    """Run what is missing; the final study."""
    job = confirmation.job
    study, note = job.open()
    if note:
        console.print(note)
    limits = confirmation.queue(study)
    failure, warning = None, ""
    with Progress(console, study, limits) as progress:
        try:
            warning = job.run(study, limits, progress)
        except SearchFailedError as error:
            failure = error  # said last, below what was found all the same
    if warning:
        console.print(f"warning: {warning}")
    texts = len(job.prepared.validation)
    try:
        console.print("", *lineup_lines(confirmation.lineup(study), texts), sep="\n")
    except StudyError as error:  # nothing is complete: why says what failed
        raise failure or error from None
    if failure:
        raise failure
    return study


def _finish(console: Console, confirmation: Confirmation, study: optuna.Study) -> None:
    """Build the model, test it where that is asked for, keep it."""
    job, lineup = confirmation.job, confirmation.lineup(study)
    built = build(confirmation, lineup)
    console.print(*ensemble_lines(built.ensemble), sep="\n")
    asked = confirmation.asked
    # A look cannot be taken back, so all that may fail or be interrupted comes before it.
    sealed = None if asked.test is None else unseal(job, asked.test, force=asked.force)
    if asked.verify:
        console.print(*verify(job, lineup.best.best), sep="\n")
    write_model(confirmation, lineup, built, study)
    if sealed is not None:
        found = test_once(confirmation, lineup, built, study, sealed)
        console.print("", *look_lines(found, job.prepared.class_names), sep="\n")
        write_model(confirmation, lineup, built, study)  # its card has the numbers now
    console.print(f"the model ({built.kind}): {shown(confirmation.home.model)}")
