"""The commands against the invented library behind its real servers, in this process."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import World
from plexgap.domain.verdicts import State
from plexgap.store.locks import scan_lock
from plexgap.views.export import CSV_COLUMNS
from tests.cli.running import Cli, with_gaps


def shows_of(text: str) -> Mapping[str, Any]:
    return {show["plex_rating_keys"][0]: show for show in json.loads(text)["shows"]}


def numbers(episodes: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(one["season"], one["episode"]) for one in episodes]


# ---------------------------------------------------------------- scan and gaps


def test_the_first_scan_is_full_and_every_plex_show_stands_once(scanned: tuple[Cli, Any], world: World) -> None:
    _, made = scanned
    assert made["mode"] == "full"
    unmapped = [one for one in made["needs_mapping"] if one["kind"] == "show"]
    told = [key for one in (*made["shows"], *unmapped) for key in one["plex_rating_keys"]]
    assert sorted(told) == sorted(key for truth in world.truths for key in truth.rating_keys)
    truth = with_gaps(world)
    (show,) = [show for show in made["shows"] if show["plex_rating_keys"] == list(truth.rating_keys)]
    assert numbers(show["missing"]) == list(truth.missing)
    assert (show["title"], show["held"], show["listed"]) == (truth.title, truth.held, truth.listed)
    assert made["stats"]["requests"]["plex"] > 0


def test_gaps_prints_the_same_without_asking_any_server(scanned: tuple[Cli, Any], demo: DemoServers) -> None:
    cli, made = scanned
    nobody = {"PLEX_BASE_URL": "http://127.0.0.1:9", "TMDB_BASE_URL": "http://127.0.0.1:9"}
    done = cli("gaps", "--format", "json", env=nobody)
    again = json.loads(done.out)
    assert (done.code, done.err) == (1, "")
    assert {**again, "generated_at": "", "as_of": ""} == {**made, "generated_at": "", "as_of": ""}


def test_text_and_csv_tell_every_missing_episode(scanned: tuple[Cli, Any]) -> None:
    cli, made = scanned
    gaps = [show for show in made["shows"] if show["state"] == "gaps"]
    count = sum(len(show["missing"]) for show in gaps)
    text = cli("gaps", "-v", "--only", "shows").out
    assert sum(line.startswith("    - S") for line in text.splitlines()) == count
    assert sum("(missing " in line for line in text.splitlines()) == len(gaps)
    rows = list(csv.DictReader(io.StringIO(cli("gaps", "--only", "shows", "--format", "csv").out)))
    assert len(rows) == count
    assert tuple(rows[0]) == CSV_COLUMNS
    assert {row["kind"] for row in rows} == {"episode"}


def test_as_of_moves_the_clock_and_include_options_widen_the_view(scanned: tuple[Cli, Any], world: World) -> None:
    cli, made = scanned
    later = (world.made_at + timedelta(days=400)).date().isoformat()
    missing = sum(len(show["missing"]) for show in made["shows"])
    moved = json.loads(cli("--as-of", later, "gaps", "--format", "json").out)
    assert moved["as_of"] == f"{later}T00:00:00Z"
    assert sum(len(show["missing"]) for show in moved["shows"]) > missing
    future = json.loads(cli("gaps", "--include-future", "--format", "json").out)
    assert sum(len(show["missing"]) for show in future["shows"]) > missing
    assert "upcoming" in cli("gaps", "--include-future", "--format", "csv").out
    specials = json.loads(cli("gaps", "--include-specials", "--format", "json").out)
    assert any(one["season"] == 0 for show in specials["shows"] for one in show["missing"])


def test_upcoming_and_why_are_printed(scanned: tuple[Cli, Any], world: World) -> None:
    cli, _ = scanned
    assert "(tomorrow):" in cli("gaps", "--upcoming").out
    truth = with_gaps(world)
    why = cli("gaps", "--why", truth.title)
    assert f"Compared with TMDB {truth.tmdb_id} in aired order" in why.out
    assert "Nearest held" in why.out


def test_episodes_of_one_library_are_those_alone(home: Cli) -> None:
    done = home("episodes", "--library", "anime", "--format", "json")
    assert done.code in (0, 1)
    shows = json.loads(done.out)["shows"]
    assert shows
    assert all("Anime" in show["libraries"] for show in shows)


def test_a_library_that_is_not_there_is_2_and_those_that_are_are_named(home: Cli) -> None:
    done = home("episodes", "--library", "Cartoons")
    assert (done.code, done.out) == (2, "")
    assert "Cartoons" in done.err
    assert '"TV Shows"' in done.err


# ---------------------------------------------------------------- decisions


def test_ignored_episodes_leave_the_totals_and_come_back(home: Cli, world: World) -> None:
    truth = with_gaps(world)
    season, number = truth.missing[0]
    key = truth.rating_keys[0]
    done = home("ignore", truth.title, "--season", season, "--episode", number, "--reason", "a recap")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"Ignored S{season:02d} E{number:02d} of {truth.title}.\n"
    told = shows_of(home("gaps", "--format", "json").out)[key]
    assert numbers(told["missing"]) == list(truth.missing[1:])
    assert [(one["reason"], one["until"]) for one in told["ignored"]] == [("a recap", None)]
    assert home("unignore", truth.title, "--season", season, "--episode", number).code == 0
    assert numbers(shows_of(home("gaps", "--format", "json").out)[key]["missing"]) == list(truth.missing)


def test_a_part_of_an_ignored_range_can_be_taken_back(home: Cli, world: World) -> None:
    truth = with_gaps(world)
    home("ignore", truth.title, "--season", 1, "--episode", "1-5", "--until", "2999-01-01")
    done = home("unignore", truth.title, "--season", 1, "--episode", "2-3", "--format", "json")
    assert json.loads(done.out)["ignores"][0]["episodes"] == [2, 3]
    (left,) = json.loads((home.home / "data" / "decisions.json").read_text("utf-8"))["ignores"]
    assert (left["numbers"], left["until"]) == ([1, 4, 5], "2999-01-01")


def test_ignoring_again_replaces_and_unignoring_what_is_not_ignored_is_2(home: Cli, world: World) -> None:
    title = with_gaps(world).title
    assert home("unignore", title).code == 2
    home("ignore", title, "--reason", "one")
    home("ignore", "--title", title, "--reason", "two")
    (kept,) = json.loads((home.home / "data" / "decisions.json").read_text("utf-8"))["ignores"]
    assert kept["reason"] == "two"
    wrong = home("unignore", title, "--season", 1)
    assert (wrong.code, wrong.out) == (2, "")
    assert "the whole show" in wrong.err
    assert home("unignore", title).code == 0


def test_a_show_that_is_wholly_ignored_is_complete(home: Cli, world: World) -> None:
    truth = with_gaps(world)
    home("ignore", truth.title)
    told = shows_of(home("gaps", "--format", "json").out)[truth.rating_keys[0]]
    assert (told["state"], told["missing"], numbers(told["ignored"])[:1]) == ("complete", [], [truth.missing[0]])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--season", "77"), "no season 77"),
        (("--until", "2001-01-01"), "has passed"),
        (("--year", "1801"), "no title"),
    ],
)
def test_an_ignore_that_cannot_be_meant_is_2(home: Cli, world: World, arguments: tuple[str, ...], word: str) -> None:
    done = home("ignore", with_gaps(world).title, *arguments)
    assert (done.code, done.out) == (2, "")
    assert word in done.err
    assert not (home.home / "data" / "decisions.json").exists()


def test_a_title_that_fits_several_is_2_and_all_are_listed(home: Cli, world: World) -> None:
    titles = [truth.title for truth in world.truths]
    twice = next(title for title in titles if titles.count(title) > 1)
    done = home("ignore", twice)
    assert (done.code, done.out) == (2, "")
    for truth in world.truths:
        if truth.title == twice:
            year = f" ({truth.year})" if truth.year else ""
            assert f"  {twice}{year}, {', '.join(truth.libraries)}, " in done.err


def test_an_override_is_asked_of_tmdb_kept_and_taken_back(home: Cli, world: World) -> None:
    one, other = (t for t in (with_gaps(world), next(t for t in world.truths if t.state is State.COMPLETE)))
    wrong = home("override", one.title, "--tmdb", 999_999_999)
    assert (wrong.code, wrong.out) == (2, "")
    done = home("override", one.title, "--tmdb", other.tmdb_id)
    assert (done.code, done.err) == (0, "")
    assert f"is now TMDB {other.tmdb_id}: {other.title}" in done.out
    assert home("override", one.title, "--clear").code == 0
    assert home("override", one.title, "--clear").code == 2
    told = shows_of(home("gaps", "--format", "json").out)[one.rating_keys[0]]
    assert numbers(told["missing"]) == list(one.missing)


# ---------------------------------------------------------------- rescan


def test_a_rescan_says_what_was_filled(home: Cli, world: World) -> None:
    truth = with_gaps(world)
    season, number = truth.missing[0]
    world.change.add_episode(truth.title, season, number)
    try:
        made = json.loads(home("rescan", truth.title, "--format", "json").out)
        assert made["filled"] == [{"season": season, "episode": number}]
        assert len(made["missing"]) == len(truth.missing) - 1
    finally:
        world.change.remove_episode(truth.title, season, number)
    done = home("rescan", truth.title)
    assert done.code == 1
    assert f"{truth.title}: 0 filled, 1 new, {len(truth.missing)} missing." in done.out


# ---------------------------------------------------------------- what goes wrong


def test_a_refused_token_is_4(home: Cli) -> None:
    done = home("scan", env={"PLEX_TOKEN": "wrong-token-here"})
    assert (done.code, done.out) == (4, "")
    assert "Plex" in done.err
    assert "wrong-token-here" not in done.err


def test_a_refused_key_is_4(home: Cli) -> None:
    done = home("scan", "--mode", "full", env={"TMDB_API_KEY": "0" * 32})
    assert (done.code, done.out) == (4, "")
    assert "TMDB" in done.err


def test_a_server_that_is_away_is_5(home: Cli) -> None:
    done = home("scan", "--plex-url", "http://127.0.0.1:9")
    assert (done.code, done.out) == (5, "")
    assert "Plex" in done.err


def test_another_scan_at_work_is_6(home: Cli) -> None:
    with scan_lock(home.home / "data" / "scan.lock", "the schedule"):
        done = home("scan")
    assert (done.code, done.out) == (6, "")
    waiting, ended = done.err.splitlines()[-2:]
    assert re.fullmatch(
        r"Another check runs since \d\d:\d\d UTC, started by the schedule; waiting up to 10 s\.", waiting
    )
    assert ended.endswith("started by the schedule. Wait for it to end.")


def test_a_failed_lookup_is_3_and_the_show_stands_with_the_unknown(home: Cli, world: World, demo: DemoServers) -> None:
    truth = with_gaps(world)
    knobs = demo.knobs["tmdb"]
    knobs.add("html", rf"/tv/{truth.tmdb_id}\b", count=None)
    (home.home / "data" / "cache" / "tmdb" / f"tv-{truth.tmdb_id}.json").unlink()
    try:
        done = home("scan", "--format", "json")
    finally:
        knobs.clear()
    made = json.loads(done.out)
    assert done.code == 3
    assert made["complete"] is False
    (unknown,) = [one for one in made["unknown"] if one["title"] == truth.title]
    assert unknown["reason"].endswith(".")
    assert f"{truth.title}: " in done.err
    assert numbers(shows_of(done.out)[truth.rating_keys[0]]["missing"]) == list(truth.missing)


def test_events_are_json_lines_on_standard_error_and_nothing_else(home: Cli) -> None:
    done = home("scan", "--json-events", "-v", "--format", "json")
    made = [json.loads(line) for line in done.err.splitlines()]
    assert json.loads(done.out)["version"] == 1
    assert made[0]["event"] == "RunStarted"
    assert set(made[-1]) == {"event", "at", "run", "status", "stats", "advice", "next_due"}
    assert made[-1]["event"] == "RunDone"
    assert {one["run"] for one in made} == {made[0]["run"]}
    assert isinstance(made[0]["run"], int)


def test_a_broken_decisions_file_is_said_and_its_last_good_copy_counts(home: Cli, world: World) -> None:
    truth = with_gaps(world)
    home("ignore", truth.title)
    (home.home / "data" / "decisions.json").write_text("{", encoding="utf-8")
    for _ in range(2):
        done = home("gaps", "--format", "json")
        assert "decisions.json.broken-" in done.err
        assert shows_of(done.out)[truth.rating_keys[0]]["state"] == "complete"


def test_before_any_check_nothing_is_claimed(cli: Cli) -> None:
    done = cli("gaps", "--format", "json")
    assert done.code == 3
    assert json.loads(done.out)["mode"] is None
    assert "No check has ended yet" in done.err
