"""TMDB's episode groups: which of them are orders, and how one is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from plexgap.domain.catalogue import KnownOrder, ListedEpisode
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import BadAnswer, NotListed
from plexgap.sources.tmdb import Tmdb, tmdb_transport
from tests.scripted import Answer, FakeTime, ScriptedServer
from tests.tmdb_forms import ABSENT, group_form, group_row

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).parent.parent / "payloads/tmdb"
PROOF = Answer(json={"success": True, "status_code": 1})
ID = "5acf93e60e0a26346d0000ce"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        server.on("/3/authentication", PROOF)
        yield server


@pytest.fixture
def tmdb(server: ScriptedServer) -> Iterator[Tmdb]:
    time = FakeTime()
    transport = tmdb_transport(
        "0123456789abcdef0123456789abcdef",
        server.url + "/3",
        cache_path=None,
        requests_per_second=0,
        workers=2,
        stop=time.stop,
        clock=time.clock,
        wait=time.wait,
    )
    with closing(transport):
        yield Tmdb(transport, lambda: NOW)


def an_episode(number: EpisodeNumber, episode_id: int, title: str = "One") -> ListedEpisode:
    return ListedEpisode(number, title, date(2020, 1, 1), 40, episode_id)


def test_groups_that_number_episodes_come_most_worth_first_and_story_arcs_not_at_all(
    server: ScriptedServer, tmdb: Tmdb
) -> None:
    rows = [group_row(f"{kind:024x}", f"Type {kind}", kind) for kind in range(1, 8)]
    again = group_row("a" * 24, "TVDB Order", 2)
    empty = group_row("b" * 24, "Empty", 3, episode_count=0)
    unheard_of = group_row("c" * 24, "New", 8)
    server.on("/3/tv/7/episode_groups", Answer(json={"id": 7, "results": [*rows, again, empty, unheard_of]}))
    assert [(each.name, each.kind) for each in tmdb.orders(7)] == [
        ("Type 2", "absolute"),
        ("TVDB Order", "absolute"),
        ("Type 3", "dvd"),
        ("Type 6", "production"),
        ("Type 4", "digital"),
        ("Type 7", "tv"),
        ("Type 1", "aired"),
    ]
    assert tmdb.orders(7)[0] == KnownOrder(f"group:{2:024x}", "Type 2", "absolute")
    assert server.paths == ["/3/tv/7/episode_groups"] * 2


@pytest.mark.parametrize("answer", [Answer(json={"id": 7, "results": []}), Answer(status=404, json=ABSENT)])
def test_show_without_groups_has_no_other_order(answer: Answer, server: ScriptedServer, tmdb: Tmdb) -> None:
    server.on("/3/tv/7/episode_groups", answer)
    assert tmdb.orders(7) == ()


def test_group_is_read_in_one_request_and_numbers_by_its_parts_and_places(server: ScriptedServer, tmdb: Tmdb) -> None:
    """Its episodes bear the numbers of the aired order; what counts is where they stand."""
    parts = [(2, [an_episode(EpisodeNumber(5, 7), 12)]), (0, [an_episode(EpisodeNumber(0, 4), 10)])]
    parts += [(1, [an_episode(EpisodeNumber(6, 3), 11), an_episode(EpisodeNumber(1, 9), 13)])]
    server.on(f"/3/tv/episode_group/{ID}", Answer(json=group_form(ID, 7, parts)))
    listing = tmdb.show(7, order=f"group:{ID}")
    assert [(str(each.number), each.episode_id) for each in listing.episodes] == [
        ("S00E01", 10),
        ("S01E01", 11),
        ("S01E02", 13),
        ("S02E01", 12),
    ]
    assert (listing.show_id, listing.order, listing.fetched_at) == (7, f"group:{ID}", NOW)
    assert server.paths == [f"/3/tv/episode_group/{ID}"]


@pytest.mark.parametrize("raw", ["", None, "0000-00-00", "soon"])
def test_dates_of_a_group_are_read_as_those_of_a_season(raw: object, server: ScriptedServer, tmdb: Tmdb) -> None:
    form = group_form(ID, 7, [(1, [an_episode(EpisodeNumber(1, 1), 11, title="")])])
    form["groups"][0]["episodes"][0] |= {"air_date": raw, "runtime": None, "name": None}
    server.on(f"/3/tv/episode_group/{ID}", Answer(json=form))
    assert tmdb.show(7, order=f"group:{ID}").episodes == (ListedEpisode(EpisodeNumber(1, 1), "", None, None, 11),)


def test_group_of_another_show_is_a_bad_answer(server: ScriptedServer, tmdb: Tmdb) -> None:
    form = group_form(ID, 8, [(1, [an_episode(EpisodeNumber(1, 1), 11)])])
    server.on(f"/3/tv/episode_group/{ID}", Answer(json=form))
    with pytest.raises(BadAnswer, match="of another show than 7"):
        tmdb.show(7, order=f"group:{ID}")


@pytest.mark.parametrize("order", [f"group:{ID}", "dvd", "group:", "group:../1"])
def test_order_that_is_not_there_is_not_listed_and_only_a_group_is_asked_for(
    order: str, server: ScriptedServer, tmdb: Tmdb
) -> None:
    with pytest.raises(NotListed) as caught:
        tmdb.show(7, order=order)
    assert "number 7" in caught.value.what
    assert all(path in (f"/3/tv/episode_group/{ID}", "/3/authentication") for path in server.paths)


@pytest.mark.parametrize("changed", [{"groups": None}, {"groups": [{"episodes": []}]}, {"groups": [{"order": 1}]}])
def test_group_in_a_form_that_changed_is_a_bad_answer(
    changed: dict[str, Any], server: ScriptedServer, tmdb: Tmdb
) -> None:
    server.on(f"/3/tv/episode_group/{ID}", Answer(json=group_form(ID, 7, []) | changed))
    with pytest.raises(BadAnswer, match=r"TMDB: /tv/episode_group/"):
        tmdb.show(7, order=f"group:{ID}")


def test_recorded_groups_are_understood(server: ScriptedServer, tmdb: Tmdb) -> None:
    groups = json.loads((PAYLOADS / "doc_example_tv_episode_groups.json").read_text())
    group = json.loads((PAYLOADS / "doc_example_tv_episode_group_details.json").read_text())
    server.on("/3/tv/1399/episode_groups", Answer(json=groups))
    server.on(f"/3/tv/episode_group/{group['id']}", Answer(json=group))
    assert tmdb.orders(1399) == (KnownOrder("group:5e9077d2e640d600151f32bd", "Aired Order", "aired"),)
    listing = tmdb.show(59717, order=f"group:{group['id']}")
    assert [str(each.number) for each in listing.episodes[:4]] == ["S01E01", "S01E02", "S01E03", "S02E01"]
    assert (listing.episodes[0].episode_id, listing.episodes[0].air_date) == (1078262, date(2015, 6, 17))
