"""What may be said of a show, and what is said of it, for the form that asks. Changes when the form asks otherwise.

Plain text throughout. Source: design/screens.md 5.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plexgap.domain.catalogue import ABSOLUTE, AIRED, DVD, GROUP, KnownOrder
from plexgap.domain.ids import ExternalId, Source, external_id
from plexgap.gaps import policy
from plexgap.gaps.orders import order_words
from plexgap.views.chosen import is_order_of
from plexgap.views.report import ShowReport

FROM = "from"  # stands for every from:SxxEyy until it is said from which
_SOURCES = (Source.TMDB, Source.TVDB)
_USUAL = (DVD, ABSOLUTE)
POLICIES = (
    ("", "As in your settings"),
    (policy.EVERYTHING, "Everything that aired"),
    (policy.FROM_FIRST_HELD, "From the first episode you have on"),
    (policy.HELD_SEASONS, "Only seasons you have something of"),
    (policy.LATEST_SEASON, "Only the latest season"),
    (FROM, "From a certain episode on"),
)
_EPISODE = re.compile(r"s?(\d{1,6})\s*[ex]\s*(\d{1,6})", re.IGNORECASE)
# A page of TheTVDB is named by words, which may hold a number: only its older addresses have the series' own.
_AT = {
    Source.TMDB: re.compile(r"(?:.*themoviedb\.org/tv/|tmdb:(?://)?)(\d{1,9})(?:\D.*)?", re.IGNORECASE),
    Source.TVDB: re.compile(
        r"(?:.*thetvdb\.com/(?:dereferrer/series/|.*[?&]id=)|tvdb:(?://)?)(\d{1,9})(?:\D.*)?", re.IGNORECASE
    ),
}
_FILM = re.compile(r"(?:.*themoviedb\.org/movie/|tmdb:(?://)?)?(\d{1,9})(?:-[^/]*)?/?(?:[?#].*)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Orders:
    """A catalogue that may be asked, and its orders of the show beside the aired one; None: not known yet."""

    source: Source
    known: tuple[KnownOrder, ...] | None


@dataclass(frozen=True, slots=True)
class OrderOption:
    """An order to choose. `order` "" is what fits best."""

    order: str
    provider: Source | None
    label: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """The form. `taken`: which show it is taken for, a sentence. `order`, `policy`: what is said now, an option and a
    value; `start`: from which episode on, "S02E05". `sources`: where a show may be named."""

    taken: str
    sources: tuple[Source, ...]
    orders: tuple[OrderOption, ...]
    order: OrderOption
    policies: tuple[tuple[str, str], ...]
    policy: str
    start: str
    specials: bool | None
    is_chosen: bool


def choosing(show: ShowReport, known: Sequence[Orders]) -> Choosing:
    """The form for this show. `known`: of each catalogue that may be asked, TMDB first."""
    chosen = show.chosen
    options = (OrderOption("", None, "What fits best"), *(option for orders in known for option in _options(orders)))
    now = next((one for one in options[1:] if is_order_of(chosen, one.order, one.provider)), None)
    if now is None and chosen is not None and chosen.order:
        now = OrderOption(chosen.order, chosen.order_provider, _label(chosen.order, chosen.order_provider))
        options = (*options, now)
    wanted = chosen.policy if chosen is not None else ""
    start = policy.start_of(wanted)
    return Choosing(
        taken=_taken(show),
        sources=tuple(orders.source for orders in known),
        orders=options,
        order=now or options[0],
        policies=POLICIES,
        policy=FROM if start is not None else wanted,
        start=str(start) if start is not None else "",
        specials=chosen.specials if chosen is not None else None,
        is_chosen=chosen is not None,
    )


def policy_of(value: str, start: str) -> str | None:
    """The policy that an option is, with the episode that was entered for it; None where that is none."""
    if value != FROM:
        return value
    found = _EPISODE.fullmatch(start.strip())
    return policy.policy_named(f"from:S{found[1]}E{found[2]}") if found else None


def show_named(text: str, source: Source) -> ExternalId | None:
    """The show that a number or an address names; a bare number is one of `source`. None: it names none."""
    text = text.strip()
    for each in _SOURCES:
        if found := _AT[each].fullmatch(text):
            return external_id(each, int(found[1]))
    return external_id(source, int(text)) if _NUMBER.fullmatch(text) else None


def film_named(text: str) -> int | None:
    """The film of TMDB that a number or an address names; None: it names none."""
    found = _FILM.fullmatch(text.strip())
    return int(found[1]) if found else None


def _taken(show: ShowReport) -> str:
    if show.show_id is None or show.provider is None:
        return "It is not known which show it is."
    return f"It is taken for series {show.show_id} of {show.provider.label}."


def _options(orders: Orders) -> list[OrderOption]:
    source = orders.source
    found = [OrderOption(AIRED, source, _label(AIRED, source))]
    if orders.known is not None:
        return found + [OrderOption(each.order, source, _name(each, source)) for each in orders.known]
    return found + [OrderOption(each, source, _label(each, source)) for each in _USUAL if source is Source.TVDB]


def _name(known: KnownOrder, source: Source) -> str:
    """A group as TMDB calls it; TheTVDB's orders have names of ours."""
    if not known.order.startswith(GROUP):
        return _label(known.order, source)
    return f"{' '.join(known.name.split()) or 'An episode group'}, {source.label}"


def _label(order: str, source: Source | None) -> str:
    words = order_words(order)
    return f"{words[0].upper()}{words[1:]}" + (f", {source.label}" if source is not None else "")
