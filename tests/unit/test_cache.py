from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from plexgap.domain.catalogue import Candidate, Hits, ListedEpisode, Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import StoreError
from plexgap.domain.ids import ExternalId, Source
from plexgap.store.cache import CacheStats, Found, Listings, Searched

NOW = datetime(2026, 11, 21, 8, 30, 5, 123456, tzinfo=UTC)
TVDB_ID = ExternalId(Source.TVDB, "81189")
LISTING = Listing(
    provider=Source.TMDB,
    show_id=1396,
    order="aired",
    title='Der Fährmann "zwei" <b>& 🛶',
    year=2008,
    status="Returning Series",
    ids=frozenset({ExternalId(Source.TMDB, "1396"), ExternalId(Source.IMDB, "tt0903747"), TVDB_ID}),
    episodes=(
        ListedEpisode(EpisodeNumber(0, 1)),
        ListedEpisode(EpisodeNumber(1, 0), "", date(2008, 1, 20), 58, 62085),
        ListedEpisode(
            EpisodeNumber(2024, 110), "Fin", date(2026, 12, 1), ids=frozenset({ExternalId(Source.TVDB, "7")})
        ),
    ),
    fetched_at=NOW,
    next_air_date=date(2026, 12, 1),
)
SEARCHED = Searched(
    "Der Fährmann",
    2019,
    Hits(
        (
            Candidate(Source.TMDB, 9, "The Ferryman", 2019, original_title="Der Fährmann"),
            Candidate(Source.TMDB, 8, "Fährmann 🛶", None),
        )
    ),
    NOW,
)


@pytest.fixture
def listings(tmp_path: Path) -> Listings:
    return Listings(tmp_path)


def file_of(folder: Path) -> Path:
    return folder / "tmdb" / "tv-1396.json"


def test_listing_comes_back_as_it_was_saved(listings: Listings) -> None:
    listings.save(LISTING)
    assert listings.load(Source.TMDB, 1396) == LISTING


def test_nothing_is_kept_of_what_was_never_saved(listings: Listings) -> None:
    assert listings.load(Source.TMDB, 1396) is None
    assert listings.found(Source.TMDB, TVDB_ID) is None
    assert listings.stamp(Source.TMDB, 1396) is None
    assert listings.stats() == CacheStats(0, 0, None)


def test_file_is_readable_json_with_one_line_an_episode(listings: Listings, tmp_path: Path) -> None:
    listings.save(LISTING)
    lines = file_of(tmp_path).read_text(encoding="utf-8").splitlines()
    assert ' "title": "Der Fährmann \\"zwei\\" <b>& 🛶",' in lines
    assert '  {"season":1,"number":0,"air_date":"2008-01-20","runtime_min":58,"id":62085},' in lines
    assert json.loads("".join(lines))["form"] == 1


def test_listing_without_episodes_comes_back(listings: Listings) -> None:
    empty = replace(LISTING, episodes=(), next_air_date=None, year=None)
    listings.save(empty)
    assert listings.load(Source.TMDB, 1396) == empty


def test_other_orders_and_catalogues_lie_beside_it(listings: Listings) -> None:
    others = (
        replace(LISTING, order="dvd", title="dvd"),
        replace(LISTING, order="group:5acf93e60e0a26346d0000ce", title="group"),
        replace(LISTING, provider=Source.TVDB, title="tvdb"),
        replace(LISTING, show_id=13, title="13"),
    )
    for each in (LISTING, *others):
        listings.save(each)
    for each in (LISTING, *others):
        assert listings.load(each.provider, each.show_id, each.order) == each
    listings.drop(Source.TMDB, 1396)
    left = [each.title for each in (LISTING, *others) if listings.load(each.provider, each.show_id, each.order)]
    assert left == ["tvdb", "13"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("older form", {"form": 0}),
        ("newer form", {"form": 2}),
        ("half a listing", {"complete": False}),
        ("another show", {"id": 1397}),
        ("another catalogue", {"provider": "tvdb"}),
        ("no time", {"fetched_at": None}),
        ("time without zone", {"fetched_at": "2026-11-21T08:30:05"}),
        ("bad date", {"episodes": [{"season": 1, "number": 1, "air_date": "2026-13-45"}]}),
        ("negative number", {"episodes": [{"season": 1, "number": -1}]}),
    ],
)
def test_tampered_or_foreign_file_counts_as_absent_and_is_replaced(
    name: str, change: dict[str, object], listings: Listings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listings.save(LISTING)
    path = file_of(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert listings.load(Source.TMDB, 1396) is None
    assert str(path) in caplog.text
    listings.save(LISTING)
    assert listings.load(Source.TMDB, 1396) == LISTING


@pytest.mark.parametrize("content", [b"", b'{"form": 1, "provi', b"\x00" * 100, b"[]", "{}".encode("utf-16")])
def test_broken_file_counts_as_absent(content: bytes, listings: Listings, tmp_path: Path) -> None:
    listings.save(LISTING)
    file_of(tmp_path).write_bytes(content)
    assert listings.load(Source.TMDB, 1396) is None


def test_folder_in_the_place_of_a_file_counts_as_absent_but_saving_there_fails(
    listings: Listings, tmp_path: Path
) -> None:
    file_of(tmp_path).mkdir(parents=True)
    assert listings.load(Source.TMDB, 1396) is None
    with pytest.raises(StoreError):
        listings.save(LISTING)


def test_stamp_moves_with_every_save(listings: Listings, tmp_path: Path) -> None:
    listings.save(LISTING)
    os.utime(file_of(tmp_path), ns=(5, 5))
    assert listings.stamp(Source.TMDB, 1396) == 5
    listings.save(LISTING)
    assert listings.stamp(Source.TMDB, 1396) != 5


@pytest.mark.parametrize("show_ids", [(), (1396,), (1396, 4607)])
def test_found_ids_come_back_in_their_order(show_ids: tuple[int, ...], listings: Listings) -> None:
    found = Found(TVDB_ID, show_ids, NOW)
    listings.save_found(Source.TMDB, found)
    assert listings.found(Source.TMDB, TVDB_ID) == found


def test_found_answer_under_another_name_counts_as_absent(listings: Listings, tmp_path: Path) -> None:
    listings.save_found(Source.TMDB, Found(TVDB_ID, (1396,), NOW))
    (tmp_path / "tmdb" / "find-tvdb-81189.json").rename(tmp_path / "tmdb" / "find-tvdb-81190.json")
    assert listings.found(Source.TMDB, ExternalId(Source.TVDB, "81190")) is None


@pytest.mark.parametrize("value", ["../../etc/passwd", "tt1/../x", "", "0", "81189\n"])
def test_no_id_leads_out_of_the_folder(value: str, listings: Listings, tmp_path: Path) -> None:
    for source in (Source.IMDB, Source.TVDB):
        with pytest.raises(ValueError, match="is no id"):
            listings.save_found(Source.TMDB, Found(ExternalId(source, value), (), NOW))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("show_id", "order"), [(0, "aired"), (1396, "group:../x"), (1396, ""), (1396, "../dvd")])
def test_no_order_leads_out_of_the_folder(show_id: int, order: str, listings: Listings, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no listing"):
        listings.save(replace(LISTING, show_id=show_id, order=order))
    with pytest.raises(ValueError, match="is no listing"):
        listings.load(Source.TMDB, show_id, order)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("hits", [Hits(()), Hits((), more=True), SEARCHED.hits])
def test_search_comes_back_as_it_was_saved(hits: Hits, listings: Listings) -> None:
    searched = replace(SEARCHED, hits=hits)
    assert listings.searched(Source.TMDB, searched.title, searched.year) is None
    listings.save_searched(Source.TMDB, searched)
    assert listings.searched(Source.TMDB, searched.title, searched.year) == searched


def test_searches_for_other_titles_and_years_lie_apart(listings: Listings, tmp_path: Path) -> None:
    others = (
        SEARCHED,
        replace(SEARCHED, year=None),
        replace(SEARCHED, year=2020),
        replace(SEARCHED, title="../../out of here"),
        replace(SEARCHED, title="Fährmann " * 200),
    )
    for each in others:
        listings.save_searched(Source.TMDB, each)
    assert [listings.searched(Source.TMDB, each.title, each.year) for each in others] == list(others)
    assert listings.searched(Source.TVDB, SEARCHED.title, SEARCHED.year) is None
    assert [path.name for path in tmp_path.iterdir()] == ["tmdb"]


def test_search_under_another_name_counts_as_absent(
    listings: Listings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listings.save_searched(Source.TMDB, SEARCHED)
    (path,) = (tmp_path / "tmdb").iterdir()
    path.write_text(path.read_text(encoding="utf-8").replace("2019", "2018"), encoding="utf-8")
    assert listings.searched(Source.TMDB, SEARCHED.title, SEARCHED.year) is None
    assert str(path) in caplog.text


def test_stats_and_clear_know_every_file_and_no_other(listings: Listings, tmp_path: Path) -> None:
    older = NOW - timedelta(days=28)
    listings.save(LISTING)
    listings.save(replace(LISTING, show_id=7))
    os.utime(tmp_path / "tmdb" / "tv-7.json", (older.timestamp(), older.timestamp()))
    listings.save_found(Source.TMDB, Found(TVDB_ID, (1396,), NOW - timedelta(days=90)))
    listings.save_searched(Source.TMDB, SEARCHED)
    beside = tmp_path / "http.sqlite"
    beside.write_text("not ours")
    size = sum(path.stat().st_size for path in (tmp_path / "tmdb").iterdir())
    assert listings.stats() == CacheStats(2, size, older)
    assert listings.clear() == 4
    assert listings.stats() == CacheStats(0, 0, None)
    assert beside.exists()


def test_what_somebody_watches_is_the_users_alone(listings: Listings, tmp_path: Path) -> None:
    listings.save(LISTING)
    assert file_of(tmp_path).stat().st_mode & 0o777 == 0o600
