"""The nodes of a Ray cluster: how many trainings they take, and whether they may."""

import logging
import math
import platform
import signal
import socket
import threading
from dataclasses import dataclass
from typing import Any

import ray
import torch
from ray import ObjectRef
from ray.exceptions import GetTimeoutError, RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from model.settings import TRAINER_VERSION
from search.errors import StudyError

KNOCK = 10.0  # seconds for the cluster's head to answer at all
PROBE = 120.0  # seconds for a node to say its versions
Versions = dict[str, str]


@dataclass(frozen=True)
class Share:
    """What a training asks for of a node."""

    cpus: int = 1
    gpus: float = 0.0

    def options(self) -> dict[str, float]:
        """As Ray has them."""
        return {"num_cpus": self.cpus, "num_gpus": self.gpus}

    def on(self, resources: dict[str, float]) -> int:
        """How many trainings a node of these resources takes."""
        by_cpu = int(resources.get("CPU", 0) // self.cpus) if self.cpus else math.inf
        # A third and a third and a third are a little less than one.
        by_gpu = math.floor(resources.get("GPU", 0) / self.gpus + 1e-6) if self.gpus else math.inf
        found = min(by_cpu, by_gpu)
        return 0 if found is math.inf else int(found)


def connect(address: str) -> None:
    """Be a driver of the cluster at ``address``.

    Raises:
        StudyError: there is none.
    """
    if ray.is_initialized():
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, ValueError, RuntimeError, RayError) as error:
        why = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise StudyError(
            f"--ray {address}: no Ray cluster answers there ({why}); "
            "ray start --head begins one, and --ray auto finds it"
        ) from None
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)  # Ray has put its own in the place of ours


def _knock(address: str) -> None:
    """See that something listens at ``address``: Ray itself tries for two minutes.

    Raises:
        OSError, ValueError: nothing does, or it is none.
    """
    if address == "auto":
        return
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit() or "/" in host:
        raise ValueError("want auto, or HOST:PORT of its head, as ray start prints it")
    socket.create_connection((host, int(port)), timeout=KNOCK).close()


def slots(share: Share) -> int:
    """How many trainings the cluster takes as it is now."""
    return sum(share.on(node["Resources"]) for node in alive())


def alive() -> list[dict[str, Any]]:
    """The nodes that are there, as Ray tells of them."""
    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return [node for node in nodes if node["Alive"]]


def check_nodes() -> frozenset[str]:
    """See that every node can train as this process would; the nodes that are there.

    Raises:
        StudyError: one cannot, or has other versions; the message names it.
    """
    hosts = {node["NodeID"]: node["NodeManagerHostname"] for node in alive()}
    asked = {name: _probe(name) for name in hosts}
    for name, said in asked.items():
        host = f"{hosts[name]} (node {name[:8]})"
        try:
            theirs = ray.get(said, timeout=PROBE)
        except GetTimeoutError:
            raise StudyError(f"the node {host} does not answer within {PROBE:.0f} s") from None
        except RayTaskError as error:
            raise StudyError(f"the node {host} cannot train: {cause_of(error)}") from None
        except RayError:
            continue  # it is gone by now
        if (difference := _difference(theirs)) is not None:
            raise StudyError(f"the node {host} has {difference}: its numbers would be others")
    return frozenset(hosts)


class Nodes:
    """The nodes that may train: those that were checked, and others as soon as they answer."""

    def __init__(self, checked: frozenset[str]) -> None:
        """``checked`` is what ``check_nodes`` found."""
        self.checked = set(checked)
        self.asked: dict[str, ObjectRef[Versions]] = {}
        self.refused: set[str] = set()

    def look(self) -> None:
        """Ask those that came, and hear what has been answered; nothing is waited for."""
        known = {*self.checked, *self.refused, *self.asked}
        new = {node["NodeID"] for node in alive()} - known
        self.asked |= {name: _probe(name) for name in new}
        if not self.asked:
            return
        answered, _ = ray.wait(list(self.asked.values()), num_returns=len(self.asked), timeout=0)
        for name in [name for name, said in self.asked.items() if said in answered]:
            try:
                is_alike = _difference(ray.get(self.asked.pop(name))) is None
            except RayError:
                is_alike = False
            (self.checked if is_alike else self.refused).add(name)

    def slots(self, share: Share) -> int:
        """How many trainings they take."""
        there = (node for node in alive() if node["NodeID"] in self.checked)
        return sum(share.on(node["Resources"]) for node in there)


def _probe(node: str) -> ObjectRef[Versions]:
    there = NodeAffinitySchedulingStrategy(node, soft=False)
    # Not decorated: so it goes by its name, and the node's own code says what it is.
    return ray.remote(versions).options(num_cpus=0, scheduling_strategy=there).remote()


def versions() -> Versions:
    """What has to be the same wherever a study's trainings run."""
    return {
        "Python": platform.python_version().rpartition(".")[0],
        "PyTorch": torch.__version__.partition("+")[0],
        "trainer": str(TRAINER_VERSION),
    }


def _difference(theirs: Versions) -> str | None:
    own = versions()
    other = [name for name, version in own.items() if theirs.get(name) != version]
    if not other:
        return None
    name = other[0]
    return f"{name} {theirs.get(name)}, and this process {own[name]}"


def cause_of(error: RayTaskError) -> str:
    """What went wrong on a node, in a line."""
    cause = error.cause if isinstance(getattr(error, "cause", None), Exception) else error
    lines = [line for line in str(cause).splitlines() if line.strip()]
    return f"{type(cause).__name__}: {lines[-1].strip() if lines else ''}"
