"""What mattered and what it costs, in words and figures."""

import re
from dataclasses import replace

import numpy as np
import pytest

from search.findings.cards.effects import costs_text, effects_card
from search.findings.cards.importance import importance_card, importance_said
from search.findings.intervals import Interval
from tests.search.findings.responses import KINDS, Params, by_cell, found, made


def test_cards_show_each_parameter() -> None:
    values = found(made(by_cell, pruned=lambda params: params["cell"] == "rnn"))
    said = importance_said(values)
    assert said[0].text.startswith("Mattered: cell (0.099")
    bars, effects = importance_card(values), effects_card(values)
    assert "of them pruned, told by" in bars.sentence
    assert "stays below 1%" in importance_card(replace(values, null=0.0004)).sentence
    assert "stays below 13%" in importance_card(replace(values, null=0.121)).sentence
    many = replace(values, trials=1000, informative=5000, outliers=0)
    assert "From 1,000 of 5,000 trials" in importance_card(many).sentence
    assert "is best; rnn costs 0.099" in effects.sentence
    for card in (bars, effects):
        assert card.table is not None
        assert [row[0] for row in card.table.rows] == [e.name for e in values.effects]
        assert all(len(row) == len(card.table.heads) for row in card.table.rows)
    assert effects.table is not None
    sizes = {row[0]: row[1] for row in effects.table.rows}
    assert sizes.pop("cell").startswith("0.099 (")
    assert all(size.startswith("up to ") for size in sizes.values()), "no lower end of nothing"
    figure = bars.figure()
    assert figure is not None
    assert figure.layout.shapes[0].x0 == values.null
    assert figure.layout.xaxis.tickformat == ".0%"
    small = [e._replace(share=Interval(0.001, 0.0, 0.01)) for e in values.effects]
    short = importance_card(replace(values, null=0.02, effects=tuple(small))).figure()
    assert short is not None
    assert short.layout.xaxis.tickformat == ".1%"
    drawn = effects.figure()
    assert drawn is not None
    points = sum(len(t.x) for t in drawn.data if t.name in ("complete", "pruned"))
    assert points == len(KINDS) * values.trials


@pytest.mark.parametrize(
    ("best", "said"),
    [
        (1e-3, "ten times less costs 0.0{} nats, ten times more costs 0.0{} nats"),
        (1e-2, "ten times less costs 0.0{} nats"),
        (4e-4, "0.0001 costs 0.0{} nats, ten times more costs 0.0{} nats"),
    ],
)
def test_costs_are_told_for_ten_times_less_and_more(best: float, said: str) -> None:
    def bowl(params: Params) -> float:
        return float(0.3 + 0.04 * np.log10(params["lr"] / best) ** 2)

    values = replace(found(made(bowl, noise=0.0005)), objective="loss")
    text = costs_text(values.effects[0], values)
    assert re.fullmatch(said.replace("{}", "[0-9]+"), text), text
