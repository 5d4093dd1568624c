"""The invented TMDB against recorded answers of the real one."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from plexgap.demo.servers import DemoServers
from plexgap.demo.truth import ShowTruth
from tests.demo.asking import ask_tmdb, tmdb_json
from tests.demo.shapes import always, recorded, strays

DETAILS = [recorded("tmdb/tv_1418_append_external_ids.json"), recorded("tmdb/doc_example_tv_1399_details.json")]
# Recorded shows are over: what would be next has the form of what was last.
DETAILS += [{"next_episode_to_air": DETAILS[0]["last_episode_to_air"]}]
SEASON = recorded("tmdb/doc_example_tv_season.json")
EPISODES = [*SEASON["episodes"], recorded("tmdb/tv_1418_s7e5_append_external_ids.json")]
MOVIES = [recorded("tmdb/movie_49521.json")]
# Documented or seen (reference/tmdb.md), but cut from our samples: people, and values that may be null.
DOCUMENTED = {"crew": "list", "guest_stars": "list", "created_by": "list", "production_companies": "list"}
NULLS = {"runtime": "null", "air_date": "null", "last_air_date": "null", "tvdb_id": "null"}
NO_IDS = dict.fromkeys(("freebase_mid", "freebase_id", "tvrage_id", "wikidata_id"), "null")
NO_IDS |= dict.fromkeys(("facebook_id", "instagram_id", "twitter_id"), "null")


def show(demo: DemoServers, tag: str) -> ShowTruth:
    return demo.world.tagged(tag)[0]


def test_a_show_has_the_names_and_types_of_a_recorded_one(demo: DemoServers, session: requests.Session) -> None:
    for truth in demo.world.truths:
        if truth.tmdb_id is not None:
            body = tmdb_json(demo, session, f"/tv/{truth.tmdb_id}?append_to_response=external_ids")
            assert not strays(body, DETAILS, DOCUMENTED | NULLS | NO_IDS), truth.title
            assert always(DETAILS[:2]) <= set(body)


def test_a_season_has_the_names_and_types_of_a_recorded_one(demo: DemoServers, session: requests.Session) -> None:
    for truth in (show(demo, "gaps_in_season"), show(demo, "undated"), show(demo, "season_without_date")):
        for row in tmdb_json(demo, session, f"/tv/{truth.tmdb_id}")["seasons"]:
            body = tmdb_json(demo, session, f"/tv/{truth.tmdb_id}/season/{row['season_number']}")
            assert not strays(body, [SEASON, {"episodes": EPISODES}], DOCUMENTED | NULLS)
            assert set(SEASON) <= set(body)
            assert all(set(SEASON["episodes"][0]) <= set(episode) for episode in body["episodes"])
            assert len(body["episodes"]) == row["episode_count"]


def test_seasons_are_appended_where_they_exist_and_left_out_where_not(
    demo: DemoServers, session: requests.Session
) -> None:
    truth = show(demo, "season_0_held")
    asked = ",".join(["external_ids", *(f"season/{number}" for number in range(19))])
    body = tmdb_json(demo, session, f"/tv/{truth.tmdb_id}?append_to_response={asked}")
    listed = {row["season_number"] for row in body["seasons"]}
    appended = {key for key in body if key.startswith("season/")}
    assert appended == {f"season/{number}" for number in listed}
    assert body["season/0"] == tmdb_json(demo, session, f"/tv/{truth.tmdb_id}/season/0")
    assert body["season/1"]["episodes"][0]["crew"]
    assert body["season/1"]["episodes"][0]["guest_stars"]
    refused = ask_tmdb(demo, session, f"/tv/{truth.tmdb_id}?append_to_response={asked},season/19")
    assert (refused.status_code, refused.json()["status_code"]) == (400, 27)


def test_a_question_asked_again_with_its_validator_is_304(demo: DemoServers, session: requests.Session) -> None:
    path = f"/tv/{show(demo, 'complete').tmdb_id}"
    first = ask_tmdb(demo, session, path)
    sample = recorded("tmdb/response_headers.json")[1]["headers"]
    assert set(sample) <= set(first.headers)
    assert first.headers["ETag"].startswith('W/"')
    assert 10_000 <= int(first.headers["Cache-Control"].partition("max-age=")[2]) <= 24_000
    again = ask_tmdb(demo, session, path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = ask_tmdb(demo, session, path, **{"If-None-Match": 'W/"other"'})
    assert other.content == first.content


def test_both_kinds_of_key_are_taken_and_others_refused(demo: DemoServers, session: requests.Session) -> None:
    base = f"{demo.urls['tmdb']}/3/authentication"
    assert session.get(base, params={"api_key": demo.world.tmdb_key}, timeout=5).json()["success"] is True
    assert ask_tmdb(demo, session, "/authentication").json()["status_code"] == 1
    for headers in ({}, {"Authorization": "Bearer eyJwrong"}, {"Authorization": f"Bearer {demo.world.tmdb_key}"}):
        refused = session.get(base, headers=headers, timeout=5)
        assert refused.status_code == 401
        assert refused.json() == recorded("tmdb/error_status_401.json")


def test_problems_are_worded_as_recorded(demo: DemoServers, session: requests.Session) -> None:
    gone = show(demo, "deleted_at_tmdb")
    entry = demo.world.library.find(gone.rating_keys[0])
    number = entry.show.tmdb_id  # type: ignore[union-attr]
    for path in (f"/tv/{number}", "/tv/1", "/movie/1", "/collection/1", "/nowhere", f"/tv/{number}/season/1"):
        answer = ask_tmdb(demo, session, path)
        assert (answer.status_code, answer.json()) == (404, recorded("tmdb/error_status_response.json"))
    page = ask_tmdb(demo, session, "/search/tv?query=x&page=0")
    assert (page.status_code, page.json()) == (400, recorded("tmdb/error_status_400.json"))
    days = ask_tmdb(demo, session, "/tv/changes?start_date=2026-01-01&end_date=2026-02-01")
    assert (days.status_code, days.json()) == (422, recorded("tmdb/error_status_422.json"))


@pytest.mark.parametrize("tag", ["tvdb_guid_only", "imdb_guid_only", "falls_through_to_tvdb"])
def test_find_leads_from_an_outside_id_to_the_show(demo: DemoServers, session: requests.Session, tag: str) -> None:
    truth = show(demo, tag)
    listed = demo.world.catalogue.shows[truth.tmdb_id or 0]
    for source, value in (("tvdb_id", listed.tvdb_id), ("imdb_id", listed.imdb_id)):
        body = tmdb_json(demo, session, f"/find/{value}?external_source={source}")
        assert set(body) == set(recorded("tmdb/doc_example_find_by_id.json"))
        assert [row["id"] for row in body["tv_results"]] == [truth.tmdb_id]
        sample = recorded("tmdb/search_tv.json")["results"]
        assert not strays(body["tv_results"], [sample], {"media_type": "string"})
    nothing = tmdb_json(demo, session, "/find/99999999?external_source=tvdb_id")
    assert not any(nothing.values())


def test_find_leads_from_an_episodes_id_to_the_episode_and_from_a_films_to_the_film(
    demo: DemoServers, session: requests.Session
) -> None:
    truth = show(demo, "gaps_in_season")
    episode = next(demo.world.catalogue.shows[truth.tmdb_id or 0].episodes())
    (row,) = tmdb_json(demo, session, f"/find/{episode.tvdb_id}?external_source=tvdb_id")["tv_episode_results"]
    assert (row["id"], row["show_id"], row["season_number"]) == (episode.episode_id, truth.tmdb_id, 1)
    film = demo.world.library.titled("Movies").films[0].film
    body = tmdb_json(demo, session, f"/find/{film.imdb_id}?external_source=imdb_id")
    assert [row["id"] for row in body["movie_results"]] == [film.tmdb_id]
    assert not strays(body, [recorded("tmdb/doc_example_find_by_id.json")])


def test_searches_find_by_title_and_year(demo: DemoServers, session: requests.Session) -> None:
    both = tmdb_json(demo, session, "/search/tv?query=northbound")
    assert not strays(both, [recorded("tmdb/search_tv.json")])
    assert both["total_results"] == 2
    year = show(demo, "same_name").year
    one = tmdb_json(demo, session, f"/search/tv?query=Northbound&first_air_date_year={year}")
    assert [row["first_air_date"][:4] for row in one["results"]] == [str(year)]
    assert tmdb_json(demo, session, "/search/movie?query=nothing+of+that+name") == recorded(
        "tmdb/search_movie_no_result.json"
    )
    film = demo.world.library.titled("Movies").films[0].film
    found = tmdb_json(demo, session, f"/search/movie?query={film.title}&primary_release_year={film.year}")
    assert film.tmdb_id in [row["id"] for row in found["results"]]
    assert not tmdb_json(demo, session, f"/search/tv?query={show(demo, 'no_usable_id').title}&year=1")["results"]


def test_films_and_collections_have_recorded_forms(demo: DemoServers, session: requests.Session) -> None:
    sample = recorded("tmdb/doc_example_collection.json")
    # A recorded part carries its title under "name"; "title" is the other form that is known.
    titled = [part | {"title": "", "original_title": ""} for part in sample["parts"]]
    for truth in demo.world.collection_truths:
        listed = demo.world.catalogue.collections[truth.tmdb_id]
        film = tmdb_json(demo, session, f"/movie/{listed.parts[0]}?append_to_response=external_ids")
        assert not strays(film, MOVIES, DOCUMENTED | NO_IDS)
        assert film["belongs_to_collection"]["id"] == truth.tmdb_id
        if "collection_deleted" in truth.tags:
            assert ask_tmdb(demo, session, f"/collection/{truth.tmdb_id}").status_code == 404
            continue
        body = tmdb_json(demo, session, f"/collection/{truth.tmdb_id}")
        assert not strays(body, [sample | {"parts": titled}])
        assert ("name" in body["parts"][0]) == ("parts_by_name" in truth.tags)
    (undated,) = [t for t in demo.world.collection_truths if "part_undated" in t.tags]
    dates = [
        part.get("release_date", "absent")
        for part in tmdb_json(demo, session, f"/collection/{undated.tmdb_id}")["parts"]
    ]
    assert {"", "absent"} < set(dates)


def test_episode_groups_number_as_plex_does(demo: DemoServers, session: requests.Session) -> None:
    truth = show(demo, "group_order")
    groups = tmdb_json(demo, session, f"/tv/{truth.tmdb_id}/episode_groups")
    assert not strays(groups, [recorded("tmdb/doc_example_tv_episode_groups.json")], {"network": "null"})
    body: dict[str, Any] = tmdb_json(demo, session, f"/tv/episode_group/{groups['results'][0]['id']}")
    assert not strays(
        body, [recorded("tmdb/doc_example_tv_episode_group_details.json")], {"network": "null", "runtime": "number"}
    )
    entry = demo.world.library.find(truth.rating_keys[0])
    ids = {(r.season, r.first): r.episode(0).episode_id for r in entry.runs}  # type: ignore[union-attr]
    numbered = {(g["order"], e["order"] + 1): e["id"] for g in body["groups"] for e in g["episodes"]}
    assert ids.items() <= numbered.items()


def test_external_ids_and_changes_have_recorded_forms(demo: DemoServers, session: requests.Session) -> None:
    truth = show(demo, "complete")
    ids = tmdb_json(demo, session, f"/tv/{truth.tmdb_id}/external_ids")
    assert set(ids) == set(recorded("tmdb/doc_example_tv_external_ids.json"))
    assert set(tmdb_json(demo, session, "/tv/changes")) == set(recorded("tmdb/doc_example_tv_changes.json"))
    assert tmdb_json(demo, session, "/configuration")["images"]["poster_sizes"]


def test_pictures_are_drawn_for_the_paths_that_are_given(demo: DemoServers, session: requests.Session) -> None:
    path = tmdb_json(demo, session, f"/tv/{show(demo, 'complete').tmdb_id}")["poster_path"]
    base = demo.exports()["TMDB_IMAGE_BASE_URL"]
    answer = session.get(f"{base}/w342{path}", timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert session.get(f"{base}/w342/elsewhere.jpg", timeout=5).status_code == 404
    assert session.get(f"{base}/huge{path}", timeout=5).status_code == 404
