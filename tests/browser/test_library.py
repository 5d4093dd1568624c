"""The page Library in a browser: a suspect accepted, a show named, findings opened, a title searched; and a phone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.wiring import clock
from tests.browser.served import Tab, dashboard, drawn
from tests.homes import checked_once

pytestmark = pytest.mark.browser
HERE = {"127.0.0.1"}
LONG_MS = 40_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a dashboard over a library that was checked before it started."""
    with DemoServers(make_world(1, now=clock)) as demo:
        home = tmp_path_factory.mktemp("own") / "home"
        shutil.copytree(checked_once(tmp_path_factory, demo.world.made_at), home)
        with dashboard(home, demo.exports()) as found:
            yield f"{found}/library"


@pytest.fixture
def tab(opened: Browser) -> Iterator[Tab]:
    one = Tab(opened)
    yield one
    one.close()


def block(tab: Tab, badge: str) -> Locator:
    return tab.page.locator("[class*='st-key-need-']").filter(has_text=badge).first


def waiting(tab: Tab) -> int:
    return int(drawn(tab.page).get_by_role("heading", level=1).inner_text().split()[0])


def open_page(tab: Tab, address: str) -> int:
    tab.page.goto(address)
    expect(tab.page.get_by_role("heading", name=re.compile(r"things? needs? you")).first).to_be_visible(timeout=LONG_MS)
    return waiting(tab)


def heading_says(tab: Tab, count: int) -> None:
    expect(tab.page.get_by_role("heading", level=1).first).to_have_text(f"{count} things need you", timeout=LONG_MS)
    expect(tab.page.get_by_test_id("stTopNav")).to_contain_text(f"Library {count}")


def test_a_suspect_is_accepted_and_that_is_taken_back(tab: Tab, address: str) -> None:
    before = open_page(tab, address)
    block(tab, "Numbers look off").get_by_role("button", name="It is the right show").click()
    heading_says(tab, before - 1)
    drawn(tab.page).get_by_role("button", name="Undo").click()
    heading_says(tab, before)
    assert tab.hosts == HERE


def test_a_show_is_named_by_one_button(tab: Tab, address: str) -> None:
    before = open_page(tab, address)
    block(tab, "two series fit its name").get_by_role("button", name=re.compile("It is the .* series")).first.click()
    heading_says(tab, before - 1)
    drawn(tab.page).get_by_role("button", name="Undo").click()
    heading_says(tab, before)


def test_findings_open_and_a_title_is_searched_and_opened(tab: Tab, address: str) -> None:
    page = tab.page
    open_page(tab, address)
    page.get_by_text("The same episode twice").click()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    page.get_by_role("tab", name="Explore").click()
    expect(page.get_by_text(re.compile(r"^\d+ titles$")).first).to_be_visible()
    page.get_by_label("Search titles").fill("lantern")
    expect(page.get_by_text("1 title", exact=True).first).to_be_visible()
    grid = page.get_by_role("tabpanel", name="Explore").get_by_test_id("stDataFrame")
    expect(grid).to_have_count(1)  # the table of the question before leaves as the drawing ends
    drawn(page)
    grid.click(position={"x": 16, "y": 52})
    one = page.locator(".st-key-one-title").first
    expect(one.get_by_role("heading", name="The Lantern Keepers")).to_be_visible()
    expect(one.locator(".pieces")).to_contain_text("Season 1")
    expect(one.get_by_role("button", name="Check again")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 title", exact=True).first).to_be_visible(timeout=LONG_MS)
    assert tab.hosts == HERE


def test_the_page_fits_a_telephone(opened: Browser, address: str) -> None:
    small = Tab(opened, width=390, height=844, dark=True)
    open_page(small, address)
    expect(small.page.locator(".bars")).to_be_visible()
    assert small.page.evaluate("document.documentElement.scrollWidth") <= 390
    small.page.get_by_role("tab", name="Explore").click()
    expect(small.page.get_by_test_id("stDataFrame").first).to_be_visible()
    drawn(small.page)
    assert small.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert small.hosts == HERE
    small.close()
