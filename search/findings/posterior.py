"""How much each parameter may explain, weighed over all that the trials leave open.

The best fit takes an effect for none where few trials could have shown it, such as in a part of
the range that the search left early. Here each effect's size has a prior with a long tail instead
(half-Cauchy, as Gelman 2006, "Prior distributions for variance parameters in hierarchical
models"), and what it explains is drawn from the posterior by Gibbs sampling, the prior written as
two inverse gammas (Makalic and Schmidt 2016, "A simple sampler for the horseshoe estimator").
"""

import numpy as np

from search.findings.axes import Design
from search.findings.intervals import Floats

CHAINS, BURN_IN, KEPT = 50, 30, 40
FREE = 1e-9  # precision of the constant: none
LEAST = 1e-12  # of a variance, where all outcomes' is 1


def drawn_shares(of: Design, outcomes: Floats) -> Floats:
    """(D, A) the parameters' shares of the differences, drawn from the posterior.

    Args:
        of: the columns of the model.
        outcomes: (N,) of the trials, not all 0.
    """
    rng = np.random.default_rng(0)
    columns, rows = of.columns, len(outcomes)
    outcomes = outcomes / np.abs(outcomes).max()
    outcomes /= np.sqrt(np.mean(outcomes**2))
    member = (of.groups[:, None] == np.arange(len(of.grids))).astype(float)  # (P, A + pairs)
    products, sides = columns.T @ columns, columns.T @ outcomes
    noise = np.full(CHAINS, 0.5)
    variances = np.full((CHAINS, len(of.grids)), 1 / len(of.grids))
    mixing = np.ones_like(variances)
    shares = []
    for turn in range(BURN_IN + KEPT):
        ridge = (1 / variances) @ member.T + FREE
        precision = products / noise[:, None, None] + ridge[:, :, None] * np.eye(len(member))
        upper = np.linalg.cholesky(precision).transpose(0, 2, 1)
        normal = rng.standard_normal((CHAINS, len(member), 1))
        weights = np.linalg.solve(upper, normal)[:, :, 0]
        weights += np.linalg.solve(precision, sides[:, None] / noise[:, None, None])[:, :, 0]
        squares = weights**2 @ member
        half = rng.gamma((member.sum(axis=0) + 1) / 2, size=variances.shape)
        variances = np.maximum((1 / mixing + squares / 2) / half, LEAST)
        mixing = (1 + 1 / variances) / rng.standard_gamma(1, variances.shape)
        left = ((outcomes - weights @ columns.T) ** 2).sum(axis=1)
        noise = np.maximum(left / 2 / rng.gamma(rows / 2, size=CHAINS), LEAST)
        if turn >= BURN_IN:
            explained = of.explained(weights)
            total = explained.sum(axis=1) + noise
            shares.append(explained @ of.credits / total[:, None])
    return np.concatenate(shares)
