"""The page Maintenance without a browser: decisions and the way back, export and import, clearing, paths."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plexgap.domain.decisions import Ignore, Level, Override, TitleRef
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import State
from plexgap.jobs import choices, paths
from plexgap.store.locks import scan_lock
from plexgap.ui import resources
from plexgap.ui.resources import PLACES
from tests.pages.conftest import Open
from tests.pages.reading import heading, source, text

HOSTILE = '<b>&</b> "Keepers" <script>alert(1)</script>'
pytestmark = pytest.mark.usefixtures("checked")


@pytest.fixture
def open_page(open_app: Open) -> Callable[..., AppTest]:
    def opened() -> AppTest:
        return open_app().switch_page("pages/maintenance.py").run()

    return opened


def ignore(title: str = HOSTILE, key: str = "one", reason: str = "") -> None:
    house = PLACES.present().house
    ref = TitleRef(frozenset(), frozenset({f"plex://show/{key}"}), title)
    house.decisions.add_ignore(Ignore(key, ref, Level.SHOW, house.now(), reason=reason))


def test_an_ignore_is_listed_as_text_and_taken_back_and_made_again(open_page: Open) -> None:
    app = open_page()
    assert heading(app) == "No decisions yet"
    ignore(reason="![x](http://example.invalid/x.png)")
    app.run()
    assert heading(app) == "1 decision of yours"
    assert HOSTILE in text(app)
    assert "Reason: ![x](http://example.invalid/x.png)." in text(app)
    assert "<script>" not in source(app)
    app.button(key="unignore-one").click().run()
    assert f"Back in the list: {HOSTILE}." in text(app)
    assert heading(app) == "No decisions yet"
    app.button(key="undo").click().run()
    assert heading(app) == "1 decision of yours"


def test_ignores_are_fifty_a_page_and_searched_over_all_pages(open_page: Open) -> None:
    app = open_page()
    for number in range(60):
        ignore(f"Show {number:02d}", f"k{number}")
    app.run()
    assert sum(button.label == "Undo" for button in app.button) == 50
    app.text_input(key="kept-search").set_value("show 07").run()
    assert [button.key for button in app.button if button.label == "Undo"] == ["unignore-k7"]
    app.text_input(key="kept-search").set_value("nowhere").run()
    assert 'Nothing that you ignored matches "nowhere".' in text(app)
    app.button(key="clear-ignored-search").click().run()
    assert sum(button.label == "Undo" for button in app.button) == 50


def test_what_was_said_of_a_show_is_taken_back_and_said_again(open_page: Open) -> None:
    app = open_page()
    place = PLACES.present()
    show = next(show for show in resources.report(place).shows if show.state is State.GAPS)
    choices.choose(place.house.parts, (), show, choices.Wish(policy="latest_season"))
    app.run()
    assert "only the latest season counts" in text(app)
    next(one for one in app.button if str(one.key).startswith("forget-")).click().run()
    assert f"{show.title} is again judged as Plex and your settings say." in text(app)
    assert not place.house.decisions.load().overrides
    app.button(key="undo").click().run()
    assert [said.policy for said in place.house.decisions.load().overrides] == ["latest_season"]


def test_a_film_is_taken_back_too(open_page: Open) -> None:
    app = open_page()
    house = PLACES.present().house
    ref = TitleRef(frozenset(), frozenset({"plex://movie/1"}), "Umbra", 2004)
    house.decisions.set_override(Override(ref, house.now(), tmdb_id=5, kind=Kind.MOVIE))
    app.run()
    next(one for one in app.button if str(one.key).startswith("forget-")).click().run()
    assert not house.decisions.load().overrides


def test_an_export_is_imported_and_taken_back_and_a_strange_file_changes_nothing(open_page: Open) -> None:
    app = open_page()
    ignore("Sundogs")
    decisions = PLACES.present().house.decisions
    data = decisions.exported()
    decisions.remove_ignore("one")
    app.run()
    app.file_uploader[0].set_value(("photo.json", b"{no", "application/json")).run()
    assert "photo.json is no file of plexgap" in app.error[0].value.replace("\\", "")
    assert heading(app) == "No decisions yet"
    app.file_uploader[0].set_value(("plexgap-decisions.json", data, "application/json")).run()
    assert "1 ignore and 0 choices read." in text(app)
    assert heading(app) == "1 decision of yours"
    app.button(key="undo").click().run()
    assert "What the file brought is taken back." in text(app)
    assert heading(app) == "No decisions yet"


def test_an_import_of_what_only_a_later_plexgap_reads_can_be_taken_back(open_page: Open) -> None:
    app = open_page()
    decisions = PLACES.present().house.decisions
    before = json.loads(decisions.exported())["ignores"]
    later = {"key": "k", "title": {"title": "Sundogs"}, "level": "universe", "made_at": "2027-01-01T00:00:00Z"}
    data = json.dumps({"version": 1, "ignores": [later]}).encode()
    app.file_uploader[0].set_value(("plexgap-decisions.json", data, "application/json")).run()
    assert "1 more decision can't be read by this plexgap: kept, but without effect." in text(app)
    assert json.loads(decisions.exported())["ignores"] == [*before, later]
    app.button(key="undo").click().run()
    assert "What the file brought is taken back." in text(app)
    assert json.loads(decisions.exported())["ignores"] == before


def test_listings_are_cleared_and_decisions_stay(open_page: Open) -> None:
    app = open_page()
    ignore("Sundogs")
    app.run()
    assert " titles, " in text(app)
    app.button(key="clear-listings").click().run()
    assert "cleared. The next check asks for them again." in text(app)
    assert heading(app) == "1 decision of yours"
    assert PLACES.present().house.listings.stats().titles == 0
    assert app.button(key="clear-listings").disabled


def test_nothing_is_cleared_while_a_check_of_another_process_runs(open_page: Open) -> None:
    app = open_page()
    house = PLACES.present().house
    with scan_lock(house.scan_lock, "the command line"):
        app.button(key="clear-listings").click().run()
    assert "Another check runs" in text(app)
    assert house.listings.stats().titles


def test_a_mapping_is_added_tried_and_removed(open_page: Open, tmp_path: Path) -> None:
    app = open_page()
    assert "No mapping: each path counts as Plex gives it." in text(app)
    (tmp_path / "a.mkv").touch()
    number = PLACES.number
    app.text_input(key=f"path-plex-{number}").set_value("data")
    app.text_input(key=f"path-local-{number}").set_value(str(tmp_path))
    app.button(key="save-path").click().run()
    assert "data is no whole path." in app.error[0].value.replace("\\", "")
    app.text_input(key=f"path-plex-{number}").set_value("/data")
    app.button(key="save-path").click().run()
    assert [one.plex for one in PLACES.present().house.settings.path_mappings] == ["/data"]
    app.text_input(key="path-tried").set_value("/data/a.mkv").run()
    assert str(tmp_path / "a.mkv") in text(app)
    assert "By the mapping of /data. It is there." in text(app)
    app.button(key=f"unmap-{PLACES.number}-0").click().run()
    assert not PLACES.present().house.settings.path_mappings


def test_a_mapping_that_a_terminal_made_meanwhile_stays(open_page: Open) -> None:
    app = open_page()
    paths.add(PLACES.own(), "/data/cli", "/mnt/cli")
    number = PLACES.number
    app.text_input(key=f"path-plex-{number}").set_value("/data/page")
    app.text_input(key=f"path-local-{number}").set_value("/mnt/page")
    app.button(key="save-path").click().run()
    assert [one.plex for one in PLACES.own().settings.path_mappings] == ["/data/cli", "/data/page"]
    paths.add(PLACES.own(), "/data/later", "/mnt/later")
    app.button(key=f"unmap-{PLACES.number}-1").click().run()
    assert [one.plex for one in PLACES.own().settings.path_mappings] == ["/data/cli", "/data/later"]


def test_an_ignore_until_a_day_says_so(open_page: Open) -> None:
    app = open_page()
    house = PLACES.present().house
    until = (house.now() - timedelta(days=3)).date()
    ref = TitleRef(frozenset(), frozenset({"plex://show/9"}), "Sundogs")
    house.decisions.add_ignore(Ignore("over", ref, Level.SHOW, house.now() - timedelta(days=9), until=until))
    app.run()
    assert "which is over" in text(app)
    assert "1, left out of every total; 1 of them is over" in text(app)
