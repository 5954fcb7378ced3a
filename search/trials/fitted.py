"""A study fitted to its texts and this machine: the largest nets that leave time to search."""

from data.corpus import Corpus
from data.errors import several
from data.inspection import inspect
from data.preparation import Prepared
from search.definition.fitting import fit, sizes_for
from search.definition.study_file import reasons
from search.definition.tables import Definition
from search.findings.text import duration
from search.interrupts import interruptible
from search.request import DEFAULT_TRIALS, Request
from search.trials.objective import check_precision, prepare_for
from search.trials.plan import make_plan
from search.workers.placement import Placement
from search.workers.places import place

HOURS = 2.0  # that the usual number of trials may take, where nobody says how long
FEWEST = 12  # trials that the hours hold: ten are drawn before the sampler knows anything
SPENT = 0.6  # of the epochs of all trials; pruning and patience save the others
GLANCE = 1.0  # second: of longer epochs a part is timed


def fitted(
    draft: Definition, corpus: Corpus, request: Request
) -> tuple[Definition, Prepared, list[str]]:
    """The study of the largest nets that leave time for enough trials.

    Args:
        draft: how the texts are read and split, settled.
        corpus: the texts.
        request: how many hours and trials there may be, and where they train.

    Returns:
        The study, the texts made ready, and why it is as it is.

    Raises:
        DataError: the texts cannot be split as ``draft`` says.
        StudyError: there is no such place to train, or not as precisely as ``draft`` says.
    """
    placement = place(request.gpus, jobs=request.jobs, per_gpu=request.per_gpu, ray=request.ray)
    wanted = request.trials or DEFAULT_TRIALS
    enough = max(wanted, FEWEST) if request.hours is None else FEWEST
    hours = HOURS if request.hours is None else request.hours
    seconds = hours * 3600 * placement.jobs
    with interruptible():
        prepared = prepare_for(draft, corpus)
        texts = inspect(corpus, prepared)
        for size in sizes_for(texts):
            definition = fit(texts, size, draft)
            check_precision(definition, placement.devices[0])
            each = _trial_seconds(definition, prepared, placement)
            if each * enough * SPENT <= seconds:
                break
    together = duration(wanted * each / placement.jobs)
    time = (
        f"unless pruned a trial takes {duration(each)} here, {several(wanted, 'trial')} {together}"
    )
    return definition, prepared, reasons(texts, definition, time)


def _trial_seconds(definition: Definition, prepared: Prepared, placement: Placement) -> float:
    return make_plan(definition, prepared, placement, longest=GLANCE).trial_seconds()
