"""The real data where it is at hand: ``AGNEWS``, or ``../shared/agnews``; tests skip without."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("AGNEWS", Path(__file__).parents[2] / "shared" / "agnews"))

needs_agnews = pytest.mark.skipif(not FOLDER.exists(), reason="the AG News texts are not here")
