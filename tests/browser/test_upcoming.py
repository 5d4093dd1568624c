"""The page Upcoming in a browser: list, calendar, subscribing, hostile titles, a phone; and Export."""

from __future__ import annotations

import contextlib
import csv
import http.client
import io
import re
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Browser, Page, expect

from plexgap import wiring
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.views.coming import ahead
from plexgap.wiring import clock
from tests.browser.served import Tab, dashboard, drawn
from tests.homes import checked
from tests.support import FEW_FILMS

pytestmark = pytest.mark.browser
HOSTILE = '<b>&</b> "Keepers" <script>alert(1)</script> ![x](http://example.invalid/x.png)'
HERE = {"127.0.0.1"}
LONG_MS = 40_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard over a library that was checked, whose shows with something ahead are named as markup."""
    world = make_world(1, now=clock, films=FEW_FILMS)
    for section in world.library.sections:
        for entry in section.entries:
            entry.title = f"{HOSTILE} {entry.title}"
    with DemoServers(world) as demo:
        home = tmp_path_factory.mktemp("own") / "home"
        house = checked(home, demo)
        assert ahead(wiring.report(house)).dated
        house.close()
        with dashboard(home, demo.exports()) as found:
            yield found


@pytest.fixture
def tab(opened: Browser) -> Iterator[Tab]:
    one = Tab(opened)
    yield one
    one.close()


def go(tab: Tab, address: str, query: str = "") -> Page:
    tab.page.goto(f"{address}/upcoming{query}")
    tab.page.locator(".near").first.wait_for(timeout=LONG_MS)
    return drawn(tab.page)


def ask(own: str, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    with contextlib.closing(http.client.HTTPConnection(own, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_the_list_the_calendar_and_the_way_back(tab: Tab, address: str) -> None:
    page = go(tab, address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Next: ")
    expect(page.get_by_role("heading", name="Next 7 days").first).to_be_visible()
    page.get_by_text("Calendar", exact=True).click()
    expect(page.locator(".month td")).to_have_count(35)
    expect(page).to_have_url(re.compile(r"\?view=Calendar$"))
    page.reload()
    expect(page.locator(".month td.today").first).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("heading", name="Next 7 days")).to_be_hidden()
    drawn(page).get_by_role("button", name="Five weeks later").click()
    expect(page.locator(".month td.today")).to_have_count(0)
    drawn(page).get_by_role("button", name="Five weeks earlier").click()
    expect(page.locator(".month td.today").first).to_be_visible()
    drawn(page).get_by_text("List", exact=True).click()
    expect(page.locator(".month")).to_have_count(0)
    expect(page.get_by_role("heading", name="Next 7 days").first).to_be_visible()
    assert tab.hosts == HERE


def test_titles_that_are_markup_stay_text(tab: Tab, address: str) -> None:
    met: list[str] = []
    tab.page.on("dialog", lambda dialog: met.append(dialog.message))
    page = go(tab, address, "?view=Calendar")
    expect(page.locator(".month p").first).to_contain_text("<script>alert(1)</script>")
    page = go(tab, address)
    expect(page.locator(".near h3").first).to_contain_text(HOSTILE)
    expect(page.locator(".coming b").first).to_contain_text(HOSTILE)
    assert page.locator(".px script, .px b b, .px img:not([src^='/poster/'])").count() == 0
    assert (met, tab.hosts) == ([], HERE)


def test_the_address_to_subscribe_to_gives_what_is_downloaded(tab: Tab, address: str) -> None:
    page, own = go(tab, address), address.removeprefix("http://")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_text(f"{address}/upcoming.ics")).to_be_visible()
    expect(page.get_by_text(f"{address}/missing.rss")).to_be_visible()
    with page.expect_download() as given:
        page.get_by_role("button", name="Download").first.click()
    assert given.value.suggested_filename == "upcoming.ics"
    kept = Path(given.value.path()).read_bytes()
    status, asked = ask(own, "/upcoming.ics", {"Host": own})
    events = [len(icalendar.Calendar.from_ical(text).walk("VEVENT")) for text in (kept, asked)]
    assert status == 200
    assert events[0] == events[1] > 0
    with page.expect_download() as given:
        page.get_by_role("button", name="Download").nth(1).click()
    kept, asked = Path(given.value.path()).read_bytes(), ask(own, "/missing.rss", {"Host": own})[1]
    assert b"&lt;script&gt;" in asked
    assert kept.count(address.encode()) == asked.count(address.encode()) > 0
    assert ask(own, "/upcoming.ics", {"Host": "evil.invalid"})[0] == 400
    assert ask(own, "/missing.rss", {"Host": own, "Origin": "http://evil.invalid"})[0] == 403


def test_missing_episodes_can_be_taken_along_as_a_table(tab: Tab, address: str) -> None:
    page = tab.page
    page.goto(address)
    expect(page.get_by_role("button", name="Export").first).to_be_visible(timeout=LONG_MS)
    drawn(page).get_by_role("button", name="Export").click()
    with page.expect_download() as given:
        drawn(page).get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(given.value.path()).read_text(encoding="utf-8"))))
    assert re.fullmatch(r"missing-episodes-\d{4}-\d\d-\d\d\.csv", given.value.suggested_filename)
    total = int(drawn(page).get_by_role("heading", level=1).inner_text().split()[0].replace(",", ""))
    assert len(rows) == total


def test_a_phone_has_the_list_alone(opened: Browser, address: str) -> None:
    tab = Tab(opened, width=390, height=844)
    page = go(tab, address, "?view=Calendar")
    expect(page.get_by_role("heading", name="Next 7 days").first).to_be_visible()
    expect(page.locator(".month")).to_be_hidden()
    expect(page.get_by_text("Calendar", exact=True)).to_be_hidden()
    assert drawn(page).evaluate("document.documentElement.scrollWidth") <= 390
    tab.close()
