"""What went wrong with trials: failures by kind, and the latest of them in full."""

from collections import Counter
from collections.abc import Iterable

from optuna.trial import TrialState

from data.errors import several
from search.findings.card import Card, Table, Verbatim
from search.findings.evidence import Evidence
from search.findings.why import why
from search.storage.record import StudyRecord
from search.storage.trial_record import TrialRecord

NAME, TITLE = "failures", "Failed trials"
SHOWN = 20  # in full, the latest
UNKNOWN = "for a reason that is not stored"


def failures_text(record: StudyRecord) -> str:
    """How many trials failed of what, the most frequent first; "": none did."""
    kinds = _kinds(record.in_state(TrialState.FAIL))
    return ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())


def _kinds(failed: Iterable[TrialRecord]) -> Counter[str]:
    return Counter(t.stored.failure.kind if t.stored.failure else UNKNOWN for t in failed)


def failures_card(evidence: Evidence) -> Card:
    """How many trials failed, and of what."""
    record = evidence.record
    failed = record.in_state(TrialState.FAIL)
    if not failed:
        return Card(name=NAME, title=TITLE, sentence="No trial failed.", values={})
    kinds = _kinds(failed)
    told = [t.number for t in failed if t.stored.failure][-SHOWN:]
    latest = f" The latest {len(told)} are below." if len(told) < len(failed) and told else ""
    of_all = f"{len(failed):,} of {several(len(record.trials), 'trial')} failed"
    return Card(
        name=NAME,
        title=TITLE,
        sentence=f"{of_all}: {failures_text(record)}.{latest}",
        values=dict(kinds),
        table=Table(("kind", "trials"), tuple((k, str(n)) for k, n in kinds.most_common())),
        texts=tuple(Verbatim(f"trial {number}", why(record, number)) for number in told),
    )
