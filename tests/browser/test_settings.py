"""The page Settings in a real browser: saved, reloaded, locked by the environment; nothing secret is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.wiring import clock
from tests.browser.served import Tab, dashboard, drawn

pytestmark = pytest.mark.browser
HOSTILE = "<script>alert(1)</script> ![x](http://example.invalid/x.png)"
LONG_MS = 60_000


def open_tab(page: Page, name: str) -> None:
    drawn(page).get_by_role("tab", name=name).click()


def test_settings_are_saved_and_reloaded_and_what_the_environment_sets_is_locked(
    opened: Browser, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with DemoServers(make_world(1, now=clock, films=20)) as demo:
        names = {name: value for name, value in demo.exports().items() if not name.startswith("PLEX_TOKEN")}
        config = home / "config.json"
        config.write_text(json.dumps({"plex_token": demo.world.plex_token}), encoding="utf-8")
        demo.knobs["plex"].set_latency(0.1)
        with dashboard(home, names) as address:
            tab = Tab(opened)
            _change(tab.page, address, demo)
            stored = json.loads(config.read_text(encoding="utf-8"))
            assert stored["options"]["min_owned"] == 2
            assert stored["exclusions"]["shows"] == [HOSTILE]
            assert [each["label"] for each in stored["link_templates"]] == [HOSTILE]
            assert stored["plex_token"] == demo.world.plex_token
            assert tab.hosts == {"127.0.0.1"}
            tab.close()


def _change(page: Page, address: str, demo: DemoServers) -> None:
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    page.on("dialog", lambda dialog: pytest.fail(f"a title ran: {dialog.message}"))
    page.goto(f"{address}/settings")
    expect(page.get_by_text("Set by TMDB_API_KEY in the environment. Change it there.")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_label("API key or read token")).to_be_disabled()
    expect(page.get_by_label("Token", exact=True)).to_have_value("")
    page.get_by_role("button", name="Test and save").first.click()
    expect(page.get_by_text("Connected to Invented Library, 4 libraries, ").first).to_be_visible(timeout=LONG_MS)

    open_tab(page, "What counts")
    page.get_by_label("Fewest films of it that you have").fill("2")
    page.get_by_label("Shows, a title on each line").fill(HOSTILE)
    page.locator(".st-key-save-counts button").click()
    expect(page.get_by_text("Saved. It counts from now on.").first).to_be_visible(timeout=LONG_MS)

    open_tab(page, "Links")
    page.get_by_label("Name", exact=True).fill(HOSTILE)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Saved.", exact=True).first).to_be_visible(timeout=LONG_MS)
    expect(page.locator(".st-key-link-0 b").first).to_have_text(HOSTILE)

    page.reload()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible(timeout=LONG_MS)
    open_tab(page, "What counts")
    expect(page.get_by_label("Fewest films of it that you have")).to_have_value("2")
    expect(page.get_by_label("Shows, a title on each line")).to_have_value(HOSTILE)
    open_tab(page, "Version")
    expect(page.get_by_text("This is plexgap")).to_be_visible()
    assert frames
    assert not any(
        secret in frame for frame in frames for secret in (demo.world.plex_token, demo.exports()["TMDB_API_KEY"])
    )
