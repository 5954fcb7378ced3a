"""A made-up study as a search would leave it: what the page is looked at with."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from optuna.trial import FrozenTrial

from search.findings.card import Card, Said, Table
from search.findings.cards.look import blank
from search.findings.evidence import Evidence
from search.findings.sections import Findings, Section, findings_of
from search.storage.attributes import Baseline, DataCard, Pruning, Stored
from search.storage.home import StudyHome
from search.workers.events import Failure
from tests.search.records import COMPLETE, FAIL, PRUNED, definition, record, trial

BEGUN = datetime(2026, 11, 25, 9, 0)
SPACE = {
    "cell": ["rnn", "gru", "lstm"],
    "layers": {"low": 1, "high": 3},
    "hidden_dim": {"low": 32, "high": 256, "step": 32},
    "dropout": {"low": 0.0, "high": 0.6},
    "lr": {"low": 1e-4, "high": 1e-1, "log": True},
}
WIDE = definition(space=SPACE)
CARD = DataCard(
    lines=(
        "news.csv: 12,000 training and 1,200 validation rows",
        "4 classes: 'World' 3,300, 'Sports' 3,300, 'Business' 3,300, 'Science' 3,300",
        "length: 37 words in the median, 95% up to 52",
    )
)


def searched(count: int, *, failing: bool = True) -> Evidence:
    """A study with so many trials, the same each time; some pruned, a few failed."""
    draws = np.random.default_rng(0)
    given = [_trial(number, draws, failing=failing) for number in range(count)]
    made = record(*given, of=WIDE, asked=count)
    known = Baseline(accuracy=0.92, macro_f1=0.919)
    return Evidence(
        record=replace(made, name="agnews", card=CARD, baseline=known),
        home=StudyHome(name="agnews", url="sqlite:////tmp/agnews.db"),
    )


def _trial(number: int, draws: np.random.Generator, *, failing: bool) -> FrozenTrial:
    cell = str(draws.choice(["rnn", "gru", "lstm"]))
    lr = float(10 ** draws.uniform(-4, -1))
    params = {
        "cell": cell,
        "layers": int(draws.integers(1, 4)),
        "hidden_dim": int(32 * draws.integers(1, 9)),
        "dropout": float(draws.uniform(0, 0.6)),
        "lr": lr,
    }
    end = 0.21 + 0.1 * (cell == "rnn") + 0.05 * abs(np.log10(lr) + 2.7) + draws.gamma(2, 0.008)
    losses = [float(end + 0.2 / epoch**1.5 + draws.normal(0, 0.004)) for epoch in range(1, 6)]
    frozen = _made(number, losses, params, failing=failing and number % 17 == 5)
    begun = BEGUN + timedelta(minutes=2 * number)
    frozen.datetime_start = begun
    frozen.datetime_complete = begun + timedelta(seconds=30 + 20 * len(frozen.user_attrs["curve"]))
    return frozen


def _made(
    number: int, losses: list[float], params: dict[str, object], *, failing: bool
) -> FrozenTrial:
    if failing:
        trace = ('  File "training.py", line 81, in fit', "NotFiniteError: the loss is nan")
        found = Failure(
            kind="not finite", message="the loss is nan", traceback=trace, epoch=2, device="CPU"
        )
        return trial(FAIL, losses[:1], params=params, of=WIDE, stored=Stored(failure=found))
    if number > 8 and losses[1] > 0.33:
        pruning = Pruning(epoch=2, value=losses[1], median=0.33, trials=8)
        stored = Stored(pruning=pruning, seconds=70.0, weight_count=1_234_567)
        return trial(PRUNED, losses[:2], params=params, of=WIDE, stored=stored)
    best = int(np.argmin(losses))
    stored = Stored(
        best_epoch=best + 1,
        best_loss=losses[best],
        accuracy=1 - losses[best] / 3,
        macro_f1=1 - losses[best] / 2.9,
        seconds=130.0,
        weight_count=5_234_567,
    )
    return trial(COMPLETE, losses, params=params, of=WIDE, stored=stored)


def shown(evidence: Evidence) -> Findings:
    """Its findings, with a first screen as full as one gets, and cards of several kinds."""
    found = findings_of(evidence)
    answer = (
        "Use an LSTM of 128 units in both directions, dropout 0.3, lr 0.0013: loss 0.2148, "
        "accuracy 0.928 (0.919 to 0.936). The linear baseline has 0.920. Confirmed by 3 seeds.",
    )
    said = (
        Said("Mattered: lr (0.03 nats), cell (0.02).", "bars"),
        Said("Did not matter: layers, vocabulary threshold.", "bars"),
        Said("Not settled: directions; 12 more trials would settle it.", "bars"),
        Said("9 of 30 trials cannot be told from the best; trial 12 is the cheapest.", "matrix"),
        Said("Enough? The last ten trials bought 0.0004 of 0.21: stop.", "history"),
        Said("Two of 30 trials failed: the loss was not finite.", "failures"),
    )
    more = Section("What mattered?", (_bars(), _matrix()))
    return replace(found, answer=answer, said=said, sections=(more, *found.sections))


def _bars() -> Card:
    names, heights = ["lr", "cell", "dropout"], [0.5, 0.3, 0.02]

    def draw() -> object:
        figure = blank(x="share of the variance", y="")
        return figure.add_bar(x=heights, y=names, orientation="h", text=heights)

    rows = tuple((name, str(height)) for name, height in zip(names, heights, strict=True))
    return Card(
        name="bars",
        title="Importance",
        sentence="Two parameters matter.",
        table=Table(("parameter", "share"), rows),
        draw=draw,
    )


def _matrix() -> Card:
    counts = [[290, 10], [15, 285]]

    def draw() -> object:
        figure = blank(x="said", y="class")
        return figure.add_heatmap(
            z=counts, texttemplate="%{z}", colorscale="Blues", x=["a", "b"], y=["a", "b"]
        )

    return Card(
        name="matrix",
        title="Confusion",
        sentence="Classes are mixed up alike.",
        table=Table(("class", "a", "b"), (("a", "290", "10"), ("b", "15", "285"))),
        draw=draw,
    )
