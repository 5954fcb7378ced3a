"""The Hub: loaded over HTTP, then from the cache; what cannot be had is known quickly."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from data.corpus import DataError, load_corpus
from data.held_out import check_test
from data.hub import hub_available
from data.reading import Reading
from data.testing import load_test
from tests.data.hub_server import Broken, Handler, LogIn, serve

ROOT = Path(__file__).parents[2]
HANGS = 600  # seconds after which a process never ends, however busy the machine is
NOBODY = "http://127.0.0.1:9"  # nobody listens there
LOAD = (
    "from data.corpus import Reading, load_corpus\n"
    "from data.hub import hub_available\n"
    "assert hub_available('ag_news')\n"
    "corpus = load_corpus('ag_news')\n"
    "assert corpus.texts == [f'text {i}' for i in range(8)]\n"
    "assert corpus.class_names == ('World', 'Sports')\n"
    "assert corpus.validation is None\n"
    "own = load_corpus('ag_news', Reading(own_validation=True))\n"
    "assert own.texts == corpus.texts * 2\n"
    "assert own.validation.tolist() == [False] * 8 + [True] * 8\n"
    "assert own.facts.validation == \"the split 'validation' of ag_news\"\n"
)
NOT_CACHED = (
    "import sys\n"
    "from data.hub import hub_available\n"
    "assert not hub_available('ag_news')\n"
    "assert 'datasets' not in sys.modules\n"
)
NO_ADDRESS = (
    "import socket, time\n"
    "from data.hub import hub_available\n"
    "socket.getaddrinfo = lambda *arguments, **named: time.sleep(6000)\n"
    "assert not hub_available('ag_news', timeout=0.2)\n"
)


def run(code: str, home: Path, **variables: str) -> None:
    """In a process of its own: the Hub's libraries read the environment when imported."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    environment |= {"HF_HOME": str(home), "PYTHONPATH": str(ROOT), **variables}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=HANGS)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ``HF_HOME`` for which AG News was loaded from the Hub."""
    home = tmp_path_factory.mktemp("loaded")
    with serve() as address:
        run(LOAD, home, HF_ENDPOINT=address)
    return home


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Sets the Hub's address and an empty cache in this process, as the environment would."""
    import datasets
    import huggingface_hub.constants

    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path))
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", False)  # whatever it was imported with
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    return lambda address: monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", address)


@pytest.fixture
def copy(ask: Callable[[str], None], tmp_path: Path, loaded: Path) -> Path:
    """A copy of AG News in this process's cache, without a Hub."""
    ask(NOBODY)
    shutil.copytree(loaded / "datasets/fancyzhx___ag_news", tmp_path / "fancyzhx___ag_news")
    (info,) = tmp_path.glob("*/*/*/*/dataset_info.json")
    return info.parent


@pytest.mark.slow
def test_a_data_set_is_loaded_from_the_hub_and_then_from_the_cache(loaded: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hub:
        hub.setblocking(False)
        run(LOAD, loaded, HF_ENDPOINT=f"http://127.0.0.1:{hub.getsockname()[1]}")
        with pytest.raises(BlockingIOError):  # nobody has called
            hub.accept()


def test_what_is_not_cached_is_known_without_importing_datasets(tmp_path: Path) -> None:
    (tmp_path / "datasets/another___data_set").mkdir(parents=True)
    run(NOT_CACHED, tmp_path, HF_ENDPOINT=NOBODY)


def test_looking_up_the_address_takes_no_longer_than_the_timeout(tmp_path: Path) -> None:
    run(NO_ADDRESS, tmp_path)  # the address takes longer than ``run`` waits


def test_a_hub_that_does_not_answer_is_given_up(ask: Callable[[str], None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ask(f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert not hub_available("ag_news", timeout=0.5)


@pytest.mark.parametrize(
    ("handler", "reason"),
    [(LogIn, "the Hub does not answer"), (Broken, "the Hub answers 503")],
)
def test_a_page_or_an_error_in_place_of_the_hub_is_told(
    ask: Callable[[str], None], handler: type[Handler], reason: str
) -> None:
    with serve(handler) as address:
        ask(address)
        assert not hub_available("ag_news")
        with pytest.raises(DataError, match=f"{reason}; ways out"):
            load_corpus("ag_news")


def test_what_the_hub_does_not_have_is_not_available(ask: Callable[[str], None]) -> None:
    with serve() as address:
        ask(address)
        assert not hub_available("nobody/has-it")


@pytest.mark.parametrize(
    "variable", ["", "HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"]
)
def test_the_hub_is_asked_unless_a_variable_says_offline(
    ask: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with serve() as address:
        ask(address)
        if variable:
            monkeypatch.setenv(variable, "yes")
        assert hub_available("ag_news") == (not variable)


@pytest.mark.parametrize(
    ("offline", "why"), [("1", "the environment says offline"), ("", "the Hub does not answer")]
)
def test_a_name_that_cannot_be_had_names_the_ways_out(
    ask: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, offline: str, why: str
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", offline)
    ask(NOBODY)
    message = f"^'ag_news' is no path, not cached, and {why}; .* --dataset PATH"
    with pytest.raises(DataError, match=message):
        load_corpus("ag_news")


def test_reading_the_cache_leaves_datasets_free_to_ask_the_network(copy: Path) -> None:
    import datasets

    assert hub_available("ag_news")
    assert len(load_corpus("ag_news").texts) == 8
    assert datasets.config.HF_HUB_OFFLINE is False


def test_a_split_is_found_in_the_cache_and_goes_before_a_folder(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here/test").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    check_test("ag_news", Reading(), "test")
    rows = load_test("ag_news", Reading(), "test", ("World", "Sports"))
    assert rows.name == "the split 'test' of ag_news"
    assert rows.labels.tolist() == [0, 1] * 4
    with pytest.raises(DataError, match="ag_news has no split of that name"):
        check_test("ag_news", Reading(), "tset")


def test_a_folder_of_the_same_name_is_not_taken_for_the_data_set(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here/fancyzhx/ag_news"
    folder.mkdir(parents=True)
    (folder / "train.csv").write_text("text,label\nanother,0\nyet another,1\n")
    monkeypatch.chdir(tmp_path / "here")
    assert load_corpus("ag_news").texts[0] == "text 0"


def revise(copy: Path, configuration: str) -> None:
    """Puts ``configuration`` of a later revision beside the copy."""
    later = copy.parents[1].with_name(configuration) / "0.0.0" / ("c" * 40)
    shutil.copytree(copy, later)
    info = json.loads((later / "dataset_info.json").read_text())
    (later / "dataset_info.json").write_text(json.dumps(info | {"config_name": configuration}))


def interrupt(copy: Path) -> None:
    (copy / "dataset_info.json").unlink()
    copy.rename(f"{copy}.incomplete")


def drop_training_rows(copy: Path) -> None:
    info = (copy / "dataset_info.json").read_text()
    (copy / "dataset_info.json").write_text(info.replace('"train"', '"test"'))


@pytest.mark.parametrize(
    ("change", "available"),
    [
        (lambda copy: revise(copy, "default"), True),
        (lambda copy: revise(copy, "other"), False),
        (interrupt, False),
        (drop_training_rows, False),
        (lambda copy: (copy / "dataset_info.json").write_text("{"), False),
        (lambda copy: copy.parents[2].rename(copy.parents[3] / "fancyzhx___another"), False),
    ],
    ids=["revised", "ambiguous", "interrupted", "without training rows", "damaged", "another"],
)
def test_a_copy_counts_if_it_is_whole_and_the_only_configuration(
    copy: Path, change: Callable[[Path], object], available: bool
) -> None:
    change(copy)
    assert hub_available("ag_news") == available
