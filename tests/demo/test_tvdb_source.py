"""The invented TheTVDB, read by plexgap's own source: every series comes out as the demo lists it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import pytest

from plexgap.demo.listed import ListedShow
from plexgap.demo.listed_tvdb import SEASON_TYPES, aired, in_order, types_of
from plexgap.demo.servers import DemoServers
from plexgap.domain.catalogue import AIRED
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import Rejected
from plexgap.domain.ids import Source, external_id
from plexgap.sources.tvdb import Tvdb, tvdb_transport
from plexgap.sources.tvdb_login import Login
from tests.demo.conftest import NOON
from tests.scripted import MemoryKeeper

SLUGS = {kind.order for kind in SEASON_TYPES} - {"altdvd"}


def reading(demo: DemoServers, key: str, pin: str = "") -> Iterator[Tvdb]:
    address = demo.exports()["TVDB_BASE_URL"]
    transport = tvdb_transport(
        address, cache_path=None, requests_per_second=0, workers=2, stop=threading.Event(), now=lambda: NOON
    )
    with closing(transport):
        yield Tvdb(Login(transport, key, pin, address, MemoryKeeper(), lambda: NOON), lambda: NOON)


@pytest.fixture
def tvdb(demo: DemoServers) -> Iterator[Tvdb]:
    demo.reset()
    yield from reading(demo, demo.world.tvdb_key)


def series(demo: DemoServers) -> list[tuple[int, ListedShow]]:
    return [(s.tvdb_id, s) for s in demo.world.catalogue.shows.values() if s.tvdb_id is not None and s.on_tvdb]


def day(raw: str | None) -> date | None:
    try:
        return date.fromisoformat(raw or "")
    except ValueError:
        return None


def test_every_series_is_read_whole_in_every_order_it_has(demo: DemoServers, tvdb: Tvdb) -> None:
    read: set[str] = set()
    for tvdb_id, show in series(demo):
        listing = tvdb.show(tvdb_id)
        assert [(e.number, e.air_date, e.episode_id) for e in listing.episodes] == [
            (EpisodeNumber(*row.number), day(row.air_date), row.tvdb_id) for row in aired(show)
        ]
        assert listing.title == show.name
        assert [each.order for each in listing.orders or ()] == [
            kind.order for kind in types_of(show) if kind.order in SLUGS - {AIRED}
        ]
        for known in listing.orders or ():
            numbered = tvdb.show(tvdb_id, order=known.order)
            expected = sorted((row.number, row.tvdb_id) for row in in_order(show, known.order))
            assert sorted((tuple(e.number), e.episode_id) for e in numbered.episodes) == expected
            read.add(known.order)
    assert read >= {"dvd", "absolute"}


def test_requests_are_those_of_the_series_its_pages_and_its_other_orders(demo: DemoServers, tvdb: Tvdb) -> None:
    english = next(number for number, show in series(demo) if show.tvdb.language == "eng" and not show.orders)
    foreign = next(number for number, show in series(demo) if show.tvdb.language != "eng")
    tvdb.check()
    counted = []
    for number in (english, foreign):
        demo.knobs["tvdb"].forget()
        tvdb.show(number)
        counted.append(demo.knobs["tvdb"].count)
    assert counted == [2, 3]


def test_every_series_is_found_by_the_ids_it_holds_and_by_no_shared_number(demo: DemoServers, tvdb: Tvdb) -> None:
    for tvdb_id, show in series(demo)[:30]:
        ids = tvdb.show(tvdb_id).ids
        for outside in ids:
            assert tvdb_id in tvdb.find(outside)
        tmdb_id = external_id(Source.TMDB, show.tmdb_id)
        assert tmdb_id is not None
        assert tvdb.find(tmdb_id) == ((tvdb_id,) if tmdb_id in ids else ())


def test_series_are_found_by_their_names(demo: DemoServers, tvdb: Tvdb) -> None:
    for tvdb_id, show in [each for each in series(demo) if each[1].searchable][:10]:
        assert tvdb_id in [each.show_id for each in tvdb.search(show.name).candidates]


def test_changes_are_told_by_the_numbers_of_shows(changing: DemoServers) -> None:
    for tvdb in reading(changing, changing.world.tvdb_key):
        assert tvdb.changed(NOON - timedelta(days=1), 9) == frozenset()
        tvdb_id, show = next((number, s) for number, s in series(changing) if "Returning" in s.status and s.searchable)
        changing.change.set_status(show.name, "Ended", show.year)
        assert tvdb.changed(NOON - timedelta(days=1), 9) == frozenset({tvdb_id})


def test_persons_key_needs_the_pin(demo: DemoServers) -> None:
    for tvdb in reading(demo, demo.world.tvdb_user_key, demo.world.tvdb_pin):
        tvdb.check()
    for tvdb in reading(demo, demo.world.tvdb_user_key):
        with pytest.raises(Rejected):
            tvdb.check()


def test_token_that_the_service_ends_is_replaced(changing: DemoServers) -> None:
    for tvdb in reading(changing, changing.world.tvdb_key):
        tvdb_id, _ = series(changing)[0]
        before = tvdb.show(tvdb_id)
        changing.change.expire_tvdb_tokens()
        assert tvdb.show(tvdb_id) == before
