"""The user's way through the dashboard, in a real browser against a real server and demo services."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.truth import ShowTruth
from plexgap.demo.world import make_world
from plexgap.wiring import clock
from tests.browser.served import Tab, dashboard, drawn
from tests.homes import checked, checked_once
from tests.support import FEW_FILMS, unlimited

pytestmark = pytest.mark.browser
SHOW = "The Lantern Keepers"
HOSTILE = '<b>&</b> "Sons" <script>alert(1)</script>'
HERE = {"127.0.0.1"}
LONG_MS = 40_000


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServers]:
    with DemoServers(make_world(1, now=clock, films=FEW_FILMS)) as servers:
        yield servers


@pytest.fixture(scope="module")
def address(demo: DemoServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard whose settings come from the environment, over a library that was checked before it started."""
    home = unlimited(tmp_path_factory.mktemp("own") / "home")
    copied = checked_once(tmp_path_factory, demo.world.made_at, films=FEW_FILMS)
    shutil.copytree(copied, home, dirs_exist_ok=True)
    with dashboard(home, demo.exports()) as found:
        yield found


@pytest.fixture
def tab(opened: Browser) -> Iterator[Tab]:
    one = Tab(opened)
    yield one
    one.close()


def card(tab: Tab, title: str) -> Locator:
    heading = tab.page.get_by_role("heading", name=title, exact=False)
    return tab.page.locator("[class*='st-key-card-']").filter(has=heading).first


def truth_of(demo: DemoServers, title: str) -> ShowTruth:
    return next(one for one in demo.world.truths if one.title == title)


def number(tab: Tab) -> int:
    return int(drawn(tab.page).get_by_role("heading", level=1).inner_text().split()[0])


def test_from_the_first_check_to_episodes_that_were_added(tab: Tab, tmp_path: Path) -> None:
    home = unlimited(tmp_path / "home")
    with DemoServers(make_world(1, now=clock, films=FEW_FILMS)) as demo, dashboard(home, demo.exports()) as address:
        _from_the_first_check(tab, address, demo)
        before = number(tab)
        demo.change.add_episode(SHOW, *truth_of(demo, SHOW).missing[1], truth_of(demo, SHOW).year)
        checked(home, demo).close()
        expect(tab.page.get_by_role("heading", level=1).first).to_have_text(f"{before - 1} episodes are missing")


def _from_the_first_check(tab: Tab, address: str, demo: DemoServers) -> None:
    page = tab.page
    page.goto(address)
    expect(page.get_by_role("heading", name="Not checked yet").first).to_be_visible(timeout=LONG_MS)

    demo.knobs["plex"].set_latency(0.3)
    demo.knobs["tmdb"].set_latency(0.6)
    page.get_by_role("button", name="Check now").click()
    bar = page.get_by_role("progressbar").first
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"[1-9]\d*"), timeout=LONG_MS)
    seen = bar.get_attribute("aria-valuenow") or ""
    expect(bar).not_to_have_attribute("aria-valuenow", seen, timeout=LONG_MS)
    assert int(bar.get_attribute("aria-valuenow") or 0) > int(seen)
    expect(page.locator(".status.going").first).to_contain_text(f"of {len(demo.world.truths)} shows", timeout=LONG_MS)
    expect(page.get_by_role("heading", name="Not checked yet").first).to_be_visible()
    demo.knobs["plex"].set_latency(0)
    demo.knobs["tmdb"].set_latency(0)
    expect(page.get_by_role("heading", name="episodes are missing").first).to_be_visible(timeout=LONG_MS)
    before = number(tab)

    truth = truth_of(demo, SHOW)
    season, episode = truth.missing[0]
    chip = card(tab, SHOW).get_by_role("link", name=f"S{season:02d} E{episode:02d}: open season {season}")
    link = chip.get_attribute("href") or ""
    assert re.fullmatch(rf"https://debridmediamanager\.com/show/tt\d{{7,}}/{season}", link)
    assert chip.get_attribute("target") == "_blank"

    card(tab, SHOW).locator("summary").first.click()
    expect(card(tab, SHOW).get_by_role("heading", name=f"Season {season}")).to_be_visible()
    expect(card(tab, SHOW).get_by_role("link", name="Debrid Media Manager").first).to_have_attribute("href", link)
    why = card(tab, SHOW).locator(".lines details").first
    why.locator("summary").click()
    expect(why.locator(".why")).to_contain_text("Nothing in Plex carries this episode's id")

    demo.change.add_episode(SHOW, season, episode, truth.year)
    drawn(page)
    card(tab, SHOW).get_by_role("button", name="Check again").click()
    filled = f"Checked just now: 1 filled, {len(truth.missing) - 1} remain."
    expect(card(tab, SHOW).get_by_text(filled).first).to_be_visible()
    expect(card(tab, SHOW).get_by_role("heading", name=f"Season {season}")).to_have_count(0)
    expect(page.get_by_role("heading", level=1).first).to_have_text(f"{before - 1} episodes are missing")
    expect(page.get_by_test_id("stTopNav")).to_contain_text(f"Missing {before - 1}")

    expect(card(tab, SHOW).locator("img.poster")).to_have_js_property("naturalWidth", 240)
    assert tab.hosts == HERE


def test_a_check_goes_on_without_its_tab_is_seen_in_another_and_stopped_there(
    tab: Tab, opened: Browser, address: str, demo: DemoServers
) -> None:
    page = tab.page
    page.goto(address)
    expect(page.get_by_role("heading", name="episodes are missing").first).to_be_visible(timeout=LONG_MS)
    demo.knobs["tmdb"].set_latency(1.0)
    page.get_by_role("button", name="Other checks").click()
    page.get_by_role("button", name="Start").first.click()
    expect(page.get_by_role("button", name="Stop").first).to_be_visible(timeout=LONG_MS)
    page.close()

    other = Tab(opened)
    other.page.goto(address)
    expect(other.page.get_by_role("button", name="Stop").first).to_be_visible(timeout=LONG_MS)
    other.page.get_by_role("button", name="Stop").first.click()
    expect(other.page.get_by_role("button", name="Check now").first).to_be_visible(timeout=LONG_MS)
    expect(other.page.get_by_text("You stopped the check.").first).to_be_visible()

    demo.knobs["tmdb"].set_latency(0)
    drawn(other.page).get_by_role("button", name="Check now").click()
    done = re.compile(rf"Checked just now, \d+ of {len(demo.world.truths)} shows\.")
    expect(other.page.get_by_text(done).first).to_be_visible(timeout=LONG_MS)
    assert other.hosts == HERE
    other.close()


def test_titles_that_are_markup_are_read_as_they_are_written(tab: Tab, address: str) -> None:
    page = tab.page
    page.on("dialog", lambda dialog: pytest.fail(f"a title ran as a script: {dialog.message}"))
    page.goto(address)
    expect(card(tab, HOSTILE).get_by_role("heading")).to_have_text(re.compile(re.escape(HOSTILE)), timeout=LONG_MS)
    card(tab, HOSTILE).locator("summary").first.click()
    expect(card(tab, HOSTILE).get_by_role("button", name="Check again")).to_be_visible()
    drawn(page).get_by_text(re.compile(r"^Complete \d+$")).click()
    expect(page.get_by_role("heading", name="![x](http://example.invalid/x.png)").first).to_be_visible()
    assert drawn(page).locator("b", has_text="&").count() == 0
    assert tab.hosts == HERE


def test_the_list_is_searched_narrowed_and_sorted_and_a_reload_keeps_that(tab: Tab, address: str) -> None:
    page = tab.page
    page.goto(address)
    expect(card(tab, SHOW)).to_be_visible(timeout=LONG_MS)
    before = number(tab)
    page.get_by_label("Search titles").fill("lantern")
    expect(page.locator("[class*='st-key-card-']")).to_have_count(1)
    page.get_by_label("Search titles").fill("no such show")
    expect(page.get_by_text('No show with gaps matches "no such show".').first).to_be_visible()
    drawn(page).get_by_role("button", name="Clear the search").click()
    expect(card(tab, SHOW)).to_be_visible()
    drawn(page).get_by_role("button", name="Filter and sort").click()
    page.get_by_role("button", name="Anime").click()
    expect(page.get_by_text("Only Anime.").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(tab, SHOW)).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Only Anime.").first).to_be_visible(timeout=LONG_MS)
    assert number(tab) == before
    drawn(page).get_by_role("button", name="List all").click()
    expect(card(tab, SHOW)).to_be_visible()
    assert tab.hosts == HERE


def test_the_page_fits_a_telephone(opened: Browser, address: str) -> None:
    small = Tab(opened, width=390, height=844, dark=True)
    small.page.goto(address)
    expect(card(small, SHOW)).to_be_visible(timeout=LONG_MS)
    card(small, SHOW).locator("summary").first.click()
    expect(card(small, SHOW).get_by_role("button", name="Check again")).to_be_visible()
    assert drawn(small.page).evaluate("document.documentElement.scrollWidth") <= 390
    small.close()


def test_the_first_start_asks_for_what_it_needs_and_then_checks(tab: Tab, demo: DemoServers, tmp_path: Path) -> None:
    given = demo.exports()
    secrets = {given.pop(name) for name in ("PLEX_TOKEN", "TMDB_API_KEY", "TVDB_API_KEY")}
    plex = given.pop("PLEX_BASE_URL")
    page = tab.page
    with dashboard(unlimited(tmp_path / "home"), given) as found:
        page.goto(found)
        page.get_by_role("button", name="Use an address and a token instead").click(timeout=LONG_MS)
        page.get_by_label("Address").fill(plex, timeout=LONG_MS)
        page.get_by_label("Token", exact=True).fill(demo.exports()["PLEX_TOKEN"])
        page.get_by_role("button", name="Test and go on").click()
        drawn(page).get_by_label("API key or read token").fill(demo.exports()["TMDB_API_KEY"])
        page.get_by_role("button", name="Test and go on").last.click()
        page.get_by_role("button", name="Save and check now").first.click()
        expect(page.get_by_role("heading", name="episodes are missing").first).to_be_visible(timeout=LONG_MS)
        assert not any(secret in page.content() for secret in secrets)
    assert tab.hosts == HERE


def test_the_first_visitor_of_a_fresh_start_may_ask_for_any_page(tab: Tab, demo: DemoServers, tmp_path: Path) -> None:
    with dashboard(tmp_path / "home", demo.exports()) as found:
        tab.page.goto(f"{found}/settings")
        expect(tab.page.get_by_role("heading", name="Settings")).to_be_visible(timeout=LONG_MS)
        expect(tab.page.get_by_test_id("stTopNav")).to_contain_text("Missing")
        expect(tab.page.get_by_text("Set by PLEX_TOKEN in the environment. Change it there.")).to_be_visible()


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("{own}", "http://{own}", 101),
        ("{own}", "http://evil.invalid", 403),
        ("{own}", "http://127.0.0.1:1", 403),
        ("evil.invalid", "http://evil.invalid", 400),
    ],
    ids=["our own page", "another site", "another port", "another name"],
)
def test_only_our_own_pages_may_open_the_connection(address: str, host: str, origin: str, status: int) -> None:
    own = address.removeprefix("http://")
    answer = ask(
        own,
        "/_stcore/stream",
        {
            "Host": host.format(own=own),
            "Origin": origin.format(own=own),
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
    )
    assert answer.status == status


def test_posters_are_given_to_this_machines_own_names_only(address: str) -> None:
    own = address.removeprefix("http://")
    given = ask(own, "/poster/1101.webp", {"Host": own})
    assert (given.status, given.getheader("Content-Type")) == (200, "image/webp")
    assert (given.getheader("Cache-Control") or "").startswith("private")
    assert ask(own, "/poster/x.webp", {"Host": own}).status == 404
    assert ask(own, "/poster/1101.webp", {"Host": "evil.invalid"}).status == 400


def ask(own: str, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """The head of an answer, with exactly these headers asked."""
    with contextlib.closing(http.client.HTTPConnection(own, timeout=10)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.close()
        return answer


def test_a_popover_is_used_by_keyboard_alone(tab: Tab, address: str) -> None:
    page = tab.page
    page.goto(address)
    opener = drawn(page).get_by_role("button", name="Filter and sort")
    expect(opener).to_be_visible(timeout=LONG_MS)
    opener.focus()
    page.keyboard.press("Enter")
    inside = page.get_by_test_id("stPopoverBody")
    expect(inside).to_be_focused()
    order = inside.get_by_label("Order", exact=True)
    expect(order).to_be_visible()
    page.keyboard.press("Tab")
    expect(order).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(inside).to_have_count(0)
    page.keyboard.press("Enter")
    expect(inside).to_be_focused()
    for _ in range(10):
        page.keyboard.press("Tab")
        if not inside.locator(":focus").count():
            break
    expect(opener).to_be_focused()
    page.keyboard.press("Escape")
    expect(inside).to_have_count(0)
    expect(opener).to_be_focused()
