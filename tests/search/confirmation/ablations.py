"""``search.ablate`` as the tests call it."""

from typer.testing import CliRunner

from search.ablate import app

# Two changes to the best trial's configuration, whatever it is: what else is set is the file's.
SMALLEST = "cell=rnn lr=0.0001 hidden_dim=4"
ENDS = ("--from", SMALLEST, "--to", "cell=gru lr=0.02 hidden_dim=4")


def ablate(*arguments: str, expect: int = 0) -> str:
    """What it printed."""
    result = CliRunner().invoke(app, ["--study", "small", "--seeds", "2", *arguments])
    assert result.exit_code == expect, result.output
    assert "Traceback" not in result.output
    return result.output
