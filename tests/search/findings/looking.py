"""A page in a browser, looked at: pictures, its figures drawn, its faults of accessibility."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

PICTURES = os.environ.get("REPORT_SCREENSHOTS")
DESKTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)


def picture(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep a picture of the page, where the user asks for pictures."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES, f"{name}.png"), full_page=whole)


def scroll_through(page: Page) -> None:
    """Bring every figure near, so that it is drawn."""
    for plot in page.locator(".plot").all():
        plot.scroll_into_view_if_needed()
        expect(plot.locator(".main-svg").first).to_be_attached()
    page.evaluate("scrollTo(0, 0)")


def struck(page: Page) -> list[str]:
    """The names of axes that stand in the labels of an axis, or so near that they run together."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll(".plot")].flatMap((plot) =>
            [...plot.querySelectorAll("[class^=g-y][class$=title] text")].filter((name) => {
                const own = name.getBoundingClientRect();
                return [...plot.querySelectorAll("[class$=tick] text")].some((label) => {
                    const box = label.getBoundingClientRect();
                    return box.left < own.right + 4 && own.left < box.right + 4
                        && box.top < own.bottom && own.top < box.bottom;
                });
            }).map((name) => `${plot.id}: ${name.textContent}`))"""
    )
    return found


def grave(page: Page) -> list[str]:
    """The serious and critical faults of accessibility that axe-core finds."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def luminance(colour: str) -> float:
    """Relative luminance of "rgb(r, g, b)", as WCAG 2 defines it."""
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
