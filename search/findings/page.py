"""A study's report as one HTML file that needs no network; all text from outside is escaped."""

import json
import os
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from optuna.trial import TrialState
from plotly.offline import get_plotlyjs

from search.definition.criteria import is_maximized
from search.findings.figures import Plot, make_plots
from search.findings.importance import importances
from search.findings.sections import Findings
from search.findings.text import note, objective_text, parameters_text
from search.findings.verdict import summary
from search.findings.why import why
from search.storage.record import StudyRecord, TrialRecord

FAILURES = 20  # shown in full, the latest
TEMPLATE = "page.html.j2"


def write_report(findings: Findings, path: Path) -> Path:
    """Write the report of a study to ``path``, whole or not at all, and return ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(_bare(findings), "utf-8")
    draft.replace(path)
    return path


def _bare(findings: Findings) -> str:
    """A page of the cards' words alone."""
    lines = [findings.headline, *(f"{card.title}: {card.sentence}" for card in findings.cards)]
    return "<!doctype html>\n" + "\n".join(f"<p>{escape(line)}</p>" for line in lines)


def render(record: StudyRecord) -> str:
    """The page's HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True
    )
    ranking = importances(record)
    plots = make_plots(record, ranking)
    bound = record.binding.table if record.binding else {}
    return environment.get_template(TEMPLATE).render(
        name=record.name,
        summary=summary(record, ranking),
        warnings=record.card.warnings,
        card=record.card.lines,
        plots=plots,
        figures=[Markup(_json(plot)) for plot in plots],
        heads=_heads(record.objective),
        rows=[_row(trial) for trial in record.trials],
        failures=_failures(record),
        settings=json.dumps(bound, indent=2),
        environment=json.dumps(_environment(record), indent=2),
        plotlyjs=Markup(get_plotlyjs()),
    )


def _json(plot: Plot) -> str:
    """The figure as JSON that cannot end the script element it stands in."""
    text: str = "null" if plot.figure is None else plot.figure.to_json()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _heads(objective: str) -> list[str]:
    """Of the table of trials."""
    scores = [
        *([objective_text(objective)] if _is_shown(objective) else []),
        "loss",
        "accuracy",
        "macro-F1",
    ]
    rest = ["best epoch", "seconds", "weights", "parameters", "note"]
    return ["trial", "state", *scores, *rest]


def _is_shown(objective: str) -> bool:
    """Whether the objective needs a column beside those that all studies have."""
    return objective not in ("", "loss", "accuracy", "macro_f1")


def _row(trial: TrialRecord) -> list[Any]:
    """A trial's cells, below the heads."""
    stored, best = trial.stored, trial.best_epoch
    loss = trial.value if stored.best_loss is None else stored.best_loss
    if is_maximized(trial.objective) and stored.best_loss is None:
        loss = best.validation_loss if best else None
    score = [f"{best.score:.4f}" if best else ""] if _is_shown(trial.objective) else []
    return [
        trial.number,
        trial.state.name.lower(),
        *score,
        "" if loss is None else f"{loss:.4f}",
        "" if stored.accuracy is None else f"{stored.accuracy:.4f}",
        "" if stored.macro_f1 is None else f"{stored.macro_f1:.4f}",
        stored.best_epoch or "",
        "" if stored.seconds is None else f"{stored.seconds:.1f}",
        stored.weight_count or "",
        parameters_text(trial.params),
        note(trial),
    ]


def _failures(record: StudyRecord) -> list[str]:
    """The latest failures with all that is stored of them."""
    failed = record.in_state(TrialState.FAIL)
    told = [t.number for t in failed if t.stored.failure and t.stored.failure.traceback]
    return [why(record, number) for number in told[-FAILURES:]]


def _environment(record: StudyRecord) -> dict[str, Any]:
    """Of the last trial that stored one."""
    stored = (trial.stored.environment for trial in reversed(record.trials))
    return next((environment for environment in stored if environment), {})
