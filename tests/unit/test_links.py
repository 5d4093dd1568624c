from __future__ import annotations

import pytest

from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source, parse_guids
from plexgap.domain.verdicts import Absent
from plexgap.gaps.links import counts_alike, season_address, season_there
from tests.support import numbers

BASE = "https://debridmediamanager.com"


@pytest.mark.parametrize(
    ("guids", "season", "address"),
    [
        (["imdb://tt0944947"], 3, f"{BASE}/show/tt0944947/3"),
        (["tmdb://1", "imdb://tt0944947"], 2024, f"{BASE}/show/tt0944947/2024"),
        (["imdb://tt0944947"], 0, None),
        (["tmdb://1"], 1, f"{BASE}/search?query=A%20%26%20B%2FC%3F"),
    ],
)
def test_address_of_a_season(guids: list[str], season: int, address: str | None) -> None:
    assert season_address(BASE, parse_guids(guids), "A & B/C?", season) == address


def test_odd_imdb_id_never_gets_into_an_address() -> None:
    odd = frozenset({ExternalId(Source.IMDB, "tt1/../../x")})
    assert season_address(BASE, odd, "Odd", 1) == f"{BASE}/search?query=Odd"


@pytest.mark.parametrize(
    ("provider", "order", "alike"),
    [
        (Source.TMDB, "aired", True),
        (Source.TMDB, "group:5acf93e60e0a26346d0000ce", False),
        (Source.TVDB, "aired", False),
        (Source.TVDB, "dvd", False),
        (None, None, True),
    ],
)
def test_sites_count_as_tmdb_aired_it(provider: Source | None, order: str | None, alike: bool) -> None:
    assert counts_alike(provider, order) is alike


@pytest.mark.parametrize(
    ("aired", "season", "of_all"),
    [
        (["1x7", "1x8"], 1, True),
        (["1x7", "2x1", "2x2"], 2, True),
        (["1x7", "2x1"], 1, True),
        ([None, "1x7"], 1, False),
        ([None, None], 4, False),
        ([], 4, False),
    ],
)
def test_season_of_another_order_leads_to_the_aired_one_of_most_that_lacks(
    aired: list[str | None], season: int, of_all: bool
) -> None:
    absent = [
        Absent(EpisodeNumber(4, place), "", None, place, aired=numbers(text)[0] if text else None)
        for place, text in enumerate(aired, start=1)
    ]
    assert season_there(absent, 4) == (season, of_all)
