"""Data sets as ``save_to_disk`` writes them."""

from pathlib import Path

import datasets


def saved(folder: Path, labels: list[int], names: tuple[str, ...] = ("World", "Sports")) -> str:
    """A ``save_to_disk`` folder of class numbers that have names."""
    of_label = datasets.ClassLabel(names=list(names))
    features = datasets.Features({"text": datasets.Value("string"), "label": of_label})
    rows = {"text": [f"text {i}" for i in range(len(labels))], "label": labels}
    datasets.Dataset.from_dict(rows, features=features).save_to_disk(str(folder / "saved"))
    return str(folder / "saved")
