"""What the first screen says of listed configurations."""

from data.errors import listed, several
from search.findings.card import Said, Tile
from search.findings.cards.ablation import NAME
from search.findings.cards.baseline import baseline_text, is_ahead
from search.findings.cards.digits import bounded, with_ends
from search.findings.cards.listed import CLAIMS, by_word
from search.findings.contrasts import HELPS
from search.findings.listed import Listed
from search.findings.net_text import net_of
from search.findings.published import CONFIRMED, VERDICTS
from search.findings.text import objective_text
from search.storage.record import StudyRecord

NAMED = 3  # rows that tie; more are counted


def listed_use(record: StudyRecord, values: Listed) -> tuple[str, ...]:
    """Which of the listed configurations is best, which others are not told apart from it.

    Where the linear baseline does as well, that comes first, and nobody is told to use a net.
    """
    assert values.best is not None
    row, known = values.rows[values.best], [row for row in values.rows if row.score]
    table = record.binding.table if record.binding else {}
    # What all rows have in common is told too; the units that a study fixes are the net's.
    listed_row = table["enqueue"][values.best] if len(table["enqueue"]) == len(values.rows) else {}
    net = net_of(table.get("fixed", {}), {**listed_row, **row.params})
    name = objective_text(values.objective)
    scores = [f"{name} {with_ends(row.score)}"]
    if row.accuracy and values.objective != "accuracy":
        scores.append(f"accuracy {with_ends(row.accuracy)}")
    pays = is_ahead(values.references, row.accuracy)
    use = (
        f"{'Use' if pays else 'The best net is'} {net}: {', '.join(scores)}, means of "
        f"{several(values.seeds, 'seed')}, the best of "
        f"{several(len(known), 'listed configuration')} (row {values.best})"
        f"{_others(values, len(known))}."
    )
    baseline = baseline_text(values.references, row.accuracy, test="p over seeds and texts")
    return tuple(line for line in ((use, baseline) if pays else (baseline, use)) if line)


def _others(values: Listed, known: int) -> str:
    """How the other rows stand to the best one."""
    others = f"; all others have a worse {objective_text(values.objective)}"
    if len(values.level) > NAMED:
        others = f"; {len(values.level)} of the others cannot be told from it"
    elif values.level:
        rows = listed([f"row {place}" for place in values.level])
        others = f"; {rows} cannot be told from it"
    if known < len(values.rows):
        others += f"; {several(len(values.rows) - known, 'row has', 'rows have')} no result"
    return others


def listed_said(values: Listed) -> list[Said]:
    """How many changes and claims there are of each kind; their cards name them."""
    kind = "published" if values.is_published else "listed"
    changes = several(len(values.steps), f"{kind} change")
    counts = ", ".join(f"{len(found)} {word}" for word, found in by_word(values).items())
    said = [Said(f"{changes}, {several(values.seeds, 'seed')} each: {counts}.", NAME)]
    verdicts = [claim.verdict for claim in values.claims]
    if verdicts:
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in VERDICTS if v in verdicts)
        said.append(Said(f"{several(len(verdicts), 'claim')}: {counts}.", CLAIMS))
    return said


def listed_tiles(values: Listed) -> tuple[Tile, ...]:
    """Four numbers of a study that was trained for its ablation alone."""
    word = CONFIRMED if values.is_published else HELPS
    found = len(by_word(values).get(word, ()))
    each = f"{several(values.configurations, 'configuration')}, {values.seeds} seeds each"
    left = f", {values.missing} left" if values.missing else ""
    kind = "published changes confirmed" if values.is_published else "listed changes help"
    confirmed = sum(claim.verdict == CONFIRMED for claim in values.claims)
    unit = " nats" if values.measure == "loss" else ""
    return (
        Tile(several(values.trainings, "training"), f"{each}{left}"),
        Tile(f"{found} of {len(values.steps)}", kind),
        Tile(f"{confirmed} of {len(values.claims)}", "claims confirmed")
        if values.claims
        else Tile(several(len(values.level) + 1, "row"), "tie for best"),
        Tile(
            f"{bounded(values.smallest, values.measure)}{unit}",
            f"the smallest difference of {objective_text(values.measure)} that would be seen",
        ),
    )
