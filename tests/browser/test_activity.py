"""The page Activity in a browser: a check while it runs and in the table, hostile titles, a phone, the dark look."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, expect

from plexgap import config, wiring
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.domain import events
from plexgap.domain.events import Change, RunStatus, Stats
from plexgap.wiring import House, clock
from tests.browser.served import Tab, dashboard, drawn
from tests.homes import checked_once
from tests.support import FEW_FILMS

pytestmark = pytest.mark.browser
HOSTILE = '<b>&</b> "Reels" <script>alert(1)</script> ![x](http://example.invalid/x.png)'
HERE = {"127.0.0.1"}
LONG_MS = 40_000


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServers]:
    with DemoServers(make_world(1, now=clock, films=FEW_FILMS)) as servers:
        yield servers


@pytest.fixture(scope="module")
def house(demo: DemoServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A home after a check, and a second one that met a title made of markup."""
    home = tmp_path_factory.mktemp("own") / "home"
    shutil.copytree(checked_once(tmp_path_factory, demo.world.made_at, films=FEW_FILMS), home)
    house = wiring.open_house(config.load(home, env=demo.exports(), config_path=home / "config.json", home=home))
    met: list[events.Event] = [
        Change("added", "show", HOSTILE),
        events.Warning("show", HOSTILE, "TMDB did not answer."),
    ]
    run = house.index.begin_run("incremental", house.now(), "the command line")
    house.index.record(run, met, house.now())
    advice = "1 show could not be checked."
    house.index.finish_run(run, RunStatus.PARTIAL, Stats(seconds=3, changes=1), advice, house.now())
    yield house
    house.close()


@pytest.fixture(scope="module")
def address(house: House, demo: DemoServers) -> Iterator[str]:
    with dashboard(house.paths.home, demo.exports()) as found:
        yield f"{found}/activity"


def standing(part: Locator) -> FloatRect:
    """Where it is, once it stays there: a drawing that goes on may move it for a moment."""
    box, before = part.bounding_box(), None
    until = time.monotonic() + LONG_MS / 1000
    while box is None or box != before:
        assert time.monotonic() < until, f"it never stands still: {before}, {box}"
        part.page.wait_for_timeout(100)
        box, before = part.bounding_box(), box
    return box


def test_a_check_is_watched_stopped_and_found_in_the_table(opened: Browser, address: str, demo: DemoServers) -> None:
    tab = Tab(opened)
    page = tab.page
    page.on("dialog", lambda dialog: pytest.fail(f"a title ran as a script: {dialog.message}"))
    page.goto(address)
    expect(page.get_by_role("heading", level=1).first).to_have_text(
        re.compile(r"Last check: today .*, partial: 1 show not checked"), timeout=LONG_MS
    )
    rows = drawn(page).locator(".runs details")
    expect(rows).to_have_count(2)
    rows.first.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(rows.first.locator("li").nth(1)).to_contain_text(f"Added show: {HOSTILE}")

    demo.knobs["tmdb"].set_latency(0.3)
    page.get_by_role("button", name="Other checks").click()
    page.get_by_role("button", name="Start").first.click()
    expect(page.get_by_role("heading", level=1).first).to_have_text(
        re.compile(r"Checking \d+ of \d+ shows"), timeout=LONG_MS
    )
    expect(page.locator(".status.going").first).to_contain_text("Full check, started just now by you.")
    expect(rows.first.locator("li").nth(1)).to_be_visible()
    page.get_by_role("button", name="Stop").first.click()
    expect(page.get_by_role("heading", level=1).first).to_have_text(re.compile("stopped by you$"), timeout=LONG_MS)
    expect(rows).to_have_count(3)
    assert tab.hosts == HERE
    tab.close()


def test_a_running_check_shows_its_bars_its_counts_its_speed_and_its_log_without_jumping(
    opened: Browser, address: str, demo: DemoServers
) -> None:
    tab = Tab(opened, height=1200)
    page = tab.page
    page.goto(address)
    page.get_by_role("heading", name="Last check").wait_for(timeout=LONG_MS)
    demo.knobs["tmdb"].set_latency(0.4)
    page.get_by_role("button", name="Other checks").click()
    page.get_by_role("button", name="Start").first.click()
    expect(page.get_by_role("heading", level=1).first).to_have_text(
        re.compile(r"Checking \d+ of \d+ shows"), timeout=LONG_MS
    )
    expect(page.get_by_role("progressbar")).to_have_count(2)
    for bar in page.locator(".live .track > div").all():
        expect(bar).to_have_css("height", "8px")
    expect(page.locator(".live dl").first).to_contain_text("asked of TMDB")
    expect(page.get_by_role("img", name="Speed over the last minute").first).to_be_visible()
    expect(page.locator(".log").first).to_contain_text("Plex was read in")
    where = standing(page.locator(".st-key-log").first)
    done = page.get_by_role("heading", level=1).first.inner_text()
    expect(page.get_by_role("heading", level=1).first).not_to_have_text(done)
    assert standing(page.locator(".st-key-log").first) == where
    page.get_by_label("Search the log").fill("plex was read")
    page.keyboard.press("Enter")
    expect(page.locator(".log tr")).to_have_count(1)
    demo.knobs["tmdb"].set_latency(0)
    page.get_by_role("button", name="Stop").first.click()
    expect(page.get_by_role("heading", level=1).first).to_have_text(re.compile("stopped by you$"), timeout=LONG_MS)
    expect(page.get_by_text('No line matches "plex was read".').first).to_be_visible(timeout=LONG_MS)
    assert tab.hosts == HERE
    tab.close()


def test_a_check_on_the_command_line_is_noticed_without_touching_the_page(
    opened: Browser, address: str, house: House
) -> None:
    tab = Tab(opened)
    tab.page.goto(address)
    before = tab.page.locator(".runs details")
    expect(before.first).to_be_visible(timeout=LONG_MS)
    drawn(tab.page)
    count = before.count()
    run = house.index.begin_run("refresh", house.now(), "the command line")
    house.index.finish_run(run, RunStatus.OK, Stats(seconds=1), "", house.now())
    expect(tab.page.locator(".runs details")).to_have_count(count + 1)
    expect(tab.page.locator(".runs details").first).to_contain_text("Listings only, in a terminal")
    tab.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_other_checks_have_their_buttons_below_each_other_at_the_right(
    opened: Browser, address: str, width: int
) -> None:
    tab = Tab(opened, width=width)
    tab.page.goto(address)
    tab.page.get_by_role("button", name="Other checks").click()
    starts = tab.page.get_by_role("button", name="Start", exact=True)
    expect(starts).to_have_count(2, timeout=LONG_MS)
    first, second = (standing(start) for start in starts.all())
    for box, start in ((first, starts.first), (second, starts.last)):
        words = standing(start.locator("xpath=ancestor::*[contains(@class, 'st-key-other-')][1]").locator("h4"))
        assert box["x"] >= words["x"] + words["width"]
    assert first["x"] == second["x"]
    tab.close()


def test_the_page_fits_a_telephone(opened: Browser, address: str) -> None:
    small = Tab(opened, width=390, height=844, dark=True)
    small.page.goto(address)
    shown = small.page.locator(".runs details")
    expect(shown.last).to_be_visible(timeout=LONG_MS)
    drawn(small.page)
    for row in shown.all():
        row.locator("summary").click()
    assert small.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert small.hosts == HERE
    small.close()
