"""Reading a Plex Media Server: what becomes of its rows, when a listing counts as whole, and what its failures say."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date

import plexapi
import pytest

from plexgap.domain.errors import BadAnswer, Cancelled, IncompleteListing, NotListed, Rejected, SourceError, Unreachable
from plexgap.domain.library import ItemRow, Kind, MediaRow, PartRow, Section, Server
from plexgap.sources import ahead
from plexgap.sources.plex import Plex
from tests.scripted import Answer, Asked
from tests.scripted_plex import TOKEN, XML, Library, ScriptedPlex, container, element, episode, movie, show

TV = Section("1", "uuid-1", "TV Shows", Kind.SHOW)
Connect = Callable[..., Plex]


@pytest.fixture
def plex_server() -> Iterator[ScriptedPlex]:
    with ScriptedPlex(Library("1")) as server:
        yield server


@pytest.fixture
def connect(plex_server: ScriptedPlex) -> Iterator[Connect]:
    """A Plex over the scripted server, whose pauses are too short to notice."""
    made: list[Plex] = []

    def make(**given: object) -> Plex:
        values: dict[str, object] = {"token": TOKEN, "stop": threading.Event(), "base_url": plex_server.url}
        values |= {"timeout_s": (2.0, 2.0), "pause_s": 0.001, "client_id": "an-installation"} | given
        made.append(Plex(**values))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for plex in made:
        plex.close()


def rows_of(plex: Plex, kind: Kind = Kind.EPISODE, size: int | None = None) -> list[ItemRow]:
    return [row for page in plex.pages(TV, kind, size) for row in page.rows]


def episodes(count: int) -> list[str]:
    return [episode(str(number), "7", (1, number)) for number in range(1, count + 1)]


# ---------------------------------------------------------------- who it is, and its sections


def test_connecting_is_one_request_and_tells_who_it_is(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex = connect()
    assert plex.server() == Server("m" * 40, "Küche & Keller", "1.43.3")
    plex.server()
    assert plex_server.paths == ["/"]
    assert plex.requests == 1


def test_requests_say_who_asks_and_carry_the_token_in_a_header_only(
    plex_server: ScriptedPlex, connect: Connect
) -> None:
    plex_server.libraries[0].rows = {4: episodes(1)}
    rows_of(connect())
    for asked in plex_server.asked:
        assert asked.headers["x-plex-token"] == TOKEN
        assert asked.headers["x-plex-client-identifier"] == "an-installation"
        assert asked.headers["x-plex-product"] == "plexgap"
        assert TOKEN not in asked.path + str(asked.query)


def test_sections_are_asked_anew_each_time_and_only_shows_and_movies_count(
    plex_server: ScriptedPlex, connect: Connect
) -> None:
    films = Library("2", "movie", title="Films\r\n&amp; more", refreshing=1, changed=7)
    plex_server.libraries += [films, Library("3", "artist"), Library("4", "photo")]
    plex = connect()
    assert plex.sections() == (
        Section("1", "uuid-1", "TV Shows", Kind.SHOW, "tv.plex.agents.series", False, 100),
        Section("2", "uuid-2", "Films &amp; more", Kind.MOVIE, "tv.plex.agents.series", True, 7),
    )
    plex.sections()
    assert plex_server.paths == ["/", "/library/sections", "/library/sections"]


def test_a_recorded_section_without_a_uuid_is_known_by_its_key(plex_server: ScriptedPlex, connect: Connect) -> None:
    recorded = element("Directory", key="2", type="show", title="TV Shows", uuid="", hidden="0")
    plex_server.on("/library/sections", container(recorded, size=1))
    (section,) = connect().sections()
    assert (section.uuid, section.content_changed_at, section.refreshing) == ("section-2", None, False)


# ---------------------------------------------------------------- rows


RECORDED = """<MediaContainer size="1" totalSize="1"><Video ratingKey="129856" key="/library/metadata/129856"
 parentRatingKey="129855" grandparentRatingKey="129854" guid="plex://episode/66de5d0c" type="episode"
 title="The Lost &lt;b&gt; Letter" grandparentTitle="The 'Long' Road" contentRating="TV-MA" index="1" parentIndex="1"
 year="2026" duration="2501600" originallyAvailableAt="2026-02-08" addedAt="1770545806" updatedAt="1787668274">
<Media id="277587" duration="2501600" audioCodec="eac3" videoCodec="h264" videoResolution="1080" container="mkv">
<Part id="287054" duration="2501600" file="/library/tv/S01E01.mkv" size="1462111938" container="mkv"/></Media>
<Guid id="imdb://tt35670500"/><Guid id="tmdb://5580253"/><Guid id="tvdb://10678775"/><Role tag="Somebody"/>
</Video></MediaContainer>"""


def test_an_episode_as_recorded_becomes_a_row(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.on("/library/sections/1/all", Answer(body=RECORDED.encode(), kind=XML))
    assert rows_of(connect()) == [
        ItemRow(
            rating_key="129856",
            kind=Kind.EPISODE,
            title="The Lost <b> Letter",
            guid="plex://episode/66de5d0c",
            guids=("imdb://tt35670500", "tmdb://5580253", "tvdb://10678775"),
            year=2026,
            index=1,
            parent_index=1,
            parent_key="129855",
            grandparent_key="129854",
            air_date=date(2026, 2, 8),
            duration_ms=2501600,
            added_at=1770545806,
            updated_at=1787668274,
            content_rating="TV-MA",
            media=(
                MediaRow(
                    277587,
                    (PartRow(287054, "/library/tv/S01E01.mkv", 1462111938, 2501600, "mkv"),),
                    2501600,
                    "mkv",
                    "h264",
                    "eac3",
                    "1080",
                ),
            ),
        )
    ]


def test_odd_attributes_count_as_not_said(plex_server: ScriptedPlex, connect: Connect) -> None:
    odd = element(
        "Video",
        "<Media videoResolution='sd'><Part/></Media><Guid/>",
        ratingKey="a/1",
        index="",
        parentIndex="x",
        year="soon",
        addedAt="99999999999999999999",
        updatedAt="1.5",
        originallyAvailableAt="2009-02-31",
    )
    dated = element("Video", ratingKey="2", type="episode", title="a", originallyAvailableAt="2009-04-05 00:00:00")
    linked = element(
        "Video", ratingKey="3", title="b", parentKey="/library/metadata/20", grandparentKey="/library/metadata/30"
    )
    plex_server.libraries[0].rows = {4: [odd, dated, linked]}
    first, second, third = rows_of(connect())
    assert (first.index, first.parent_index, first.year, first.added_at, first.air_date) == (None,) * 5
    assert (first.title, first.guids, first.media[0].parts) == ("", (), (PartRow(0, "", 0),))
    assert second.air_date == date(2009, 4, 5)
    assert (third.parent_key, third.grandparent_key) == ("20", "30")


def test_rows_without_a_rating_key_and_of_other_kinds_are_passed_over(
    plex_server: ScriptedPlex, connect: Connect
) -> None:
    everything = element("Directory", title="All episodes", key="/library/metadata/22/allLeaves", leafCount="18")
    clip = element("Video", ratingKey="8", type="clip", title="Trailer")
    plex_server.libraries[0].rows = {2: [everything, show("7"), clip]}
    assert [row.rating_key for row in rows_of(connect(), Kind.SHOW)] == ["7"]


def test_a_shows_own_index_means_nothing(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.libraries[0].rows = {2: [show("7", leafCount=12, childCount=2)]}
    (row,) = rows_of(connect(), Kind.SHOW)
    assert (row.index, row.parent_index, row.leaf_count, row.child_count) == (None, None, 12, 2)


# ---------------------------------------------------------------- listings


def test_a_listing_is_asked_lean_sorted_and_in_pages(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.libraries[0].rows = {4: episodes(7)}
    pages = list(connect().pages(TV, Kind.EPISODE, 3))
    assert [(page.start, page.total, len(page.rows)) for page in pages] == [(0, 7, 3), (3, 7, 3), (6, 7, 1)]
    assert [row.rating_key for page in pages for row in page.rows] == list("1234567")
    listings = [asked for asked in plex_server.asked if asked.path != "/"]
    windows = {(a.headers["x-plex-container-start"], a.headers["x-plex-container-size"]) for a in listings}
    assert windows == {("0", "3"), ("3", "3"), ("6", "1")}
    query = listings[0].query
    assert (query["type"], query["sort"], query["includeGuids"]) == ("4", "addedAt:asc", "1")
    assert not {"Guid", "Media", "Part"} & set(query["excludeElements"].split(","))


@pytest.mark.parametrize(("kind", "size"), [(Kind.SHOW, "500"), (Kind.MOVIE, "500"), (Kind.EPISODE, "1000")])
def test_page_sizes_are_those_measured(plex_server: ScriptedPlex, connect: Connect, kind: Kind, size: str) -> None:
    assert rows_of(connect(), kind) == []
    assert plex_server.asked[-1].headers["x-plex-container-size"] == size


def test_a_server_that_caps_its_pages_is_read_to_the_end(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.libraries[0].rows = {4: episodes(11)}
    plex_server.cap = 2
    assert len(rows_of(connect(), size=5)) == 11


def test_a_page_shorter_than_its_window_is_read_on(plex_server: ScriptedPlex, connect: Connect) -> None:
    rows = episodes(9)
    plex_server.libraries[0].rows = {4: rows}

    def short(asked: Asked) -> Answer | None:
        if asked.headers.get("x-plex-container-start") != "3":
            return None
        return container(rows[3], size=1, totalSize=9)

    plex_server.before = short
    assert [row.rating_key for row in rows_of(connect(), size=3)] == list("123456789")


def _windows(rows: list[str], totals: dict[str, int]) -> Callable[[Asked], Answer | None]:
    """Windows of these rows, the announced total overridden by where the window starts."""

    def answer(asked: Asked) -> Answer | None:
        start = asked.headers.get("x-plex-container-start")
        if start is None:
            return None
        page = rows[int(start) : int(start) + int(asked.headers["x-plex-container-size"])]
        return container("".join(page), size=len(page), totalSize=totals.get(start, len(rows)))

    return answer


@pytest.mark.parametrize(
    ("rows", "totals", "why"),
    [
        (episodes(5), {"0": 8, "2": 8, "4": 8, "5": 8}, "of 8 came"),
        (episodes(5), {"2": 6}, "changed from 5 to 6"),
        ([*episodes(4), *episodes(1)], {}, "came twice"),
        ([], {"0": 3}, "0 of 3 came"),
        (episodes(2), {"0": 1}, "2 of 1 came"),
    ],
)
def test_a_listing_that_does_not_add_up_is_incomplete(
    plex_server: ScriptedPlex, connect: Connect, rows: list[str], totals: dict[str, int], why: str
) -> None:
    plex_server.before = _windows(rows, totals)
    with pytest.raises(IncompleteListing, match=why) as raised:
        rows_of(connect(), size=2)
    assert raised.value.section == "TV Shows"


def test_without_a_total_a_full_page_proves_nothing_and_a_short_one_is_all(
    plex_server: ScriptedPlex, connect: Connect
) -> None:
    plex_server.on("/library/sections/1/all", container("".join(episodes(3)), size=3))
    assert len(rows_of(connect(), size=5)) == 3
    with pytest.raises(IncompleteListing, match="how much"):
        rows_of(connect(), size=3)


def test_calls_ahead_are_bounded_however_slow_they_are_taken() -> None:
    made: list[int] = []

    def calls() -> Iterator[Callable[[], int]]:
        for number in range(20):
            made.append(number)
            yield lambda number=number: number  # type: ignore[misc]

    results = ahead.in_order(calls(), 4, threading.Event())
    assert next(results) == 0
    assert made == [0, 1, 2, 3, 4]  # the one that was taken, and four under way
    assert list(results) == list(range(1, 20))


def test_a_section_that_is_gone_is_not_listed(connect: Connect) -> None:
    with pytest.raises(NotListed):
        list(connect().pages(Section("9", "u", "Gone", Kind.SHOW), Kind.SHOW))


# ---------------------------------------------------------------- single items and pictures


def test_items_that_are_gone_are_left_out_and_none_is_not_listed(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.on("/library/metadata/7,8,x%2Fy", container(show("7") + show("8"), size=2))
    plex = connect()
    assert [row.rating_key for row in plex.items(["7", "8", "x/y"])] == ["7", "8"]
    assert plex_server.asked[-1].query["includeGuids"] == "1"
    assert plex.requests == 2
    with pytest.raises(NotListed):
        plex.item("9")


def test_leaves_are_one_request_for_a_show_of_usual_size(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.on("/library/metadata/7/allLeaves", container("".join(episodes(3)), size=3, totalSize=3))
    plex = connect()
    assert [row.index for row in plex.leaves("7")] == [1, 2, 3]
    assert plex_server.paths == ["/", "/library/metadata/7/allLeaves"]


def test_leaves_cut_short_are_incomplete(plex_server: ScriptedPlex, connect: Connect) -> None:
    whole = container("".join(episodes(3)), size=3, totalSize=5)
    plex_server.on("/library/metadata/7/allLeaves", whole, container(size=0, totalSize=5))
    with pytest.raises(IncompleteListing):
        connect().leaves("7")


def test_a_picture_is_asked_scaled_with_the_token_in_a_header(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.on("/photo/:/transcode", Answer(body=b"\xff\xd8picture", kind="image/jpeg"))
    assert connect().picture("/library/metadata/7/thumb/1", 300, 450) == b"\xff\xd8picture"
    asked = plex_server.asked[-1]
    assert (asked.query["url"], asked.query["width"], asked.query["height"]) == (
        "/library/metadata/7/thumb/1",
        "300",
        "450",
    )
    assert asked.headers["x-plex-token"] == TOKEN


def test_an_address_outside_is_never_asked_for_as_a_picture(plex_server: ScriptedPlex, connect: Connect) -> None:
    with pytest.raises(NotListed):
        connect().picture("https://example.invalid/a.jpg", 10, 10)
    assert plex_server.asked == []


# ---------------------------------------------------------------- failures


@pytest.mark.parametrize("token", ["wrong", "", "with space\n", "tökèn"])
def test_a_refused_token_says_where_to_get_one(connect: Connect, token: str) -> None:
    with pytest.raises(Rejected) as raised:
        connect(token=token).server()
    assert "network inspector" in raised.value.advice
    assert not token.strip() or token.strip() not in raised.value.advice + str(raised.value)


def test_an_empty_token_never_borrows_plexapis_own(connect: Connect, plex_server: ScriptedPlex) -> None:
    plexapi.CONFIG.data["auth"] = {"server_token": TOKEN}
    try:
        with pytest.raises(Rejected):
            connect(token="").server()
    finally:
        del plexapi.CONFIG.data["auth"]
    assert plex_server.asked == []


FAULTS = {
    "starting up": (Answer(status=503, body=b"<html>maintenance</html>", kind="text/html"), Unreachable),
    "status unknown to requests": (Answer(status=520, body=b"", kind="text/html"), Unreachable),
    "connection dropped": (Answer(drop=True), Unreachable),
    "body cut off": (Answer(body=b"<MediaContainer>" + b" " * 200, kind=XML, cut=True), Unreachable),
    "broken XML": (Answer(body=b"<MediaContainer><Video></MediaContainer>", kind=XML), BadAnswer),
    "web page": (Answer(body=b"<html><body>Router</body></html>", kind="text/html"), BadAnswer),
    "nothing": (Answer(body=b"", kind=XML), BadAnswer),
}


@pytest.mark.parametrize(("fault", "error"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_tried_three_times_then_told_without_address(
    plex_server: ScriptedPlex, connect: Connect, fault: Answer, error: type[SourceError]
) -> None:
    plex = connect()
    plex.server()
    plex_server.on("/library/sections", fault)
    with pytest.raises(error) as raised:
        plex.sections()
    assert (plex.requests, plex.retries) == (4, 2)
    told = f"{raised.value} {raised.value.advice}"
    assert "127.0.0.1" not in told
    assert TOKEN not in told
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("fault", [answer for answer, _ in FAULTS.values()], ids=FAULTS)
def test_a_fault_that_passes_is_not_noticed(plex_server: ScriptedPlex, connect: Connect, fault: Answer) -> None:
    whole = container("".join(episodes(2)), size=2, totalSize=2)
    plex_server.on("/library/sections/1/all", fault, fault, whole)
    plex = connect()
    assert len(rows_of(plex)) == 2
    assert plex.retries == 2


@pytest.mark.parametrize("status", [301, 302, 400, 429])
def test_a_status_that_is_no_answer_is_not_tried_again(
    plex_server: ScriptedPlex, connect: Connect, status: int
) -> None:
    elsewhere = {"Location": f"{plex_server.url}/elsewhere"}
    plex_server.on("/", Answer(status=status, body=b"", headers=elsewhere))
    with pytest.raises(BadAnswer):
        connect().server()
    assert plex_server.paths == ["/"]  # the token does not travel to where a redirect points


def test_a_page_that_isnt_there_means_no_plex_while_connecting(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.on("/", plex_server.otherwise)
    with pytest.raises(BadAnswer):
        connect().server()


def test_forbidden_is_refused(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.on("/", Answer(status=403, body=b""))
    with pytest.raises(Rejected):
        connect().server()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "http://", "ftp://127.0.0.1", "http://127.0.0.1:99999", "x y"])
def test_an_address_that_is_none_is_unreachable(connect: Connect, address: str) -> None:
    with pytest.raises(Unreachable):
        connect(base_url=address).server()


def test_nobody_at_the_address_is_unreachable(plex_server: ScriptedPlex, connect: Connect) -> None:
    with ScriptedPlex() as closed:
        address = closed.url
    with pytest.raises(Unreachable, match="no connection"):
        connect(base_url=address).server()


def test_a_server_that_hangs_is_given_up(plex_server: ScriptedPlex, connect: Connect) -> None:
    going_on = threading.Event()

    def hang(asked: Asked) -> Answer | None:
        going_on.wait(5)
        return None

    plex_server.before = hang
    try:
        with pytest.raises(Unreachable, match="too long"):
            connect(timeout_s=(1.0, 0.05)).server()
    finally:
        going_on.set()
    assert len(plex_server.asked) <= 3


# ---------------------------------------------------------------- stopping, logging, guests of plexapi


def test_stop_ends_a_pause_and_no_further_request_is_made(plex_server: ScriptedPlex, connect: Connect) -> None:
    stop = threading.Event()
    plex = connect(stop=stop, pause_s=60.0)
    plex_server.on("/", FAULTS["starting up"][0])
    threading.Timer(0.05, stop.set).start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        plex.server()
    for thread in threading.enumerate():
        if thread.name == "plexgap-ahead":
            thread.join(10)
    assert time.monotonic() - begun < 5
    assert len(plex_server.asked) == 1


def test_stop_is_heard_while_a_request_hangs(plex_server: ScriptedPlex, connect: Connect) -> None:
    stop, going_on = threading.Event(), threading.Event()

    def hang(asked: Asked) -> Answer | None:
        stop.set()
        going_on.wait(5)
        return None

    plex_server.before = hang
    try:
        with pytest.raises(Cancelled):
            connect(stop=stop, timeout_s=(5.0, 5.0)).server()
        assert not going_on.is_set()
    finally:
        going_on.set()


def test_no_request_is_made_once_stopped(plex_server: ScriptedPlex, connect: Connect) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        connect(stop=stop).server()
    assert plex_server.asked == []


def test_neither_token_nor_query_reaches_the_log(
    plex_server: ScriptedPlex, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    plexapi.CONFIG.data["log"] = {"show_secrets": "true"}
    try:
        with caplog.at_level(logging.DEBUG):
            plex = connect()
            plex.sections()
            plex_server.on("/library/sections/1/all", FAULTS["starting up"][0])
            with pytest.raises(Unreachable):
                rows_of(plex)
    finally:
        del plexapi.CONFIG.data["log"]
    assert TOKEN not in caplog.text


def test_films_come_with_their_guid(plex_server: ScriptedPlex, connect: Connect) -> None:
    plex_server.libraries.append(Library("2", "movie", rows={1: [movie("5")]}))
    (page,) = connect().pages(Section("2", "uuid-2", "Films", Kind.MOVIE), Kind.MOVIE)
    assert [(row.title, row.guid, row.year) for row in page.rows] == [("Film 5", "plex://movie/5", 1999)]
