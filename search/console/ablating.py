"""An ablation as a person at a terminal has it."""

from contextlib import suppress

import optuna
from rich.console import Console

from search.api import open_study
from search.confirmation.ablating import Ablating, prepare_ablation
from search.console.progress import Progress
from search.console.streams import standard_output
from search.errors import SearchFailedError
from search.findings.card import Table
from search.findings.cards.ablation import TRIED
from search.findings.markdown import card_markdown
from search.request import AblationRequest
from search.storage.database import storage_errors

CARDS = ("ablation", "claims")  # of the report, which are printed


def ablate(
    asked: AblationRequest,
    *,
    plan_only: bool = False,
    as_markdown: bool = False,
    quiet: bool = False,
) -> None:
    """Train what is missing of an ablation, and say what it found.

    Args:
        asked: what is asked for.
        plan_only: only say what it would cost.
        as_markdown: print the result and nothing else, as Markdown.
        quiet: print nothing but errors.
    """
    optuna.logging.set_verbosity(optuna.logging.CRITICAL)  # its errors reach the user as ours
    silent = quiet or (as_markdown and not plan_only)
    console = Console(quiet=silent, highlight=False, soft_wrap=True, markup=False)
    ablating = prepare_ablation(asked, console.print)
    with storage_errors(ablating.job.home.url):
        console.print(*ablating.notes, sep="\n")
        if plan_only:
            console.print(*ablating.plan(), sep="\n")
            return
        _train(console, ablating)
    findings = open_study(ablating.first.home.name, ablating.job.home.url).findings()
    cards = [card for card in findings.cards if card.name in CARDS]
    if as_markdown:
        output = standard_output()
        output.write("\n".join(map(card_markdown, cards)))
        output.flush()
        return
    for card in cards:
        console.print("", card.sentence, sep="\n")
        if card.table is not None:
            console.print("", *_lines(card.table), sep="\n")


def _train(console: Console, ablating: Ablating) -> None:
    """Run what is missing, round by round: what comes next depends on what came out."""
    study = ablating.open()
    while (found := ablating.next(study)) is not None:
        limits, reused = found
        for each in reused:
            console.print(f"trial {each.trial} of {each.study} is that training already: reused")
        if not limits.only:
            continue
        # The last line says which training failed, and why.
        with Progress(console, study, limits) as progress, suppress(SearchFailedError):
            ablating.job.run(study, limits, progress)
        ablating.check_trained(study, limits)


def _lines(table: Table) -> list[str]:
    """All columns that are not too long, as wide as their cells."""
    shown = len(table.heads) - (table.heads[-1] == TRIED)
    rows = [row[:shown] for row in (table.heads, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
