"""Builds what a report says of films: which film each item is, then every collection they begin. Changes when what
counts of films changes.

As views/builder does it of shows: stored facts and decisions in, standings at one moment out. Asks no service; our own
files are read only where they are newer than what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from plexgap.domain.decisions import Decisions
from plexgap.domain.films import CollectionCheck, CollectionListing, FilmCheck, FilmFacts, HeldFilm, ListedFilm
from plexgap.domain.ids import ExternalId, Source, first_id
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Outcome, Standing, State
from plexgap.gaps import collections, freshness, link_templates, links, match, rules
from plexgap.gaps.collections import IgnoredFilms, JudgedCollection, StandingFilm
from plexgap.gaps.film_titles import FilmTitle, mark, own_ids
from plexgap.gaps.link_templates import Sought
from plexgap.gaps.search import normal_title
from plexgap.jobs import selection
from plexgap.jobs.parts import Parts
from plexgap.views.films import CollectionReport, FilmLine, Films, FilmTally, FilmToMap, GoneCollection
from plexgap.views.report import NOT_CHECKED
from plexgap.views.why import film_why

_CHANGED = "It changed in Plex since the last check."
_NO_KEY = "Collections are TMDB's, and there is no TMDB key. Enter one in the settings."


@dataclass(slots=True)
class _Held:
    """One film and its copies. `film_id` None: nobody knows which it is. `doubt`: why that is not sure, a sentence;
    "" where it is. `told`: the collection that TMDB's answer about the film named."""

    film_id: int | None
    items: list[HeldFilm]
    state: State
    doubt: str = ""
    told: int | None = None
    check: FilmCheck | None = None
    chosen: bool = False


@dataclass(slots=True)
class _Library:
    """The films in scope by number, and those of which nobody knows the number."""

    known: dict[int, _Held] = field(default_factory=dict)
    open: list[_Held] = field(default_factory=list)


def build_films(
    parts: Parts, decisions: Decisions, standings: rules.Rules, now: datetime, libraries: tuple[str, ...] = ()
) -> Films:
    """Every film in scope at the moment `now` (UTC), and every collection of which enough is held. Those that are begun
    in `libraries` alone, where a run is narrowed to these: what other libraries hold of them counts as held too."""
    uuids = [
        section.uuid for section in selection.counted(parts.settings, parts.index.sections(), Kind.MOVIE, libraries)
    ]
    named = frozenset(section.uuid for section in selection.film_sections(parts, libraries))
    items = parts.index.films(uuids) if uuids else ()
    if not any(item.section_uuid in named for item in items):
        return Films()
    checks = parts.index.film_checks()
    if not parts.settings.tmdb_api_key and not any(item.rating_key in checks for item in items):
        return Films(problem=_NO_KEY)
    return _Builder(parts, decisions, standings, now, uuids, named).films(items, checks)


class _Builder:
    def __init__(
        self,
        parts: Parts,
        decisions: Decisions,
        standings: rules.Rules,
        now: datetime,
        uuids: Sequence[str],
        named: frozenset[str],
    ) -> None:
        self._parts = parts
        self._files = parts.listings.films
        self._decisions = decisions
        self._rules = standings
        self._now = now
        self._filters = selection.film_filters(parts.settings)
        self._ignored = IgnoredFilms(decisions, now)
        self._any_chosen = any(override.kind is Kind.MOVIE for override in decisions.overrides)
        self._excluded = {name.strip().casefold() for name in parts.settings.exclusions.collections}
        self._stored = {check.collection_id: check for check in parts.index.collection_checks()}
        self._listed_in: dict[int, list[int]] = {}
        for check in self._stored.values():
            for part in check.listing.parts if check.listing is not None else ():
                self._listed_in.setdefault(part.film_id, []).append(check.collection_id)
        self._seen = min((at for uuid, at in parts.index.seen().items() if uuid in uuids), default=None)
        self._gone = parts.index.gone_films()
        self._named = named

    def films(self, items: Iterable[HeldFilm], checks: Mapping[str, FilmCheck]) -> Films:
        library = self._library(items, checks)
        begun, gone = self._begun(library)
        shown = [one for number in sorted(begun) if (one := self._collection(number, begun[number], library))]
        shown.sort(key=lambda one: (one.name.casefold(), one.tmdb_id))
        inside = [held for held in (*library.open, *library.known.values()) if self._is_named(held)]
        open_films = [self._open(held) for held in inside if held.doubt]
        open_films.sort(key=lambda one: (one.title.casefold(), one.year or 0, one.film_id))
        return Films(
            tuple(shown),
            tuple(open_films),
            tuple(gone),
            _tally(shown, open_films, len(inside)),
        )

    def _is_named(self, held: _Held) -> bool:
        return any(item.section_uuid in self._named for item in held.items)

    # Which film each item is

    def _library(self, items: Iterable[HeldFilm], checks: Mapping[str, FilmCheck]) -> _Library:
        found, unnumbered = _Library(), []
        for item in items:
            held = self._held(item, checks.get(item.rating_key))
            if held.film_id is None:
                unnumbered.append(held)
                continue
            known = found.known.setdefault(held.film_id, held)
            if known is held:
                continue
            known.items.extend(held.items)
            if known.doubt and not held.doubt:
                known.state, known.doubt, known.told, known.check = held.state, "", held.told, held.check
        of_item = {held.items[0].rating_key: held for held in unnumbered}
        for group in match.grouped([held.items[0] for held in unnumbered]):
            first = of_item[group[0].rating_key]
            found.open.append(replace(first, items=list(group)))
        return found

    def _held(self, item: HeldFilm, check: FilmCheck | None) -> _Held:
        override = rules.film_override(self._decisions, (item,)) if self._any_chosen else None
        chosen = override.tmdb_id if override is not None else None
        if check is not None and check.mark == mark(item, chosen):
            state = State.COMPLETE if check.outcome is Outcome.JUDGED else State(check.outcome.value)
            doubt = check.reason if check.outcome is not Outcome.JUDGED else ""
            return _Held(check.film_id, [item], state, doubt, check.collection_id, check, chosen is not None)
        own = (chosen,) if chosen is not None else own_ids(item.ids)
        listed = next((film_id for film_id in own if film_id in self._listed_in), None)
        if listed is not None:
            return _Held(listed, [item], State.COMPLETE, chosen=chosen is not None)
        facts = self._kept(own) if check is not None or chosen is not None else None
        if facts is not None:
            return _Held(facts.film_id, [item], State.COMPLETE, "", facts.collection_id, chosen=chosen is not None)
        reason = NOT_CHECKED if check is None else _CHANGED
        return _Held(next(iter(own), None), [item], State.UNKNOWN, reason, chosen=chosen is not None)

    def _kept(self, film_ids: Iterable[int]) -> FilmFacts | None:
        for film_id in film_ids:
            kept = self._files.film(film_id)
            if isinstance(kept, FilmFacts) and freshness.film_may_be_kept(kept.fetched_at, self._now):
                return kept
        return None

    # Which collections they begin

    def _begun(self, library: _Library) -> tuple[dict[int, list[_Held]], list[GoneCollection]]:
        """Collections by number, each with the films that lead to it; and those that TMDB no longer has."""
        begun: dict[int, list[_Held]] = {}
        for film_id, held in library.known.items():
            numbers = set(self._listed_in.get(film_id, ()))
            numbers |= {held.told} if held.told is not None else set()
            for number in numbers:
                begun.setdefault(number, []).append(held)
        begun = {number: members for number, members in begun.items() if any(map(self._is_named, members))}
        gone = []
        for number in sorted(begun):
            check = self._stored.get(number)
            if check is not None and check.is_gone:
                films = sorted(held.items[0].title for held in begun.pop(number))
                gone.append(GoneCollection(number, check.name, tuple(films)))
        return begun, gone

    def _collection(self, number: int, members: Sequence[_Held], library: _Library) -> CollectionReport | None:
        """None: it is left out, because too little of it is released or held, or by its name."""
        check = self._stored.get(number)
        listing = self._listing(number, check)
        name = self._name(number, check, listing, members)
        if name.strip().casefold() in self._excluded:
            return None
        judged = self._judged(listing, library) if listing is not None else _unlisted(members)
        if listing is not None and not judged.is_begun:
            return None
        failed = self._failed(check, listing)
        doubt, unsure = ("", False) if failed else self._doubt(judged, members, library)
        lines = tuple(self._line(one, name, library) for one in judged.films)
        return CollectionReport(
            collection_id=f"collection-{number}",
            tmdb_id=number,
            name=name,
            state=State.UNKNOWN if failed or doubt else judged.state,
            reason=failed or doubt or None,
            lines=lines,
            held=judged.held,
            listed=judged.listed,
            libraries=tuple(sorted({library for line in lines for library in line.libraries})),
            checked_at=listing.fetched_at if listing is not None else None,
            stale=bool(failed) and listing is not None,
            ignore=judged.ignore,
            unsure=unsure,
        )

    def _listing(self, number: int, check: CollectionCheck | None) -> CollectionListing | None:
        """The newest that may still be shown; what is known of its parts beside it comes along."""
        listing = check.listing if check is not None else None
        if check is None or self._files.collection_stamp(number) not in (check.stamp, None):
            kept = self._files.collection(number)
            if isinstance(kept, CollectionListing) and (listing is None or kept.fetched_at > listing.fetched_at):
                listing = _with_details(kept, listing)
        if listing is None or not freshness.film_may_be_kept(listing.fetched_at, self._now):
            return None
        return listing

    def _name(
        self, number: int, check: CollectionCheck | None, listing: CollectionListing | None, members: Sequence[_Held]
    ) -> str:
        known = (listing.name if listing is not None else "") or (check.name if check is not None else "")
        if known:
            return known
        facts = self._kept(held.film_id for held in members if held.film_id is not None)
        return (facts.collection_name if facts is not None else "") or f"Collection {number}"

    def _judged(self, listing: CollectionListing, library: _Library) -> JudgedCollection:
        lengths = {
            part.film_id: next((i.duration_ms // 60_000 for i in held.items if i.duration_ms), None)
            for part in listing.parts
            if (held := library.known.get(part.film_id)) is not None
        }
        return collections.judge(
            listing, library.known.keys(), self._filters, self._rules, self._ignored, self._now, lengths
        )

    def _failed(self, check: CollectionCheck | None, listing: CollectionListing | None) -> str:
        """Why nobody knows what it lacks, a sentence; "" where its listing says."""
        if check is not None and check.outcome is Outcome.UNKNOWN:
            newer = listing is not None and listing.fetched_at > check.tried_at
            return "" if newer else check.reason
        return "" if listing is not None else NOT_CHECKED

    def _doubt(self, judged: JudgedCollection, members: Sequence[_Held], library: _Library) -> tuple[str, bool]:
        """Why what it lacks is not sure although its own lookup did not fail, and whether it waits for the person."""
        for held in members:
            if held.doubt:
                return f"{held.items[0].title} could not be looked up: {held.doubt}", False
        for film in judged.missing:
            for held in library.open:
                if not _may_be(held, film):
                    continue
                title = held.items[0].title
                if held.state is State.NEEDS_MAPPING:
                    return f"{title} in Plex may be one of its films. Say which film it is.", True
                return f"Whether {title} is one of its films could not be looked up: {held.doubt}", False
        return "", False

    def _line(self, one: StandingFilm, name: str, library: _Library) -> FilmLine:
        film, is_held = one.film, one.standing is Standing.HELD
        held = library.known.get(film.film_id) if is_held else None
        if held is not None:
            return _held_line(film, held.items)
        year = film.release_date.year if film.release_date is not None else None
        return FilmLine(
            tmdb_id=film.film_id,
            title=film.title or f"Film {film.film_id}",
            year=year,
            release_date=film.release_date,
            standing=one.standing,
            poster_path=film.poster_path,
            imdb_id=film.imdb_id,
            links=self._links(film, year) if one.standing is Standing.MISSING else (),
            ignore=one.ignore if one.standing is Standing.IGNORED else None,
            removed=self._was_held(film),
            not_rechecked=rules.came_due_since(film.release_date, self._rules, self._seen, self._now),
            why=film_why(film, name),
        )

    def _links(self, film: ListedFilm, year: int | None) -> tuple[links.Link, ...]:
        settings = self._parts.settings
        ids = {ExternalId(Source.TMDB, str(film.film_id))}
        if film.imdb_id:
            ids.add(ExternalId(Source.IMDB, film.imdb_id))
        further = link_templates.filled(settings.link_templates, Sought(film.title, frozenset(ids), year))
        if not settings.include_dmm_link:
            return further
        address = links.movie_address(settings.dmm_base_url, film.imdb_id, film.title, year)
        return (links.Link("Debrid Media Manager", address), *further)

    def _was_held(self, film: ListedFilm) -> bool:
        ids = {ExternalId(Source.TMDB, str(film.film_id))}
        return bool(self._gone & (ids | ({ExternalId(Source.IMDB, film.imdb_id)} if film.imdb_id else set())))

    def _open(self, held: _Held) -> FilmToMap:
        title = FilmTitle(tuple(held.items))
        first = held.items[0]
        return FilmToMap(
            film_id=f"plex-{first.rating_key}",
            ref=rules.title_ref(held.items),
            title=title.name,
            year=title.year,
            rating_keys=title.rating_keys,
            libraries=tuple(sorted({item.section_title for item in held.items})),
            ids=title.ids,
            state=held.state,
            reason=held.doubt,
            candidates=held.check.candidates if held.check is not None else (),
            poster_key=next((item.rating_key for item in held.items if item.thumb), first.rating_key),
            overridden=held.chosen,
        )


def _held_line(film: ListedFilm, items: Sequence[HeldFilm]) -> FilmLine:
    first, year = items[0], film.release_date.year if film.release_date is not None else None
    return FilmLine(
        tmdb_id=film.film_id,
        title=film.title or first.title,
        year=year or next((item.year for item in items if item.year is not None), None),
        release_date=film.release_date,
        standing=Standing.HELD,
        rating_keys=tuple(item.rating_key for item in items),
        libraries=(first.section_title,) if len(items) == 1 else tuple(sorted({i.section_title for i in items})),
        poster_key=next((item.rating_key for item in items if item.thumb), first.rating_key),
        poster_path=film.poster_path,
        imdb_id=film.imdb_id or next((found for item in items if (found := first_id(item.ids, Source.IMDB))), None),
    )


def _unlisted(members: Sequence[_Held]) -> JudgedCollection:
    """A collection of which nothing is known but the held films that name it."""
    films = tuple(
        StandingFilm(ListedFilm(held.film_id, held.items[0].title), Standing.HELD)
        for held in members
        if held.film_id is not None
    )
    return JudgedCollection(films, len(films), len(films), is_begun=True)


def _with_details(listing: CollectionListing, older: CollectionListing | None) -> CollectionListing:
    known = {part.film_id: part for part in older.parts} if older is not None else {}
    parts = (
        replace(part, imdb_id=known[part.film_id].imdb_id, runtime_min=known[part.film_id].runtime_min)
        if part.film_id in known
        else part
        for part in listing.parts
    )
    return replace(listing, parts=tuple(parts))


def _may_be(held: _Held, film: ListedFilm) -> bool:
    """Whether a film of which nobody knows which it is may be this one: it was offered for it, has its IMDb id, or its
    title and year."""
    if held.check is not None and any(each.show_id == film.film_id for each in held.check.candidates):
        return True
    title = FilmTitle(tuple(held.items))
    if film.imdb_id and ExternalId(Source.IMDB, film.imdb_id) in title.ids:
        return True
    if normal_title(title.name) != normal_title(film.title):
        return False
    years = [title.year, film.release_date.year if film.release_date is not None else None]
    known = [year for year in years if year is not None]
    return len(known) < 2 or max(known) - min(known) <= 1


def _tally(shown: Sequence[CollectionReport], open_films: Sequence[FilmToMap], films: int) -> FilmTally:
    """What could not be judged is counted by itself and is in no other number."""
    judged = [one for one in shown if one.is_judged]
    to_map = sum(film.state is State.NEEDS_MAPPING for film in open_films)
    return FilmTally(
        films=films,
        collections=len(shown),
        complete=sum(one.state is State.COMPLETE for one in judged),
        with_gaps=sum(one.state is State.GAPS for one in judged),
        unknown=len(shown) - len(judged),
        unsure=sum(one.unsure for one in shown),
        missing=sum(len(one.missing) for one in judged),
        announced=sum(len(one.announced) for one in judged),
        with_announced=sum(bool(one.announced) for one in judged),
        ignored=sum(len(one.ignored) for one in judged),
        to_map=to_map,
        unknown_films=len(open_films) - to_map,
        not_checked_yet=sum(film.reason == NOT_CHECKED for film in open_films),
    )
