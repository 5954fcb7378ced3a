"""A study's report as one HTML file that needs no network; all text from outside is escaped."""

import json
import os
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState

from search.overview import note
from search.plots import Plot, importances, make_plots
from search.summary import parameters_text, states_text
from search.why import why

FAILURES = 20  # shown in full, the latest
TEMPLATE = "report.html.j2"


def write_report(study: optuna.Study, path: Path) -> Path:
    """Write the report of ``study`` to ``path``, whole or not at all, and return ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(render(study), "utf-8")
    draft.replace(path)
    return path


def render(study: optuna.Study) -> str:
    """The page's HTML."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup
    from plotly.offline import get_plotlyjs

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True
    )
    ranking = importances(study)
    plots = make_plots(study, ranking)
    ours = "definition" in study.user_attrs  # else attributes may be anything
    return environment.get_template(TEMPLATE).render(
        name=study.study_name,
        summary=summary(study, ranking),
        plots=plots,
        figures=[Markup(_json(plot)) for plot in plots],
        rows=[
            _row(trial, trial.user_attrs if ours else {})
            for trial in study.get_trials(deepcopy=False)
        ],
        failures=_failures(study) if ours else [],
        settings=json.dumps(study.user_attrs.get("definition", {}), indent=2),
        environment=json.dumps(_environment(study), indent=2),
        plotlyjs=Markup(get_plotlyjs()),
    )


def summary(study: optuna.Study, importance: dict[str, float]) -> list[str]:
    """What the study says, in sentences."""
    trials = study.get_trials(deepcopy=False)
    lines = [f"{len(trials)} trials: {states_text(study)}." if trials else "No trials yet."]
    if not any(t.state == TrialState.COMPLETE for t in trials):
        return [*lines, "No trial is complete, so there is no best one to show."]
    best = study.best_trial
    accuracy = best.user_attrs.get("accuracy") if "definition" in study.user_attrs else None
    scored = "" if accuracy is None else f", accuracy {accuracy:.4f}"
    lines.append(f"The best is trial {best.number}: validation loss {best.value:.4f}{scored}.")
    lines.append(f"Its parameters: {parameters_text(best)}.")
    repeats = sum("repeat_of" in t.user_attrs for t in trials)
    if repeats:
        lines.append(f"{repeats} trials repeat an earlier configuration with another seed.")
    ranking = [f"{name} ({share:.0%})" for name, share in importance.items()]
    if ranking:
        lines.append(f"What mattered, by fANOVA over complete trials: {', '.join(ranking)}.")
    return lines


def _json(plot: Plot) -> str:
    """The figure as JSON that cannot end the script element it stands in."""
    text: str = "null" if plot.figure is None else plot.figure.to_json()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _row(trial: FrozenTrial, attributes: dict[str, Any]) -> list[Any]:
    """A trial's cells: number, state, value, accuracy, best epoch, seconds, size, parameters."""
    value = attributes.get("best_loss", trial.value)
    accuracy, seconds = attributes.get("accuracy"), attributes.get("seconds")
    return [
        trial.number,
        trial.state.name.lower(),
        "" if value is None else f"{value:.4f}",
        "" if accuracy is None else f"{accuracy:.4f}",
        attributes.get("best_epoch", ""),
        "" if seconds is None else f"{seconds:.1f}",
        attributes.get("parameters", ""),
        parameters_text(trial),
        note(trial, attributes),
    ]


def _failures(study: optuna.Study) -> list[str]:
    """The latest failures with all that is stored of them."""
    failed = study.get_trials(deepcopy=False, states=(TrialState.FAIL,))
    told = [t.number for t in failed if "traceback" in t.user_attrs.get("failure", {})]
    return [why(study, number) for number in told[-FAILURES:]]


def _environment(study: optuna.Study) -> dict[str, Any]:
    """Of the last trial that stored one."""
    if "definition" not in study.user_attrs:
        return {}
    stored = [t.user_attrs.get("environment") for t in study.get_trials(deepcopy=False)]
    return next((e for e in reversed(stored) if e), {})
