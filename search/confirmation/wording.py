"""What a confirmation and a look at test rows say, in lines."""

import math
from collections.abc import Sequence
from statistics import mean

import numpy as np
import numpy.typing as npt

from data.errors import several
from search.confirmation.card import interval_text, opening_lines
from search.confirmation.looks import Look, Scores
from search.findings.intervals import Interval, f1_of, proportion
from search.findings.lineup import Line, Lineup
from search.findings.text import objective_text, parameters_text

MOST_CLASSES = 12  # whose confusion fits a terminal
WIDEST = 100  # characters of a text


def lineup_lines(lineup: Lineup, texts: int) -> list[str]:
    """Each configuration: what the search had, what its seeds have, and whether the order held.

    Args:
        lineup: the confirmed configurations.
        texts: that validate.
    """
    objective = objective_text(lineup.best.searched.objective)
    lines = [f"{objective}, searched -> confirmed (95% over seeds):"]
    for place, line in enumerate(lineup.ranked, 1):
        trial = line.searched
        lines.append(
            f"  {place}. (was {line.place}.) trial {trial.number}: "
            f"{trial.value:.4f} -> {interval_text(line.mean)}, "
            f"{several(len(line.confirmed), 'seed')}; {parameters_text(trial.params)}"
        )
    scores = [trial.stored for trial in lineup.best.confirmed]
    share = mean(each.accuracy or 0.0 for each in scores)
    lines.append(
        f"the best of them: accuracy {interval_text(proportion(share, texts))} on "
        f"{texts:,} validation texts, macro-F1 {mean(each.macro_f1 or 0.0 for each in scores):.4f}"
    )
    lines.append(_shrinkage_line(lineup.lines[0]))
    held = "held" if lineup.order_held else "did not hold"
    lines.append(f"the order of the {several(len(lineup.lines), 'configuration')} {held}")
    if lineup.missing:
        lines.append(
            f"{several(lineup.missing, 'training is', 'trainings are')} not complete: the same "
            f"command runs {'it' if lineup.missing == 1 else 'them'}"
        )
    return lines


def _shrinkage_line(first: Line) -> str:
    """What the search's best value owes to luck."""
    name = f"the search's best, trial {first.searched.number},"
    if first.place > 1:
        return "the search's best configuration has no complete training"
    value, low, high = first.shrinkage
    if value < 0:
        value, low, high = -value, -high, -low
    promised = interval_text(Interval(value, low, high))
    much = "too little" if first.shrinkage.value < 0 else "too much"
    chance = ", which may be chance" if low < 0 < high else ""
    return f"{name} promised {promised} {much}{chance}"


def look_lines(look: Look, class_names: Sequence[str]) -> list[str]:
    """All that a look at test rows has shown."""
    count = len(look.before) + 1
    lines = opening_lines(look.opening, count, count)
    if look.before:
        first = look.before[0]
        lines.append(
            f"warning: test rows were opened before, first {first.time} ({first.test}): what was "
            "chosen since then may fit them by chance"
        )
    lines.append(f"the model is the first of these ({look.opening.model}):")
    width = max(map(len, look.scores))
    for name, scores in look.scores.items():
        lines.append(f"  {name:{width}}  {_scores_text(scores)}")
    seeds = [s.accuracy.value for name, s in look.scores.items() if name.startswith("seed ")]
    if len(seeds) > 1:  # that of the configuration, whichever seed was lucky
        lines.append(f"  mean of {len(seeds)} seeds: accuracy {np.mean(seeds):.4f}")
    lines.append("  p: McNemar's exact test against the linear SVM on the same training texts")
    lines += _class_lines(look.matrix, class_names)
    if look.mistakes:
        lines.append("its most confident mistakes:")
    lines += [
        f"  {right!r}, but {said!r} with {probability:.3f}: {_short(text)}"
        for text, right, said, probability in look.mistakes
    ]
    return lines


def _scores_text(scores: Scores) -> str:
    parts = [
        f"accuracy {interval_text(scores.accuracy)}",
        f"macro-F1 {interval_text(scores.macro_f1)}",
        f"log-loss {interval_text(scores.log_loss)}",
        f"calibration error {scores.calibration:.4f}",
    ]
    if not math.isnan(scores.unrepeated) and scores.unrepeated != scores.accuracy.value:
        parts.append(f"accuracy without repeated texts {scores.unrepeated:.4f}")
    if scores.p is not None:
        parts.append(f"p {scores.p:.2g}")
    return ", ".join(parts)


def _class_lines(matrix: npt.NDArray[np.int64], class_names: Sequence[str]) -> list[str]:
    """Precision, recall, F1 and rows of each class, and the confusion of not too many."""
    has_unseen = bool(matrix[-1].any())
    names = [*class_names, *(["(unseen)"] if has_unseen else [])]
    rows, said = matrix.sum(axis=1), matrix.sum(axis=0)
    right, f1 = np.diagonal(matrix), f1_of(matrix)
    width = max(map(len, names))
    lines = [f"  {'class':{width}}  precision  recall     F1   rows"]
    for i, name in enumerate(names):
        precision, recall = right[i] / max(said[i], 1), right[i] / max(rows[i], 1)
        lines.append(
            f"  {name:{width}}  {precision:9.4f}  {recall:6.4f} {f1[i]:6.4f} {rows[i]:6,}"
        )
    if len(class_names) <= MOST_CLASSES:
        lines.append("  confusion (a row: a class; a column: what was said of it):")
        lines += [
            f"  {name:{width}}  " + " ".join(f"{n:6,}" for n in matrix[i][: len(class_names)])
            for i, name in enumerate(names)
        ]
    return lines


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDEST else line[: WIDEST - 3] + "..."
