"""The first start in a real browser: from a fresh folder, through a sign-in at plex.tv, to the first check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import CASES, make_world
from plexgap.wiring import clock
from tests.browser.served import Tab, dashboard, drawn

pytestmark = pytest.mark.browser
LONG_MS = 60_000
_TITLES = 12  # a first check of a fresh folder is held to the limit that everybody begins with
ELSEWHERE = ("TMDB_BASE_URL", "TMDB_IMAGE_BASE_URL", "PLEX_TV_BASE_URL", "PLEX_DISCOVER_BASE_URL", "PLEX_APP_BASE_URL")


def test_from_a_fresh_folder_through_a_sign_in_to_the_first_check(opened: Browser, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with DemoServers(make_world(1, now=clock, episodes=1, films=1, cases=CASES[:_TITLES])) as demo:
        names = {name: demo.exports()[name] for name in ELSEWHERE}
        demo.knobs["plex_tv"].set_latency(0.1)
        demo.knobs["plex_tv"].add("status", r"/pins/\d+", status=503)
        with dashboard(home, names) as address:
            tab = Tab(opened)
            _first_start(tab, address, demo)
            stored = json.loads((home / "config.json").read_text(encoding="utf-8"))
            assert (stored["plex_base_url"], stored["plex_token"]) == (demo.urls["plex"], demo.world.plex_token)
            assert tab.hosts == {"127.0.0.1"}
            tab.close()
        log = (home / "plexgap.log").read_text(encoding="utf-8")
        assert demo.world.plex_token not in log
        assert demo.world.codes
        assert not any(code in log for code in demo.world.codes)


def _first_start(tab: Tab, address: str, demo: DemoServers) -> None:
    page = tab.page
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sent.append(str(frame))))
    page.goto(f"{address}/collections")  # an address that was kept leads to the form as well
    expect(page.get_by_role("heading", name="See what your library is missing")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    page.goto(address)
    expect(page.get_by_role("heading", name="See what your library is missing")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("link", name="Activity")).to_have_count(0)

    page.get_by_role("button", name="Sign in with Plex").click()
    link = page.get_by_role("link", name="Open plex.tv and sign in")
    expect(link).to_be_visible()
    with page.context.expect_page() as opening:
        link.click()
    theirs = opening.value
    assert theirs.url.startswith(f"{demo.urls['plex_tv']}/auth#?clientID=")
    assert theirs.evaluate("window.opener") is None
    theirs.get_by_role("button", name="Allow plexgap to sign in").click()
    expect(theirs.get_by_role("heading", name="Signed in as mara")).to_be_visible()
    theirs.close()

    page.get_by_text("Friend & <b>Co</b>, shared by ola").first.wait_for(timeout=LONG_MS)
    drawn(page).get_by_role("button", name="Use this server").click()
    expect(page.get_by_text("signed in as mara, server Invented Library").first).to_be_visible(timeout=LONG_MS)

    drawn(page).get_by_label("API key or read token").fill("wrong")
    page.get_by_role("button", name="Test and go on").click()
    expect(page.get_by_text("TMDB refused this key. Copy it once more").first).to_be_visible()
    drawn(page).get_by_label("API key or read token").fill(demo.world.tmdb_key)
    page.get_by_role("button", name="Test and go on").click()
    expect(page.get_by_text("Libraries that count").first).to_be_visible()

    drawn(page).get_by_role("button", name="Try the invented library").click()
    expect(page.get_by_text("This is the invented library.").first).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("link", name="Activity").first).to_be_visible()
    drawn(page).get_by_role("button", name="Back to your own").click()
    expect(page.get_by_text("Libraries that count").first).to_be_visible(timeout=LONG_MS)

    drawn(page).get_by_role("button", name="Save and check now").click()
    expect(page.get_by_role("heading", name="episodes are missing").first).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("link", name="Activity").first).to_be_visible()
    assert sent
    assert not any(secret in frame for frame in sent for secret in (demo.world.plex_token, demo.world.tmdb_key))
