"""The invented TheTVDB against recorded answers of the real one, and against what is written of it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from plexgap.demo.library import ShowEntry
from plexgap.demo.listed import ListedSeason, ListedShow
from plexgap.demo.servers import DemoServers
from plexgap.demo.truth import ShowTruth
from plexgap.demo.world import make_world
from tests.demo.asking import ask_tvdb, tmdb_json, tvdb_json, tvdb_token
from tests.demo.conftest import NOON
from tests.demo.shapes import always, recorded, strays

SERIES = recorded("tvdb/series_421069_base.json")
UPDATES = recorded("tvdb/updates_page.json")
UPDATE_ROWS = [recorded("tvdb/updates_create_record.json"), recorded("tvdb/updates_delete_record.json")]
# Documented (reference/tvdb.md 4), but in no recording that we have.
BASE_ALSO = {"image": "string", "overview": "string"}
ROW_ALSO = {"seriesId": "number", "mergeToId": "number", "mergeToEntityType": "string"}
EPISODE_KEYS = {
    *("id", "seriesId", "name", "aired", "runtime", "overview", "image", "imageType", "isMovie", "linkedMovie"),
    *("number", "absoluteNumber", "seasonNumber", "seasonName", "lastUpdated", "finaleType", "year"),
    *("airsAfterSeason", "airsBeforeSeason", "airsBeforeEpisode", "nameTranslations", "overviewTranslations"),
    "seasons",
}


def tagged(demo: DemoServers, tag: str) -> ShowTruth:
    return demo.world.tagged(tag)[0]


def listed(demo: DemoServers, tag: str) -> ListedShow:
    entry = demo.world.library.find(tagged(demo, tag).rating_keys[0])
    assert isinstance(entry, ShowEntry)
    return entry.show


def episodes(demo: DemoServers, session: requests.Session, tag: str, order: str = "official") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tvdb_json(
        demo, session, f"/series/{listed(demo, tag).tvdb_id}/episodes/{order}?page=0"
    )["data"]["episodes"]
    return rows


def numbers(rows: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(row["seasonNumber"], row["number"]) for row in rows]


@pytest.fixture(scope="module")
def large() -> Iterator[DemoServers]:
    """A world with a show of more episodes than one page carries."""
    world = make_world(seed=3, now=lambda: NOON, films=20)
    show = next(show for show in world.catalogue.shows.values() if show.tvdb_id)
    show.seasons = (ListedSeason(1, 1_100, NOON.date() - timedelta(days=2_000), 1),)
    with DemoServers(world) as servers:
        yield servers


# ---------------------------------------------------------------- signing in


def login(demo: DemoServers, session: requests.Session, **body: str) -> requests.Response:
    return session.post(f"{demo.urls['tvdb']}/v4/login", json=body, timeout=5)


def test_a_projects_key_signs_in_without_a_pin_and_not_with_an_empty_one(
    demo: DemoServers, session: requests.Session
) -> None:
    answer = login(demo, session, apikey=demo.world.tvdb_key)
    assert answer.json()["status"] == "success"
    refused = login(demo, session, apikey=demo.world.tvdb_key, pin="")
    assert (refused.status_code, refused.json()["status"], refused.json()["data"]) == (401, "failure", None)


def test_a_persons_own_key_needs_his_pin(demo: DemoServers, session: requests.Session) -> None:
    world = demo.world
    assert login(demo, session, apikey=world.tvdb_user_key).status_code == 401
    assert login(demo, session, apikey=world.tvdb_user_key, pin="0000").status_code == 401
    assert login(demo, session, apikey=world.tvdb_user_key, pin=world.tvdb_pin).status_code == 200
    assert login(demo, session, apikey="wrong").status_code == 401
    assert login(demo, session, apiKey=world.tvdb_key).status_code == 401


def test_the_token_says_in_the_form_of_a_jwt_that_it_holds_for_a_month(
    demo: DemoServers, session: requests.Session
) -> None:
    part = tvdb_token(demo, session).split(".")[1]
    claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert datetime.fromtimestamp(claims["exp"], UTC) == NOON + timedelta(days=30)


def test_a_token_expires_by_the_clock_and_by_the_knob(session: requests.Session) -> None:
    at = [NOON]
    with DemoServers(make_world(seed=7, now=lambda: at[0], films=20)) as demo:
        token = tvdb_token(demo, session)
        at[0] += timedelta(days=29)
        assert ask_tvdb(demo, session, "/seasons/types", token).status_code == 200
        at[0] += timedelta(days=1)
        assert ask_tvdb(demo, session, "/seasons/types", token).status_code == 401
        token = tvdb_token(demo, session)
        answer = session.post(f"{demo.urls['tvdb']}/_demo/changes", json={"kind": "expire_tvdb_tokens"}, timeout=5)
        assert answer.json() == {"done": True}
        refused = ask_tvdb(demo, session, "/seasons/types", token)
        assert (refused.status_code, refused.json()) == (
            401,
            {"status": "failure", "message": "Unauthorized", "data": None},
        )
        assert ask_tvdb(demo, session, "/seasons/types").status_code == 200


def test_a_token_is_only_taken_as_it_was_given(demo: DemoServers, session: requests.Session) -> None:
    url, token = f"{demo.urls['tvdb']}/v4/seasons/types", tvdb_token(demo, session)
    assert session.get(url, timeout=5).status_code == 401
    head, claims, signature = token.split(".")
    for other in ("nonsense", token[:-1], f"{head}.{claims[::-1]}.{signature}"):
        assert ask_tvdb(demo, session, "/seasons/types", other).status_code == 401
    told = str(demo.knobs["tvdb"].requests)
    assert token not in told
    assert demo.world.tvdb_key not in told


# ---------------------------------------------------------------- series


def test_a_series_has_the_names_and_types_of_the_recorded_one(demo: DemoServers, session: requests.Session) -> None:
    shows = [show for show in demo.world.catalogue.shows.values() if show.tvdb_id is not None]
    assert len(shows) > 50
    for show in shows[::4]:
        body = tvdb_json(demo, session, f"/series/{show.tvdb_id}")
        assert not strays(body, [SERIES], BASE_ALSO), show.name
        assert set(SERIES["data"]) <= set(body["data"])
        assert body["data"]["id"] == show.tvdb_id
    told = {tvdb_json(demo, session, f"/series/{show.tvdb_id}")["data"]["status"]["name"] for show in shows}
    assert told == {"Continuing", "Ended", "Upcoming"}
    languages = [tvdb_json(demo, session, f"/series/{show.tvdb_id}")["data"]["nameTranslations"] for show in shows]
    assert ["deu,eng"] in languages


def test_dates_of_a_series_are_empty_text_where_there_are_none(demo: DemoServers, session: requests.Session) -> None:
    over = tvdb_json(demo, session, f"/series/{listed(demo, 'archived_complete').tvdb_id}")["data"]
    ahead = tvdb_json(demo, session, f"/series/{listed(demo, 'airs_tomorrow').tvdb_id}")["data"]
    assert over["nextAired"] == ""
    assert ahead["nextAired"] >= NOON.date().isoformat()


def test_the_extended_series_names_its_orders_and_its_ids_elsewhere(
    demo: DemoServers, session: requests.Session
) -> None:
    show = listed(demo, "absolute_order")
    body = tvdb_json(demo, session, f"/series/{show.tvdb_id}/extended?short=true")["data"]
    assert [kind["type"] for kind in body["seasonTypes"]] == ["official", "absolute"]
    assert {(row["type"]["type"], row["number"]) for row in body["seasons"]} == {
        *(("official", number) for number in (1, 2, 3)),
        ("absolute", 1),
    }
    assert len({row["id"] for row in body["seasons"]}) == len(body["seasons"])
    assert {(remote["sourceName"], remote["id"]) for remote in body["remoteIds"]} >= {
        ("IMDB", show.imdb_id),
        ("TheMovieDB.com", str(show.tmdb_id)),
    }
    assert (body["characters"], body["artworks"]) == (None, None)
    long = tvdb_json(demo, session, f"/series/{show.tvdb_id}/extended")["data"]
    assert long["characters"]
    assert long["artworks"]


def test_ids_elsewhere_are_null_several_or_shared_as_in_life(demo: DemoServers, session: requests.Session) -> None:
    def remote(tag: str) -> Any:
        return tvdb_json(demo, session, f"/series/{listed(demo, tag).tvdb_id}/extended?short=true")["data"]["remoteIds"]

    assert remote("legacy_thetvdb") is None
    of_tmdb = [row["id"] for row in remote("wrong_first_id") if row["sourceName"] == "TheMovieDB.com"]
    assert of_tmdb[1:] == [str(listed(demo, "wrong_first_id").tmdb_id)]
    assert int(of_tmdb[0]) not in demo.world.catalogue.shows
    (maze,) = [row["id"] for row in remote("scheme_twice") if row["sourceName"] == "TV Maze"]
    found = tvdb_json(demo, session, f"/search/remoteid/{maze}")["data"]
    assert {row["series"]["id"] for row in found if "series" in row} == {
        listed(demo, "scheme_twice").tvdb_id,
        demo.world.catalogue.shows[int(maze)].tvdb_id,
    }


# ---------------------------------------------------------------- episodes


def test_episodes_are_those_of_tmdb_with_thetvdbs_ids(demo: DemoServers, session: requests.Session) -> None:
    rows, show = episodes(demo, session, "gaps_in_season"), listed(demo, "gaps_in_season")
    assert all(set(row) == EPISODE_KEYS for row in rows)
    seasons = tmdb_json(demo, session, f"/tv/{show.tmdb_id}")["seasons"]
    theirs = [
        row
        for season in seasons
        for row in tmdb_json(demo, session, f"/tv/{show.tmdb_id}/season/{season['season_number']}")["episodes"]
    ]
    assert [(row["name"], row["aired"], row["number"]) for row in rows] == [
        (row["name"], row["air_date"], row["episode_number"]) for row in theirs
    ]
    assert [row["id"] for row in rows] == [row.tvdb_id for row in show.episodes()]


def test_with_a_language_the_answer_has_another_shape(demo: DemoServers, session: requests.Session) -> None:
    number = listed(demo, "foreign_titles").tvdb_id
    plain = tvdb_json(demo, session, f"/series/{number}/episodes/official")["data"]
    assert set(plain) == {"series", "episodes"}
    english = tvdb_json(demo, session, f"/series/{number}/episodes/official/eng?page=0")["data"]
    assert english["id"] == number
    assert {row["id"] for row in english["episodes"]} == {row["id"] for row in plain["episodes"]}
    german = tvdb_json(demo, session, f"/series/{number}/episodes/official/deu")["data"]["episodes"]
    assert [row["name"] for row in german] == [row["name"] for row in plain["episodes"]]
    assert not {row["name"] for row in german} & {row["name"] for row in english["episodes"]}
    unknown = tvdb_json(demo, session, f"/series/{number}/episodes/official/fra")["data"]["episodes"]
    assert {(row["name"], row["overview"]) for row in unknown} == {(None, None)}


def test_each_order_numbers_the_same_episodes_its_own_way(demo: DemoServers, session: requests.Session) -> None:
    aired, counted = (episodes(demo, session, "absolute_order", order) for order in ("official", "absolute"))
    assert numbers(aired) == [(season, number) for season in (1, 2, 3) for number in range(1, 7)]
    assert numbers(counted) == [(1, number) for number in range(1, 19)]
    assert [row["id"] for row in counted] == [row["id"] for row in aired]
    assert [row["absoluteNumber"] for row in aired] == list(range(1, 19))
    # "default" is what the series calls so.
    assert episodes(demo, session, "absolute_order", "default") == counted
    assert episodes(demo, session, "tvdb_only_show", "default") == episodes(demo, session, "tvdb_only_show", "dvd")
    assert episodes(demo, session, "tvdb_only_show", "dvd") != episodes(demo, session, "tvdb_only_show")
    assert episodes(demo, session, "absolute_order", "dvd") == []


def test_a_show_may_have_other_seasons_at_thetvdb_than_at_tmdb(demo: DemoServers, session: requests.Session) -> None:
    rows = episodes(demo, session, "one_long_season")
    assert numbers(rows) == [(season, number) for season in (1, 2, 3, 4) for number in range(1, 6)]
    show = listed(demo, "one_long_season")
    theirs = tmdb_json(demo, session, f"/tv/{show.tmdb_id}/season/1")["episodes"]
    assert [row["name"] for row in theirs] == [row["name"] for row in rows]
    assert len(theirs) == 20


def test_specials_may_have_other_numbers(demo: DemoServers, session: requests.Session) -> None:
    ours = {row["name"]: row["number"] for row in episodes(demo, session, "season_0_held") if not row["seasonNumber"]}
    theirs = tmdb_json(demo, session, f"/tv/{listed(demo, 'season_0_held').tmdb_id}/season/0")["episodes"]
    assert {row["name"]: 6 - row["episode_number"] for row in theirs} == ours


def test_dates_may_lie_a_day_off_and_unknown_ones_are_empty_or_null(
    demo: DemoServers, session: requests.Session
) -> None:
    show = listed(demo, "dates_a_day_off")
    theirs = tmdb_json(demo, session, f"/tv/{show.tmdb_id}/season/1")["episodes"]
    ours = episodes(demo, session, "dates_a_day_off")
    for row, other in zip(ours, theirs, strict=False):
        assert datetime.fromisoformat(row["aired"]) - datetime.fromisoformat(other["air_date"]) == timedelta(days=1)
    undated = {row["aired"] for row in episodes(demo, session, "season_without_date")}
    assert {"", None} < undated


def test_pages_have_five_hundred_rows_and_links_to_the_next(large: DemoServers, session: requests.Session) -> None:
    show = next(show for show in large.world.catalogue.shows.values() if show.tvdb_id)
    pages = [tvdb_json(large, session, f"/series/{show.tvdb_id}/episodes/official?page={page}") for page in range(4)]
    assert [len(page["data"]["episodes"]) for page in pages][:2] == [500, 500]
    total = sum(len(page["data"]["episodes"]) for page in pages)
    assert {page["links"]["total_items"] for page in pages} == {total} == {show.count}
    assert [page["links"]["next"] is None for page in pages] == [False, False, True, True]
    assert pages[0]["links"]["prev"] is None
    assert set(pages[0]["links"]) == set(UPDATES["links"])
    assert pages[0]["links"]["next"] == pages[1]["links"]["self"]
    assert len({row["id"] for page in pages for row in page["data"]["episodes"]}) == total
    assert pages[3]["data"]["episodes"] == []


def test_one_season_or_episode_may_be_asked_for(demo: DemoServers, session: requests.Session) -> None:
    path = f"/series/{listed(demo, 'one_long_season').tvdb_id}/episodes/official"
    season = tvdb_json(demo, session, f"{path}?season=3")["data"]["episodes"]
    assert numbers(season) == [(3, number) for number in range(1, 6)]
    (only,) = tvdb_json(demo, session, f"{path}?season=3&episodeNumber=2")["data"]["episodes"]
    assert only == season[1]
    refused = ask_tvdb(demo, session, f"{path}?episodeNumber=2")
    assert (refused.status_code, refused.json()["status"]) == (400, "failure")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/series/1", 404),
        ("/series/1/episodes/official", 404),
        ("/series/nonsense", 400),
        ("/series/1x/extended", 400),
        ("/nowhere", 404),
        ("/updates", 400),
        ("/search?query=x&offset=4990&limit=20", 400),
        ("/updates?since=1&page=minus", 400),
    ],
)
def test_problems_have_one_form(demo: DemoServers, session: requests.Session, path: str, status: int) -> None:
    answer = ask_tvdb(demo, session, path)
    assert answer.status_code == status
    assert set(answer.json()) == {"status", "message", "data"}
    assert answer.json()["status"] == "failure"


def test_an_order_of_no_name_is_refused(demo: DemoServers, session: requests.Session) -> None:
    number = listed(demo, "complete").tvdb_id
    assert ask_tvdb(demo, session, f"/series/{number}/episodes/sideways").status_code == 400
    kinds = tvdb_json(demo, session, "/seasons/types")["data"]
    assert [(kind["id"], kind["type"]) for kind in kinds][:5] == [
        (1, "official"),
        (2, "dvd"),
        (3, "absolute"),
        (4, "alternate"),
        (5, "regional"),
    ]


def test_a_failing_gateway_answers_with_a_page(changing: DemoServers, session: requests.Session) -> None:
    token = tvdb_token(changing, session)
    changing.knobs["tvdb"].add("status", "/seasons", status=502)
    changing.knobs["tvdb"].add("status", "/seasons", status=429, retry_after="2")
    broken = ask_tvdb(changing, session, "/seasons/types", token)
    assert (broken.status_code, broken.headers["Content-Type"]) == (502, "text/html")
    busy = ask_tvdb(changing, session, "/seasons/types", token)
    assert (busy.status_code, busy.headers["Retry-After"], busy.json()["status"]) == (429, "2", "failure")


# ---------------------------------------------------------------- finding


def test_a_search_finds_series_by_words_and_year(demo: DemoServers, session: requests.Session) -> None:
    both = tvdb_json(demo, session, "/search?query=northbound&type=series")
    truths = demo.world.tagged("same_name")
    assert {row["tvdb_id"] for row in both["data"]} == {str(truth.tvdb_id) for truth in truths}
    assert all(isinstance(row["year"], str) and row["id"] == f"series-{row['tvdb_id']}" for row in both["data"])
    one = tvdb_json(demo, session, f"/search?query=Northbound&type=series&year={truths[0].year}")["data"]
    assert [row["tvdb_id"] for row in one] == [str(truths[0].tvdb_id)]
    assert tvdb_json(demo, session, "/search?query=nothing+of+that+name")["data"] == []


def test_an_id_of_elsewhere_leads_to_series_and_films_alike(demo: DemoServers, session: requests.Session) -> None:
    show = listed(demo, "tvdb_guid_only")
    (found,) = tvdb_json(demo, session, f"/search/remoteid/{show.imdb_id}")["data"]
    assert found["series"]["id"] == show.tvdb_id
    shared = next(number for number in demo.world.catalogue.films if number in demo.world.catalogue.shows)
    kinds = {name for row in tvdb_json(demo, session, f"/search/remoteid/{shared}")["data"] for name in row}
    assert "movie" in kinds
    assert tvdb_json(demo, session, "/search/remoteid/tt0000001")["data"] is None


# ---------------------------------------------------------------- changes


def updates(demo: DemoServers, session: requests.Session, **query: object) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    rows: list[dict[str, Any]] = tvdb_json(demo, session, f"/updates?{asked}")["data"]
    return rows


def test_what_changes_stands_among_the_updates(changing: DemoServers, session: requests.Session) -> None:
    since = int(NOON.timestamp())
    assert updates(changing, session, since=since) == []
    truth, show = tagged(changing, "airs_tomorrow"), listed(changing, "airs_tomorrow")
    changing.change.air_episode(truth.title, days=3)
    rows = updates(changing, session, since=since)
    assert not strays(rows, [UPDATE_ROWS], ROW_ALSO)
    assert always(UPDATE_ROWS) <= set(rows[0])
    assert [(row["entityType"], row["method"], row["methodInt"]) for row in rows] == [
        ("episodes", "create", 1),
        ("series", "update", 2),
    ]
    assert rows[0]["seriesId"] == rows[1]["recordId"] == show.tvdb_id
    assert updates(changing, session, since=since, type="series") == rows[1:]
    assert updates(changing, session, since=since, action="delete") == []
    assert updates(changing, session, since=since + 1) == []
    new = tvdb_json(changing, session, f"/series/{show.tvdb_id}/episodes/official")["data"]["episodes"][-1]
    assert new["id"] == rows[0]["recordId"]
    assert new["aired"] == (NOON.date() + timedelta(days=3)).isoformat()


def test_a_postponed_a_renamed_and_a_deleted_episode_change_in_both_catalogues(
    changing: DemoServers, session: requests.Session
) -> None:
    truth, since = tagged(changing, "gaps_in_season"), int(NOON.timestamp())
    before = {(row["seasonNumber"], row["number"]): row for row in episodes(changing, session, "gaps_in_season")}
    changing.change.postpone(truth.title, 5, 4, days=20)
    changing.change.rename_episode(truth.title, 1, 2, "Another Name")
    changing.change.unlist_episode(truth.title, *truth.missing[0])
    after = {(row["seasonNumber"], row["number"]): row for row in episodes(changing, session, "gaps_in_season")}
    assert after[(5, 4)]["aired"] == (NOON.date() + timedelta(days=20)).isoformat()
    assert after[(1, 2)]["name"] == "Another Name"
    assert before.keys() - after.keys() == {truth.missing[0]}
    gone = updates(changing, session, since=since, action="delete")
    assert [(row["entityType"], row["recordId"]) for row in gone] == [("episodes", before[truth.missing[0]]["id"])]
    listed_at_tmdb = tmdb_json(changing, session, f"/tv/{truth.tmdb_id}/season/{truth.missing[0][0]}")["episodes"]
    assert truth.missing[0][1] not in [row["episode_number"] for row in listed_at_tmdb]
    now = tagged(changing, "gaps_in_season")
    assert (now.missing, now.listed, now.held) == (truth.missing[1:], truth.listed - 1, truth.held)


def test_each_catalogue_renumbers_by_itself(changing: DemoServers, session: requests.Session) -> None:
    truth = tagged(changing, "archived_complete")
    before = episodes(changing, session, "archived_complete")
    changing.change.renumber(truth.title, (1, 1), (1, 2))
    assert numbers(episodes(changing, session, "archived_complete")) == numbers(before)
    assert [row["id"] for row in episodes(changing, session, "archived_complete")] == [row["id"] for row in before]
    assert updates(changing, session, since=int(NOON.timestamp())) == []
    changing.change.renumber(truth.title, (1, 3), (1, 4), at_tvdb=True)
    after = episodes(changing, session, "archived_complete")
    assert [row["id"] for row in after[:4]] == [before[place]["id"] for place in (0, 1, 3, 2)]
    assert tagged(changing, "archived_complete") == truth


def test_a_deleted_series_is_404_and_among_the_updates(changing: DemoServers, session: requests.Session) -> None:
    truth = tagged(changing, "complete")
    changing.change.delete_at_tvdb(truth.title)
    assert ask_tvdb(changing, session, f"/series/{truth.tvdb_id}").json()["message"] == "Series not found"
    (row,) = updates(changing, session, since=int(NOON.timestamp()))
    assert (row["entityType"], row["recordId"], row["method"]) == ("series", truth.tvdb_id, "delete")


def test_links_of_updates_drop_what_was_asked_besides(changing: DemoServers, session: requests.Session) -> None:
    truth = tagged(changing, "airs_tomorrow")
    for number in range(300):
        changing.change.rename_episode(truth.title, 1, 1, f"Name {number}")
    page = tvdb_json(changing, session, "/updates?since=0&page=0")
    assert (len(page["data"]), page["links"]["total_items"]) == (500, 600)
    assert not strays(page["links"], [UPDATES["links"]])
    assert page["links"]["next"].endswith("/v4/updates?page=1")
    assert len(updates(changing, session, since=0, page=1)) == 100


def test_pictures_are_drawn_for_the_addresses_that_are_given(demo: DemoServers, session: requests.Session) -> None:
    body = tvdb_json(demo, session, f"/series/{listed(demo, 'complete').tvdb_id}")["data"]
    answer = session.get(body["image"], timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert session.get(f"{demo.urls['tvdb']}/banners/elsewhere.jpg", timeout=5).status_code == 404
