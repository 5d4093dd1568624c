"""Addresses a person may open for what is missing. The program itself never asks for them.

Source: reference/debrid-media-manager.md, design/gaps.md 9.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from plexgap.domain.catalogue import AIRED
from plexgap.domain.episodes import SPECIALS
from plexgap.domain.ids import ExternalId, Source, ids_of
from plexgap.domain.verdicts import Absent

_IMDB = re.compile(r"tt\d{7,}")


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a person may open. `note`: a caution, such as "numbers there may differ"."""

    label: str
    url: str
    note: str = ""


def imdb_of(ids: Iterable[ExternalId]) -> str | None:
    """The show's IMDb id if it has the form that such addresses take."""
    return next((value for value in ids_of(ids, Source.IMDB) if _IMDB.fullmatch(value)), None)


def season_address(base_url: str, ids: Iterable[ExternalId], title: str, season: int) -> str | None:
    """Debrid Media Manager's page of one season; a search for the title without an IMDb id; None for specials.

    The site sends an unknown season to its first one without a word, so season 0 gets no link at all.
    """
    if season == SPECIALS:
        return None
    imdb = imdb_of(ids)
    if imdb is None:
        return f"{base_url}/search?query={quote(title, safe='')}"
    return f"{base_url}/show/{imdb}/{season}"


MAY_DIFFER = "Numbers there may differ: the site counts in aired order."


def counts_alike(provider: Source | None, order: str | None) -> bool:
    """Whether such sites number the title as it is shown: they count as TMDB aired it."""
    return provider in (None, Source.TMDB) and order in (None, AIRED)


def season_there(absent: Iterable[Absent], season: int) -> tuple[int, bool]:
    """The aired season that most of a shown season's absent episodes belong to, and whether that is known of all of
    them; the season itself where nobody knows it of any."""
    seasons = [episode.aired.season if episode.aired is not None else None for episode in absent]
    known = Counter(aired for aired in seasons if aired is not None)
    if not known:
        return season, False
    most = max(known.values())
    return min(aired for aired, often in known.items() if often == most), None not in seasons


def movie_address(base_url: str, imdb_id: str | None, title: str, year: int | None) -> str:
    """Debrid Media Manager's page of a film; a search for it without an IMDb id."""
    if imdb_id is not None and _IMDB.fullmatch(imdb_id):
        return f"{base_url}/movie/{imdb_id}"
    return f"{base_url}/search?query={quote(f'{title} {year}' if year else title, safe='')}"
