"""The report's first screen in a browser: all of it without scrolling."""

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from search.findings.card import Said
from search.findings.page import write_report
from tests.search.findings.looking import DESKTOP, picture
from tests.search.findings.searched import searched, shown


def test_the_first_screen_fits(page: Page) -> None:
    expect(page.locator("#history .main-svg").first).to_be_attached()
    picture(page, "first", whole=False)
    for last in (".said", "#history .plot", ".tiles"):
        box = page.locator(last).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= DESKTOP["height"], last


def test_warnings_leave_the_first_screen_its_room(browser: Browser, tmp_path: Path) -> None:
    long = "a warning of the texts, with what may help: " + "a smaller batch_size, " * 5
    found = replace(shown(searched(30)), warnings=(long,) * 4)
    page = browser.new_page(viewport=DESKTOP)
    page.goto(write_report(found, tmp_path / "report.html").as_uri())
    expect(page.locator("#history .main-svg").first).to_be_attached()
    assert page.locator("p.warning:visible").count() == 2
    box = page.locator("#history .plot").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= DESKTOP["height"]
    page.get_by_text("More warnings: 2").click()
    assert page.locator("p.warning:visible").count() == 4
    page.close()


def test_sentences_that_have_no_room_are_folded(browser: Browser, tmp_path: Path) -> None:
    found = shown(searched(30))
    long = "Of lr, dropout, vocab_threshold and hidden_dim no effect can be measured in 39 runs. "
    found = replace(found, said=tuple(Said(long * (1 + i % 3), "leaders") for i in range(8)))
    page = browser.new_page(viewport=DESKTOP)
    page.goto(write_report(found, tmp_path / "report.html").as_uri())
    sentences = page.locator(".said li:visible")
    first = sentences.count()
    assert first >= 3
    box = page.locator(".said").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= DESKTOP["height"]
    page.get_by_text(f"More findings: {8 - first}").click()
    expect(sentences).to_have_count(8)
    page.close()
