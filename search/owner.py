"""Who runs a trial: a process of one boot of one host, so that a dead owner is known at once."""

import socket
from functools import cache
from pathlib import Path

import psutil

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@cache
def me() -> dict[str, str | int | float]:
    """This process: host, boot, pid, and when it started (a pid is used again, a start is not)."""
    process = psutil.Process()
    return {
        "host": socket.gethostname(),
        "boot": _boot(),
        "pid": process.pid,
        "started": process.create_time(),
    }


def is_gone(owner: dict[str, str | int | float] | None) -> bool:
    """Whether ``owner`` surely runs no more; one on another host is never known to be gone."""
    if owner is None:
        return True
    if owner["host"] != me()["host"]:
        return False
    if owner["boot"] != me()["boot"]:
        return True
    try:
        started = psutil.Process(int(owner["pid"])).create_time()
    except psutil.NoSuchProcess:
        return True
    return started != owner["started"]


def is_here(owner: dict[str, str | int | float] | None) -> bool:
    """Whether ``owner`` is or was a process of this host."""
    return owner is None or owner["host"] == me()["host"]


def _boot() -> str:
    if BOOT_ID.exists():
        return BOOT_ID.read_text().strip()
    return str(int(psutil.boot_time()))
