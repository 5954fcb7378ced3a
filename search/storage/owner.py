"""Who runs a trial: a process of one boot of one host, so that a dead owner is known at once."""

import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A process.

    Attributes:
        host: the machine's name.
        boot: of the machine; after another one no process of before can be alive.
        pid: a number that is used again.
        started: seconds since 1970, which are not.
    """

    host: str
    boot: str
    pid: int
    started: float

    @property
    def is_me(self) -> bool:
        """Whether it is this process."""
        return self == me()

    @property
    def is_here(self) -> bool:
        """Whether it is or was a process of this host."""
        return self.host == me().host

    @property
    def is_gone(self) -> bool:
        """Whether it surely runs no more; one on another host is never known to be gone."""
        if not self.is_here:
            return False
        if self.boot != me().boot:
            return True
        try:
            started = psutil.Process(self.pid).create_time()
        except psutil.NoSuchProcess:
            return True
        return started != self.started

    def has_left(self, *, take_over: bool) -> bool:
        """Whether its trial may be gone on with by this process, unless this process runs it.

        Args:
            take_over: owners on other hosts are taken to be gone.
        """
        return self.is_gone or self.is_me or (take_over and not self.is_here)


@cache
def me() -> Owner:
    """This process."""
    process = psutil.Process()
    return Owner(
        host=socket.gethostname(),
        boot=_boot(),
        pid=process.pid,
        started=process.create_time(),
    )


def _boot() -> str:
    if BOOT_ID.exists():
        return BOOT_ID.read_text().strip()
    return str(int(psutil.boot_time()))
