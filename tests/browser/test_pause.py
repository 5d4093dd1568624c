"""A check that is paused, found so again after a reload and in another tab, goes on and is stopped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.wiring import clock
from tests.browser.served import Tab, dashboard

pytestmark = pytest.mark.browser
LONG_MS = 40_000
PAUSED = re.compile(r"^Paused at \d+ of \d+ shows\.")


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def share(page: Page) -> str:
    return page.get_by_role("progressbar").first.get_attribute("aria-valuenow") or ""


def test_a_pause_outlives_a_reload_and_is_ended_in_another_tab(opened: Browser, tmp_path: Path) -> None:
    with DemoServers(make_world(1, now=clock)) as demo, dashboard(tmp_path / "home", demo.exports()) as address:
        _pause_and_go_on(opened, address, demo)


def _pause_and_go_on(opened: Browser, address: str, demo: DemoServers) -> None:
    tab = Tab(opened)
    page = tab.page
    page.goto(address)
    expect(page.get_by_role("heading", name="Not checked yet")).to_be_visible(timeout=LONG_MS)
    demo.knobs["tmdb"].set_latency(1.0)
    button(page, "Check now")
    expect(page.locator(".status.going").first).to_contain_text(
        re.compile(r"Checking [1-9]\d* of \d+ shows, about"), timeout=LONG_MS
    )

    button(page, "Pause")
    status = page.locator(".status.going").first
    expect(status).to_contain_text(PAUSED)
    page.wait_for_timeout(1500)
    asked, said, part = demo.knobs["tmdb"].count, status.inner_text(), share(page)
    page.reload()
    expect(status).to_contain_text(PAUSED, timeout=LONG_MS)
    page.wait_for_timeout(1500)
    assert (demo.knobs["tmdb"].count, status.inner_text(), share(page)) == (asked, said, part)

    other = Tab(opened, width=390, height=844, dark=True)
    other.page.goto(address)
    expect(other.page.locator(".status.going").first).to_contain_text(PAUSED, timeout=LONG_MS)
    assert other.page.evaluate("document.documentElement.scrollWidth") <= 390
    button(other.page, "Go on")
    for each in (other.page, page):
        expect(each.get_by_role("button", name="Pause").first).to_be_visible(timeout=LONG_MS)
        expect(each.locator(".status.going").first).to_contain_text("Checking")
    assert demo.knobs["tmdb"].count >= asked

    button(page, "Pause")
    expect(other.page.get_by_role("button", name="Go on").first).to_be_visible(timeout=LONG_MS)
    button(other.page, "Stop")
    for each in (other.page, page):
        expect(each.get_by_role("button", name="Check now").first).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text("You stopped the check.").first).to_be_visible(timeout=LONG_MS)
    assert tab.hosts | other.hosts == {"127.0.0.1"}
