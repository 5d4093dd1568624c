"""The page Missing where only shows on the Plex watchlist count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plexgap.demo.servers import DemoServers
from plexgap.jobs.runner import RUNNER
from plexgap.ui.resources import PLACES, report
from tests.pages.conftest import LONG_S, Open
from tests.pages.reading import heading, text

pytestmark = pytest.mark.usefixtures("checked", "watching")


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch, demo: DemoServers) -> Iterator[None]:
    """That scope, set in the environment; what a test does to the list is undone."""
    monkeypatch.setenv("PLEX_SCAN_SCOPE", "watchlist_only")
    before = demo.world.watchlist
    yield
    demo.world.watchlist = before


def check(app: AppTest) -> AppTest:
    app.button(key="check-now").click().run()
    assert RUNNER.wait(LONG_S)
    return app.run()


def test_list_that_was_never_read_is_read_by_the_next_check(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    assert heading(app) == "No show to check yet"
    check(app)
    titles = {show.title for show in report(PLACES.present()).shows}
    assert titles == {truth.title for truth in demo.world.tagged("watchlist")}
    assert f"all {len(titles)} shows. Scope: Plex watchlist." in text(app)


def test_list_without_shows_has_its_own_sentence(open_app: Open, demo: DemoServers) -> None:
    demo.change.clear_watchlist()
    app = check(open_app())
    assert heading(app) == "No show to check"
    assert "There are no shows on your Plex watchlist" in text(app)
    assert "could not" not in text(app)


def test_list_of_shows_that_are_elsewhere_names_the_libraries(
    open_app: Open, demo: DemoServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLEX_LIBRARY_NAMES", "Anime")
    elsewhere = {truth.title for truth in demo.world.tagged("watchlist") if truth.libraries == ("Anime",)}
    for title in elsewhere:
        demo.change.remove_from_watchlist(title)
    shows = sum(item.kind == "show" for item in demo.world.watchlist)
    app = check(open_app())
    assert heading(app) == "No show to check"
    assert f"{shows} shows are on your Plex watchlist, none of them in Anime" in text(app)


def test_last_list_counts_while_plex_tv_is_away_and_the_page_says_of_when_it_is(
    open_app: Open, demo: DemoServers
) -> None:
    app = check(open_app())
    assert heading(app) == "Nothing is missing"
    demo.knobs["plex_tv"].add("status", "", status=401, count=None)
    check(app)
    assert heading(app) == "Nothing is missing of what could be judged"
    assert "Scope: Plex watchlist as of today" in text(app)
    assert "Your Plex watchlist could not be read." in text(app)
    assert "plex.tv refused the Plex token" in text(app)


def test_first_check_without_a_list_says_why_it_ended(open_app: Open, demo: DemoServers) -> None:
    demo.knobs["plex_tv"].add("status", "", status=401, count=None)
    app = check(open_app())
    assert heading(app) == "No show to check yet"
    assert "Your Plex watchlist could not be read." in text(app)
    assert "or let all of them count" in text(app)
    assert demo.knobs["tmdb"].count == 0


# The form of the settings


@pytest.fixture
def settings(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page Settings, with the scope not set in the environment."""
    monkeypatch.delenv("PLEX_SCAN_SCOPE")
    return open_app().switch_page("pages/settings.py").run()


def choose(app: AppTest, scope: str) -> AppTest:
    app.radio(key=f"scan-scope-{PLACES.number}").set_value(scope)
    return app.button(key="save-scope").click().run()


def test_choosing_the_watchlist_reads_it_first_and_takes_effect_at_once(
    settings: AppTest, demo: DemoServers, home: Path
) -> None:
    before = len(report(PLACES.present()).shows)
    choose(settings, "watchlist_only")
    assert json.loads((home / "config.json").read_text(encoding="utf-8"))["scan_scope"] == "watchlist_only"
    shows, listed = report(PLACES.present()).shows, sum(item.kind == "show" for item in demo.world.watchlist)
    assert 0 < len(shows) < before
    assert f"{len(shows)} of its {listed} shows are in TV Shows and Anime, 5 still to be looked up." in text(settings)
    assert demo.knobs["plex"].count == demo.knobs["tmdb"].count == 0
    choose(settings, "all_library")
    assert len(report(PLACES.present()).shows) == before
    assert "All shows in these libraries count." in text(settings)


def test_watchlist_that_cannot_be_read_is_said_and_nothing_is_saved(settings: AppTest, demo: DemoServers) -> None:
    demo.knobs["plex_tv"].add("status", "", status=401, count=None)
    choose(settings, "watchlist_only")
    assert "plex.tv refused the Plex token" in text(settings)
    assert PLACES.present().house.settings.scan_scope == "all_library"


def test_scope_of_the_environment_is_shown_and_cannot_be_changed_here(open_app: Open) -> None:
    app = open_app().switch_page("pages/settings.py").run()
    radio = app.radio(key=f"scan-scope-{PLACES.number}")
    assert (radio.value, radio.disabled) == ("watchlist_only", True)
    assert "Set by PLEX_SCAN_SCOPE in the environment. Change it there." in text(app)
