"""The page Activity: what the last check did, what the earlier ones did, and a check while it runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from plexgap.demo.servers import DemoServers
from plexgap.domain import events
from plexgap.domain.events import Change, RunStatus, Stats
from plexgap.jobs.runner import RUNNER
from plexgap.store.locks import scan_lock
from plexgap.ui.resources import PLACES, lasted
from tests.pages.conftest import LONG_S, Open
from tests.pages.reading import heading, source, text

HOSTILE = '<b>&</b> "Keepers" <script>alert(1)</script>'


@pytest.fixture
def open_activity(open_app: Open) -> Callable[..., AppTest]:
    def opened() -> AppTest:
        return open_app().switch_page("pages/activity.py").run()

    return opened


def recorded(*met: events.Event, status: RunStatus = RunStatus.OK, by: str = "the command line") -> int:
    """A run that another process left in the record."""
    house = PLACES.present().house
    run = house.index.begin_run("incremental", house.now(), by)
    house.index.record(run, met, house.now())
    stats = Stats(seconds=3, requests={"plex": 8}, titles=60, skipped=60, changes=len(met))
    house.index.finish_run(run, status, stats, "", house.now() + timedelta(seconds=3))
    return run


@pytest.mark.usefixtures("unlimited")
def test_before_the_first_check_the_page_says_so_and_offers_one(open_activity: Open) -> None:
    app = open_activity()
    assert heading(app) == "Not checked yet"
    assert "No check yet" in text(app)
    app.button(key="check-now").click().run()
    assert RUNNER.wait(LONG_S)
    app.run()
    assert heading(app).startswith("Last check: today ")
    assert "Full check, by you" in text(app)
    assert "Read for the first time" in text(app)
    assert "titles read for the first time. Nothing went wrong." in text(app)


@pytest.mark.usefixtures("checked")
def test_a_check_shows_what_it_asked_and_what_changed(open_activity: Open) -> None:
    app = open_activity()
    recorded(Change("added", "episode", "Lanterns", 2, 5, "The Long Way"))
    app.run()
    seen = text(app)
    assert heading(app).endswith(", complete")
    assert "Quick check, in a terminal" in seen
    assert "Added episode: Lanterns S02 E05" in seen
    assert "60 titles: 0 read, 60 skipped." in seen
    assert "Asked: Plex 8." in seen


@pytest.mark.usefixtures("checked")
def test_how_long_phases_take_is_known_from_the_last_check_that_came_to_its_end(open_activity: Open) -> None:
    open_activity()
    house = PLACES.present().house
    ends = [(RunStatus.OK, {"compare": 7.0}), (RunStatus.STOPPED, {"compare": 1.0})]
    before = lasted(PLACES.present())["full"]
    for status, phases in ends:
        run = house.index.begin_run("full", house.now(), "the schedule")
        house.index.finish_run(run, status, Stats(phases=phases), "", house.now())
    assert lasted(PLACES.present()) == {"full": {**before, "compare": 7.0}}
    assert set(before) == {"mirror", "compare", "films"}


@pytest.mark.usefixtures("checked")
def test_other_checks_say_when_each_last_began_and_nothing_untrue_of_the_quick_one(open_activity: Open) -> None:
    app = open_activity()
    house = PLACES.present().house
    assert text(app).count("It has not run yet.") == 1, "of listings only"
    began = house.now() - timedelta(days=1)
    run = house.index.begin_run("refresh", began, "the schedule")
    house.index.finish_run(run, RunStatus.OK, Stats(), "", began + timedelta(minutes=7))
    app.run()
    assert f"Last: yesterday {began:%H:%M}, complete." in text(app)
    assert "It has not run yet." not in text(app)


@pytest.mark.usefixtures("checked")
def test_titles_are_shown_as_they_are_and_never_as_markup(open_activity: Open) -> None:
    app = open_activity()
    recorded(Change("added", "show", HOSTILE), events.Warning("show", HOSTILE, HOSTILE), status=RunStatus.PARTIAL)
    app.run()
    assert f"Added show: {HOSTILE}" in text(app)
    assert "<script>" not in source(app)
    assert "partial: 1 show not checked" in heading(app)


@pytest.mark.usefixtures("checked")
def test_the_heading_follows_the_check_and_the_list_of_missing_is_not_spoken_of(
    open_activity: Open, demo: DemoServers
) -> None:
    app = open_activity()
    demo.knobs["tmdb"].set_latency(0.3)
    app.button(key="start-full").click().run()
    app.run()
    assert RUNNER.snapshot.running
    assert heading(app).split()[0] in ("Starting", "Reading", "Checking")
    assert "Full check, started just now by you." in text(app)
    assert "The list below" not in text(app)
    assert "Earlier checks" in text(app)
    demo.knobs["tmdb"].set_latency(0)
    app.button(key="stop").click().run()
    assert RUNNER.wait(LONG_S)
    app.run()
    assert heading(app).endswith("stopped by you")


@pytest.mark.usefixtures("checked")
def test_a_check_of_another_process_is_said_as_long_as_it_runs(open_activity: Open) -> None:
    app = open_activity()
    house = PLACES.present().house
    house.index.begin_run("full", house.now(), "the command line")
    with scan_lock(house.scan_lock, "the command line"):
        app.run()
        assert heading(app) == "A check goes on"
    app.run()
    assert heading(app).endswith("cut off")


@pytest.mark.usefixtures("checked")
def test_a_check_that_failed_says_why_above_the_table(open_activity: Open, demo: DemoServers) -> None:
    app = open_activity()
    demo.knobs["plex"].add("status", "", status=401, count=None)
    app.button(key="check-now").click().run()
    assert RUNNER.wait(LONG_S)
    app.run()
    assert heading(app).endswith("ended early")
    assert "Plex refused the token." in text(app)


@pytest.mark.usefixtures("checked")
def test_earlier_checks_stand_on_pages_and_the_heading_stays_the_last_ones(open_activity: Open) -> None:
    app = open_activity()
    for _ in range(25):
        recorded(status=RunStatus.STOPPED)
    app.run()
    assert text(app).count("Quick check, in a terminal") == 25
    app.session_state["page-runs"] = 2
    app.run()
    assert text(app).count("Full check, by you") == 1
    assert "Quick check, in a terminal" not in text(app)
    assert heading(app).endswith(", stopped")
