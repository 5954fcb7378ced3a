"""A study's report as one HTML file that needs no network; all text from outside is escaped."""

import json
import math
import os
import warnings
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from search.findings.card import Card
from search.findings.cards.trials import NAME as TRIALS
from search.findings.cards.trials import AllTrials
from search.findings.sections import Findings

TEMPLATE = "page.html.j2"
PLAIN = 100  # trials that are shown where no script runs
ROWS = 300  # most rows of a card's table
WARNINGS = 2  # that are open on the first screen, which has no room for more
# Of the first screen, 1280 x 800 pixels: lines for the answer, warnings and the verdict; letters
# in a line of the first two, and in one of the verdict's; lines of the space below a sentence.
LINES, WIDE, NARROW, SPACE = 27, 135, 50, 0.75


class Drawn(NamedTuple):
    """A card with its figure as JSON.

    Attributes:
        card: as it was found.
        figure: ``None``: it has none.
        height: of the figure, in pixels.
        trouble: why the figure is missing, if it should be there.
    """

    card: Card
    figure: Markup | None
    height: int
    trouble: str


def write_report(findings: Findings, path: Path) -> Path:
    """Write the report of a study to ``path``, whole or not at all, and return ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(render(findings), "utf-8")
    draft.replace(path)
    return path


def render(findings: Findings) -> str:
    """The page's HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    trials = next((c.values for c in findings.cards if isinstance(c.values, AllTrials)), None)
    return environment.get_template(TEMPLATE).render(
        findings=findings,
        drawn={card.name: _drawn(card) for card in findings.cards},
        trials=trials,
        trials_card=TRIALS,
        trials_json=_inside_script(_rows_json(trials)),
        plain=PLAIN,
        most_rows=ROWS,
        most_warnings=WARNINGS,
        most_said=_most_said(findings),
        plotlyjs=Markup(get_plotlyjs()),
    )


def _most_said(findings: Findings) -> int:
    """How many of the verdict's sentences the first screen has room for."""
    titles = {card.name: card.title for card in findings.cards}
    above = (*findings.answer, *findings.warnings[:WARNINGS])
    lines: float = sum(math.ceil(len(line) / WIDE) for line in above)
    for count, one in enumerate(findings.said):
        lines += math.ceil((len(one.text) + len(titles.get(one.card, ""))) / NARROW) + SPACE
        if lines > LINES:
            return max(count, 1)
    return len(findings.said)


def _drawn(card: Card) -> Drawn:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            figure = card.figure()
    except Exception as error:  # one figure that a study is too odd for must not cost the page
        return Drawn(card, None, 0, f"could not be drawn: {type(error).__name__}: {error}")
    if figure is None:
        return Drawn(card, None, 0, "")
    return Drawn(card, _inside_script(figure.to_json()), int(figure.layout.height or 0), "")


def _rows_json(trials: AllTrials | None) -> str:
    """The rows as the page's script reads them."""
    rows = [
        [row.cells, _finite(row.validation), _finite(row.train), row.why]
        for row in (trials.rows if trials else ())
    ]
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _finite(losses: tuple[float, ...]) -> list[float | None]:
    return [loss if math.isfinite(loss) else None for loss in losses]


def _inside_script(text: str) -> Markup:
    """JSON that cannot end the script element it stands in."""
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)
