from __future__ import annotations

import pytest
from pydantic import ValidationError

from plexgap.config import LinkTemplate
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source, parse_guids
from plexgap.domain.verdicts import Absent
from plexgap.gaps.link_templates import Sought, filled
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


IDS = parse_guids(["imdb://tt0944947", "tmdb://1399", "tvdb://121361"])
EPISODE = Sought("A & B/C", IDS, number=EpisodeNumber(2, 5))
SEASON = Sought("A & B/C", IDS, season=2)
FILM = Sought("A & B/C", IDS, year=1997)
NAMELESS = Sought("A & B/C", frozenset())


@pytest.mark.parametrize(
    ("template", "sought", "behind"),
    [
        ("?q={query}", EPISODE, "?q=A%20%26%20B%2FC%20S02E05"),
        ("?q={query}", SEASON, "?q=A%20%26%20B%2FC%20S02"),
        ("?q={query}", FILM, "?q=A%20%26%20B%2FC%201997"),
        ("?q={query}", NAMELESS, "?q=A%20%26%20B%2FC"),
        ("?q={title}&c={code}", EPISODE, "?q=A%20%26%20B%2FC&c=S02E05"),
        ("/{imdbid}/{season}/{episode}", EPISODE, "/tt0944947/2/5"),
        ("/{tmdbid}?tvdb={tvdbid}&s={season}", SEASON, "/1399?tvdb=121361&s=2"),
        ("/{imdbid}/{season}/{episode}", SEASON, None),
        ("?q={title}&c={code}", FILM, None),
        ("/{season}", FILM, None),
        ("/{imdbid}", NAMELESS, None),
        ("/always", NAMELESS, "/always"),
    ],
)
def test_template_is_filled_with_what_is_known_and_left_out_where_it_is_not(
    template: str, sought: Sought, behind: str | None
) -> None:
    found = filled([LinkTemplate(label="Mine", url=f"https://host.invalid{template}")], sought)
    assert [link.url for link in found] == ([f"https://host.invalid{behind}"] if behind is not None else [])
    assert all(link.label == "Mine" for link in found)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert('{query}')",
        "//host/{query}",
        "https://{title}.invalid/",
        "https://host.invalid{title}/",
        "https://host.invalid/{nothing}",
        "https://me:secret@host.invalid/{title}",
        "https://host.invalid/?apikey=abc&q={query}",
        "https://host.invalid/?q={query}&passkey=abc",
        "https://host.invalid/a b",
        "",
    ],
)
def test_template_that_leads_elsewhere_or_holds_a_key_is_none(url: str) -> None:
    with pytest.raises(ValidationError):
        LinkTemplate(label="Mine", url=url)
