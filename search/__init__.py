"""The study: the only package that knows Optuna, plotly and rich, and the one with commands."""
