"""Further links by the person's own templates: addresses with places for what is sought. Nothing of them is ever asked.

Source: design/gaps.md 9. Changes when a template may say more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from plexgap.config import LinkTemplate
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source, first_id
from plexgap.gaps.links import Link, imdb_of

_PLACE = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Sought:
    """What a link is to find: a film, a season (`number` None) or an episode of a show. `note`: as in `Link`."""

    title: str
    ids: frozenset[ExternalId]
    year: int | None = None
    season: int | None = None
    number: EpisodeNumber | None = None
    note: str = ""


def filled(templates: Iterable[LinkTemplate], sought: Sought) -> tuple[Link, ...]:
    """The links for it, in the order of the templates; one that asks for what is not known is left out."""
    known = dict(_known(sought))
    return tuple(
        Link(template.label, address, sought.note)
        for template in templates
        if (address := _filled(template.url, known)) is not None
    )


def _filled(url: str, known: Mapping[str, str]) -> str | None:
    if any(name not in known for name in _PLACE.findall(url)):
        return None
    return _PLACE.sub(lambda place: quote(known[place[1]], safe=""), url)


def _known(sought: Sought) -> Iterator[tuple[str, str]]:
    """What can be put in the places. {code} is S02E05 or S02, {query} the title with it, a film's with its year."""
    code = ""
    if sought.number is not None:
        code = f"S{sought.number.season:02d}E{sought.number.number:02d}"
        yield "season", str(sought.number.season)
        yield "episode", str(sought.number.number)
    elif sought.season is not None:
        code = f"S{sought.season:02d}"
        yield "season", str(sought.season)
    if code:
        yield "code", code
    yield "title", sought.title
    behind = code or (str(sought.year) if sought.year else "")
    yield "query", f"{sought.title} {behind}".strip()
    ids = {
        "imdbid": imdb_of(sought.ids),
        "tmdbid": first_id(sought.ids, Source.TMDB),
        "tvdbid": first_id(sought.ids, Source.TVDB),
    }
    yield from ((name, value) for name, value in ids.items() if value)
