"""What is asked of TheTVDB and how its answers are read. Signing in: test_tvdb_login."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plexgap.domain.catalogue import (
    ABSOLUTE,
    AIRED,
    DVD,
    Ask,
    Candidate,
    Hits,
    KnownOrder,
    ListedEpisode,
    Listing,
)
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import BadAnswer, NotListed, Unreachable
from plexgap.domain.ids import ExternalId, Source
from plexgap.sources.http import Transport
from plexgap.sources.tmdb import Tmdb, tmdb_transport
from plexgap.sources.tvdb import Tvdb, tvdb_transport
from plexgap.sources.tvdb_login import Login
from tests.scripted import Answer, FakeTime, MemoryKeeper, ScriptedServer
from tests.tmdb_forms import appended
from tests.tvdb_forms import (
    FAILED,
    KEY,
    base_form,
    episode_form,
    found_form,
    language_form,
    login_form,
    page_form,
    search_form,
    series_form,
    token,
    update_form,
    updates_form,
)

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
PAYLOADS = Path(__file__).parent.parent / "payloads/tvdb"
SERIES, OFFICIAL = "/v4/series/5/extended", "/v4/series/5/episodes/official"
IMDB, TMDB = ExternalId(Source.IMDB, "tt1877368"), ExternalId(Source.TMDB, "2950")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(otherwise=Answer(status=404, json=FAILED)) as server:
        server.on("/v4/login", Answer(json=login_form(token(NOW + timedelta(days=30)))))
        yield server


@pytest.fixture
def transport(server: ScriptedServer, tmp_path: Path) -> Iterator[Transport]:
    time = FakeTime()
    made = tvdb_transport(
        server.url + "/v4",
        cache_path=tmp_path / "http.sqlite",
        requests_per_second=20,
        workers=2,
        stop=time.stop,
        now=lambda: NOW,
        clock=time.clock,
        wait=time.wait,
    )
    with closing(made):
        yield made


@pytest.fixture
def tvdb(server: ScriptedServer, transport: Transport) -> Tvdb:
    """Signed in, and nothing asked yet."""
    login = Login(transport, KEY, "", server.url + "/v4", MemoryKeeper(), lambda: NOW)
    login.sign_in()
    server.asked.clear()
    return Tvdb(login, lambda: NOW)


def a_show(*numbers: tuple[int, int], **changed: Any) -> Listing:
    """Show 5 with these episodes, every one dated."""
    listing = Listing(
        provider=Source.TVDB,
        show_id=5,
        order=AIRED,
        title="Kestrel House",
        year=2019,
        status="Continuing",
        ids=frozenset({ExternalId(Source.TVDB, "5")}),
        episodes=tuple(
            ListedEpisode(EpisodeNumber(*number), f"Part {place}", date(2020, 1, 1 + place % 28), 40, 100 + place)
            for place, number in enumerate(numbers)
        ),
        fetched_at=NOW,
        orders=(),
    )
    return replace(listing, **changed)


def serve(server: ScriptedServer, listing: Listing, **series: object) -> None:
    """The series, and its episodes on pages of 500."""
    rows = [*map(episode_form, listing.episodes)]
    pages = [rows[start : start + 500] for start in range(0, len(rows), 500)] or [[]]
    forms = [page_form(listing, page, number, len(pages), len(rows)) for number, page in enumerate(pages)]
    server.on(SERIES, Answer(json=series_form(listing, **series)))
    server.on(OFFICIAL, *(Answer(json=form) for form in forms * 3))


def serve_rows(server: ScriptedServer, *rows: dict[str, Any], listing: Listing | None = None) -> None:
    listing = listing or a_show()
    server.on(SERIES, Answer(json=series_form(listing)))
    server.on(OFFICIAL, Answer(json=page_form(listing, rows)))


def asked_pages(server: ScriptedServer, path: str = OFFICIAL) -> list[dict[str, str]]:
    return [asked.query for asked in server.asked if asked.path == path]


# Pages


def test_most_shows_cost_two_requests_and_leave_people_and_pictures_out(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show((0, 1), (1, 1), (1, 2))
    serve(server, listing)
    assert tvdb.show(5) == listing
    assert [(asked.path, asked.query) for asked in server.asked] == [
        (SERIES, {"short": "true"}),
        (OFFICIAL, {"page": "0"}),
    ]


def test_five_hundred_episodes_come_on_a_page_whose_address_is_our_own(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show(*((season, number) for season in range(1, 13) for number in range(1, 101)))
    serve(server, listing)
    assert tvdb.show(5) == listing
    assert asked_pages(server) == [{"page": "0"}, {"page": "1"}, {"page": "2"}]


def test_next_page_that_is_always_told_ends_at_an_empty_one(server: ScriptedServer, tvdb: Tvdb) -> None:
    """Until December 2021 `next` was never null."""
    listing = a_show((1, 1), (1, 2))
    rows = [*map(episode_form, listing.episodes)]
    serve(server, listing)
    server.on(OFFICIAL, Answer(json=page_form(listing, rows, 0, 9)), Answer(json=page_form(listing, [], 1, 9, 2)))
    assert tvdb.show(5) == listing
    assert len(asked_pages(server)) == 2


def test_page_that_is_given_again_and_again_ends_the_walk(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show((1, 1), (1, 2))
    serve(server, listing)
    server.on(OFFICIAL, Answer(json=page_form(listing, [*map(episode_form, listing.episodes)], 0, 9)))
    assert tvdb.show(5) == listing
    assert len(asked_pages(server)) == 2


def test_episode_that_stands_on_two_pages_counts_once(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show((1, 1), (1, 2), (1, 3))
    one, two, three = map(episode_form, listing.episodes)
    serve(server, listing)
    pages = page_form(listing, [one, two], 0, 2, 4), page_form(listing, [two, three], 1, 2, 4)
    server.on(OFFICIAL, *(Answer(json=page) for page in pages))
    assert tvdb.show(5) == listing


@pytest.mark.parametrize(("rows", "asked"), [(500, 2), (499, 1)])
def test_without_a_word_of_further_pages_a_full_one_is_followed(
    rows: int, asked: int, server: ScriptedServer, tvdb: Tvdb
) -> None:
    listing = a_show(*((1, number) for number in range(1, rows + 1)))
    serve(server, listing)
    forms = [page_form(listing, [*map(episode_form, listing.episodes)]), page_form(listing, [])]
    server.on(OFFICIAL, *(Answer(json={**form, "links": None}) for form in forms))
    assert tvdb.show(5) == listing
    assert len(asked_pages(server)) == asked


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        (Answer(status=404, json=FAILED), "page 1 is not there"),
        (Answer(json=page_form(a_show(), [], 1, 2, 700)), "500 episodes on 1 pages are not all"),
        (Answer(json=page_form(a_show(), [episode_form(a_show((1, 1)).episodes[0])], 1, 2, 700)), "are not all"),
    ],
    ids=["page that is gone", "empty page", "first page again"],
)
def test_walk_that_ends_too_early_is_a_bad_answer_and_no_listing(
    second: Answer, problem: str, server: ScriptedServer, tvdb: Tvdb
) -> None:
    listing = a_show(*((1, number) for number in range(1, 501)))
    serve(server, listing)
    rows = [*map(episode_form, listing.episodes)]
    server.on(OFFICIAL, Answer(json=page_form(listing, rows, 0, 2, 700)), second)
    with pytest.raises(BadAnswer, match=problem) as caught:
        tvdb.show(5)
    assert caught.value.advice == "TheTVDB did not give all episodes of this show. Try again later."


def test_page_that_fails_is_a_failure_of_the_whole(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show(*((1, number) for number in range(1, 601)))
    serve(server, listing)
    rows = [*map(episode_form, listing.episodes[:500])]
    server.on(OFFICIAL, Answer(json=page_form(listing, rows, 0, 2, 600)), Answer(status=503, json=FAILED))
    with pytest.raises(Unreachable):
        tvdb.show(5)


def test_walk_without_an_end_is_given_up(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show(*((1, number) for number in range(1, 102)))
    serve(server, listing)
    rows = [*map(episode_form, listing.episodes)]
    server.on(OFFICIAL, *(Answer(json=page_form(listing, [row], page, 999, 0)) for page, row in enumerate(rows)))
    with pytest.raises(BadAnswer, match="more than 100 pages"):
        tvdb.show(5)
    assert len(asked_pages(server)) == 100


def test_show_without_episodes_is_listed_with_none(server: ScriptedServer, tvdb: Tvdb) -> None:
    serve(server, a_show())
    assert tvdb.show(5) == a_show()


@pytest.mark.parametrize("shape", ["beside", "around", "alone"])
def test_episodes_are_read_in_every_shape_they_come_in(shape: str, server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show((1, 1), (1, 2))
    rows = [*map(episode_form, listing.episodes)]
    serve(server, listing)
    forms = {"beside": page_form(listing, rows), "around": language_form(listing, rows)}
    alone = {"status": "success", "data": {"episodes": rows}, "links": page_form(listing, rows)["links"]}
    server.on(OFFICIAL, Answer(json=forms.get(shape, alone)))
    assert tvdb.show(5) == listing


@pytest.mark.parametrize("form", [page_form(a_show(show_id=6), []), language_form(a_show(show_id=6), [])])
def test_episodes_of_another_show_are_a_bad_answer(form: object, server: ScriptedServer, tvdb: Tvdb) -> None:
    serve(server, a_show())
    server.on(OFFICIAL, Answer(json=form))
    with pytest.raises(BadAnswer, match=r"TheTVDB: /series/5/episodes/official: it is show 6"):
        tvdb.show(5)


@pytest.mark.parametrize(
    "changed", [{"id": None}, {"id": "x"}, {"id": 6}, {"name": ["a"]}, {"remoteIds": {}}, {"seasonTypes": "dvd"}]
)
def test_form_that_changed_is_a_bad_answer_and_no_listing(
    changed: dict[str, Any], server: ScriptedServer, tvdb: Tvdb
) -> None:
    serve(server, a_show(), **changed)
    with pytest.raises(BadAnswer, match=r"TheTVDB: /series/5/extended: "):
        tvdb.show(5)


@pytest.mark.parametrize("answer", [Answer(json=FAILED), Answer(json={**series_form(a_show()), "status": "failure"})])
def test_failure_that_comes_as_a_200_is_no_answer(answer: Answer, server: ScriptedServer, tvdb: Tvdb) -> None:
    server.otherwise = answer
    for question in (lambda: tvdb.show(5), lambda: tvdb.find(IMDB), lambda: tvdb.search("Kestrel House")):
        with pytest.raises(BadAnswer):
            question()


def test_gone_show_is_named(server: ScriptedServer, tvdb: Tvdb) -> None:
    with pytest.raises(NotListed) as caught:
        tvdb.show(5)
    assert caught.value.advice == "TheTVDB does not list the show with number 5."
    assert server.paths == [SERIES]


# What the answers mean


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        *[("2020-02-29", date(2020, 2, 29)), ("", None), (None, None), ("0000-00-00", None)],
        *[("2020-02-30", None), ("soon", None), ("1900-01-01", date(1900, 1, 1))],
    ],
)
def test_missing_and_malformed_dates_are_no_date_and_hide_nothing(
    raw: str | None, day: date | None, server: ScriptedServer, tvdb: Tvdb, caplog: pytest.LogCaptureFixture
) -> None:
    listing = a_show((1, 1), (1, 2))
    serve(server, listing, firstAired=raw, year=None)
    rows = [episode_form(each, aired=raw) for each in listing.episodes]
    server.on(OFFICIAL, Answer(json=page_form(listing, rows)))
    read = tvdb.show(5)
    assert [episode.air_date for episode in read.episodes] == [day, day]
    assert read.year == (day.year if day else None)
    assert ("is no date" in caplog.text) == (raw in ("2020-02-30", "soon"))


def test_number_0_is_one_and_a_row_without_any_is_left_out_and_logged(
    server: ScriptedServer, tvdb: Tvdb, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="plexgap")
    listing = a_show((0, 0), (0, 3), (1, 0), (1, 1))
    kept = [*map(episode_form, listing.episodes)]
    none = [episode_form(listing.episodes[0], id=900 + place) for place in range(3)]
    none[0] |= {"seasonNumber": None}
    none[1] |= {"number": None}
    none[2] |= {"number": -1}
    serve_rows(server, *none, *kept)
    assert tvdb.show(5).episodes == listing.episodes
    assert [line for line in (900, 901, 902) if f"episode {line} no number" in caplog.text] == [900, 901, 902]


def test_number_that_two_episodes_bear_counts_once_in_aired_order(
    server: ScriptedServer, tvdb: Tvdb, caplog: pytest.LogCaptureFixture
) -> None:
    listing = a_show((1, 1), (1, 2))
    serve_rows(server, *map(episode_form, listing.episodes), episode_form(listing.episodes[0], id=999))
    assert tvdb.show(5).episodes == listing.episodes
    assert "TheTVDB lists S01E01 twice" in caplog.text


def test_number_that_two_episodes_bear_stays_in_another_order(
    server: ScriptedServer, tvdb: Tvdb, caplog: pytest.LogCaptureFixture
) -> None:
    listing = a_show((1, 1), (1, 1), (1, 2), order=DVD)
    rows = [*map(episode_form, listing.episodes)]
    server.on("/v4/series/5/episodes/dvd", Answer(json=page_form(listing, [rows[2], *rows[:2]])))
    assert tvdb.show(5, order=DVD).episodes == listing.episodes
    assert "twice" not in caplog.text


def test_empty_names_lengths_and_states_are_unknown(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show((1, 1), (1, 2), (1, 3))
    serve(server, listing, name=None, status=None, year="", firstAired="", remoteIds=None, nextAired=None)
    rows = [
        episode_form(listing.episodes[0], name=None, runtime=None),
        episode_form(listing.episodes[1], name="", runtime=0),
        {"id": 102, "seasonNumber": 1, "number": 3},
    ]
    server.on(OFFICIAL, Answer(json=page_form(listing, rows)))
    read = tvdb.show(5)
    assert [(episode.title, episode.runtime_min) for episode in read.episodes] == [("", None)] * 3
    assert (read.title, read.year, read.status) == ("", None, "")
    assert read.ids == {ExternalId(Source.TVDB, "5")}


@pytest.mark.parametrize(("raw", "year"), [("2023", 2023), (2023, 2023), ("0", 2019), ("", 2019), ("2023-24", 2019)])
def test_year_is_told_or_that_of_its_start(raw: object, year: int, server: ScriptedServer, tvdb: Tvdb) -> None:
    serve(server, a_show(), year=raw)
    assert tvdb.show(5).year == year


@pytest.mark.parametrize(
    ("said", "days", "expected"),
    [
        ("2026-12-01", ["2026-11-25"], date(2026, 12, 1)),
        ("2026-11-20", ["2026-11-25", "2026-11-23"], date(2026, 11, 23)),
        ("", ["2026-11-21"], date(2026, 11, 21)),
        (None, ["2026-11-20", ""], None),
        ("2026-11-21", [], date(2026, 11, 21)),
    ],
)
def test_next_air_date_is_its_word_unless_that_is_old_or_the_first_day_from_today_on(
    said: str | None, days: list[str], expected: date | None, server: ScriptedServer, tvdb: Tvdb
) -> None:
    listing = a_show(*((1, number) for number, _ in enumerate(days)))
    serve(server, listing, nextAired=said)
    rows = [episode_form(each, aired=day) for each, day in zip(listing.episodes, days, strict=True)]
    server.on(OFFICIAL, Answer(json=page_form(listing, rows)))
    assert tvdb.show(5).next_air_date == expected


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ({"id": "tt1877368", "type": 2, "sourceName": "IMDB"}, "imdb://tt1877368"),
        ({"id": "tt1877368", "type": 2, "sourceName": "IMDb"}, "imdb://tt1877368"),
        ({"id": "nm0362766", "type": 2, "sourceName": "IMDB"}, None),
        ({"id": "87012", "type": 12, "sourceName": "TheMovieDB.com"}, "tmdb://87012"),
        ({"id": 87012, "sourceName": "TheMovieDB.com"}, "tmdb://87012"),
        ({"id": "1438-the-wire", "type": 12, "sourceName": "TheMovieDB.com"}, "tmdb://1438"),
        ({"id": "87012", "type": 10, "sourceName": "TheMovieDB.com"}, None),
        ({"id": "87012", "type": 15, "sourceName": "TheMovieDB.com"}, None),
        ({"id": "87012", "type": 12, "sourceName": "TV Maze"}, None),
        ({"id": None, "type": 12, "sourceName": "TheMovieDB.com"}, None),
        ({"id": "0", "type": 12, "sourceName": None}, None),
    ],
)
def test_outside_ids_are_told_by_the_name_of_their_source(
    remote: dict[str, object], expected: str | None, server: ScriptedServer, tvdb: Tvdb
) -> None:
    serve(server, a_show(), remoteIds=[remote])
    assert {str(each) for each in tvdb.show(5).ids} == {"tvdb://5"} | ({expected} if expected else set())


def test_several_ids_of_one_source_are_all_kept(server: ScriptedServer, tvdb: Tvdb) -> None:
    ids = frozenset({ExternalId(Source.TVDB, "5"), IMDB, TMDB, ExternalId(Source.TMDB, "17")})
    serve(server, a_show(ids=ids))
    assert tvdb.show(5).ids == ids


def test_recorded_series_is_understood(server: ScriptedServer, tvdb: Tvdb) -> None:
    recorded = json.loads((PAYLOADS / "series_421069_base.json").read_text())
    server.on("/v4/series/421069/extended", Answer(json=recorded))
    empty: dict[str, object] = {"status": "success", "data": {"episodes": []}, "links": None}
    server.on("/v4/series/421069/episodes/official", Answer(json=empty))
    read = tvdb.show(421069)
    assert (read.title, read.year, read.status) == ("【推しの子】", 2023, "Continuing")
    assert (read.next_air_date, read.orders) == (None, None)
    assert read.ids == {ExternalId(Source.TVDB, "421069")}


# Names in English, as TMDB gives them


def in_japanese(server: ScriptedServer, languages: list[list[str] | None], **series: object) -> Listing:
    """A show whose episodes have Japanese names, and others in these languages."""
    listing = a_show(*((1, number) for number in range(1, len(languages) + 1)), title="灯台守")
    rows = [
        episode_form(each, name=f"第{place}話", nameTranslations=told)
        for place, (each, told) in enumerate(zip(listing.episodes, languages, strict=True))
    ]
    original = {"originalLanguage": "jpn", **series}
    server.on(SERIES, Answer(json=series_form(listing, **original)))
    form = page_form(listing, rows)
    form["data"]["series"] |= original
    server.on(OFFICIAL, Answer(json=form))
    return listing


def test_names_of_a_foreign_show_are_english_where_there_are_any(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = in_japanese(server, [["jpn", "eng"], ["jpn,eng"], ["jpn"]])
    english = [episode_form(each, name=name) for each, name in zip(listing.episodes, ("One", "Two", None), strict=True)]
    server.on(f"{OFFICIAL}/eng", Answer(json=language_form(listing, english, name="The Lighthouse Keepers")))
    read = tvdb.show(5)
    assert [episode.title for episode in read.episodes] == ["One", "Two", "第2話"]
    assert read.title == "The Lighthouse Keepers"
    assert [episode.number for episode in read.episodes] == [episode.number for episode in listing.episodes]
    assert server.paths == [SERIES, OFFICIAL, f"{OFFICIAL}/eng"]


@pytest.mark.parametrize(
    ("languages", "series"),
    [
        ([["jpn"], ["jpn", "eng"], ["jpn"]], {}),
        ([None, None, None], {}),
        ([["eng"], ["eng"], ["eng"]], {"originalLanguage": "eng"}),
        ([["eng"], ["eng"], ["eng"]], {"originalLanguage": None}),
        ([], {}),
    ],
    ids=["few are translated", "nothing is told", "english", "language unknown", "no episodes"],
)
def test_other_shows_are_asked_for_in_one_language_alone(
    languages: list[list[str] | None], series: dict[str, object], server: ScriptedServer, tvdb: Tvdb
) -> None:
    in_japanese(server, languages, **series)
    assert [episode.title for episode in tvdb.show(5).episodes] == [f"第{place}話" for place, _ in enumerate(languages)]
    assert server.paths == [SERIES, OFFICIAL]


def test_names_stay_where_the_english_ones_are_not_there(server: ScriptedServer, tvdb: Tvdb) -> None:
    in_japanese(server, [["eng"]])
    read = tvdb.show(5)
    assert (read.title, read.episodes[0].title) == ("灯台守", "第0話")


def test_names_that_cannot_be_asked_for_are_a_failure_not_a_listing(server: ScriptedServer, tvdb: Tvdb) -> None:
    in_japanese(server, [["eng"]])
    server.on(f"{OFFICIAL}/eng", Answer(status=500, json=FAILED))
    with pytest.raises(Unreachable):
        tvdb.show(5)


# Orders


def test_another_order_is_one_request_a_page_and_not_asked_for_where_the_series_has_it_not(
    server: ScriptedServer, tvdb: Tvdb
) -> None:
    listing = a_show((1, 1), (1, 2), orders=(KnownOrder(ABSOLUTE, "Absolute Order", "absolute"),))
    serve(server, listing)
    server.on("/v4/series/5/episodes/absolute", Answer(json=page_form(listing, [episode_form(listing.episodes[0])])))
    assert tvdb.show(5).orders == listing.orders
    server.asked.clear()
    read = tvdb.show(5, order=ABSOLUTE)
    assert (read.order, read.title, read.orders, len(read.episodes)) == (ABSOLUTE, "Kestrel House", None, 1)
    assert server.paths == ["/v4/series/5/episodes/absolute"]
    with pytest.raises(NotListed) as caught:
        tvdb.show(5, order=DVD)
    assert caught.value.what == "the show with number 5 in the order dvd"
    assert server.paths == ["/v4/series/5/episodes/absolute"]


def test_order_without_an_episode_is_none(server: ScriptedServer, tvdb: Tvdb) -> None:
    server.on("/v4/series/5/episodes/dvd", Answer(json=page_form(a_show(order=DVD), [])))
    with pytest.raises(NotListed):
        tvdb.show(5, order=DVD)


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (None, ()),
        ([], ()),
        ([{"id": 1, "type": "official", "name": "Aired Order"}], ()),
        ([{"id": 6, "type": "altdvd", "name": "Alternate DVD Order"}, {"id": 9, "type": None}], ()),
        (
            [
                {"id": 4, "type": "alternate", "name": "Alternate Order", "alternateName": "Northlight Order"},
                {"id": 2, "type": "dvd", "name": None, "alternateName": ""},
            ],
            (KnownOrder(DVD, "", "dvd"), KnownOrder("alternate", "Northlight Order", "alternate")),
        ),
    ],
)
def test_orders_are_those_the_series_says_it_has(
    types: list[dict[str, object]] | None, expected: tuple[KnownOrder, ...], server: ScriptedServer, tvdb: Tvdb
) -> None:
    serve(server, a_show(), seasonTypes=types)
    assert tvdb.orders(5) == expected
    assert tvdb.show(5).orders == (None if types is None else expected)


def test_orders_of_a_show_that_was_asked_for_cost_nothing(server: ScriptedServer, tvdb: Tvdb) -> None:
    serve(server, a_show())
    tvdb.show(5)
    tvdb.orders(5)
    assert server.paths == [SERIES, OFFICIAL]


# Ids and titles


def test_outside_id_is_believed_only_where_the_series_holds_it_under_that_source(
    server: ScriptedServer, tvdb: Tvdb
) -> None:
    """2950 is this series at TV Maze, and another one at TMDB."""
    maze = {"id": "2950", "type": 19, "sourceName": "TV Maze"}
    serve(server, a_show(), remoteIds=[maze])
    server.on("/v4/series/9/extended", Answer(json=series_form(a_show(show_id=9, ids=frozenset({TMDB})))))
    server.on("/v4/search/remoteid/2950", Answer(json=found_form((5, 9, 404, 9))))
    assert tvdb.find(TMDB) == (9,)
    assert server.paths == ["/v4/search/remoteid/2950", SERIES, "/v4/series/9/extended", "/v4/series/404/extended"]


@pytest.mark.parametrize(
    "answer",
    [Answer(status=404, json=FAILED), Answer(json=found_form(())), Answer(json={"status": "success", "data": None})],
    ids=["404", "none of them a series", "null"],
)
def test_id_that_nothing_bears_leads_nowhere(answer: Answer, server: ScriptedServer, tvdb: Tvdb) -> None:
    server.on(f"/v4/search/remoteid/{IMDB.value}", answer)
    assert tvdb.find(IMDB) == ()


def test_series_found_by_an_id_is_not_asked_for_again_to_list_it(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show((1, 1), ids=frozenset({ExternalId(Source.TVDB, "5"), IMDB, TMDB}))
    serve(server, listing)
    for outside in (IMDB, TMDB):
        server.on(f"/v4/search/remoteid/{outside.value}", Answer(json=found_form((5,))))
        assert tvdb.find(outside) == (5,)
    assert tvdb.show(5) == listing
    assert server.paths.count(SERIES) == 1
    assert tvdb.show(5) == listing
    assert server.paths.count(SERIES) == 2, "a second question for the show is one for what it is now"


def test_search_asks_for_series_alone_and_offers_the_english_title_with_the_own_one_beside_it(
    server: ScriptedServer, tvdb: Tvdb
) -> None:
    hits = Hits((Candidate(Source.TVDB, 9, "The Ferryman", 2020, original_title="Der Fährmann"),), more=True)
    server.on("/v4/search", Answer(json=search_form(hits)))
    assert tvdb.search("Ferryman", 2020) == hits
    assert server.asked[0].query == {"query": "Ferryman", "type": "series", "limit": "25", "year": "2020"}


@pytest.mark.parametrize(
    ("changed", "title", "original"),
    [
        ({"name": "灯台守", "translations": {"eng": "Keepers"}, "aliases": None}, "Keepers", "灯台守"),
        ({"name": "灯台守", "translations": None, "aliases": ["Tōdaimori"]}, "灯台守", ""),
        ({"name": "灯台守", "translations": {"eng": "Keepers"}, "aliases": ["The KEEPERS"]}, "Keepers", "The KEEPERS"),
        ({"name": "", "translations": {"eng": "Keepers"}, "aliases": []}, "Keepers", ""),
        ({"name": None, "translations": {"deu": "Wärter"}, "aliases": []}, "", ""),
    ],
)
def test_name_that_was_sought_comes_along_where_it_is_another(
    changed: dict[str, object], title: str, original: str, server: ScriptedServer, tvdb: Tvdb
) -> None:
    form = search_form(Hits((Candidate(Source.TVDB, 9, "Anything", 2020),)))
    form["data"][0] |= changed
    server.on("/v4/search", Answer(json=form))
    (found,) = tvdb.search("The Keepers").candidates
    assert (found.title, found.original_title) == (title, original)


def test_hits_that_are_no_series_or_have_no_number_are_left_out(server: ScriptedServer, tvdb: Tvdb) -> None:
    form = search_form(Hits(tuple(Candidate(Source.TVDB, number, "One", 2020) for number in (7, 8, 9))))
    form["data"][0]["type"] = "movie"
    form["data"][1]["tvdb_id"] = ""
    server.on("/v4/search", Answer(json=form))
    assert [each.show_id for each in tvdb.search("One").candidates] == [9]


@pytest.mark.parametrize(
    ("links", "count", "more"),
    [
        *[({"total_items": 5000, "next": None}, 25, True), ({"total_items": 3}, 3, False)],
        *[(None, 24, False), (None, 25, True), ({"next": "https://x.example"}, 3, False)],
    ],
)
def test_search_says_whether_there_is_more(
    links: object, count: int, more: bool, server: ScriptedServer, tvdb: Tvdb
) -> None:
    form = search_form(Hits(tuple(Candidate(Source.TVDB, number, "One", 2020) for number in range(1, count + 1))))
    server.on("/v4/search", Answer(json={**form, "links": links}))
    assert tvdb.search("One").more is more


# What changed


def test_changed_shows_are_walked_page_by_page_with_addresses_of_our_own(server: ScriptedServer, tvdb: Tvdb) -> None:
    pages = [
        updates_form([update_form(11), update_form(12, method="delete", methodInt=3)], 0, 3),
        updates_form([update_form(11), update_form(13, mergeToId=14, mergeToEntityType="series")], 1, 3),
        updates_form(
            [update_form(900, entityType="episodes", seriesId=15), update_form(901, entityType="seasons")], 2, 3
        ),
    ]
    server.on("/v4/updates", *(Answer(json=page) for page in pages))
    since = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert tvdb.changed(since, 3) == frozenset({11, 12, 13, 14, 15})
    an_hour_before = str(int(since.timestamp()) - 3600)
    assert [asked.query for asked in server.asked] == [
        {"since": an_hour_before, "type": "series", "page": str(page)} for page in range(3)
    ]


def test_list_of_changes_that_ends_before_its_last_page_tells_nothing(server: ScriptedServer, tvdb: Tvdb) -> None:
    server.on("/v4/updates", Answer(json=updates_form([update_form(11)], 0, 3)), Answer(json=updates_form([], 1, 3)))
    assert tvdb.changed(NOW, 9) is None


def test_list_of_changes_that_is_dearer_than_what_it_saves_costs_one_request(
    server: ScriptedServer, tvdb: Tvdb
) -> None:
    server.on("/v4/updates", Answer(json=updates_form([update_form(11)], 0, 99)))
    assert tvdb.changed(NOW, 40) is None
    assert len(server.asked) == 1
    assert tvdb.changed(NOW, 0) is None
    assert len(server.asked) == 1


def test_changes_of_long_ago_are_not_asked_for(server: ScriptedServer, tvdb: Tvdb) -> None:
    assert tvdb.changed(NOW - timedelta(days=7, seconds=1), 40) is None
    assert server.asked == []


@pytest.mark.parametrize("answer", [Answer(status=404, json=FAILED), Answer(status=500, json=FAILED)])
def test_changes_that_are_not_told_are_no_answer(answer: Answer, server: ScriptedServer, tvdb: Tvdb) -> None:
    server.on("/v4/updates", answer)
    with pytest.raises((BadAnswer, Unreachable)):
        tvdb.changed(NOW, 9)


def test_recorded_updates_are_understood(server: ScriptedServer, tvdb: Tvdb) -> None:
    page = json.loads((PAYLOADS / "updates_page.json").read_text())
    page["links"]["total_items"] = 502
    rows = [json.loads((PAYLOADS / f"updates_{kind}_record.json").read_text()) for kind in ("create", "delete")]
    server.on("/v4/updates", Answer(json=page), Answer(json={**page, "data": rows, "links": {"next": None}}))
    assert tvdb.changed(NOW, 9) == frozenset({409794, 402908})


# What is kept


def test_people_and_pictures_are_never_kept(
    server: ScriptedServer, tvdb: Tvdb, transport: Transport, tmp_path: Path
) -> None:
    listing = a_show((1, 1))
    server.on(SERIES, Answer(json=series_form(listing), etag='W/"a"'))
    server.on(OFFICIAL, Answer(json=page_form(listing, [episode_form(listing.episodes[0])]), etag='W/"b"'))
    for _ in range(2):
        assert tvdb.show(5) == listing
    transport.close()
    with closing(sqlite3.connect(tmp_path / "http.sqlite")) as connection:
        kept = "".join(body for (body,) in connection.execute("SELECT body FROM answers"))
    assert "Part 0" in kept
    sent = json.dumps([series_form(listing), page_form(listing, [episode_form(listing.episodes[0])])])
    for dropped in ("Nobody Needed", "still.jpg", "A long text", "airsDays"):
        assert dropped in sent
        assert dropped not in kept
    assert ["if-none-match" in asked.headers for asked in server.asked] == [False, False, True, True]


def test_record_whose_episodes_are_empty_keeps_its_ids(server: ScriptedServer, tvdb: Tvdb) -> None:
    """The extended record has a field for episodes too, which may come empty."""
    listing = a_show(ids=frozenset({ExternalId(Source.TVDB, "5"), IMDB}))
    serve(server, listing, episodes=[])
    assert tvdb.show(5) == listing


def test_both_catalogues_keep_their_answers_in_one_file(
    server: ScriptedServer, tvdb: Tvdb, transport: Transport, tmp_path: Path
) -> None:
    listing = a_show((1, 1))
    server.on(SERIES, Answer(json=series_form(listing), etag='W/"a"'))
    server.on(OFFICIAL, Answer(json=page_form(listing, [episode_form(listing.episodes[0])]), etag='W/"b"'))
    server.on("/v4/tv/5", Answer(json=appended(replace(listing, provider=Source.TMDB), "season/1"), etag='W/"c"'))
    time = FakeTime()
    other = tmdb_transport(
        "key",
        server.url + "/v4",
        cache_path=tmp_path / "http.sqlite",
        requests_per_second=0,
        workers=2,
        stop=time.stop,
        clock=time.clock,
        wait=time.wait,
    )
    with closing(other):
        for _ in range(2):
            assert tvdb.show(5).title == Tmdb(other, lambda: NOW).show(5).title
    assert ["if-none-match" in asked.headers for asked in server.asked] == [False] * 3 + [True] * 3
    assert (transport.requests, other.requests) == (5, 2)


def test_fresh_question_travels_without_validators(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show((1, 1))
    server.on(SERIES, Answer(json=series_form(listing), etag='W/"a"'))
    server.on(OFFICIAL, Answer(json=page_form(listing, [episode_form(listing.episodes[0])]), etag='W/"b"'))
    tvdb.show(5)
    tvdb.show(5, Ask.FRESH)
    assert not any("if-none-match" in asked.headers for asked in server.asked)


def test_base_record_beside_the_episodes_is_enough_for_another_order(server: ScriptedServer, tvdb: Tvdb) -> None:
    listing = a_show((1, 1), order=DVD)
    form = page_form(listing, [episode_form(listing.episodes[0])])
    form["data"]["series"] = base_form(listing, nextAired="2026-12-24")
    server.on("/v4/series/5/episodes/dvd", Answer(json=form))
    read = tvdb.show(5, order=DVD)
    assert (read.title, read.year, read.status) == ("Kestrel House", 2019, "Continuing")
    assert read.ids == {ExternalId(Source.TVDB, "5")}
    assert read.next_air_date == date(2026, 12, 24)
