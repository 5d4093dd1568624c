"""`runs`: what the last checks did, through the real command line."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plexgap import config, wiring
from plexgap.domain import events
from plexgap.domain.events import Change, RunStatus, Stats
from plexgap.store.locks import scan_lock
from plexgap.views.runs_export import EVENT_COLUMNS, RUN_COLUMNS
from plexgap.wiring import House
from tests.cli.running import Cli

BEGUN = datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC)
FULL = Stats(
    seconds=4.2,
    requests={"plex": 8, "tmdb": 1, "tvdb": 0, "plex_tv": 0},
    cache_hits=398,
    retries=1,
    rows_written=41,
    changes=2,
    titles=400,
    read=2,
    skipped=398,
    phases={"mirror": 1.234, "compare": 0.4, "films": 0.1},
)


def opened(cli: Cli) -> House:
    """The house of that home, as the command line opens it."""
    home = cli.home / "data"
    return wiring.open_house(config.load(home, env={}, home=home, config_path=cli.home / "config.json"))


@pytest.fixture
def recorded(cli: Cli) -> Cli:
    """An old run without figures of titles, and a partial one that met two changes and a warning."""
    house = opened(cli)
    old = house.index.begin_run("full", BEGUN - timedelta(days=3), "you")
    old_stats = Stats(seconds=112, rows_written=17000, requests={"plex": 30, "tmdb": 400})
    house.index.finish_run(old, RunStatus.OK, old_stats, "", BEGUN - timedelta(days=3) + timedelta(seconds=112))
    run = house.index.begin_run("incremental", BEGUN, "the command line")
    met: list[events.Event] = [
        Change("added", "episode", "=Lan\nterns", 2, 5, "The Long Way"),
        Change("upgraded", "movie", "Atlas", detail="720p to 1080p"),
        events.Warning("show", "Umbra", "TMDB did not answer."),
    ]
    house.index.record(run, met, BEGUN + timedelta(seconds=1))
    advice = "1 show could not be checked."
    house.index.finish_run(run, RunStatus.PARTIAL, FULL, advice, BEGUN + timedelta(seconds=4.2))
    house.close()
    return cli


def test_the_table_has_a_row_a_run_and_below_it_what_it_asked_and_how_long_each_phase_took(recorded: Cli) -> None:
    done = recorded("runs")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "Run  When (UTC)        Mode         By                Took        Ended                        "
        "Titles  Read  Skipped  Changes    Rows",
        "  2  2026-11-21 14:02  incremental  the command line  4 s         partial: 1 show not checked  "
        "   400     2      398        2      41",
        "     Asked: Plex 8, TMDB 1. Not asked again: 398 titles. Tried again: 1. "
        "Seconds: reading Plex 1.2, comparing 0.4, collections 0.1.",
        "  1  2026-11-18 14:02  full         the page          1 min 52 s  complete                     "
        "                             0  17,000",
        "     Asked: Plex 30, TMDB 400.",
    ]


def test_one_run_is_told_whole_and_a_title_breaks_no_line(recorded: Cli) -> None:
    done = recorded("runs", 2)
    assert done.code == 0
    assert done.out.splitlines() == [
        "Run 2: incremental, begun 2026-11-21 14:02:11 UTC by the command line",
        "  Partial: 1 show not checked, took 4 s.",
        "  1 show could not be checked.",
        "  400 titles: 2 read, 398 skipped. 2 changes.",
        "  Asked: Plex 8, TMDB 1. Not asked again: 398 titles. Tried again: 1.",
        "  Seconds: reading Plex 1.2, comparing 0.4, collections 0.1.",
        "Changes:",
        "  14:02:12  Added episode: =Lan terns S02 E05",
        "  14:02:12  Upgraded: Atlas, 720p to 1080p",
        "Warnings:",
        "  14:02:12  Umbra: TMDB did not answer.",
    ]


def test_json_has_every_figure_and_null_where_an_older_record_lacks_it(recorded: Cli) -> None:
    made = json.loads(recorded("runs", "--format", "json").out)
    new, old = made["runs"]
    assert (new["run"], new["status"], new["started_at"]) == (2, "partial", "2026-11-21T14:02:11Z")
    assert new["stats"] == {
        "seconds": 4.2,
        "titles": 400,
        "read": 2,
        "skipped": 398,
        "changes": 2,
        "rows_written": 41,
        "cache_hits": 398,
        "retries": 1,
        "requests": {"plex": 8, "tmdb": 1, "tvdb": 0, "plex_tv": 0},
        "phases": {"mirror": 1.234, "compare": 0.4, "films": 0.1},
    }
    assert (old["stats"]["titles"], old["stats"]["requests"]["tmdb"]) == (None, 400)
    one = json.loads(recorded("runs", 2, "--format", "json").out)
    assert [event["event"] for event in one.pop("events")] == ["Change", "Change", "Warning"]
    assert one == {"version": 1, **new}


def test_csv_is_a_row_a_run_or_a_row_an_event_and_starts_no_formula(recorded: Cli) -> None:
    rows = list(csv.DictReader(io.StringIO(recorded("runs", "--format", "csv").out)))
    assert tuple(rows[0]) == RUN_COLUMNS
    assert [(row["run"], row["skipped"], row["plex_requests"]) for row in rows] == [("2", "398", "8"), ("1", "", "30")]
    met = list(csv.DictReader(io.StringIO(recorded("runs", 2, "--format", "csv").out)))
    assert tuple(met[0]) == EVENT_COLUMNS
    assert [(one["event"], one["title"], one["detail"]) for one in met] == [
        ("Change", "'=Lan terns", "The Long Way"),
        ("Change", "Atlas", "720p to 1080p"),
        ("Warning", "Umbra", "TMDB did not answer."),
    ]


def test_no_more_than_asked_for_are_printed(recorded: Cli) -> None:
    assert [run["run"] for run in json.loads(recorded("runs", "--limit", 1, "--format", "json").out)["runs"]] == [2]


@pytest.mark.parametrize("number", ["7", "0", "x"])
def test_a_run_that_isnt_there_is_2_with_a_sentence(recorded: Cli, number: str) -> None:
    done = recorded("runs", number)
    assert (done.code, done.out) == (2, "")
    assert "The last one is 2." in done.err if number == "7" else "RUN" in done.err


def test_before_the_first_check_that_is_said(cli: Cli) -> None:
    done = cli("runs")
    assert (done.code, done.out) == (0, "No check has run yet.\n")
    assert "no check has run yet" in cli("runs", "1").err


def test_a_run_goes_on_as_long_as_its_process_does(cli: Cli) -> None:
    house = opened(cli)
    house.index.begin_run("full", BEGUN, "you")
    with scan_lock(house.scan_lock, "you"):
        assert "goes on" in cli("runs").out
    assert "cut off" in cli("runs").out
    assert json.loads(cli("runs", 1, "--format", "json").out)["status"] == "stopped"
    house.close()


def test_a_real_check_is_recorded_with_who_began_it(scanned: tuple[Cli, Any]) -> None:
    cli, made = scanned
    (run,) = json.loads(cli("runs", "--format", "json").out)["runs"]
    assert (run["by"], run["mode"], run["finished_at"] is not None) == ("the command line", "full", True)
    asked = {service: run["stats"]["requests"][service] for service in made["stats"]["requests"]}
    assert asked == made["stats"]["requests"]
