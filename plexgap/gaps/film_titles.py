"""Which film a Plex film is: what a catalogue is asked for it, and which films are asked for first. Pure.

Source: design/matching.md 1. An override of the person stands before everything here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from plexgap.domain.decisions import TitleRef
from plexgap.domain.films import HeldFilm
from plexgap.domain.ids import ExternalId, Source, ids_of
from plexgap.gaps import match
from plexgap.gaps.rules import title_ref
from plexgap.gaps.search import normal_title

# How many words of a title make one of its family, from the widest to the narrowest; 0: all but a number at its end.
_WIDTHS = (1, 2, 0)

_WORDS = re.compile(r"\w+")
_SMALL = frozenset({"the", "a", "an", "and", "of", "in", "der", "die", "das", "le", "la", "les", "el", "los"})
_SEQUEL = re.compile(r"\d+|[ivx]+|part|chapter|volume|vol|episode|teil")
_SUBTITLE = re.compile(r":\s|\s[-–]\s")


class FilmTitle(match.Titled[HeldFilm]):
    """A film: its items are editions, duplicates, and copies in other libraries."""

    __slots__ = ()

    @property
    def ref(self) -> TitleRef:
        """What Plex alone says of it, for a decision to keep."""
        return title_ref(self.items)


def group_films(items: Iterable[HeldFilm]) -> tuple[FilmTitle, ...]:
    """Film items of one title together, as those of shows are; lowest rating key first."""
    return tuple(map(FilmTitle, match.grouped(items)))


def ids_to_try(film: FilmTitle) -> tuple[ExternalId, ...]:
    """The ids that lead to a film of TMDB, in the order they are asked. An id of TheTVDB leads to none (reference/
    tmdb.md 6)."""
    return tuple(
        ExternalId(source, value) for source in (Source.TMDB, Source.IMDB) for value in ids_of(film.ids, source)
    )


def own_ids(ids: Iterable[ExternalId]) -> tuple[int, ...]:
    """The films that the ids themselves name, without a question."""
    return tuple(map(int, ids_of(ids, Source.TMDB)))


def mark(item: HeldFilm, chosen: int | None = None) -> str:
    """Names the facts that say which film an item is, so that a check made from others is known to be stale. `chosen`:
    the film that the person chose."""
    facts = "\n".join((item.guid, *item.guids, item.title, str(item.year), str(chosen or "")))
    return blake2b(facts.encode(), digest_size=12).hexdigest()


def first_of_families(films: Sequence[FilmTitle]) -> tuple[tuple[FilmTitle, ...], ...]:
    """The films in the order in which they are worth asking for: one of each family before the others of it, because
    its collection's answer may be the others' too. Families are told by titles alone: each film stands once, in one
    of few rounds, the oldest first. What a round answered need not be asked for in the next one.
    """
    left = sorted(films, key=lambda film: (film.year or 0, match.rating_key_order(film.rating_keys[0])))
    rounds: list[tuple[FilmTitle, ...]] = []
    for width in _WIDTHS:
        first: dict[str, FilmTitle] = {}
        for film in left:
            first.setdefault(_family(film.name, width), film)
        rounds.append(tuple(first.values()))
        chosen = {id(film) for film in first.values()}
        left = [film for film in left if id(film) not in chosen]
    return tuple(each for each in (*rounds, tuple(left)) if each)


def _family(title: str, width: int) -> str:
    """What the titles of one collection most likely share: their first words, "the" and the like left out, or all
    before a number or a subtitle."""
    words = [word for word in _WORDS.findall(title.casefold()) if word not in _SMALL]
    if width:
        return " ".join([word for word in words if not word.isdigit()][:width]) or normal_title(title)
    head = _WORDS.findall(_SUBTITLE.split(title, maxsplit=1)[0].casefold())
    while len(head) > 1 and _SEQUEL.fullmatch(head[-1]):
        head.pop()
    return " ".join(word for word in head if word not in _SMALL) or normal_title(title)
