"""Outside identities: which title or episode of which catalogue a Plex item claims to be.

Changes when Plex or an agent writes identities in another form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Source(StrEnum):
    """Who gave an id. Numbers of two sources are never comparable."""

    TMDB = "tmdb"
    TVDB = "tvdb"
    IMDB = "imdb"

    @property
    def label(self) -> str:
        """As people know it."""
        return {"tmdb": "TMDB", "tvdb": "TheTVDB", "imdb": "IMDb"}[self.value]


class ExternalId(NamedTuple):
    """One id of one source: `("tmdb", "1396")`, `("imdb", "tt0903747")`. Says nothing of the kind of title."""

    source: Source
    value: str

    def __str__(self) -> str:
        return f"{self.source}://{self.value}"


# "com.plexapp.agents.thetvdb://268592/1/2?lang=en": agent, id, and for a season or an episode its numbers behind "/".
_LEGACY_AGENTS = {
    "com.plexapp.agents.themoviedb": Source.TMDB,
    "com.plexapp.agents.thetvdb": Source.TVDB,
    "com.plexapp.agents.imdb": Source.IMDB,
}
_FORMS = {
    Source.TMDB: re.compile(r"[1-9]\d*").fullmatch,
    Source.TVDB: re.compile(r"[1-9]\d*").fullmatch,
    Source.IMDB: re.compile(r"tt\d{7,}").fullmatch,
}
_SCHEMES = {str(source): source for source in Source}
_HAMA = re.compile(r"(?P<source>tvdb|tmdb|imdb)\d?-(?P<value>[^/?]+)")


def external_id(source: Source, value: object) -> ExternalId | None:
    """The id, if `value` has the form of one of that source; None for 0, "" and other placeholders."""
    text = str(value).strip() if value is not None else ""
    return ExternalId(source, text) if _FORMS[source](text) else None


def parse_guid(guid: str) -> ExternalId | None:
    """The outside id in a Plex guid, modern (`tmdb://1396`) or of a legacy agent; None where it holds none.

    A legacy guid of a season or an episode (`...thetvdb://81189/1/2`) names the show: it is None here, because
    taken for the episode's own id it would be another episode's. Source: reference/plex.md 5.1.
    """
    scheme, separator, rest = guid.strip().partition("://")
    if not separator:
        return None
    path, _, _ = rest.partition("?")
    value, slash, _ = path.partition("/")
    if slash:
        return None
    if scheme == "com.plexapp.agents.hama":
        found = _HAMA.fullmatch(value)
        return external_id(Source(found["source"]), found["value"]) if found else None
    if scheme in _LEGACY_AGENTS:
        return external_id(_LEGACY_AGENTS[scheme], value)
    own = _SCHEMES.get(scheme)
    return external_id(own, value) if own is not None else None


def parse_guids(guids: Iterable[str]) -> frozenset[ExternalId]:
    """Every outside id among these guids; one source may stand in it several times."""
    return frozenset(found for guid in guids if (found := parse_guid(guid)) is not None)


def ids_of(ids: Iterable[ExternalId], source: Source) -> tuple[str, ...]:
    """The values of one source, shortest and lowest first, so that the order never depends on hashing."""
    return tuple(sorted((i.value for i in ids if i.source is source), key=lambda value: (len(value), value)))


def first_id(ids: Iterable[ExternalId], source: Source) -> str | None:
    """The first of `ids_of`, or None."""
    return next(iter(ids_of(ids, source)), None)
