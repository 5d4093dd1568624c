"""The page Upcoming, what it offers to subscribe to, and the exports of the other pages."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from starlette.requests import Request
from starlette.responses import Response
from streamlit.testing.v1 import AppTest

from plexgap.domain.library import Kind
from plexgap.domain.verdicts import State
from plexgap.jobs.runner import RUNNER
from plexgap.ui import resources, server
from plexgap.ui.resources import PLACES
from plexgap.views import narrowed
from plexgap.views.export import report_csv, report_json
from plexgap.views.report import Report
from tests.pages.conftest import LONG_S, Open
from tests.pages.reading import heading, missing, source, text

PAGE = "pages/upcoming.py"


@pytest.fixture
def open_page(open_app: Open) -> Callable[..., AppTest]:
    def opened() -> AppTest:
        return open_app().switch_page(PAGE).run()

    return opened


def report() -> Report:
    return resources.report(PLACES.present())


def ask(path: str, route: Callable[[Request], Any], **headers: str) -> Response:
    named = {"host": "127.0.0.1:8501", **headers}
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    answer = asyncio.run(route(Request(scope)))
    assert isinstance(answer, Response)
    return answer


# ---------------------------------------------------------------- the page


def test_before_the_first_check_it_says_where_to_start_one(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    assert heading(app) == "Not checked yet"
    assert "Ready for the first check" in text(app)
    assert not app.exception


@pytest.mark.usefixtures("checked")
def test_its_numbers_are_those_of_the_page_missing(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    tally = report().tally
    assert heading(app).startswith("Next: ")
    assert f"{tally.upcoming} episodes of" in text(app)
    assert f"{tally.upcoming_week} episodes of" in text(app)
    assert source(app).count('class="near"') == 3
    assert not app.exception


@pytest.mark.usefixtures("checked")
def test_what_is_far_off_and_what_has_no_date_is_drawn_once_it_is_opened(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    before = source(app).count("<li>")
    assert [one.label.split(",")[0] for one in app.expander] == ["Later", "No date yet"]
    app.session_state["fold-later"] = True
    app.session_state["fold-undated"] = True
    app.run()
    assert source(app).count("<li>") > before


@pytest.mark.usefixtures("checked")
def test_the_calendar_is_a_table_that_can_be_turned(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    app.session_state["view"] = "Calendar"
    app.run()
    drawn = source(app)
    assert drawn.count("<td") == 35
    assert drawn.count('<th scope="col"') == 7
    assert drawn.count('<td class="today"') == 1
    assert app.button(key="turn-chevron_left").disabled
    app.button(key="turn-chevron_right").click().run()
    assert '<td class="today"' not in source(app)
    assert not app.button(key="turn-chevron_left").disabled
    app.button(key="turn-chevron_left").click().run()
    assert '<td class="today"' in source(app)


@pytest.mark.usefixtures("checked")
def test_the_addresses_to_subscribe_to_stand_on_the_page(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    assert [code.value for code in app.code] == [
        "http://127.0.0.1:8501/upcoming.ics",
        "http://127.0.0.1:8501/missing.rss",
    ]


@pytest.mark.usefixtures("unlimited")
def test_a_check_that_ended_is_seen_at_the_next_drawing(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    app.switch_page("pages/missing.py").run()
    app.button(key="check-now").click().run()
    assert RUNNER.wait(LONG_S)
    app.switch_page(PAGE).run()
    assert heading(app).startswith("Next: ")


# ---------------------------------------------------------------- what programs of this machine ask for


@pytest.mark.usefixtures("checked")
def test_the_calendar_is_answered_as_the_report_is_now(open_page: Callable[..., AppTest]) -> None:
    open_page()
    given = ask("/upcoming.ics", server.calendar)
    assert (given.status_code, given.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert given.headers["Cache-Control"].startswith("private")
    assert given.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    tally = report().tally
    events = icalendar.Calendar.from_ical(bytes(given.body)).walk("VEVENT")
    of_shows = [event for event in events if "film" not in str(event["UID"])]
    assert len(of_shows) == tally.upcoming + tally.just_aired


@pytest.mark.usefixtures("checked")
def test_the_feed_is_answered_with_links_to_where_it_was_asked(open_page: Callable[..., AppTest]) -> None:
    open_page()
    given = ask("/missing.rss", server.feed, host="localhost:9999")
    assert given.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ElementTree.fromstring(bytes(given.body))
    assert root.findtext("channel/link") == "http://localhost:9999/"
    made = report()
    of_shows = sum(len(show.missing) for show in made.shows if show.state is State.GAPS)
    assert len(root.findall("channel/item")) == of_shows + made.films.tally.missing


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize("origin", ["http://evil.invalid", "http://127.0.0.1:9999", "null"])
def test_a_page_of_another_origin_is_refused(open_page: Callable[..., AppTest], origin: str) -> None:
    open_page()
    for route in (server.calendar, server.feed):
        assert ask("/", route, origin=origin).status_code == 403
        assert ask("/", route, origin="http://127.0.0.1:8501").status_code == 200


def test_no_secret_is_in_what_is_given(open_page: Callable[..., AppTest], checked: None) -> None:
    open_page()
    settings = PLACES.present().house.settings
    for route in (server.calendar, server.feed):
        body = bytes(ask("/", route).body)
        for secret in (settings.plex_token, settings.tmdb_api_key, settings.tvdb_api_key):
            assert secret
            assert secret.encode() not in body


# ---------------------------------------------------------------- Export


@pytest.mark.usefixtures("checked")
def test_missing_and_collections_offer_their_list_as_csv_and_json(open_app: Open) -> None:
    app = open_app()
    made = report()
    for page, kind, narrow, count in (
        ("pages/missing.py", "episode", narrowed.of_shows, missing(app)),
        ("pages/collections.py", "movie", narrowed.of_films, made.films.tally.missing),
    ):
        app.switch_page(page).run()
        labels = [button.proto.label for button in app.get("download_button")]
        assert labels == ["CSV, for a spreadsheet", "JSON, for other programs"]
        rows = list(csv.DictReader(io.StringIO(report_csv(narrow(made)))))
        specials = made.tally.missing_specials if kind == "episode" else 0
        assert len(rows) == count + specials
        assert {row["kind"] for row in rows} == {kind}
    alone = json.loads(report_json(narrowed.of_films(made), made.as_of))
    assert (alone["shows"], narrowed.of_shows(made).kinds) == ([], (Kind.SHOW,))
