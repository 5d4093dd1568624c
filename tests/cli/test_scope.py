"""The commands where only shows on the Plex watchlist count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from plexgap.wiring import clock
from tests.cli.running import Cli
from tests.plex_tv_forms import LIST, REFUSED, page, row
from tests.scripted import Answer, ScriptedServer
from tests.support import FEW_FILMS

WHOLE, GAPS = "Velvet Society, Glenharrow", "The Lantern Keepers"
COUNT = "Only shows on your Plex watchlist count: "


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServers]:
    with DemoServers(make_world(1, now=clock, films=FEW_FILMS)) as servers:
        yield servers


@pytest.fixture
def plex_tv() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def watching(tmp_path: Path, demo: DemoServers, plex_tv: ScriptedServer) -> Cli:
    """The command line with that scope set in the environment."""
    scope = {"PLEX_SCAN_SCOPE": "watchlist_only", "PLEX_DISCOVER_BASE_URL": plex_tv.url}
    return Cli.at(tmp_path, {**demo.exports(), **scope})


def listed(demo: DemoServers, *titles: str) -> Answer:
    entries = [entry for section in demo.world.library.sections for entry in section.entries]
    guids = [next(entry.guid for entry in entries if entry.title == title) for title in titles]
    return page([{**row(number), "guid": guid} for number, guid in enumerate(guids)])


def test_the_scope_is_said_beside_the_results_and_never_in_them(
    watching: Cli, plex_tv: ScriptedServer, demo: DemoServers
) -> None:
    plex_tv.on(LIST, listed(demo, WHOLE, GAPS))
    done = watching("scan", "--only", "shows")
    assert (done.code, done.err) == (1, f"{COUNT}2 of its 2 shows are in TV Shows and Anime.\n")
    assert "2 shows: 1 complete, 1 with gaps." in done.out
    told = watching("gaps", "--only", "shows", "--format", "json")
    made = json.loads(told.out)
    assert [show["title"] for show in made["shows"]] == [GAPS, WHOLE]
    assert made["complete"] is True
    assert "watchlist" not in told.out
    assert COUNT in told.err
    assert watching("gaps", "--only", "shows", "-q").err == ""
    assert watching("gaps", "--only", "shows", "--json-events").err == ""


def test_last_list_counts_while_plex_tv_refuses_and_the_command_is_partial(
    watching: Cli, plex_tv: ScriptedServer, demo: DemoServers
) -> None:
    plex_tv.on(LIST, listed(demo, WHOLE), Answer(status=401, json=REFUSED))
    assert watching("scan", "--only", "shows").code == 0
    done = watching("scan", "--only", "shows")
    assert done.code == 3
    assert done.err.startswith("Plex watchlist: plex.tv refused the Plex token")
    assert "so this is the list of" in done.err
    assert done.out.endswith("1 show: 1 complete.\n")
    again = watching("gaps", "--only", "shows", "--format", "json")
    assert (again.code, json.loads(again.out)["complete"]) == (3, False)
    events = [json.loads(line) for line in watching("gaps", "--only", "shows", "--json-events").err.splitlines()]
    assert [event["event"] for event in events] == ["Warning"]


def test_first_scan_without_a_list_ends_with_what_is_so_and_what_to_do(watching: Cli, plex_tv: ScriptedServer) -> None:
    plex_tv.on(LIST, Answer(status=401, json=REFUSED))
    done = watching("scan", "--only", "shows")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("plex.tv refused the Plex token")
    assert "Check again later, or let all of them count" in done.err


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (page([]), "There are no shows on your Plex watchlist."),
        (
            page([row(number, guids=["tmdb://999001"]) for number in range(3)]),
            "3 shows are on your Plex watchlist, none of them in TV Shows or Anime.",
        ),
    ],
)
def test_nothing_in_scope_is_no_gap_and_has_its_own_sentence(
    answer: Answer, sentence: str, watching: Cli, plex_tv: ScriptedServer
) -> None:
    plex_tv.on(LIST, answer)
    done = watching("scan", "--only", "shows")
    assert (done.code, done.out) == (0, f"{sentence}\n")
    assert json.loads(watching("gaps", "--only", "shows", "--format", "json").out)["complete"] is True


def test_emptied_cache_takes_the_list_along_and_that_is_said(
    watching: Cli, plex_tv: ScriptedServer, demo: DemoServers
) -> None:
    plex_tv.on(LIST, listed(demo, WHOLE))
    watching("scan", "--only", "shows")
    assert (watching.home / "data" / "cache" / "watchlist.json").exists()
    watching("cache", "clear")
    done = watching("gaps", "--only", "shows")
    assert done.code == 3
    assert done.out == "Only shows on your Plex watchlist count, and it has not been read yet.\n"
    assert watching("scan", "--only", "shows").code == 0
