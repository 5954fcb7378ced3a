"""Timing in turns, and one way to show what was measured: a table, or JSON."""

import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from model.devices import device_name
from search.storage.environment import describe

Row = Mapping[str, str | int | float]


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(ways: Mapping[str, Callable[[], float]], repeats: int) -> dict[str, float]:
    """Median of each way's numbers, one of each way a round: a slow minute slows all alike."""
    numbers: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            numbers[name].append(way())
    return {name: statistics.median(taken) for name, taken in numbers.items()}


def matmul_rate(dtype: torch.dtype, device: torch.device, size: int = 2048) -> float:
    """Multiplications and additions a second of a square matrix product."""
    a = torch.randn(size, size).to(device, dtype)
    b = a.T.contiguous()

    def products() -> None:
        for _ in range(10):
            product = a @ b
        float(product[0, 0])  # waits for the device

    products()
    return 10 * 2 * size**3 / min(seconds(products) for _ in range(3))


def show(title: str, rows: list[Row], *, device: torch.device, as_json: bool) -> None:
    """Print ``rows``, which share their keys, with the machine they were measured on."""
    machine = f"{cpu_name()}, {device_name(device)}"
    if as_json:
        about = {"title": title, "machine": machine, "environment": describe()}
        print(json.dumps({**about, "rows": rows}, indent=1))
        return
    table = Table(*rows[0], title=f"{title}\n{machine}", title_justify="left")
    for row in rows:
        table.add_row(*(f"{v:,.3g}" if isinstance(v, float) else str(v) for v in row.values()))
    Console(width=140).print(table)


def cpu_name() -> str:
    """The processor's name, where the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
