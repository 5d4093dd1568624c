from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from plexgap.domain.catalogue import Ask
from plexgap.domain.errors import BadAnswer, Busy, Cancelled, NotListed, PlexgapError, Rejected, Unreachable
from plexgap.domain.events import Event, RateLimited
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.library import Kind
from plexgap.domain.watchlist import WatchlistItem
from plexgap.sources.http import Transport
from plexgap.sources.plex_tv import PlexTv, plex_tv_transport
from tests.plex_tv_forms import LIST, NOT_FOUND, REFUSED, XML, container, page, row, window
from tests.scripted import Answer, FakeTime, ScriptedServer

TOKEN = "a-token-that-nobody-may-see"
ITEM = WatchlistItem("5d9c081b2df347001e3b0a7f", "plex://show/5d9c081b2df347001e3b0a7f", Kind.SHOW, "Umbra", 2019)
DETAILS = f"/library/metadata/{ITEM.rating_key}"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def transport(server: ScriptedServer, time: FakeTime, tmp_path: Path) -> Iterator[Transport]:
    with closing(make(server, time, tmp_path)) as transport:
        yield transport


@pytest.fixture
def plex_tv(transport: Transport) -> PlexTv:
    return PlexTv(transport)


def make(server: ScriptedServer, time: FakeTime, folder: Path, **told: Any) -> Transport:
    return plex_tv_transport(
        TOKEN,
        server.url,
        client_id="an-installation",
        cache_path=folder / "http.sqlite",
        stop=time.stop,
        clock=time.clock,
        wait=time.wait,
        **told,
    )


# The list


def test_list_is_shows_newest_first_with_what_names_them(server: ScriptedServer, plex_tv: PlexTv) -> None:
    server.on(LIST, page([row(2, "Umbra"), row(1, "Kestrel House", None, guids=["tmdb://11", "imdb://nonsense"])]))
    assert plex_tv.watchlist() == (
        WatchlistItem(f"{2:024x}", f"plex://show/{2:024x}", Kind.SHOW, "Umbra", 2019),
        WatchlistItem(
            *(f"{1:024x}", f"plex://show/{1:024x}", Kind.SHOW, "Kestrel House", None),
            ids=frozenset({ExternalId(Source.TMDB, "11")}),
        ),
    )
    (asked,) = server.asked
    assert asked.query["type"] == "2"
    assert asked.query["sort"] == "watchlistedAt:desc"


def test_every_request_says_who_asks_and_carries_the_token_in_a_header(server: ScriptedServer, plex_tv: PlexTv) -> None:
    server.on(LIST, page([]))
    plex_tv.watchlist()
    (asked,) = server.asked
    assert asked.headers["x-plex-token"] == TOKEN
    assert asked.headers["x-plex-client-identifier"] == "an-installation"
    assert asked.headers["x-plex-product"] == "plexgap"
    assert asked.headers["accept"] == "application/json"
    assert TOKEN not in str(asked.query)


def test_empty_list_is_no_failure(server: ScriptedServer, plex_tv: PlexTv) -> None:
    server.on(LIST, page([]))
    assert plex_tv.watchlist() == ()


def test_what_is_no_show_is_left_out_also_where_plex_tv_gives_it(server: ScriptedServer, plex_tv: PlexTv) -> None:
    server.on(LIST, page([row(1), row(2, kind="movie")]))
    assert [item.title for item in plex_tv.watchlist()] == ["Title 1"]
    server.on(LIST, page([row(1), row(2, kind="movie")]))
    assert [item.title for item in plex_tv.watchlist(Kind.MOVIE)] == ["Title 2"]


@pytest.mark.parametrize("says_total", [True, False])
def test_long_list_is_one_list_of_pages_of_a_hundred(says_total: bool, server: ScriptedServer, plex_tv: PlexTv) -> None:
    rows = [row(number) for number in range(250)]
    pages = [container(rows[at : at + 100], 250 if says_total else None) for at in range(0, 400, 100)]
    server.on(LIST, *[Answer(json=each) for each in pages])
    assert len(plex_tv.watchlist()) == 250
    asked = [window(each) for each in server.asked]
    assert asked == [(0, 100), (100, 100), (200, 100)] + ([] if says_total else [(250, 100)])


def test_pages_smaller_than_asked_for_are_followed_to_the_end(server: ScriptedServer, plex_tv: PlexTv) -> None:
    rows = [row(number) for number in range(45)]
    server.on(LIST, *[Answer(json=container(rows[at : at + 20], 45)) for at in (0, 20, 40)])
    assert len(plex_tv.watchlist()) == 45
    assert [window(each)[0] for each in server.asked] == [0, 20, 40]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param([row(n) for n in range(99, 150)], id="one was added: the second page repeats a title"),
        pytest.param([row(n) for n in range(101, 150)], id="one was removed: the second page passes over a title"),
    ],
)
def test_list_that_changes_between_its_pages_is_read_again(
    second: list[Any], server: ScriptedServer, plex_tv: PlexTv
) -> None:
    rows = [row(number) for number in range(150)]
    first, rest = Answer(json=container(rows[:100], 150)), Answer(json=container(rows[100:], 150))
    server.on(LIST, first, Answer(json=container(second, 100 + len(second))), first, rest)
    assert len(plex_tv.watchlist()) == 150
    assert [window(each)[0] for each in server.asked] == [0, 100, 0, 100]


def test_list_that_announces_more_than_it_has_is_believed_the_second_time(
    server: ScriptedServer, plex_tv: PlexTv
) -> None:
    given, end = Answer(json=container([row(1), row(2)], 3)), Answer(json=container([], 3))
    server.on(LIST, given, end, given, end)
    assert len(plex_tv.watchlist()) == 2


def test_list_that_never_comes_to_an_end_is_no_list(server: ScriptedServer, plex_tv: PlexTv) -> None:
    server.on(LIST, Answer(json=container([row(1), row(2)], 50)))
    with pytest.raises(BadAnswer) as caught:
        plex_tv.watchlist()
    assert caught.value.advice == "plex.tv did not give the whole of your watchlist. Try again later."


def test_list_asked_again_travels_with_its_etag_unless_it_must_be_fresh(
    server: ScriptedServer, plex_tv: PlexTv
) -> None:
    server.on(LIST, page([row(1)], etag='"a"'))
    assert plex_tv.watchlist() == plex_tv.watchlist() == plex_tv.watchlist(ask=Ask.FRESH)
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, '"a"', None]


# Single items


def test_ids_of_an_item_are_those_of_other_sources(server: ScriptedServer, plex_tv: PlexTv) -> None:
    server.on(DETAILS, page([row(1, guids=["imdb://tt0903747", "tmdb://1396", "tvdb://81189", "plex://show/x"])]))
    assert plex_tv.ids(ITEM) == {
        ExternalId(Source.IMDB, "tt0903747"),
        ExternalId(Source.TMDB, "1396"),
        ExternalId(Source.TVDB, "81189"),
    }


@pytest.mark.parametrize("body", [[row(1)], []])
def test_item_without_ids_has_none(body: list[Any], server: ScriptedServer, plex_tv: PlexTv) -> None:
    server.on(DETAILS, page(body))
    assert plex_tv.ids(ITEM) == frozenset()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=404, body=NOT_FOUND, kind=XML),
        Answer(status=404, json={"Error": {"error": "Not Found", "statusCode": 404}}),
        Answer(status=404, body=b"", kind=""),
    ],
)
def test_withdrawn_item_is_not_listed(answer: Answer, server: ScriptedServer, plex_tv: PlexTv) -> None:
    server.on(DETAILS, answer)
    with pytest.raises(NotListed, match="Umbra"):
        plex_tv.ids(ITEM)


# Failures


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (Answer(status=401, json=REFUSED), Rejected, "plex.tv refused the Plex token"),
        (Answer(status=401, body=b'<Response code="401"/>', kind=XML), Rejected, "plex.tv refused the Plex token"),
        (Answer(status=403, json=REFUSED), Rejected, "plex.tv refused the Plex token"),
        (Answer(status=422, json=REFUSED), Rejected, "plex.tv refused the Plex token"),
        (Answer(status=498, json=REFUSED), Rejected, "plex.tv refused the Plex token"),
        (Answer(status=403, body=b"<html>", kind="text/html"), Rejected, "something on the way refused"),
        (Answer(status=404, body=NOT_FOUND, kind=XML), BadAnswer, "plex.tv has no watchlist at this address"),
        (Answer(status=404, body=b"<html>", kind="text/html"), BadAnswer, "a 404 that is not its own"),
        (Answer(status=302, headers={"Location": "https://example.invalid/"}), BadAnswer, "a redirect"),
        (Answer(body=b"<MediaContainer/>", kind=XML), BadAnswer, "a page for people instead of data"),
        (Answer(json={"MediaContainer": {"Metadata": [{"title": "no key"}]}}), BadAnswer, "a form that plexgap does"),
        (Answer(json=[]), BadAnswer, "a form that plexgap does not know"),
        (Answer(status=500, json={}), Unreachable, "plex.tv did not answer"),
        (Answer(drop=True), Unreachable, "plex.tv did not answer"),
        (Answer(status=429, json={}, headers={"Retry-After": "600"}), Busy, "plex.tv asks to slow down"),
    ],
)
def test_no_list_says_why(
    answer: Answer, error: type[PlexgapError], said: str, server: ScriptedServer, plex_tv: PlexTv
) -> None:
    server.on(LIST, answer)
    with pytest.raises(error) as caught:
        plex_tv.watchlist()
    assert said in caught.value.advice
    assert TOKEN not in f"{caught.value!r}{caught.value.advice}"


def test_token_stands_in_no_log_and_no_file(
    server: ScriptedServer, plex_tv: PlexTv, transport: Transport, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.on(LIST, page([row(1)], etag='"a"'), Answer(status=401, json=REFUSED))
    plex_tv.watchlist()
    with pytest.raises(Rejected):
        plex_tv.watchlist()
    transport.close()
    assert len(server.asked) == 2
    assert TOKEN not in caplog.text
    files = list(tmp_path.iterdir())
    assert files
    assert not any(TOKEN.encode() in file.read_bytes() for file in files)


# Pace


def test_details_are_asked_for_two_or_three_a_second(server: ScriptedServer, plex_tv: PlexTv, time: FakeTime) -> None:
    server.on(DETAILS, page([row(1)]))
    began = time.seconds
    for _ in range(11):
        plex_tv.ids(ITEM)
    assert 2 <= 10 / (time.seconds - began) <= 3


def test_plex_tv_that_asks_to_slow_down_is_obeyed_and_it_is_told(
    server: ScriptedServer, time: FakeTime, tmp_path: Path
) -> None:
    heard: list[Event] = []
    server.on(LIST, Answer(status=429, json={}, headers={"Retry-After": "7"}), page([row(1)]))
    with closing(make(server, time, tmp_path, on_event=heard.append)) as transport:
        assert len(PlexTv(transport).watchlist()) == 1
    assert round(sum(time.waits), 6) >= 7
    (event,) = heard
    assert isinstance(event, RateLimited)
    assert event.service == "plex.tv"


def test_stop_asks_nothing_more(server: ScriptedServer, plex_tv: PlexTv, time: FakeTime) -> None:
    time.stop.set()
    with pytest.raises(Cancelled):
        plex_tv.watchlist()
    assert server.asked == []
