"""One show as a card: what a person sees of it before it is opened. Changes when the card's words change.

Plain text throughout: whoever draws it escapes it. Source: design/screens.md 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from plexgap.domain.catalogue import AIRED, Candidate
from plexgap.domain.episodes import numbers_label
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Standing, State
from plexgap.gaps import search
from plexgap.gaps.orders import order_words
from plexgap.views import words
from plexgap.views.report import EpisodeLine, Group, SeasonReport, ShowReport

MOST_CHIPS = 3
MOST_OFFERED = 3
_TO_DO = "Match it in Plex and check again, or say which show it is."
PICK = "Pick one; it is remembered."


@dataclass(frozen=True, slots=True)
class Chip:
    """One season's missing or just aired episodes. `url` "": it opens nothing. `spoken`: what is read aloud."""

    text: str
    url: str = ""
    spoken: str = ""
    note: str = ""
    aired: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """`bar`: one text a season, one letter an episode (h, m, a, u, i). `more`: "and 2 more seasons" or "". `new`: "1
    new" or "". `is_whole`: nothing of it is missing."""

    title: str
    year: int | None
    poster: str
    about: str
    missing: str
    held: str
    bar: tuple[str, ...]
    bar_spoken: str
    chips: tuple[Chip, ...]
    more: str
    new: str = ""
    is_whole: bool = False


class Ask(StrEnum):
    """What a show that needs the person can be answered with."""

    RETRY = "retry"
    IDENTIFY = "identify"


@dataclass(frozen=True, slots=True)
class Offered:
    """A show that it may be: "It is the 2014 series". `order`: the one that is said to be right with it, or ""."""

    label: str
    provider: Source
    show_id: int
    order: str = ""


@dataclass(frozen=True, slots=True)
class NeedCard:
    """A show that is in no total. `lines`: the first says why, in whole sentences, later ones what is known. `offered`:
    which shows it may be, likeliest first; `other`: what leads to saying that it is another one."""

    title: str
    year: int | None
    poster: str
    badge: str
    lines: tuple[str, ...]
    ask: Ask
    offered: tuple[Offered, ...] = ()
    other: str = ""


def card(show: ShowReport, now: datetime, zone: tzinfo, new: int = 0) -> Card:
    """The card of a show that was judged. `new`: how many episodes became missing since the last visit."""
    gaps = [season for season in show.all_seasons if season.missing]
    chips = [_missing_chip(show, season) for season in gaps[:MOST_CHIPS]]
    aired = [season for season in show.all_seasons if season.of(Standing.JUST_AIRED)]
    chips += [_aired_chip(season) for season in aired[-1:]]
    left = len(gaps) - MOST_CHIPS
    return Card(
        title=show.title,
        year=show.year,
        poster=show.poster_key,
        about=about(show, now.astimezone(zone).date()),
        missing=_missing(show),
        held=f"{words.number(show.held)} of {words.number(show.listed)} held",
        bar=tuple(season.row for season in show.seasons if season.row),
        bar_spoken=_bar_spoken(show),
        chips=tuple(chips),
        more=f"and {words.count(left, 'more season', 'more seasons')}" if left > 0 else "",
        new=f"{words.number(new)} new" if new else "",
        is_whole=not show.missing,
    )


def need(show: ShowReport, now: datetime, zone: tzinfo) -> NeedCard:
    """The card of a show that was not judged, or not surely."""
    badge, ask = {
        State.SUSPECT: ("Numbers look off", Ask.IDENTIFY),
        State.NEEDS_MAPPING: ("Which show is this?", Ask.IDENTIFY),
    }.get(show.state, ("Not checked", Ask.RETRY))
    is_open = show.state is State.NEEDS_MAPPING
    known = told(show.candidates) if is_open else _known(show, now, zone)
    offers = _offered(show)
    return NeedCard(
        title=show.title,
        year=show.year,
        poster=show.poster_key,
        badge=badge,
        lines=tuple(line for line in (_why_asked(show), known) if line),
        ask=ask,
        offered=offers,
        other=other(len(offers), "show") if is_open or show.provider is None else "Wrong show or order",
    )


def other(offered: int, noun: str) -> str:
    """ "Say which show it is", or, beside some that are offered, "Neither, enter an id"."""
    named = {0: f"Say which {noun} it is", 1: "Another one, enter an id", 2: "Neither, enter an id"}
    return named.get(offered, "None of these, enter an id")


def told(candidates: Sequence[Candidate]) -> str:
    """ "Wintering, 2014, 3 seasons, 18 episodes · Wintering, 2019, 1 season": what is known of those that are offered,
    "" where it is no more than their names."""
    found = candidates[:MOST_OFFERED]
    if not any(each.seasons or each.episodes for each in found):
        return ""
    return " · ".join(", ".join(_facts(each)) for each in found)


def _facts(found: Candidate) -> list[str]:
    facts = [" ".join(found.title.split()) or "Without a title"]
    facts += [str(found.year)] if found.year is not None else []
    counted = ((found.seasons, "season"), (found.episodes, "episode"))
    return [*facts, *(words.count(count, noun) for count, noun in counted if count)]


def _why_asked(show: ShowReport) -> str:
    """Why it stands there, and what the person can do about it."""
    why = words.sentence(show.reason or "")
    if show.state is not State.NEEDS_MAPPING:
        return why
    return f"{why} {PICK if show.candidates else _TO_DO}".strip()


def about(show: ShowReport, today: date) -> str:
    """ "TV Shows · ongoing, S05 E03 tomorrow"."""
    place = words.listed(show.libraries)
    if show.group is Group.ARCHIVED:
        status = show.status.lower()
        standing = f"archived, {status}" if status else "archived"
    else:
        standing = f"ongoing{_next(show, today)}"
    return f"{place} · {standing}" if place else standing


def dated(line: EpisodeLine) -> date:
    """The air date, or the last day there is, for sorting."""
    return line.air_date or date.max


def newest_gap(show: ShowReport) -> date:
    """The day the newest missing episode was broadcast; the first day there is when none has a date."""
    return max((line.air_date for line in show.missing if line.air_date), default=date.min)


def _offered(show: ShowReport) -> tuple[Offered, ...]:
    """The candidates: by year alone where every one has its name and a year of its own, by name otherwise. A suspect
    show offers that it is right, which settles the doubt."""
    if show.state is State.SUSPECT and show.show_id is not None and show.provider is not None:
        order = show.order or AIRED
        label = "It is the right show" if order == AIRED else f"Judge it in {order_words(order)}"
        return (Offered(label, show.provider, show.show_id, order),)
    return offered(show.title, show.candidates, "series") if show.state is State.NEEDS_MAPPING else ()


def offered(title: str, candidates: Sequence[Candidate], noun: str) -> tuple[Offered, ...]:
    """The first candidates for a title, each told from the others. `noun`: what they are, "series" or "film"."""
    found = candidates[:MOST_OFFERED]
    years = {candidate.year for candidate in found if candidate.year is not None}
    own = search.normal_title(search.sought(title, None).title)
    if len(years) == len(found) and all(search.normal_title(candidate.title) == own for candidate in found):
        labels = [f"It is the {candidate.year} {noun}" for candidate in found]
    else:
        names = [words.candidate(each, noun) for each in found]
        labels = [
            f"It is {name}" if names.count(name) == 1 else f"It is {name}, number {each.show_id}"
            for name, each in zip(names, found, strict=True)
        ]
    return tuple(Offered(label, each.provider, each.show_id) for label, each in zip(labels, found, strict=True))


def _next(show: ShowReport, today: date) -> str:
    coming = sorted(show.of(Standing.UPCOMING), key=lambda line: (dated(line), line.number))
    if coming and coming[0].air_date:
        first = coming[0]
        return f", {numbers_label(first.number.season, [first.number.number])} {words.near_day(dated(first), today)}"
    return ", no date for the next episode yet" if show.of(Standing.UNDATED) else ""


def _missing(show: ShowReport) -> str:
    regular = show.missing_regular
    specials = len(show.specials.missing) if show.specials else 0
    if not specials and not regular:
        ignored = len(show.of(Standing.IGNORED))
        return f"{words.number(ignored)} ignored" if ignored else "Complete"
    if specials and not regular:
        return f"{words.count(specials, 'special')} missing"
    return f"{words.number(regular)} missing" + (f", and {words.count(specials, 'special')}" if specials else "")


def _bar_spoken(show: ShowReport) -> str:
    parts = [f"{show.held} of {words.count(show.listed, 'aired episode')} held"]
    counted = (
        (Standing.MISSING, "missing"),
        (Standing.JUST_AIRED, "just aired"),
        (Standing.UPCOMING, "upcoming"),
        (Standing.IGNORED, "ignored"),
    )
    for standing, word in counted:
        found = sum(len(season.of(standing)) for season in show.seasons)
        if found:
            parts.append(f"{words.number(found)} {word}")
    return ", ".join(parts)


def _missing_chip(show: ShowReport, season: SeasonReport) -> Chip:
    numbers = tuple(line.number.number for line in season.missing)
    text = words.season_pieces(season.season, numbers, whole=season.wholly_missing)
    link = season.link or next(iter(season.further), None)
    if link is None:
        return Chip(text, spoken=f"{text} missing")
    spoken = f"{text}: open {words.season_name(season.season).lower()} of {show.title} in {link.label}, new tab"
    return Chip(text, link.url, spoken, link.note)


def _aired_chip(season: SeasonReport) -> Chip:
    text = numbers_label(season.season, [line.number.number for line in season.of(Standing.JUST_AIRED)])
    return Chip(f"{text} just aired", spoken=f"{text} just aired", aired=True)


def _known(show: ShowReport, now: datetime, zone: tzinfo) -> str:
    """ "What was known on Tuesday: 2 episodes missing, S02 E07-E08.", or the best guess; "" where there is none."""
    if show.state is State.SUSPECT:
        best = f"{words.number(len(show.missing))} of {words.number(show.listed)} aired episodes are missing"
        return f"If it is the right show, {best}." if show.missing else "If it is the right show, nothing is missing."
    if show.checked_at is None or not show.stale:
        return ""
    missing = [line for line in show.missing if not line.number.is_special]
    when = f"What was known {words.since(show.checked_at, now, zone)}"
    if not missing:
        return f"{when}: nothing missing."
    seasons = sorted({line.number.season for line in missing})
    pieces = [
        numbers_label(season, [line.number.number for line in missing if line.number.season == season])
        for season in seasons[:2]
    ]
    left = len(seasons) - 2
    more = f" and {words.count(left, 'more season', 'more seasons')}" if left > 0 else ""
    return f"{when}: {words.count(len(missing), 'episode')} missing, {', '.join(pieces)}{more}."
