from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from plexgap.domain.catalogue import Candidate, Hits, ListedEpisode, Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import BadAnswer, NotListed, Rejected
from plexgap.domain.ids import ExternalId, Source
from plexgap.sources.http import Transport
from plexgap.sources.tmdb import Tmdb, tmdb_transport
from tests.scripted import Answer, FakeTime, ScriptedServer
from tests.tmdb_forms import ABSENT, REFUSED, appended, episode_form, search_form, season_form, show_form

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
PROOF = Answer(json={"success": True, "status_code": 1, "status_message": "Success."})
SEARCHES = ("search_tv.json", "search_movie_no_result.json")
V3_KEY = "0123456789abcdef0123456789abcdef"
V4_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiIwMTIzIn0.s1gn-ature_x"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def transport(server: ScriptedServer, tmp_path: Path) -> Iterator[Transport]:
    with closing(make(server, V4_TOKEN, tmp_path / "http.sqlite")) as transport:
        yield transport


@pytest.fixture
def tmdb(transport: Transport) -> Tmdb:
    return Tmdb(transport, lambda: NOW)


def make(server: ScriptedServer, key: str, cache_path: Path | None = None) -> Transport:
    time = FakeTime()
    return tmdb_transport(
        key,
        server.url + "/3",
        cache_path=cache_path,
        requests_per_second=20,
        workers=2,
        stop=time.stop,
        clock=time.clock,
        wait=time.wait,
    )


def a_show(*seasons: int, episodes: int = 2) -> Listing:
    """Show 7 with these seasons, every episode dated."""
    numbers = [EpisodeNumber(season, each) for season in seasons for each in range(1, episodes + 1)]
    return Listing(
        provider=Source.TMDB,
        show_id=7,
        order="aired",
        title="Kestrel House",
        year=2019,
        status="Returning Series",
        ids=frozenset({ExternalId(Source.TMDB, "7")}),
        episodes=tuple(
            ListedEpisode(
                number, f"Part {number}", date(2020, 1, number.number), 40, 100 * number.season + number.number
            )
            for number in numbers
        ),
        fetched_at=NOW,
    )


def serve(server: ScriptedServer, listing: Listing, **changed: object) -> None:
    """Each request for the show gets what it asks for, in the order that `Tmdb` asks."""
    seasons = sorted({episode.number.season for episode in listing.episodes})
    late = [season for season in seasons if season > 18]
    batches = [range(19), *(late[start : start + 20] for start in range(0, len(late), 20))]
    asked = ["external_ids," + ",".join(f"season/{number}" for number in batch) for batch in batches]
    server.on("/3/tv/7", *[Answer(json=appended(listing, each, **changed)) for each in asked])


def appended_to(server: ScriptedServer) -> list[list[str]]:
    return [asked.query["append_to_response"].split(",") for asked in server.asked]


# Requests


def test_most_shows_cost_one_request_that_appends_twenty_things(server: ScriptedServer, tmdb: Tmdb) -> None:
    listing = a_show(0, 1, 2, 18)
    serve(server, listing)
    assert tmdb.show(7) == listing
    (names,) = appended_to(server)
    assert names == ["external_ids", *(f"season/{number}" for number in range(19))]
    assert len(names) == 20


def test_seasons_beyond_come_by_twenty_whatever_their_numbers(server: ScriptedServer, tmdb: Tmdb) -> None:
    listing = a_show(1, 18, *range(19, 30), *range(2000, 2012), episodes=1)
    serve(server, listing)
    assert tmdb.show(7) == listing
    _, second, third = appended_to(server)
    assert second == [f"season/{number}" for number in [*range(19, 30), *range(2000, 2009)]]
    assert third == ["season/2009", "season/2010", "season/2011"]


@pytest.mark.parametrize("body", [None, ABSENT, {"episodes": None}, [], {"episodes": [{"id": 1}]}])
def test_listed_season_that_did_not_come_along_is_asked_for_once(
    body: object, server: ScriptedServer, tmdb: Tmdb
) -> None:
    listing = a_show(1, 2)
    broken = {} if body is None else {"season/2": body}
    server.on("/3/tv/7", Answer(json=appended(listing, "season/1", **broken)))
    server.on("/3/tv/7/season/2", Answer(json=season_form(map(episode_form, listing.episodes[2:]), 2)))
    assert tmdb.show(7) == listing
    assert server.paths == ["/3/tv/7", "/3/tv/7/season/2"]


def test_season_that_is_not_there_is_empty_only_if_it_is_listed_as_empty(server: ScriptedServer, tmdb: Tmdb) -> None:
    listing = a_show(1)
    rows = [{"season_number": 1, "episode_count": 2}, {"season_number": 2, "episode_count": 0}]
    server.on("/3/tv/7", Answer(json=appended(listing, "season/1", seasons=rows)))
    assert tmdb.show(7) == listing

    rows[1]["episode_count"] = 8
    server.on("/3/tv/7", Answer(json=appended(listing, "season/1", seasons=rows)))
    with pytest.raises(BadAnswer, match=r"/tv/7/season/2: it is listed, but not there"):
        tmdb.show(7)


def test_season_that_comes_empty_is_believed_only_if_it_is_listed_as_empty(server: ScriptedServer, tmdb: Tmdb) -> None:
    listing = a_show(1)
    rows = [{"season_number": 1, "episode_count": 2}, {"season_number": 2, "episode_count": 0}]
    empty = {"season/2": season_form([], 2)}
    server.on("/3/tv/7", Answer(json=appended(listing, "season/1", seasons=rows, **empty)))
    assert tmdb.show(7) == listing
    assert server.paths == ["/3/tv/7"]

    rows[1]["episode_count"] = 8
    server.on("/3/tv/7", Answer(json=appended(listing, "season/1", seasons=rows, **empty)))
    server.on("/3/tv/7/season/2", Answer(json=season_form([], 2)))
    with pytest.raises(BadAnswer, match=r"/tv/7/season/2: it is listed, but not there"):
        tmdb.show(7)


# What TMDB means


def test_ids_of_every_source_come_along_and_placeholders_do_not(server: ScriptedServer, tmdb: Tmdb) -> None:
    external = {"imdb_id": "tt0903747", "tvdb_id": 81189, "tvrage_id": 5, "facebook_id": "x"}
    serve(server, a_show(1), external_ids=external)
    assert {str(each) for each in tmdb.show(7).ids} == {"tmdb://7", "tvdb://81189", "imdb://tt0903747"}
    for nothing in ({"imdb_id": "", "tvdb_id": 0}, {"imdb_id": None, "tvdb_id": None}, {}, None):
        serve(server, a_show(1), external_ids=nothing)
        assert {str(each) for each in tmdb.show(7).ids} == {"tmdb://7"}


@pytest.mark.parametrize(
    ("raw", "day"),
    [("2020-02-29", date(2020, 2, 29)), ("", None), (None, None), ("2020-00-00", None), ("soon", None)],
)
def test_missing_and_malformed_dates_are_no_date_and_hide_nothing(
    raw: str | None, day: date | None, server: ScriptedServer, tmdb: Tmdb, caplog: pytest.LogCaptureFixture
) -> None:
    listing = a_show(1)
    body = season_form([episode_form(e, air_date=raw) for e in listing.episodes], 1)
    server.on("/3/tv/7", Answer(json=show_form(listing, first_air_date=raw) | {"season/1": body}))
    read = tmdb.show(7)
    assert [episode.air_date for episode in read.episodes] == [day, day]
    assert read.year == (2020 if day else None)
    assert ("is no date" in caplog.text) == (raw in ("2020-00-00", "soon"))


def test_empty_names_and_lengths_are_unknown(server: ScriptedServer, tmdb: Tmdb) -> None:
    listing = a_show(1, episodes=3)
    bodies: list[dict[str, object]] = [
        episode_form(listing.episodes[0], name=None, runtime=None),
        episode_form(listing.episodes[1], name="", runtime=0),
        {"id": 103, "episode_number": 3},
    ]
    form = show_form(listing, name="", status=None, next_episode_to_air=None) | {"season/1": season_form(bodies, 1)}
    server.on("/3/tv/7", Answer(json=form))
    read = tmdb.show(7)
    assert [(episode.title, episode.runtime_min) for episode in read.episodes] == [("", None)] * 3
    assert (read.title, read.status) == ("the original name", "")


def test_number_that_stands_twice_counts_once(
    server: ScriptedServer, tmdb: Tmdb, caplog: pytest.LogCaptureFixture
) -> None:
    listing = a_show(1)
    twice = season_form([*map(episode_form, listing.episodes), episode_form(listing.episodes[0], id=999)], 1)
    server.on("/3/tv/7", Answer(json=show_form(listing) | {"season/1": twice}))
    assert tmdb.show(7) == listing
    assert "S01E01 twice" in caplog.text


@pytest.mark.parametrize(
    ("said", "days", "expected"),
    [
        ({"air_date": "2026-12-01"}, ["2026-11-25"], date(2026, 12, 1)),
        (None, ["2026-11-20", "2026-11-25", "2026-11-23"], date(2026, 11, 23)),
        ({"air_date": ""}, ["2026-11-21"], date(2026, 11, 21)),
        (None, ["2026-11-20", ""], None),
    ],
)
def test_next_air_date_is_tmdbs_word_or_the_first_day_from_today_on(
    said: object, days: list[str], expected: date | None, server: ScriptedServer, tmdb: Tmdb
) -> None:
    listing = a_show(1, episodes=len(days))
    bodies = [episode_form(e, air_date=day) for e, day in zip(listing.episodes, days, strict=True)]
    form = show_form(listing, next_episode_to_air=said) | {"season/1": season_form(bodies, 1)}
    server.on("/3/tv/7", Answer(json=form))
    assert tmdb.show(7).next_air_date == expected


def test_recorded_answer_is_understood(server: ScriptedServer, tmdb: Tmdb) -> None:
    recorded = json.loads((Path(__file__).parent.parent / "payloads/tmdb/tv_1418_append_external_ids.json").read_text())
    for row in recorded["seasons"]:
        first = episode_form(ListedEpisode(EpisodeNumber(row["season_number"], 1), episode_id=row["id"]))
        recorded[f"season/{row['season_number']}"] = season_form([first], row["season_number"])
    server.on("/3/tv/1418", Answer(json=recorded))
    read = tmdb.show(1418)
    assert (read.title, read.year, read.status) == ("The Big Bang Theory", 2007, "Ended")
    assert {str(each) for each in read.ids} == {"tmdb://1418", "tvdb://80379", "imdb://tt0898266"}
    assert len(server.asked) == 1


def test_recorded_search_is_understood(server: ScriptedServer, tmdb: Tmdb) -> None:
    payloads = Path(__file__).parent.parent / "payloads/tmdb"
    server.on("/3/search/tv", *(Answer(body=(payloads / name).read_bytes()) for name in SEARCHES))
    found = tmdb.search("The Big Bang Theory")
    assert [(each.show_id, each.title, each.year) for each in found.candidates] == [
        (1418, "The Big Bang Theory", 2007),
        (280440, "The Big Bang Theory", None),
    ]
    assert {each.original_title for each in found.candidates} == {""}
    assert not found.more
    assert tmdb.search("Nothing at all") == Hits(())
    assert server.asked[0].query == {"query": "The Big Bang Theory"}


def test_original_title_comes_along_where_it_is_another(server: ScriptedServer, tmdb: Tmdb) -> None:
    hits = Hits((Candidate(Source.TMDB, 9, "The Ferryman", 2020, original_title="Der Fährmann"),), more=True)
    server.on("/3/search/tv", Answer(json=search_form(hits)))
    assert tmdb.search("Der Fährmann", 2020) == hits


def test_search_is_kept_by_its_validator_title_by_title(server: ScriptedServer, tmdb: Tmdb) -> None:
    one = Hits((Candidate(Source.TMDB, 9, "One", 2020),))
    server.on("/3/search/tv", Answer(json=search_form(one), etag='W/"one"'))
    assert [tmdb.search("One"), tmdb.search("One"), tmdb.search("Two"), tmdb.search("One", 2020)] == [one] * 4
    assert ["if-none-match" in asked.headers for asked in server.asked] == [False, True, False, False]


def test_search_that_is_not_there_is_no_empty_answer(server: ScriptedServer, tmdb: Tmdb) -> None:
    server.on("/3/authentication", PROOF)
    with pytest.raises(BadAnswer, match=r"/search/tv: not there"):
        tmdb.search("Kestrel House")


@pytest.mark.parametrize(
    "changed",
    [{"seasons": None}, {"seasons": [{"season_number": None}]}, {"id": "x"}, {"id": 8}, {"name": ["a"]}],
)
def test_form_that_changed_is_a_bad_answer_and_no_listing(
    changed: dict[str, Any], server: ScriptedServer, tmdb: Tmdb
) -> None:
    serve(server, a_show(1), **changed)
    with pytest.raises(BadAnswer, match=r"TMDB: /tv/7: "):
        tmdb.show(7)
    assert len(server.asked) == 1


# What is absent, and what is refused


@pytest.mark.parametrize(("code", "error"), [(34, NotListed), (6, NotListed), (7, BadAnswer), (None, BadAnswer)])
def test_only_tmdbs_own_word_means_not_listed(
    code: int | None, error: type[Exception], server: ScriptedServer, tmdb: Tmdb
) -> None:
    server.on("/3/authentication", PROOF)
    server.on("/3/tv/7", Answer(status=404, json={"success": False, "status_code": code}))
    with pytest.raises(error):
        tmdb.show(7)


def test_wrong_address_makes_no_show_seem_gone(server: ScriptedServer, tmdb: Tmdb) -> None:
    for question in (lambda: tmdb.show(7), lambda: tmdb.find(ExternalId(Source.TVDB, "81189"))):
        with pytest.raises(BadAnswer, match=r"/authentication: no such address"):
            question()


def test_address_is_proven_once(server: ScriptedServer, tmdb: Tmdb) -> None:
    server.on("/3/authentication", PROOF)
    for show_id in (404, 405):
        with pytest.raises(NotListed):
            tmdb.show(show_id)
    assert server.paths == ["/3/tv/404", "/3/authentication", "/3/tv/405"]


def test_shared_numbers_are_found_once_and_unknown_ids_not_at_all(server: ScriptedServer, tmdb: Tmdb) -> None:
    server.on(
        "/3/find/81189", Answer(json={"movie_results": [{"id": 1}], "tv_results": [{"id": 9}, {"id": 7}, {"id": 9}]})
    )
    assert tmdb.find(ExternalId(Source.TVDB, "81189")) == (9, 7)
    assert tmdb.find(ExternalId(Source.IMDB, "tt0000404")) == ()
    assert [asked.query["external_source"] for asked in server.asked] == ["tvdb_id", "imdb_id"]


def test_wrong_address_fails_the_check_and_is_said(server: ScriptedServer, tmdb: Tmdb) -> None:
    with pytest.raises(BadAnswer) as caught:
        tmdb.check()
    assert "https://api.themoviedb.org/3" in caught.value.advice


@pytest.mark.parametrize(
    ("key", "header", "param"),
    [
        (V3_KEY, None, V3_KEY),
        (f" {V3_KEY}\n", None, V3_KEY),
        (V4_TOKEN, f"Bearer {V4_TOKEN}", None),
        (f"{V4_TOKEN}\n", f"Bearer {V4_TOKEN}", None),
        ("eyJ not a token\r\nX: 1", None, "eyJ not a token\r\nX: 1"),
        ("schlüssel", None, "schlüssel"),
    ],
)
def test_key_travels_as_a_header_where_it_can(
    key: str, header: str | None, param: str | None, server: ScriptedServer
) -> None:
    server.otherwise = Answer(status=401, json=REFUSED)
    with closing(make(server, key)) as transport, pytest.raises(Rejected) as caught:
        Tmdb(transport, lambda: NOW).check()
    assert caught.value.advice == (
        "TMDB refused this key. Copy it once more; it has 32 characters, or starts with eyJ."
    )
    (asked,) = server.asked
    assert (asked.headers.get("authorization"), asked.query.get("api_key")) == (header, param)


def test_people_and_pictures_are_never_kept(
    server: ScriptedServer, tmdb: Tmdb, transport: Transport, tmp_path: Path
) -> None:
    listing = a_show(1)
    server.on("/3/tv/7", Answer(json=appended(listing, "season/1"), etag='W/"a"'))
    tmdb.show(7)
    transport.close()
    with closing(sqlite3.connect(tmp_path / "http.sqlite")) as connection:
        ((body,),) = connection.execute("SELECT body FROM answers").fetchall()
    assert "Part S01E01" in body
    for dropped in ("Nobody Needed", "still.jpg", "A long text", "Q1", "CBS"):
        assert dropped in json.dumps(appended(listing, "season/1"))
        assert dropped not in body
