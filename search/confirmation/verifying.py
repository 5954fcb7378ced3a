"""Whether a training gives the same curve and weights again on this machine."""

import torch

from model.assembly import assemble
from model.devices import share_of_threads
from model.training import fit
from search.confirmation.models import net_of
from search.interrupts import interruptible
from search.job import Job
from search.storage.trial_record import TrialRecord


def verify(job: Job, trial: TrialRecord) -> list[str]:
    """Train ``trial`` of the final study again; whether all its numbers come again, in words."""
    task, kept = job.objective.task(trial), net_of(job, trial)
    with interruptible(), share_of_threads(job.placement.jobs):
        made = assemble(
            job.prepared,
            task.net_settings,
            task.train_settings,
            seed=task.seed,
            device=job.placement.devices[0],
            criterion=task.criterion,
        )
        curve = list(fit(made.trainer, made.train, made.validation))
    pairs = zip(trial.stored.curve, curve, strict=False)
    gaps = [abs(old.validation_loss - new.validation_loss) for old, new in pairs]
    old, new = kept.net.state_dict(), made.net.to(torch.device("cpu")).state_dict()
    moved = max(float((old[name] - new[name]).abs().max()) for name in old)
    name = f"trial {trial.number} of {job.home.name}, trained again"
    if len(curve) == len(trial.stored.curve) and not any(gaps) and moved == 0:
        return [f"{name}: the same curve and weights, bit for bit: this machine is deterministic"]
    return [
        f"{name}: losses differ by up to {max(gaps):.2g}, weights by up to {moved:.2g}: "
        "it was trained on another kind of machine or with another number of threads (--jobs), "
        "or this machine is not deterministic"
    ]
