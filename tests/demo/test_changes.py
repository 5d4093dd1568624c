"""What happens to the world while it runs: in the answers, in Plex's bookkeeping, and in the truth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from plexgap.demo.changes import KINDS, Change
from plexgap.demo.reach import NoSuchThing
from plexgap.demo.servers import DemoServers
from plexgap.demo.truth import ShowTruth
from plexgap.domain.verdicts import State
from tests.demo.asking import ask_tmdb, plex_json, tmdb_json
from tests.demo.conftest import NOON

TODAY = NOON.date()


def truth_of(demo: DemoServers, tag: str) -> ShowTruth:
    return demo.world.tagged(tag)[0]


def section_of(demo: DemoServers, session: requests.Session, title: str = "TV Shows") -> dict[str, Any]:
    rows: list[dict[str, Any]] = plex_json(demo, session, "/library/sections")["Directory"]
    return next(row for row in rows if row["title"] == title)


def show_row(demo: DemoServers, session: requests.Session, truth: ShowTruth) -> dict[str, Any]:
    row: dict[str, Any] = plex_json(demo, session, f"/library/metadata/{truth.rating_keys[0]}")["Metadata"][0]
    return row


def leaves(demo: DemoServers, session: requests.Session, truth: ShowTruth) -> dict[tuple[int, int], dict[str, Any]]:
    rows = plex_json(demo, session, f"/library/metadata/{truth.rating_keys[0]}/allLeaves?includeGuids=1").get(
        "Metadata", []
    )
    return {(row["parentIndex"], row["index"]): row for row in rows}


def test_an_added_episode_is_listed_last_and_moves_plexs_books(
    changing: DemoServers, session: requests.Session
) -> None:
    truth, before = truth_of(changing, "season_wholly_missing"), section_of(changing, session)
    counted = show_row(changing, session, truth)
    season, number = truth.missing[3]
    key = changing.change.add_episode(truth.title, season, number)
    row = show_row(changing, session, truth)
    assert row["leafCount"] == counted["leafCount"] + 1
    assert row["childCount"] == counted["childCount"] + 1
    assert row["updatedAt"] == int(NOON.timestamp())
    after = section_of(changing, session)
    assert after["contentChangedAt"] > before["contentChangedAt"]
    listing = plex_json(changing, session, "/library/sections/2/all?type=4&sort=addedAt:asc&includeGuids=1")["Metadata"]
    assert listing[-1]["ratingKey"] == key
    now = truth_of(changing, "season_wholly_missing")
    assert now.missing == tuple(one for one in truth.missing if one != (season, number))
    assert now.held == truth.held + 1


def test_a_show_whose_last_gap_is_filled_is_complete(changing: DemoServers) -> None:
    truth = truth_of(changing, "episode_0")
    assert truth.state is State.GAPS
    changing.change.add_episode(truth.title, 1, 0)
    assert truth_of(changing, "episode_0").state is State.COMPLETE


def test_a_removed_episode_is_missing_and_keeps_the_others_keys(
    changing: DemoServers, session: requests.Session
) -> None:
    truth = truth_of(changing, "removed")
    before = leaves(changing, session, truth)
    number = (1, 3)
    changing.change.remove_episode(truth.title, *number)
    after = leaves(changing, session, truth)
    assert {n: row["ratingKey"] for n, row in after.items()} == {
        n: row["ratingKey"] for n, row in before.items() if n != number
    }
    now = truth_of(changing, "removed")
    assert (now.state, now.missing, now.held) == (State.GAPS, (number,), truth.held - 1)
    changing.change.remove_episode(truth.title, 1, 1)
    assert truth_of(changing, "removed").missing == ((1, 1), number)


def test_an_episode_that_another_item_holds_is_not_missing_when_one_copy_goes(changing: DemoServers) -> None:
    truth = truth_of(changing, "show_in_two_sections")
    changing.change.remove_episode(truth.title, 2, 5, library="Anime")
    assert truth_of(changing, "show_in_two_sections") == truth
    changing.change.remove_episode(truth.title, 2, 5)
    assert truth_of(changing, "show_in_two_sections").missing == tuple(sorted((*truth.missing, (2, 5))))


def test_a_replaced_file_is_another_file_under_the_same_key(changing: DemoServers, session: requests.Session) -> None:
    truth = truth_of(changing, "complete")
    before, counter = leaves(changing, session, truth)[(1, 1)], section_of(changing, session)["contentChangedAt"]
    changing.change.replace_file(truth.title, 1, 1)
    after = leaves(changing, session, truth)[(1, 1)]
    assert after["ratingKey"] == before["ratingKey"]
    assert after["Media"][0]["videoResolution"] == "4k" != before["Media"][0]["videoResolution"]
    assert after["Media"][0]["Part"][0]["id"] != before["Media"][0]["Part"][0]["id"]
    assert after["Media"][0]["Part"][0]["size"] > before["Media"][0]["Part"][0]["size"]
    assert section_of(changing, session)["contentChangedAt"] > counter


def test_watching_moves_watch_state_and_not_the_content_counter(
    changing: DemoServers, session: requests.Session
) -> None:
    truth, counter = truth_of(changing, "gaps_in_season"), section_of(changing, session)["contentChangedAt"]
    unseen = next(number for number, row in leaves(changing, session, truth).items() if "viewCount" not in row)
    seen = show_row(changing, session, truth)["viewedLeafCount"]
    changing.change.mark_watched(truth.title, *unseen)
    assert leaves(changing, session, truth)[unseen]["lastViewedAt"] == int(NOON.timestamp())
    assert show_row(changing, session, truth)["viewedLeafCount"] == seen + 1
    assert section_of(changing, session)["contentChangedAt"] == counter


def test_a_rematched_show_has_the_other_ones_ids(changing: DemoServers, session: requests.Session) -> None:
    truth, other = truth_of(changing, "needs_mapping"), truth_of(changing, "complete")
    changing.change.rematch(truth.title, other.tmdb_id or 0)
    guids = [guid["id"] for guid in show_row(changing, session, truth)["Guid"]]
    assert f"tmdb://{other.tmdb_id}" in guids
    changing.change.rematch(truth.title, 0)
    assert show_row(changing, session, truth)["guid"].startswith("local://")


def test_a_removed_show_and_an_emptied_library_are_gone(changing: DemoServers, session: requests.Session) -> None:
    truth = truth_of(changing, "archived_complete")
    changing.change.remove_show(truth.title, truth.year)
    keys = [row["ratingKey"] for row in plex_json(changing, session, "/library/sections/2/all?type=2")["Metadata"]]
    assert not set(truth.rating_keys) & set(keys)
    changing.change.empty_section("TV Shows")
    for kind in (2, 3, 4):
        assert plex_json(changing, session, f"/library/sections/2/all?type={kind}")["size"] == 0
    assert all(libraries == ("Anime",) for libraries in {truth.libraries for truth in changing.world.truths})


def test_a_library_may_refresh_and_give_too_few_rows(changing: DemoServers, session: requests.Session) -> None:
    changing.change.set_refreshing("TV Shows", True)
    assert section_of(changing, session)["refreshing"] is True
    window = {"X-Plex-Container-Start": "0", "X-Plex-Container-Size": "5000"}
    changing.change.set_short("TV Shows", 4)
    page = plex_json(changing, session, "/library/sections/2/all?type=4", **window)
    assert len(page["Metadata"]) == page["size"] == page["totalSize"] - 4
    changing.change.set_short("TV Shows", 0)
    page = plex_json(changing, session, "/library/sections/2/all?type=4", **window)
    assert page["size"] == page["totalSize"]


@pytest.mark.parametrize(("days", "lane"), [(-1, "missing"), (0, "just_aired"), (5, "upcoming")])
def test_an_episode_that_airs_stands_in_its_lane(
    changing: DemoServers, session: requests.Session, days: int, lane: str
) -> None:
    truth = truth_of(changing, "tvdb_guid_only")
    tag = ask_tmdb(changing, session, f"/tv/{truth.tmdb_id}").headers["ETag"]
    number = changing.change.air_episode(truth.title, days)
    answer = ask_tmdb(changing, session, f"/tv/{truth.tmdb_id}", **{"If-None-Match": tag})
    assert answer.status_code == 200
    listed = tmdb_json(changing, session, f"/tv/{truth.tmdb_id}/season/{number[0]}")["episodes"][-1]
    assert (listed["episode_number"], listed["air_date"]) == (number[1], (TODAY + timedelta(days=days)).isoformat())
    now = truth_of(changing, "tvdb_guid_only")
    assert getattr(now, lane) == (number,)
    assert now.listed == truth.listed + int(days <= 0)
    changed = tmdb_json(changing, session, f"/tv/changes?start_date={TODAY}&end_date={TODAY}")["results"]
    assert changed == [{"id": truth.tmdb_id, "adult": False}]


def test_a_postponed_episode_changes_its_lane_and_its_date(changing: DemoServers, session: requests.Session) -> None:
    truth = truth_of(changing, "aired_yesterday")
    number = truth.missing[0]
    changing.change.postpone(truth.title, *number, days=30)
    now = truth_of(changing, "aired_yesterday")
    assert number not in now.missing
    assert number in now.upcoming
    assert now.listed - now.held == len(now.missing) + len(now.just_aired)
    rows = tmdb_json(changing, session, f"/tv/{truth.tmdb_id}/season/{number[0]}")["episodes"]
    assert {row["episode_number"]: row["air_date"] for row in rows}[number[1]] == (
        TODAY + timedelta(days=30)
    ).isoformat()


def test_a_renumbered_episode_keeps_its_id_and_plex_its_number(
    changing: DemoServers, session: requests.Session
) -> None:
    truth = truth_of(changing, "gaps_in_season")
    hole, other = truth.missing[0], (1, 4)
    before = {
        r["episode_number"]: r["id"] for r in tmdb_json(changing, session, f"/tv/{truth.tmdb_id}/season/1")["episodes"]
    }
    changing.change.renumber(truth.title, hole, other)
    after = {
        r["episode_number"]: r["id"] for r in tmdb_json(changing, session, f"/tv/{truth.tmdb_id}/season/1")["episodes"]
    }
    assert after[4] != before[4]
    assert f"tmdb://{before[4]}" in [guid["id"] for guid in leaves(changing, session, truth)[(1, 4)]["Guid"]]
    assert set(truth_of(changing, "gaps_in_season").missing) == {*truth.missing, other} - {hole}


def test_a_renamed_a_deleted_and_a_revived_show_say_so_at_tmdb(
    changing: DemoServers, session: requests.Session
) -> None:
    truth = truth_of(changing, "archived_complete")
    changing.change.rename_episode(truth.title, 1, 2, "Another Name")
    rows = tmdb_json(changing, session, f"/tv/{truth.tmdb_id}/season/1")["episodes"]
    assert rows[1]["name"] == "Another Name" != leaves(changing, session, truth)[(1, 2)]["title"]
    changing.change.set_status(truth.title, "Returning Series")
    assert tmdb_json(changing, session, f"/tv/{truth.tmdb_id}")["status"] == "Returning Series"
    changing.change.delete_at_tmdb(truth.title)
    assert ask_tmdb(changing, session, f"/tv/{truth.tmdb_id}").status_code == 404


@pytest.mark.parametrize("tag", ["dvd_order", "one_long_season", "group_order", "order_of_library", "double_pilot"])
def test_a_change_moves_the_truth_in_the_order_it_is_stated_in(
    changing: DemoServers, session: requests.Session, tag: str
) -> None:
    truth = truth_of(changing, tag)
    (hole,) = truth.missing
    changing.change.add_episode(truth.title, *hole, truth.year)
    filled = truth_of(changing, tag)
    assert (filled.state, filled.missing, filled.held) == (State.COMPLETE, (), truth.held + 1)
    without = filled.with_keys(tvdb=False)
    assert without.state in (State.COMPLETE, State.SUSPECT)
    assert hole in leaves(changing, session, truth)
    changing.change.remove_episode(truth.title, *hole, truth.year)
    assert truth_of(changing, tag) == truth


def test_an_episode_that_nobody_lists_any_more_is_an_extra_where_plex_holds_it(changing: DemoServers) -> None:
    truth = truth_of(changing, "archived_complete")
    changing.change.unlist_episode(truth.title, 2, 3)
    now = truth_of(changing, "archived_complete")
    assert (now.state, now.extra) == (State.COMPLETE, ((2, 3),))
    assert (now.listed, now.held) == (truth.listed - 1, truth.held - 1)


def test_a_film_moves_to_another_collection(changing: DemoServers, session: requests.Session) -> None:
    moved, other = (
        next(t for t in changing.world.collection_truths if tag in t.tags) for tag in ("film_moved", "one_of_many")
    )
    film = changing.world.catalogue.films[changing.world.catalogue.collections[moved.tmdb_id].parts[0]]
    changing.change.move_film(film.title, other.tmdb_id)
    assert tmdb_json(changing, session, f"/movie/{film.tmdb_id}")["belongs_to_collection"]["id"] == other.tmdb_id
    parts = {
        n: [p["id"] for p in tmdb_json(changing, session, f"/collection/{n}")["parts"]]
        for n in (moved.tmdb_id, other.tmdb_id)
    }
    assert film.tmdb_id in parts[other.tmdb_id]
    assert film.tmdb_id not in parts[moved.tmdb_id]


def test_every_kind_of_change_can_be_posted(changing: DemoServers) -> None:
    """Each reaches its method: a title that nobody has is what each of them finds wrong, if it needs one."""
    for kind in KINDS.keys() - {"expire_tvdb_tokens", "install_anew", "clear_watchlist", "keep"}:
        with pytest.raises(NoSuchThing):
            changing.change.apply(Change(kind, title="Nobody", library="Nowhere"))
