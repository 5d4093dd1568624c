"""Pictures of every state of the pages, for a person to look at:

    .venv/bin/python -m tests.browser.shots FOLDER [NAME ...]

NAME: one of wide-light, wide-dark, narrow, narrow-dark; all of them without one. Needs Chromium; makes its own
demo world.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.wiring import clock
from tests.browser.served import Tab, browser, dashboard

LOOKS: dict[str, tuple[int, int, bool]] = {
    "wide-light": (1440, 900, False),
    "wide-dark": (1440, 900, True),
    "narrow": (390, 844, False),
    "narrow-dark": (390, 844, True),
}
GAPS = "The Lantern Keepers"


def main(arguments: list[str]) -> int:
    if not arguments or set(arguments[1:]) - set(LOOKS):
        sys.stderr.write(__doc__ or "")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("There is no Chromium on this machine.\n")
        return 2
    with browser(chromium) as opened:
        for look in arguments[1:] or LOOKS:
            _look(opened, folder, look)
    return 0


def _look(opened: Browser, folder: Path, look: str) -> None:
    width, height, dark = LOOKS[look]

    def shot(tab: Tab, name: str) -> None:
        tab.page.wait_for_timeout(500)
        tab.page.screenshot(path=folder / f"{name}-{look}.png")
        sideways = tab.page.evaluate("document.documentElement.scrollWidth")
        outside = tab.hosts - {"127.0.0.1"}
        sys.stdout.write(f"{name}-{look}{' SCROLLS SIDEWAYS' if sideways > width else ''}{outside or ''}\n")

    def tab() -> Tab:
        return Tab(opened, width=width, height=height, dark=dark)

    with tempfile.TemporaryDirectory() as home, DemoServers(make_world(1, now=clock)) as demo:
        with dashboard(Path(home) / "first", {}) as address:
            _first_start(tab(), address, demo, shot)
        with dashboard(Path(home) / "own", demo.exports()) as address:
            _states(tab(), address, demo, shot)
        with dashboard(Path(home) / "watching", {**demo.exports(), "PLEX_SCAN_SCOPE": "watchlist_only"}) as address:
            _watchlist(tab(), address, demo, shot)


Shot = Callable[[Tab, str], None]


def _first_start(tab: Tab, address: str, demo: DemoServers, shot: Shot) -> None:
    page, given = tab.page, demo.exports()
    page.goto(address)
    page.get_by_role("button", name="Sign in with Plex").wait_for()
    shot(tab, "first-run")
    page.get_by_role("button", name="Use an address and a token instead").click()
    page.get_by_label("Address").wait_for()
    page.get_by_label("Address").fill(given["PLEX_BASE_URL"])
    page.get_by_label("Token", exact=True).fill("wrong-token")
    page.get_by_role("button", name="Test and go on").first.click()
    page.get_by_text("Plex refused").wait_for()
    shot(tab, "first-run-refused")
    page.get_by_label("Token", exact=True).fill(given["PLEX_TOKEN"])
    page.get_by_role("button", name="Test and go on").first.click()
    page.get_by_label("API key or read token").wait_for()
    shot(tab, "first-run-tmdb")
    tab.close()


def _states(tab: Tab, address: str, demo: DemoServers, shot: Shot) -> None:
    page = tab.page
    page.goto(address)
    page.get_by_role("heading", name="Not checked yet").wait_for()
    shot(tab, "never-checked")
    page.goto(f"{address}/activity")
    page.get_by_role("heading", name="No check yet").wait_for()
    shot(tab, "activity-empty")
    page.goto(f"{address}/upcoming")
    page.get_by_role("heading", name="Not checked yet").wait_for()
    shot(tab, "upcoming-empty")
    page.goto(address)
    demo.knobs["tmdb"].set_latency(0.4)
    page.get_by_role("button", name="Check now").click()
    expect(page.locator(".status.going")).to_contain_text(f"of {len(demo.world.truths)} shows", timeout=30_000)
    page.wait_for_timeout(1500)
    shot(tab, "scanning-first")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".status.going")).to_contain_text("Paused at")
    shot(tab, "paused")
    page.get_by_role("button", name="Go on").click()
    demo.knobs["tmdb"].set_latency(0)
    page.get_by_role("heading", name="episodes are missing").wait_for(timeout=60_000)
    shot(tab, "missing")
    card = page.locator("[class*=st-key-card-]", has=page.get_by_role("heading", name=GAPS)).first
    card.locator("summary").first.click()
    card.get_by_role("button", name="Check again").wait_for()
    card.scroll_into_view_if_needed()
    shot(tab, "opened")
    card.get_by_role("button", name="Wrong show or order").click()
    page.get_by_label("What counts").wait_for()
    shot(tab, "choices")
    page.keyboard.press("Escape")
    card.locator(".lines summary").first.click()
    card.get_by_role("button", name="Ignore", exact=True).first.click()
    page.get_by_role("button", name="the whole season").wait_for()
    shot(tab, "ignore")
    page.get_by_role("button", name="the whole season").click()
    page.get_by_role("button", name="Ignore the whole season").click()
    page.get_by_role("button", name="Undo").wait_for()
    shot(tab, "undo")
    page.get_by_role("button", name="Check again").first.click()
    page.get_by_text("Checked just now").first.wait_for()
    shot(tab, "checked-again")
    card.locator("summary").first.click()
    page.evaluate("document.querySelector('.st-key-lanes').scrollIntoView()")
    shot(tab, "cards")
    page.goto(f"{address}/?list=complete")
    page.get_by_role("heading", name="Nothing missing").wait_for()
    shot(tab, "complete")
    page.goto(address)
    page.get_by_role("button", name="Filter and sort").click()
    page.get_by_text("Also list ignored").wait_for()
    shot(tab, "filter-and-sort")
    page.reload()
    page.get_by_role("button", name="Other checks").click()
    page.get_by_role("button", name="Start").first.wait_for()
    shot(tab, "other-checks")
    page.keyboard.press("Escape")
    _upcoming(tab, address, shot)
    _collections(tab, address, shot)
    _library(tab, address, shot)
    _activity(tab, address, demo, shot)
    _maintenance(tab, address, shot)
    page.goto(address)
    page.get_by_role("heading", name="episodes are missing").wait_for()
    demo.refuse("plex")
    page.get_by_role("button", name="Check now").click()
    page.get_by_text("Plex did not answer").wait_for(timeout=90_000)
    shot(tab, "plex-away")
    demo.listen_again("plex")
    demo.knobs["tmdb"].add("status", "/tv/", status=500, count=None)
    page.get_by_role("button", name="Other checks").click()
    page.get_by_role("button", name="Start").first.click()
    page.get_by_text("could not be checked").first.wait_for(timeout=200_000)
    shot(tab, "partial")
    demo.reset()
    page.goto(f"{address}/settings")
    page.get_by_role("heading", name="Settings").wait_for()
    shot(tab, "settings")
    for name in ("Libraries", "What counts", "Links", "Schedule", "Version"):
        page.get_by_role("tab", name=name).click()
        shot(tab, f"settings-{name.lower().replace(' ', '-')}")
    tab.close()


def _watchlist(tab: Tab, address: str, demo: DemoServers, shot: Shot) -> None:
    page, before = tab.page, demo.world.watchlist

    def check(said: str) -> None:
        page.get_by_role("button", name="Check now").click()
        page.get_by_text(said).first.wait_for(timeout=60_000)
        page.get_by_role("button", name="Check now").wait_for()

    page.goto(address)
    demo.knobs["plex_tv"].add("status", "", status=401, count=None)
    check("Your Plex watchlist could not be read")
    shot(tab, "watchlist-refused")
    demo.reset()
    demo.change.clear_watchlist()
    check("There are no shows on")
    shot(tab, "watchlist-empty")
    held = {entry.show.name for section in demo.world.library.sections for entry in section.entries}
    demo.world.watchlist = [item for item in before if item.title not in held]
    check("none of them in")
    shot(tab, "watchlist-elsewhere")
    demo.world.watchlist = before
    demo.change.add_to_watchlist(GAPS)
    check("are missing")
    shot(tab, "watchlist")
    demo.knobs["plex_tv"].add("status", "", status=401, count=None)
    page.get_by_role("button", name="Check now").click()
    page.get_by_text("as of today").first.wait_for(timeout=60_000)
    shot(tab, "watchlist-old")
    demo.reset()
    tab.close()


def _upcoming(tab: Tab, address: str, shot: Shot) -> None:
    page = tab.page
    page.goto(f"{address}/upcoming")
    page.locator(".near").first.wait_for()
    shot(tab, "upcoming")
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_text("upcoming.ics").wait_for()
    shot(tab, "upcoming-subscribe")
    page.goto(f"{address}/upcoming?view=Calendar")
    page.locator(".month").wait_for(state="attached")
    shot(tab, "upcoming-calendar")


def _library(tab: Tab, address: str, shot: Shot) -> None:
    page = tab.page
    page.goto(f"{address}/library")
    page.get_by_role("heading", name="need you").wait_for()
    shot(tab, "library")
    page.get_by_text("The same episode twice").click()
    page.get_by_test_id("stDataFrame").wait_for()
    page.locator(".bars").scroll_into_view_if_needed()
    shot(tab, "library-findings")
    page.goto(f"{address}/library?tab=Explore")
    grid = page.get_by_test_id("stDataFrame")
    grid.wait_for()
    shot(tab, "explore")
    grid.click(position={"x": 16, "y": 52})
    page.locator(".st-key-one-title").scroll_into_view_if_needed()
    shot(tab, "explore-opened")


def _collections(tab: Tab, address: str, shot: Shot) -> None:
    page = tab.page
    page.goto(f"{address}/collections")
    page.locator(".tiles").first.wait_for()
    shot(tab, "collections")
    page.locator(".st-key-asked").evaluate("place => place.scrollIntoView()")
    page.locator(".reasons summary").first.click()
    shot(tab, "collections-details")
    page.get_by_role("button", name="Ignore films of").first.click()
    page.get_by_role("menuitem").first.wait_for()
    shot(tab, "collections-ignore")
    page.get_by_role("menuitem").first.click()
    page.get_by_role("button", name="Undo").wait_for()
    shot(tab, "collections-undo")
    page.get_by_text(re.compile(r"^Complete \d+$")).click()
    page.get_by_role("button", name="Ignored films of").wait_for()
    page.get_by_role("button", name="Ignored films of").scroll_into_view_if_needed()
    shot(tab, "collections-complete")
    page.get_by_label("Search collections and films").fill("nowhere at all")
    page.get_by_role("button", name="Clear the search").wait_for()
    shot(tab, "collections-nothing")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Say which film it is").first.click()
    page.get_by_role("textbox", name="Its number or address at TMDB").wait_for()
    shot(tab, "collections-which")


def _maintenance(tab: Tab, address: str, shot: Shot) -> None:
    page = tab.page
    page.goto(f"{address}/maintenance")
    page.get_by_role("heading", name="Paths").wait_for()
    shot(tab, "maintenance")
    page.get_by_role("heading", name="What plexgap remembers").scroll_into_view_if_needed()
    shot(tab, "maintenance-remembered")
    page.get_by_label("Folder in Plex").fill("/data/media")
    page.get_by_label("The same folder here").fill("/mnt/media")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Try a path as Plex gives it").fill("/data/media/tv/Northbound/S01E01.mkv")
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("By the mapping of").wait_for()
    page.get_by_text("By the mapping of").scroll_into_view_if_needed()
    shot(tab, "maintenance-paths")


def _activity(tab: Tab, address: str, demo: DemoServers, shot: Shot) -> None:
    page = tab.page
    page.goto(f"{address}/activity")
    page.locator(".runs summary").first.click()
    shot(tab, "activity")
    demo.knobs["tmdb"].set_latency(0.4)
    page.get_by_role("button", name="Other checks").click()
    page.get_by_role("button", name="Start").first.click()
    page.get_by_role("heading", name="Checking").wait_for(timeout=30_000)
    page.wait_for_timeout(1500)
    shot(tab, "activity-scanning")
    demo.knobs["tmdb"].set_latency(0)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("heading", name="stopped by you").wait_for(timeout=60_000)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
