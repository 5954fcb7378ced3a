"""A search on a Ray cluster of several nodes: what dies costs an epoch, and totals are exact."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState

from data.cache import CacheWarning
from tests.data.word_vectors import write_vectors
from tests.search.commands import (
    ROOT,
    SMALL,
    equals_unbroken,
    facts,
    has_trials,
    python_path,
    search,
    trials,
    wait_for,
)
from tests.search.conftest import edit
from tests.search.workers.tasks import ENQUEUED

ray = pytest.importorskip("ray")
cluster_utils = pytest.importorskip("ray.cluster_utils")
nodes = pytest.importorskip("search.workers.nodes")
pytestmark = [pytest.mark.cluster, pytest.mark.slow]
LONG = ("epochs = 3", "epochs = 30")


@pytest.fixture
def cluster(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Any]:
    """One node for one training, or so many, to which others can be added."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # of the nodes
    monkeypatch.setenv("RAY_health_check_period_ms", "1000")  # a dead node is soon noticed
    monkeypatch.setenv("RAY_health_check_failure_threshold", "2")
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    count = getattr(request, "param", 1)
    made = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": count})
    yield made
    ray.shutdown()
    made.shutdown()


def start(address: str, *arguments: str) -> subprocess.Popen[bytes]:
    """The search in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "search.run", *SMALL, "--ray", address, *arguments],
        env=python_path(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def free_cpus() -> float:
    return float(ray.available_resources().get("CPU", 0))


def test_totals_are_exact_and_results_are_those_of_one_machine(place: Path, cluster: Any) -> None:
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    with (place / "small.toml").open("a") as file:
        file.write(ENQUEUED)
    result = search("--trials", "9", "--ray", cluster.address)
    assert "Ray cluster of 3 nodes; 3 trials at once" in result.output
    done = trials()
    assert [t.number for t in done] == list(range(9))
    assert all(t.state in (TrialState.COMPLETE, TrialState.PRUNED) for t in done)
    assert [t.params["lr"] for t in done[:3]] == [0.011, 0.012, 0.013]
    assert "nothing to do" in search("--trials", "9", "--ray", cluster.address).output
    search("--trials", "1", "--name", "here", "--jobs", "2")
    here, there = facts(trials("here")[0]), facts(done[0])
    assert here == there, "one training is the same here and there"


def test_word_vectors_go_to_the_nodes(place: Path, cluster: Any) -> None:
    words = {word: [0.1 * i for i in range(8)] for word in ("goal", "Market", "the", "of")}
    write_vectors(place / "words.vec.gz", words, "fastText")
    starts = 'embedding_init = ["corpus", "words.vec.gz"]'
    edit(place / "small.toml", ("[fixed]", f"{starts}\n[fixed]\nembedding_dim = 8"))
    with (place / "small.toml").open("a") as file:
        for start_from in ("corpus", "words.vec.gz"):
            file.write(f'[[enqueue]]\nembedding_init = "{start_from}"\n')
    search("--trials", "2", "--ray", cluster.address)
    search("--trials", "2", "--name", "here", "--jobs", "2")
    assert [t.params["embedding_init"] for t in trials()] == ["corpus", "words.vec.gz"]
    for here, there in zip(trials("here"), trials(), strict=True):
        assert facts(here) == facts(there)
    for path in (place / "cache").rglob("word_vectors/*.pkl"):
        path.write_bytes(b"")
    with pytest.warns(CacheWarning, match="it is made anew$"):
        search("--trials", "1", "--name", "again", "--ray", cluster.address)


def test_a_node_that_dies_costs_an_epoch_and_one_that_comes_is_used(
    place: Path, cluster: Any
) -> None:
    edit(place / "small.toml", LONG)
    dying = cluster.add_node(num_cpus=2)
    running = start(cluster.address, "--trials", "3")
    wait_for(lambda: has_trials(3) and bool(_epochs()))
    cluster.remove_node(dying, allow_graceful=False)
    cluster.add_node(num_cpus=2)
    assert running.wait(timeout=600) == 0
    done = trials()
    assert [t.number for t in done] == list(range(3))
    for trial in done:
        numbers = [epoch["number"] for epoch in trial.user_attrs["curve"]]
        assert numbers == list(range(1, len(numbers) + 1))
        assert "failure" not in trial.user_attrs


def _epochs() -> int:
    """Epochs of all trials that are stored."""
    return sum(len(trial.user_attrs.get("curve", ())) for trial in trials())


def test_a_killed_search_leaves_nothing_on_the_cluster_and_goes_on(
    place: Path, cluster: Any
) -> None:
    edit(place / "small.toml", LONG)
    ray.init(address=cluster.address, log_to_driver=False)
    running = start(cluster.address, "--trials", "2")
    try:
        wait_for(lambda: has_trials(1) and _epochs() >= 2)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    before = _epochs()
    wait_for(lambda: free_cpus() == 1)
    search("--trials", "2", "--ray", cluster.address)
    assert before >= 2
    assert equals_unbroken(2)


@pytest.mark.parametrize("cluster", [0], indirect=True, ids=["its head trains nothing"])
def test_without_a_node_it_waits_for_one_and_a_signal_ends_it_in_order(
    place: Path, cluster: Any
) -> None:
    edit(place / "small.toml", LONG)
    node = cluster.add_node(num_cpus=1)
    running = start(cluster.address, "--trials", "3")
    wait_for(lambda: has_trials(1) and _epochs() >= 1)
    cluster.remove_node(node, allow_graceful=False)
    time.sleep(7)  # to notice
    assert running.poll() is None
    before = _epochs()
    cluster.add_node(num_cpus=1)
    wait_for(lambda: _epochs() > before)
    running.terminate()
    assert running.wait(timeout=60) == 130
    assert {trial.state for trial in trials()} <= {TrialState.RUNNING, TrialState.COMPLETE}


def test_slots_follow_the_nodes(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ray.init(address=cluster.address, log_to_driver=False)
    share = nodes.Share()
    assert nodes.slots(share) == 1
    node = cluster.add_node(num_cpus=3)
    wait_for(lambda: bool(nodes.slots(share) == 4))
    cluster.remove_node(node)
    wait_for(lambda: bool(nodes.slots(share) == 1))


@pytest.mark.parametrize(
    ("share", "resources", "count"),
    [
        ({"cpus": 1}, {"CPU": 4.0}, 4),
        ({"cpus": 3}, {"CPU": 4.0}, 1),
        ({"gpus": 1.0}, {"CPU": 4.0}, 0),
        ({"gpus": 1 / 3}, {"CPU": 16.0, "GPU": 2.0}, 6),
        ({"gpus": 0.25}, {"CPU": 2.0, "GPU": 1.0}, 2),
        ({}, {}, 0),
    ],
)
def test_what_a_node_takes(
    share: dict[str, float], resources: dict[str, float], count: int
) -> None:
    assert nodes.Share(**share).on(resources) == count


@pytest.mark.parametrize(
    ("attribute", "name"),
    [("torch.__version__", "PyTorch"), ("search.workers.nodes.TRAINER_VERSION", "trainer")],
)
def test_a_node_of_another_version_is_refused_before_training(
    place: Path,
    cluster: Any,
    monkeypatch: pytest.MonkeyPatch,
    attribute: str,
    name: str,
) -> None:
    own = nodes.versions()[name]
    monkeypatch.setattr(attribute, "0")
    output = search("--trials", "1", "--ray", cluster.address, expect=2).output
    assert f"has {name} {own}, and this process 0" in " ".join(output.split())
    assert not Path("studies").exists()


def test_a_node_that_cannot_import_this_is_named(
    place: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = place / "broken" / "search"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('this node is broken')\n")
    cluster.add_node(num_cpus=1, env_vars={"PYTHONPATH": str(broken.parent)})
    output = " ".join(search("--trials", "1", "--ray", cluster.address, expect=2).output.split())
    assert "the node " in output
    assert "cannot train" in output
    assert "this node is broken" in output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--ray", "127.0.0.1:1"), "--ray 127.0.0.1:1: no Ray cluster answers there"),
        (("--ray", "ray://here:10001"), "want auto, or HOST:PORT of its head"),
        (("--ray", "nonsense"), "want auto, or HOST:PORT of its head"),
        (("--ray", "auto", "--gpu", "0"), "--ray and --gpu exclude each other"),
    ],
)
def test_mistakes(place: Path, options: tuple[str, ...], says: str) -> None:
    output = search("--trials", "1", *options, expect=2).output
    assert says in " ".join(output.split())


def test_in_order_it_proposes_what_one_worker_would(place: Path, cluster: Any) -> None:
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    output = search("--trials", "13", "--ray", cluster.address, "--ordered").output
    assert re.search(r"--ordered: of the time of 3 places \d+% was idle", output)
    assert equals_unbroken(13)
