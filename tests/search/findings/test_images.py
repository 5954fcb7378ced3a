"""Figures as images: all or none, and one message where they cannot be drawn."""

import os
import shutil
import sys
from pathlib import Path

import plotly.graph_objects as go
import pytest

from search.errors import StudyError, UnavailableError
from search.findings.card import Card
from search.findings.cards.look import blank
from search.findings.images import write_images

HAS_BROWSER = any(map(shutil.which, ("chromium", "google-chrome", "chrome", "chromium-browser")))


def drawn(name: str, height: int = 200) -> Card:
    def draw() -> go.Figure:
        return blank(x="epoch", y="loss", height=height).add_scatter(x=[1, 2], y=[2, 1])

    return Card(name=name, title=name, sentence=name, draw=draw)


@pytest.mark.slow
def test_each_figure_is_a_file_of_its_cards_name(tmp_path: Path) -> None:
    pytest.importorskip("kaleido")
    if not HAS_BROWSER:
        pytest.skip("no Chrome or Chromium")
    folder = tmp_path / "figures"
    cards = [drawn("one"), Card(name="no-figure", title="t", sentence="s"), drawn("two", 300)]
    assert write_images(cards, folder) == [folder / "one.png", folder / "two.png"]
    assert sorted(p.name for p in folder.iterdir()) == ["one.png", "two.png"]
    for name, height in (("one", 200), ("two", 300)):
        data = (folder / f"{name}.png").read_bytes()
        assert data.startswith(b"\x89PNG")
        size = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
        assert size == (1800, 2 * height)
    (folder / "mine.txt").write_text("mine")
    write_images([drawn("two")], folder)
    assert sorted(p.name for p in folder.iterdir()) == ["mine.txt", "one.png", "two.png"]


@pytest.mark.parametrize("browser", ["/nowhere/chrome", "/bin/false"])
def test_without_a_browser_nothing_is_written(
    tmp_path: Path, browser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("kaleido")
    monkeypatch.setenv("BROWSER_PATH", browser)
    with pytest.raises(UnavailableError, match=r"^--png.*browser|^--png draws with Chrome"):
        write_images([drawn("one")], tmp_path / "figures")
    assert not [*tmp_path.iterdir()]


def test_without_kaleido_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with pytest.raises(StudyError, match=r"pip install 'recurrent-search\[png\]'"):
        write_images([drawn("one")], tmp_path / "figures")
    assert not [*tmp_path.iterdir()]


def test_places_that_cannot_be_are_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StudyError, match="is no folder"):
        write_images([drawn("one")], tmp_path / "file")
    with pytest.raises(UnavailableError, match="there is no folder"):
        write_images([drawn("one")], tmp_path / "not" / "there")
    (tmp_path / "closed").mkdir(mode=0o500)
    if not os.access(tmp_path / "closed", os.W_OK):  # the administrator may write everywhere
        with pytest.raises(UnavailableError, match="cannot be written to"):
            write_images([drawn("one")], tmp_path / "closed" / "new")
    assert (tmp_path / "file").read_text() == "mine"
