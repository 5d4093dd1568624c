"""Why a show of Plex leads to none of a catalogue, in words. Changes when they do."""

from __future__ import annotations

from plexgap.domain.ids import Source
from plexgap.gaps import match, search

_FEW = ("no", "one", "two", "three", "four", "five")


def why_none(title: match.Title, tried: int, provider: Source) -> str:
    """The beginning of a sentence."""
    if not title.ids:
        return "Plex knows no id for it"
    if tried:
        return f"{provider.label} no longer lists the show of its id"
    return f"{provider.label} knows none of the ids that Plex gives for it"


def why_unclear(wanted: search.Sought, choice: search.Choice, provider: Source) -> str:
    """The end of a sentence."""
    what = "name" if wanted.year is None else "name and year"
    if choice.fitting > 1:
        many = _FEW[choice.fitting] if choice.fitting < len(_FEW) else str(choice.fitting)
        return f"{many} series fit its {what}"
    if choice.fitting:
        return "without a year it can't be told from others of such a name"
    return f"no series fits its {what}" if choice.candidates else f"{provider.label} knows no series of its name"
