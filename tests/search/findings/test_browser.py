"""The report in a real browser: headless Chromium, where it is installed.

REPORT_SCREENSHOTS names a folder for pictures of the page; they are for a person to look at.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from search.findings.page import write_report
from tests.search.findings.looking import (
    PICTURES,
    grave,
    luminance,
    picture,
    scroll_through,
    struck,
)
from tests.search.findings.searched import searched, shown

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Scheme = Literal["light", "dark"]
SCHEMES = get_args(Scheme)
DESKTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    if given := os.environ.get("REPORT_PAGE"):  # a real study's, to be looked at
        return Path(given).resolve().as_uri()
    folder = tmp_path_factory.mktemp("page")
    return write_report(shown(searched(30)), folder / "report.html").as_uri()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("many")
    return write_report(shown(searched(250)), folder / "report.html").as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, color_scheme="light")
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def test_it_asks_for_nothing_and_says_nothing_and_draws_every_figure(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport=DESKTOP)
    asked, said = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    assert page.locator(".plot").count() == page.locator("[id^='data-']").count() >= 6
    scroll_through(page)
    picture(page, "desktop")
    assert struck(page) == []
    assert page.locator("#history .points path").count() >= 28
    assert (asked, said) == ([address], [])
    page.close()


def test_the_first_screen_fits(page: Page) -> None:
    expect(page.locator("#history .main-svg").first).to_be_attached()
    picture(page, "first", whole=False)
    for last in (".said li:last-child", "#history .plot", ".tiles"):
        box = page.locator(last).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= DESKTOP["height"], last


def test_verdicts_lead_to_their_evidence(page: Page) -> None:
    for link in page.locator(".said a, nav a").all():
        target = link.get_attribute("href") or ""
        assert page.locator(f"[id='{target.removeprefix('#')}']").count() == 1, target


def test_a_phone_scrolls_one_way_only(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(address)
    scroll_through(page)
    picture(page, "phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    left, right = (page.locator(f"#leaders .{x}title").bounding_box() for x in ("x", "x2"))
    assert left and right
    assert left["x"] + left["width"] < right["x"], "axes' names stand side by side"
    assert struck(page) == []
    page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_no_grave_fault(browser: Browser, address: str, scheme: Scheme) -> None:
    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    scroll_through(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.locator("#trials-rows button").first.click()
    picture(page, f"opened-{scheme}")
    assert grave(page) == []
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_letters_of_figures_stand_out(browser: Browser, address: str, scheme: Scheme) -> None:
    """Their contrast to the card is 4.5 to 1 at least; axe-core does not look into SVG."""
    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    tick = page.locator("#history .xtick text").first
    tick.wait_for()
    ink = tick.evaluate("one => getComputedStyle(one).fill")
    paper = page.locator("#history").evaluate("one => getComputedStyle(one).backgroundColor")
    one, other = sorted((luminance(ink), luminance(paper)), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 4.5
    context.close()


def test_tables_fold_out(page: Page) -> None:
    table = page.locator("#bars table")
    expect(table).to_be_hidden()
    page.locator("#bars summary").click()
    expect(table).to_be_visible()
    assert table.locator("tbody tr").count() == 3


def column(page: Page, head: str) -> list[str]:
    """The cells below a head of the table of all trials."""
    heads = page.locator("#trials-table thead th").all_inner_texts()
    return page.locator(f"#trials-rows td:nth-child({heads.index(head) + 1})").all_inner_texts()


def test_the_table_of_trials_sorts_by_mouse_and_keyboard(page: Page) -> None:
    head = page.locator("#trials-table th", has_text="lr")
    head.get_by_role("button").click()
    rates = [float(cell) for cell in column(page, "lr")]
    assert len(rates) == 30
    assert rates == sorted(rates)
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").press("Enter")
    assert [float(cell) for cell in column(page, "lr")] == rates[::-1]
    assert head.get_attribute("aria-sort") == "descending"
    page.locator("#trials-table th", has_text="best epoch").get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    epochs = column(page, "best epoch")
    assert epochs[-1] == "", "trials without one come last"
    assert epochs[0] == min(filter(None, epochs))


def test_the_table_of_trials_filters(page: Page) -> None:
    page.get_by_label("State").select_option("complete")
    assert set(column(page, "state")) == {"complete"}
    page.get_by_label("Filter").fill("LSTM")
    assert set(column(page, "cell")) == {"lstm"}
    page.get_by_label("Filter").fill("lstm nothing")
    assert column(page, "cell") == []
    expect(page.locator("#count")).to_have_text("none matches")


def test_a_trial_opens_to_its_curve_and_why(page: Page) -> None:
    button = page.locator("#trials-rows button").first
    button.press("Enter")
    opened = page.locator("tr.opened")
    expect(opened).to_contain_text("won, with validation loss")
    expect(opened.locator("svg path")).to_have_count(2)
    assert button.get_attribute("aria-expanded") == "true"
    button.press("Enter")
    expect(opened).to_have_count(0)


def test_many_trials_come_by_the_hundred(browser: Browser, many: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(many)
    expect(page.locator("#count")).to_have_text("1 to 100 of 250")
    assert len(column(page, "trial")) == 100
    page.locator("#after").click()
    page.locator("#after").click()
    expect(page.locator("#count")).to_have_text("201 to 250 of 250")
    assert len(column(page, "trial")) == 50
    assert page.locator("#after").is_disabled()
    page.close()


def test_without_scripts_there_are_tables(browser: Browser, many: str) -> None:
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    page = context.new_page()
    page.goto(many)
    assert page.locator("#trials-rows tr").count() == 100
    assert "The best 100 of 250 trials" in page.locator("#trials").inner_text()
    assert page.locator("#bars .plot").is_hidden()
    assert page.locator("#tools").is_hidden()
    assert page.locator("#bars table").is_visible()
    picture(page, "without-scripts")
    context.close()


def test_paper_has_every_figure_whole_and_everything_open(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    page.goto(address)
    page.emulate_media(media="print")
    expect(page.locator("#matrix .main-svg").first).to_be_attached()
    assert page.locator("details:not([open])").count() == 0
    widths = page.locator(".plot .main-svg").evaluate_all("all => all.map(e => e.clientWidth)")
    assert set(widths) == {680}
    picture(page, "print")
    if PICTURES:
        page.pdf(path=Path(PICTURES, "print.pdf"), prefer_css_page_size=True)
    page.emulate_media(media="screen")
    expect(page.locator("#bars details:not([open])")).to_have_count(1)
    page.close()


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
