"""Proposals are Optuna's own, though the sampler is told the space."""

from typing import Any

import optuna
import pytest
from optuna.samplers import TPESampler
from optuna.trial import FrozenTrial

from search.definition.space import draw
from search.storage.inside_optuna import study_in_memory
from search.trials.samplers import make_sampler
from search.trials.seeds import derive
from tests.search.records import COMPLETE, FAIL, ME, PRUNED, SPACE, definition, running, trial

# Not in the order of the alphabet.
WIDE = {**SPACE, "bidirectional": [True, False], "layers": {"low": 1, "high": 3}}
WIDE = {name: WIDE[name] for name in ("lr", "layers", "cell", "bidirectional")}
STUDIES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "empty": (WIDE, []),
    "none has ended": (WIDE, [FAIL, None]),
    "before it learns": (WIDE, [COMPLETE] * 5),
    "it learns": (WIDE, [COMPLETE, PRUNED, FAIL, None] * 10),
    "only pruned ones": (WIDE, [PRUNED] * 15),
    "a parameter of one value": ({**SPACE, "layers": [2]}, [COMPLETE] * 15),
    "nothing to choose": ({"cell": ["gru"]}, [COMPLETE] * 15),
}


@pytest.mark.parametrize(("space", "states"), STUDIES.values(), ids=STUDIES)
def test_tpe_that_is_told_the_space_proposes_what_tpe_proposes(
    space: dict[str, Any], states: list[Any]
) -> None:
    asked = definition(space=space)
    trials: list[FrozenTrial] = []
    random = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    for number, state in enumerate(states):
        made = random.ask()
        draw(made, asked)
        one = running(ME) if state is None else trial(state, [1 / (1 + number)], params={})
        one.params, one.distributions = made.params, made.distributions
        one.number = number
        trials.append(one)
    number = len(trials)
    own = make_sampler(asked, number)
    plain = TPESampler(seed=derive(asked.search.seed, number, "sampler"))
    proposed = []
    for sampler in (own, plain):
        memory = study_in_memory(
            "made",
            [optuna.study.StudyDirection.MINIMIZE],
            trials,
            pruner=optuna.pruners.NopPruner(),
        )
        memory.sampler = sampler
        asking = memory.ask()
        draw(asking, asked)
        proposed.append(asking.params)
    assert proposed[0] == proposed[1]
    assert isinstance(own, TPESampler)
