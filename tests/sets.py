"""Five small real data sets where they are at hand: ``SETS``, or ``../shared/sets``."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("SETS", Path(__file__).parents[2] / "shared" / "sets"))

needs_sets = pytest.mark.skipif(not FOLDER.exists(), reason="the small data sets are not here")
