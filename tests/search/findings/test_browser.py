"""The report in a real browser: headless Chromium, where it is installed.

REPORT_SCREENSHOTS names a folder for pictures of the page; they are for a person to look at.
"""

from pathlib import Path
from typing import Literal, get_args

import pytest
from playwright.sync_api import Browser, Page, expect

from search.findings.page import write_report
from tests.search.findings.looking import (
    DESKTOP,
    PHONE,
    PICTURES,
    grave,
    luminance,
    picture,
    scroll_through,
    struck,
)
from tests.search.findings.searched import searched, shown

Scheme = Literal["light", "dark"]
SCHEMES = get_args(Scheme)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("many")
    return write_report(shown(searched(250)), folder / "report.html").as_uri()


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
