"""The server that workers are forked off; light, so that it can import while this process does."""

import os
import signal
import tempfile
from multiprocessing import forkserver, get_all_start_methods, get_context, resource_tracker
from typing import Any

# A server's socket lies in the folder for temporary files, and a socket's path holds 107 bytes.
LONGEST_FOLDER = 70
# The first: before all others, as in a command.
PRELOADED = ["search.own_packages", "search.workers.serving"]


def process_context() -> Any:
    """How processes are started.

    Workers are forked off a server that has imported all they need and computed nothing: they
    start at once and share its pages. A fork of this process would copy threads and CUDA by half.
    Where there can be no such server, each process is started from nothing.
    """
    short = len(os.fsencode(tempfile.gettempdir())) <= LONGEST_FOLDER
    method = "forkserver" if short and "forkserver" in get_all_start_methods() else "spawn"
    context = get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(PRELOADED)
        _start_server()
    return context


def _start_server() -> None:
    """Start the server, deaf to Ctrl-C, as the workers then are that it forks.

    A terminal sends Ctrl-C to all processes, also while they are still importing.
    """
    resource_tracker.ensure_running()  # else it is started below, and lets Ctrl-C in
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
