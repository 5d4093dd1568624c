"""One collection as a card: its films in order of release, what is said of each, what can be ignored. Also a film that
waits for the person. Changes when the card's words change.

Plain text throughout: whoever draws it escapes it. Source: design/screens.md 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from plexgap.domain.verdicts import Standing, State
from plexgap.gaps.links import Link
from plexgap.gaps.rules import air_moment
from plexgap.views import words
from plexgap.views.card import PICK, Ask, NeedCard, offered, other
from plexgap.views.films import CollectionReport, FilmLine, FilmToMap

_SOON_DAYS = 30
_LETTERS = {
    Standing.HELD: "h",
    Standing.MISSING: "m",
    Standing.JUST_AIRED: "a",
    Standing.UPCOMING: "u",
    Standing.UNDATED: "u",
    Standing.IGNORED: "i",
}
_TONES = {Standing.HELD: "held", Standing.MISSING: "missing", Standing.IGNORED: "ignored"}
_TO_DO = "Match it in Plex and check again, or say which film it is."


@dataclass(frozen=True, slots=True)
class Tile:
    """One film. `tone`: held, missing, announced or ignored. `picture`: what its poster is asked for by. `under`: the
    words below the picture, which are a link where there is a `url`; `spoken`: that link read aloud."""

    tone: str
    title: str
    named: str
    picture: str
    under: str
    url: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Why a film is listed as it is. `named`: "The Drowned Atlas (2004)"; `badge` "" where nothing needs saying; `why`:
    whole sentences. `links`: where it may be sought besides the one of its picture."""

    named: str
    badge: str
    why: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be ignored, or taken back. `tmdb_id` None: the whole collection. `label` tells it from the
    others of its menu. `key`: of the ignore that is taken back, "" where it is one to make. `named`: as the notice
    calls it."""

    tmdb_id: int | None
    label: str
    named: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """`missing`: "1 missing", "" where none is. `held`: "5 of 6 films, 1 announced". `bar`: one letter a film (h, m, a,
    u, i). `mark`: what a collection is that was not judged, and `lines` why, whole sentences. `menu`: what can be
    ignored; `back`: what is. `foot`: where this comes from."""

    key: str
    name: str
    missing: str
    held: str
    bar: tuple[str, ...]
    bar_spoken: str
    mark: str
    lines: tuple[str, ...]
    tiles: tuple[Tile, ...]
    told: tuple[Told, ...]
    foot: str
    menu: tuple[Choice, ...]
    back: tuple[Choice, ...]


def collection_card(one: CollectionReport, now: datetime, zone: tzinfo, threshold_hours: int) -> CollectionCard:
    """The card at that moment. `threshold_hours`: how long after its day a film is only just released."""
    today = now.astimezone(zone).date()
    return CollectionCard(
        key=one.collection_id,
        name=one.name,
        missing=f"{words.number(len(one.missing))} missing" if one.missing and one.is_judged else "",
        held=_held(one),
        bar=tuple(_LETTERS[line.standing] for line in one.lines),
        bar_spoken=_spoken(one),
        mark="" if one.is_judged else "Not sure" if one.unsure else "Not checked",
        lines=() if one.is_judged else _doubts(one, now, zone),
        tiles=tuple(_tile(line, today) for line in one.lines),
        told=tuple(_told(line, one, now, zone, threshold_hours) for line in one.lines if not line.is_held),
        foot=_foot(one, now, zone),
        menu=_menu(one),
        back=_back(one),
    )


def film_need(film: FilmToMap) -> NeedCard:
    """A film that no collection counts: why, and which film it may be."""
    is_question = film.state is State.NEEDS_MAPPING
    why = words.sentence(film.reason)
    offers = offered(film.title, film.candidates, "film") if is_question else ()
    to_do = PICK if offers else _TO_DO
    return NeedCard(
        title=film.title,
        year=film.year,
        poster=film.poster_key,
        badge="Which film is this?" if is_question else "Not checked",
        lines=(f"{why} {to_do}".strip() if is_question else why,),
        ask=Ask.IDENTIFY if is_question else Ask.RETRY,
        offered=offers,
        other=other(len(offers), "film"),
    )


def _held(one: CollectionReport) -> str:
    """ "5 of 6 films, 1 announced, 1 ignored"."""
    if one.checked_at is None and not one.is_judged:
        return f"{words.count(one.held, 'film')} of it held"
    parts = [f"{words.number(one.held)} of {words.count(one.listed, 'film')}"]
    for found, word in ((one.announced, "announced"), (one.ignored, "ignored")):
        if found:
            parts.append(f"{words.number(len(found))} {word}")
    return ", ".join(parts)


def _spoken(one: CollectionReport) -> str:
    missing = f", {words.number(len(one.missing))} missing" if one.missing else ""
    rest = _held(one).partition(", ")[2]
    held = f"{words.number(one.held)} of {words.count(one.listed, 'released film')} held"
    return f"{held}{missing}{f', {rest}' if rest else ''}"


def _doubts(one: CollectionReport, now: datetime, zone: tzinfo) -> tuple[str, ...]:
    """Why it was not judged, and what was known before."""
    why = words.sentence(one.reason or "")
    if not one.stale or one.checked_at is None:
        return (why,)
    missing = len(one.missing)
    known = f"{words.count(missing, 'film')} missing" if missing else "nothing missing"
    return why, f"What was known {words.since(one.checked_at, now, zone)}: {known}."


# ---------------------------------------------------------------- its films


def _tile(line: FilmLine, today: date) -> Tile:
    named = words.titled(line.title, line.year)
    link = line.links[0] if line.is_missing and line.links else None
    under = _under(line, today)
    return Tile(
        tone=_TONES.get(line.standing, "announced"),
        title=line.title,
        named=named,
        picture=line.poster_key if line.poster_key.isdecimal() else f"tmdb-{line.tmdb_id}",
        under=under,
        url=link.url if link is not None else "",
        spoken=f"{under}: open {line.title} in {link.label}, new tab" if link is not None else "",
    )


def _under(line: FilmLine, today: date) -> str:
    """ "1994", "2004 missing", "2027 announced", "tomorrow"; the year alone for what is held."""
    year = str(line.year) if line.year else ""
    match line.standing:
        case Standing.HELD:
            return year or "no year"
        case Standing.JUST_AIRED:
            return "just released"
        case Standing.UPCOMING if line.release_date and (line.release_date - today).days <= _SOON_DAYS:
            return words.near_day(line.release_date, today)
        case Standing.UNDATED:
            return "no date yet"
        case Standing.UPCOMING:
            return f"{year} announced".strip()
        case Standing.IGNORED:
            return f"{year} ignored".strip()
    return f"{year} missing".strip()


def _told(line: FilmLine, one: CollectionReport, now: datetime, zone: tzinfo, threshold_hours: int) -> Told:
    looked = f" Last looked {words.since(one.checked_at, now, zone)}." if one.checked_at and line.is_missing else ""
    badge = ""
    if line.standing is Standing.JUST_AIRED and line.release_date is not None:
        counts = (air_moment(line.release_date) + timedelta(hours=threshold_hours)).astimezone(zone)
        day = words.near_day(counts.date(), now.astimezone(zone).date()).removeprefix("on ")
        badge = f"just released, counts as missing from {day}"
    elif line.is_ignored and line.ignore is not None:
        badge = f"ignored {words.ignored_until(line.ignore, now, zone)}".removesuffix(".")
    elif line.is_announced:
        badge = "not counted"
    elif line.removed:
        badge = "was in Plex before"
    elif line.not_rechecked:
        badge = "not looked for since it was released"
    return Told(words.titled(line.title, line.year), badge, f"{line.why}{looked}", line.links[1:])


def _foot(one: CollectionReport, now: datetime, zone: tzinfo) -> str:
    """ "Listed by TMDB, asked yesterday. Yours are in Movies and Movies 4K."."""
    asked = f", asked {words.age(one.checked_at, now, zone)}" if one.checked_at else ""
    where = f" Yours are in {words.listed(one.libraries)}." if one.libraries else ""
    return f"Collection {one.tmdb_id} of TMDB{asked}.{where}"


# ---------------------------------------------------------------- what can be ignored, and taken back


def _menu(one: CollectionReport) -> tuple[Choice, ...]:
    """The whole collection, then each missing film; nothing where nothing is missing, or nobody knows what is."""
    if one.ignore is not None or not one.missing or not one.is_judged:
        return ()
    whole = Choice(None, "The whole collection", one.name)
    named = [words.titled(line.title, line.year) for line in one.missing]
    films = (
        Choice(line.tmdb_id, name if named.count(name) == 1 else f"{name}, number {line.tmdb_id}", name)
        for line, name in zip(one.missing, named, strict=True)
    )
    return (whole, *films)


def _back(one: CollectionReport) -> tuple[Choice, ...]:
    """The ignore of the collection, or those of its films."""
    if one.ignore is not None:
        return (Choice(None, "Count the whole collection again", one.name, one.ignore.key),)
    found = [line for line in one.ignored if line.ignore is not None]
    named = [words.titled(line.title, line.year) for line in found]
    return tuple(
        Choice(
            line.tmdb_id,
            f"Count {name} again" if named.count(name) == 1 else f"Count {name}, number {line.tmdb_id}, again",
            name,
            line.ignore.key,
        )
        for line, name in zip(found, named, strict=True)
        if line.ignore is not None
    )
