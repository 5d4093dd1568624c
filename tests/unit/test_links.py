from __future__ import annotations

import pytest

from plexgap.domain.ids import ExternalId, Source, parse_guids
from plexgap.gaps.links import numbering_note, season_address

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


def test_other_orders_say_that_numbers_may_differ() -> None:
    assert numbering_note("aired") == ""
    assert "may differ" in numbering_note("dvd")
