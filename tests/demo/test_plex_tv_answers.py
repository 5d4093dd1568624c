"""The invented plex.tv against what is written of the real one: its watchlist was never recorded."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
import requests

from plexgap.demo.library import ShowEntry
from plexgap.demo.servers import DemoServers
from tests.demo.asking import ask_plex_tv, plex_json, plex_tv_json
from tests.demo.conftest import NOON

LIST = "/library/sections/watchlist/all"


def titles(demo: DemoServers, session: requests.Session, path: str = f"{LIST}?type=2") -> list[str]:
    return [row["title"] for row in plex_tv_json(demo, session, path).get("Metadata", [])]


def test_items_have_the_names_that_clients_read(demo: DemoServers, session: requests.Session) -> None:
    for kind, name in ((1, "movie"), (2, "show")):
        rows = plex_tv_json(demo, session, f"{LIST}?type={kind}")["Metadata"]
        assert len(rows) > 4
        for row in rows:
            assert {"ratingKey", "guid", "type", "title", "year", "slug"} <= set(row)
            assert row["guid"] == f"plex://{name}/{row['ratingKey']}"
            assert row["type"] == name
            assert "Guid" not in row
    everything = plex_tv_json(demo, session, LIST)
    assert everything["totalSize"] == len(demo.world.watchlist)


def test_shows_of_the_library_stand_on_it_in_each_way_they_can_be_known(
    demo: DemoServers, session: requests.Session
) -> None:
    rows = {row["guid"]: row for row in plex_tv_json(demo, session, f"{LIST}?type=2")["Metadata"]}
    names = {(row["title"], row["year"]) for row in rows.values()}

    def entry(tag: str) -> ShowEntry:
        found = demo.world.library.find(demo.world.tagged(tag)[0].rating_keys[0])
        assert isinstance(found, ShowEntry)
        return found

    assert entry("watchlist").guid in rows
    by_title = entry("watchlist_by_title")
    assert by_title.is_local
    assert (by_title.title, by_title.year) in names
    by_id = entry("watchlist_by_id")
    assert by_id.guid not in rows
    assert (by_id.title, by_id.year) not in names
    (known,) = [row for row in rows.values() if row["title"] == by_id.show.name]
    details = plex_tv_json(demo, session, f"/library/metadata/{known['ratingKey']}")["Metadata"][0]
    assert f"tvdb://{by_id.show.tvdb_id}" in [guid["id"] for guid in details["Guid"]]
    held = {row["title"] for row in plex_json(demo, session, "/library/sections/2/all?type=2")["Metadata"]}
    elsewhere = [row for row in rows.values() if row["title"] not in held | {by_id.show.name}]
    assert len(elsewhere) == 4
    asked = [ask_plex_tv(demo, session, f"/library/metadata/{row['ratingKey']}") for row in elsewhere]
    # One was withdrawn since it was put on the list.
    assert sorted(answer.status_code for answer in asked) == [200, 200, 200, 404]


def test_what_is_gone_is_404_in_xml(demo: DemoServers, session: requests.Session) -> None:
    for path in (f"/library/metadata/{'0' * 24}", "/library/sections/nothing/all", "/nowhere"):
        answer = ask_plex_tv(demo, session, path)
        assert answer.status_code == 404
        root = ET.fromstring(answer.content)
        assert (root.tag, root.get("error"), root.get("statusCode")) == ("Error", "Not Found", "404")


def test_pages_are_of_twenty_and_at_most_of_a_hundred(changing: DemoServers, session: requests.Session) -> None:
    films = list(changing.world.catalogue.films.values())
    for film in films:
        changing.change.add_to_watchlist(film.title, film.year)
    total = plex_tv_json(changing, session, f"{LIST}?type=1")["totalSize"]
    assert total == len(films) > 20
    assert plex_tv_json(changing, session, f"{LIST}?type=1")["size"] == 20
    for show in changing.world.catalogue.shows.values():
        changing.change.add_to_watchlist(show.name, show.year)
    everything = len(changing.world.watchlist)
    assert everything > 100
    found: list[str] = []
    for start in range(0, everything, 100):
        window = f"X-Plex-Container-Start={start}&X-Plex-Container-Size=500"
        page = plex_tv_json(changing, session, f"{LIST}?{window}")
        assert (page["offset"], page["totalSize"]) == (start, everything)
        assert page["size"] == len(page["Metadata"]) <= 100
        found += [row["ratingKey"] for row in page["Metadata"]]
    assert len(set(found)) == everything
    nothing = plex_tv_json(changing, session, f"{LIST}?X-Plex-Container-Start=0&X-Plex-Container-Size=0")
    assert (nothing["size"], nothing["totalSize"]) == (0, everything)
    assert "Metadata" not in nothing


def test_a_list_that_did_not_change_is_304(changing: DemoServers, session: requests.Session) -> None:
    first = ask_plex_tv(changing, session, f"{LIST}?type=2")
    again = ask_plex_tv(changing, session, f"{LIST}?type=2", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    changing.change.remove_from_watchlist(titles(changing, session)[0])
    after = ask_plex_tv(changing, session, f"{LIST}?type=2", **{"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200
    assert after.json()["MediaContainer"]["totalSize"] == first.json()["MediaContainer"]["totalSize"] - 1


def test_the_newest_stands_first_if_not_asked_otherwise(changing: DemoServers, session: requests.Session) -> None:
    title = changing.world.tagged("archived_complete")[0].title
    changing.change.add_to_watchlist(title)
    changing.change.add_to_watchlist(title)
    listed = titles(changing, session)
    assert listed[0] == title
    assert listed.count(title) == 1
    assert titles(changing, session, f"{LIST}?type=2&sort=watchlistedAt:asc") == listed[::-1]
    assert set(titles(changing, session, f"{LIST}?type=2&sort=titleSort")) == set(listed)
    times = [item.added_at for item in changing.world.watchlist]
    assert max(times) == NOON
    assert min(times) > NOON - timedelta(days=365)
    changing.change.clear_watchlist()
    assert titles(changing, session, LIST) == []


@pytest.mark.parametrize("path", [LIST, f"/library/metadata/{'0' * 24}", "/nowhere"])
def test_without_the_token_nothing_is_said(demo: DemoServers, session: requests.Session, path: str) -> None:
    for token in ("", "wrong"):
        answer = ask_plex_tv(demo, session, path, token=token)
        assert answer.status_code == 401
        (error,) = answer.json()["errors"]
        assert (error["code"], error["status"]) == (1001, 401)


def test_a_client_without_a_name_is_refused(demo: DemoServers, session: requests.Session) -> None:
    headers = {"X-Plex-Token": demo.world.plex_token, "Accept": "application/json"}
    answer = session.get(demo.urls["plex_tv"] + LIST, headers=headers, timeout=5)
    assert answer.status_code == 422
    assert "Client-Identifier" in answer.json()["errors"][0]["message"]


def test_xml_is_what_comes_unless_json_is_asked_for(demo: DemoServers, session: requests.Session) -> None:
    answer = ask_plex_tv(demo, session, f"{LIST}?type=2", Accept="*/*")
    root = ET.fromstring(answer.content)
    assert [row.get("title") for row in root] == titles(demo, session)
    assert {row.tag for row in root} == {"Directory"}


def test_it_fails_as_it_is_told_to(changing: DemoServers, session: requests.Session) -> None:
    changing.knobs["plex_tv"].add("status", "watchlist", status=429, retry_after="3")
    busy = ask_plex_tv(changing, session, LIST)
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "3")
    assert ask_plex_tv(changing, session, LIST).status_code == 200
    told = str(changing.knobs["plex_tv"].requests)
    assert changing.world.plex_token not in told
