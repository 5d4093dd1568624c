"""Why a show or film of Plex leads to none of a catalogue, in words. Changes when they do."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from plexgap.domain.ids import ExternalId, Source
from plexgap.gaps import search

_FEW = ("no", "one", "two", "three", "four", "five")


class Noun(NamedTuple):
    """What is looked for: as it is called by its id, and one and several of those that a search finds."""

    title: str
    one: str
    several: str


SHOW, FILM = Noun("show", "series", "series"), Noun("film", "film", "films")


def why_none(ids: Collection[ExternalId], tried: int, provider: Source, noun: Noun) -> str:
    """The beginning of a sentence. `ids`: those that Plex gives; `tried`: how many titles they led to."""
    if not ids:
        return "Plex knows no id for it"
    if tried:
        return f"{provider.label} no longer lists the {noun.title} of its id"
    return f"{provider.label} knows none of the ids that Plex gives for it"


def why_unclear(wanted: search.Sought, choice: search.Choice, provider: Source, noun: Noun) -> str:
    """The end of a sentence."""
    what = "name" if wanted.year is None else "name and year"
    if choice.fitting > 1:
        many = _FEW[choice.fitting] if choice.fitting < len(_FEW) else str(choice.fitting)
        return f"{many} {noun.several} fit its {what}"
    if choice.fitting:
        return "without a year it can't be told from others of such a name"
    if choice.candidates:
        return f"no {noun.one} fits its {what}"
    return f"{provider.label} knows no {noun.one} of its name"
