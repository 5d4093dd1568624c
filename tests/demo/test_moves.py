"""What moves in the invented Plex, and what it writes down of that: what a probe sees, and what it can't see."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from plexgap.demo.reach import NoSuchThing
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import make_world
from tests.demo.asking import plex_json
from tests.demo.conftest import NOON
from tests.demo.test_changes import leaves, section_of, show_row, truth_of

ONE = {"X-Plex-Container-Start": "0", "X-Plex-Container-Size": "1"}


def probe(demo: DemoServers, session: requests.Session, sort: str, key: int = 2, kind: int = 4) -> dict[str, Any]:
    path = f"/library/sections/{key}/all?type={kind}&sort={sort}:desc"
    answer: dict[str, Any] = plex_json(demo, session, path, **ONE)
    return answer


@pytest.mark.parametrize("sort", ["addedAt", "updatedAt", "lastViewedAt"])
@pytest.mark.parametrize("kind", [2, 4])
def test_a_probe_of_one_row_says_what_the_whole_listing_says(
    changing: DemoServers, session: requests.Session, sort: str, kind: int
) -> None:
    truth = truth_of(changing, "gaps_in_season")
    changing.change.mark_watched(truth.title, 1, 1)
    changing.change.replace_file(truth_of(changing, "complete").title, 1, 2)
    rows = plex_json(changing, session, f"/library/sections/2/all?type={kind}")["Metadata"]
    one = probe(changing, session, sort, kind=kind)
    fifty = plex_json(
        changing,
        session,
        f"/library/sections/2/all?type={kind}&sort={sort}:desc",
        **{**ONE, "X-Plex-Container-Size": "50"},
    )
    assert one["totalSize"] == len(rows)
    assert one["Metadata"][0].get(sort, 0) == max(row.get(sort, 0) for row in rows)
    assert [row.get(sort, 0) for row in fifty["Metadata"]] == sorted((row.get(sort, 0) for row in rows), reverse=True)[
        :50
    ]


def test_a_swap_keeps_every_count(changing: DemoServers, session: requests.Session) -> None:
    truth = truth_of(changing, "gaps_in_season")
    before, total = show_row(changing, session, truth), probe(changing, session, "addedAt")["totalSize"]
    out = next(number for number in leaves(changing, session, truth) if number[0] == truth.missing[0][0])
    changing.change.swap(truth.title, out, truth.missing[0])
    after = show_row(changing, session, truth)
    assert (after["leafCount"], after["childCount"]) == (before["leafCount"], before["childCount"])
    assert probe(changing, session, "addedAt")["totalSize"] == total
    assert set(truth_of(changing, "gaps_in_season").missing) == {*truth.missing, out} - {truth.missing[0]}


def test_what_plex_does_not_write_down_does_not_move(changing: DemoServers, session: requests.Session) -> None:
    truth = truth_of(changing, "complete")
    changing.change.set_books("updated_at", False)
    before, counter = show_row(changing, session, truth), section_of(changing, session)["contentChangedAt"]
    was = leaves(changing, session, truth)[(1, 1)]
    changing.change.replace_file(truth.title, 1, 1)
    now = leaves(changing, session, truth)[(1, 1)]
    assert now["Media"] != was["Media"]
    assert (now["updatedAt"], now["thumb"]) == (was["updatedAt"], was["thumb"])
    assert show_row(changing, session, truth) == before
    moved = section_of(changing, session)["contentChangedAt"]
    assert moved > counter
    changing.change.set_books("counter", False)
    changing.change.remove_episode(truth.title, 1, 1)
    assert section_of(changing, session)["contentChangedAt"] == moved
    with pytest.raises(NoSuchThing):
        changing.change.set_books("something", True)


def test_an_idle_scan_moves_what_says_nothing(changing: DemoServers, session: requests.Session) -> None:
    before = section_of(changing, session)
    changing.change.scan_idly("TV Shows")
    after = section_of(changing, session)
    assert after["scannedAt"] > before["scannedAt"]
    assert after["updatedAt"] > before["updatedAt"]
    assert after["contentChangedAt"] == before["contentChangedAt"]


def test_metadata_fetched_anew_moves_dates_alone(changing: DemoServers, session: requests.Session) -> None:
    truth = truth_of(changing, "complete")
    before = leaves(changing, session, truth)
    changing.change.refresh_metadata(truth.title)
    after = leaves(changing, session, truth)
    assert {row["updatedAt"] for row in after.values()} == {int(NOON.timestamp())}
    moving = {"updatedAt", "thumb", "grandparentThumb"}
    assert [{k: v for k, v in row.items() if k not in moving} for row in after.values()] == [
        {k: v for k, v in row.items() if k not in moving} for row in before.values()
    ]


def test_a_silent_show_bears_no_updated_at(changing: DemoServers, session: requests.Session) -> None:
    truth = truth_of(changing, "complete")
    changing.change.set_silent(truth.title)
    assert "updatedAt" not in show_row(changing, session, truth)
    assert not [row for row in leaves(changing, session, truth).values() if "updatedAt" in row]


def test_what_was_watched_is_unwatched(changing: DemoServers, session: requests.Session) -> None:
    truth = truth_of(changing, "gaps_in_season")
    seen = show_row(changing, session, truth)["viewedLeafCount"]
    number = next(number for number, row in leaves(changing, session, truth).items() if "viewCount" not in row)
    changing.change.mark_watched(truth.title, *number)
    changing.change.mark_watched(truth.title, *number)
    assert leaves(changing, session, truth)[number]["viewCount"] == 2
    changing.change.mark_watched(truth.title, *number, seen=False)
    assert "viewCount" not in leaves(changing, session, truth)[number]
    assert show_row(changing, session, truth)["viewedLeafCount"] == seen


@pytest.mark.parametrize("new_keys", [True, False])
def test_a_show_moves_to_another_library(changing: DemoServers, session: requests.Session, new_keys: bool) -> None:
    truth = truth_of(changing, "complete")
    before, row = leaves(changing, session, truth), show_row(changing, session, truth)
    counters = {title: section_of(changing, session, title)["contentChangedAt"] for title in ("TV Shows", "Anime")}
    changing.change.move_to_library(truth.title, "Anime", truth.year, new_keys=new_keys)
    now = truth_of(changing, "complete")
    assert (now.libraries, now.missing, now.rating_keys == truth.rating_keys) == (("Anime",), (), not new_keys)
    after, moved = leaves(changing, session, now), show_row(changing, session, now)
    assert moved["guid"] == row["guid"]
    assert (moved["addedAt"] == row["addedAt"]) is not new_keys
    assert after.keys() == before.keys()
    assert (
        not {one["ratingKey"] for one in after.values()} & {one["ratingKey"] for one in before.values()} or not new_keys
    )
    assert all("/anime/" in one["Media"][0]["Part"][0]["file"] for one in after.values())
    for section in (2, 4):
        rows = plex_json(changing, session, f"/library/sections/{section}/all?type=4&sort=addedAt:asc")["Metadata"]
        assert [one["addedAt"] for one in rows] == sorted(one["addedAt"] for one in rows)
        own = {one["ratingKey"] for one in rows if one["grandparentRatingKey"] == now.rating_keys[0]}
        assert own == ({one["ratingKey"] for one in after.values()} if section == 4 else set())
    assert all(section_of(changing, session, t)["contentChangedAt"] > c for t, c in counters.items())
    with pytest.raises(NoSuchThing):
        changing.change.move_to_library(truth.title, "Movies", truth.year)


def test_a_film_moves_to_another_library_gets_a_better_file_and_another_match(
    changing: DemoServers, session: requests.Session
) -> None:
    titles = [film.title for film in changing.world.library.titled("Movies").films]
    film = next(f for f in changing.world.library.titled("Movies").films if titles.count(f.title) == 1 and f.guids)
    old = str(film.key)
    changing.change.replace_film(film.title, film.year)
    changing.change.move_to_library(film.title, "Movies 4K", film.year)
    rows = {row["ratingKey"]: row for row in plex_json(changing, session, "/library/sections/5/all?type=1")["Metadata"]}
    row = rows[str(film.key)]
    assert old not in rows
    assert row["Media"][0]["Part"][0]["file"].startswith("/srv/media/movies-4k/")
    assert row["Media"][0]["videoResolution"] == "4k"
    changing.change.rematch_film(film.title, 0, film.year)
    assert plex_json(changing, session, f"/library/metadata/{film.key}")["Metadata"][0]["guid"].startswith("local://")


def test_a_show_that_no_library_held_is_added(changing: DemoServers, session: requests.Session) -> None:
    held = {id(entry.show) for section in changing.world.library.sections for entry in section.entries}
    show = next(show for show in changing.world.catalogue.shows.values() if id(show) not in held and show.on_tmdb)
    total = probe(changing, session, "addedAt")["totalSize"]
    key = changing.change.add_show(show.name, episodes=3)
    rows = plex_json(changing, session, f"/library/metadata/{key}/allLeaves?includeGuids=1")["Metadata"]
    assert [(row["parentIndex"], row["index"]) for row in rows] == [(1, 1), (1, 2), (1, 3)]
    assert probe(changing, session, "addedAt")["totalSize"] == total + 3
    with pytest.raises(NoSuchThing):
        changing.change.add_show(show.name)


def test_a_restored_server_has_lower_counters_and_gives_keys_again(session: requests.Session) -> None:
    with DemoServers(make_world(seed=7, now=lambda: NOON, films=40)) as demo:
        truth, other = truth_of(demo, "gaps_in_season"), truth_of(demo, "season_wholly_missing")
        rows = leaves(demo, session, truth)
        at_first = section_of(demo, session)["contentChangedAt"]
        demo.change.keep()
        key = demo.change.add_episode(truth.title, *truth.missing[0])
        demo.change.remove_episode(truth.title, *next(iter(rows)))
        later = section_of(demo, session)["contentChangedAt"]
        demo.change.restore()
        assert leaves(demo, session, truth) == rows
        assert section_of(demo, session)["contentChangedAt"] == at_first < later
        assert truth_of(demo, "gaps_in_season") == truth
        # The season of the other show is new too, so the key is that of the season now.
        demo.change.add_episode(other.title, *other.missing[0])
        row = plex_json(demo, session, f"/library/metadata/{key}")["Metadata"][0]
        assert row["type"] == "season"
        demo.change.restore()
        assert leaves(demo, session, truth) == rows
        with pytest.raises(NoSuchThing):
            demo.change.add_show("Nobody")
