"""From a case to the world: into the catalogue, into Plex, and into the list of truths.

Changes when a case can say something new about a show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b

from plexgap.demo import names
from plexgap.demo.case import Item, ShowCase
from plexgap.demo.library import Library, Odd, ShowEntry
from plexgap.demo.listed import Catalogue, ListedSeason, ListedShow, Number, OtherOrder
from plexgap.demo.listed_tvdb import status_at_tvdb
from plexgap.demo.truth import CollectionTruth, FilmTruth, Numbers, ShowTruth
from plexgap.domain.verdicts import State
from plexgap.views.report import Group

_LEGACY = {
    "thetvdb": "com.plexapp.agents.thetvdb://{tvdb}",
    "themoviedb": "com.plexapp.agents.themoviedb://{tmdb}",
    "imdb": "com.plexapp.agents.imdb://{imdb}",
    "hama": "com.plexapp.agents.hama://tvdb-{tvdb}",
}
_ARCHIVED = ("Ended", "Canceled")
# The library was filled between these days before today; whatever aired later came in on its own, the day it aired.
FILLED_FROM, FILLED_TO = 900, 400
_DAY = 86_400


def hex_id(*parts: object) -> str:
    """24 hexadecimal digits that stand for these parts, as in Plex's own guids."""
    return blake2b("/".join(map(str, parts)).encode(), digest_size=12).hexdigest()


class Placing:
    """Puts cases into one world, each behind the last: ids, keys and times only ever rise.

    `filled`: epoch up to which the library is filled. `held`: episodes placed in Plex so far.
    """

    def __init__(self, seed: int, now: datetime, catalogue: Catalogue, library: Library, gap_s: int) -> None:
        self.seed = seed
        self.now = now
        self.today = now.astimezone(UTC).date()
        self.catalogue = catalogue
        self.library = library
        self.titles = names.Titles(str(seed))
        self.collection_truths: list[CollectionTruth] = []
        self.film_truths: list[FilmTruth] = []
        self.held = 0
        self.first_show = 61_000 + 17 * (seed % 97)
        self._next_show = self.first_show
        self._next_episode = 2_400_000 + 1_000 * (seed % 89)
        self.filled = self._epoch(self.today - timedelta(days=FILLED_FROM))
        self._single_from = self.today - timedelta(days=FILLED_TO)
        self._gap_s = gap_s

    def show(self, case: ShowCase) -> ShowTruth:
        """Places one show and states its truth."""
        listed = self._list(case)
        self.catalogue.add_show(listed)
        described, held = listed, case
        if case.instead is not None:
            held = case.instead
            described = self._list(held)
        entries = [self._hold(held, item, listed, described) for item in case.items]
        return self._state(case, listed, entries)

    def listed_only(self, case: ShowCase) -> ListedShow:
        """Places one show in the catalogues alone."""
        listed = self._list(case)
        self.catalogue.add_show(listed)
        return listed

    def _list(self, case: ShowCase) -> ListedShow:
        self._next_show += 3
        base = self._next_episode
        starts = _starts(case, self.today)
        made, ordinal = [], 0
        for season in case.seasons:
            start = starts[season.number]
            made.append(ListedSeason(season.number, season.count, start, season.step, season.first, ordinal))
            ordinal += season.count
        # Room behind, so that an episode that airs later gets an id of its own.
        self._next_episode += ordinal + 50
        first = min((start for number, start in starts.items() if start and number), default=self.today)
        number = self._next_show
        return ListedShow(
            tmdb_id=number,
            tvdb_id=290_000 + number if case.has_tvdb else None,
            imdb_id=f"tt{7_400_000 + number}" if case.has_imdb else None,
            name=case.title or self.titles.next(),
            year=case.year or first.year,
            status=case.status,
            seasons=tuple(made),
            episode_base=base,
            on_tmdb=case.listed_by_tmdb,
            searchable=case.searchable,
            runtime=(22, 42, 52, 44)[number // 3 % 4],
            dates=dict(case.raw_dates),
            titles=dict(case.titles),
            orders=tuple(OtherOrder(o.name, o.kind, o.pairs, o.on_tmdb) for o in case.orders),
            tvdb_only=frozenset(case.tvdb_only),
            tvdb=case.tvdb,
        )

    def _hold(self, case: ShowCase, item: Item, known_as: ListedShow, show: ListedShow) -> ShowEntry:
        """One item in Plex, taken by Plex for `known_as`, holding episodes of `show`."""
        section = self.library.titled(item.section)
        key = self.library.new_keys()
        guid = _guid(self.seed, item, known_as, key)
        entry = ShowEntry(
            section=section,
            key=key,
            show=show,
            title=item.title or show.name,
            year=None if item.no_year else show.year,
            guid=f"{guid}?lang=en" if item.guid in _LEGACY else guid,
            guids=_outside(item, known_as),
            added=self.filled,
            updated=self.filled + 5 * _DAY,
            edition=item.edition,
            ordering=item.ordering,
            legacy=guid if item.guid in _LEGACY else "",
            episode_ids=item.episode_ids and item.guid == "plex",
            numbered=not item.by_date,
            flattened=item.flattened,
            foreign=item.foreign,
            dates=item.dates,
            folder=names.file_title(item.title or show.name) + ("" if item.no_year else f" ({show.year})"),
        )
        self.library.add_entry(entry)
        self._fill(entry, _held_pairs(case, item))
        for place, number in enumerate(item.unlisted):
            self._run(entry, [(number, None)], self._epoch(self._single_from) + 3600 + place)
        self._mark_odd(entry, item.odd)
        self._watch(entry)
        self.held += entry.leaf_count
        return entry

    def _fill(self, entry: ShowEntry, pairs: Sequence[tuple[Number, Number]]) -> None:
        """Bulk first, in the library's first days; then what aired since, each on its own day."""
        bulk: list[tuple[Number, Number | None]] = []
        late: list[tuple[int, Number, Number]] = []
        for plex, listed in pairs:
            day = _day(entry.show.original(listed).air_date)
            if day is None or day < self._single_from:
                bulk.append((plex, listed))
            else:
                added = min(self._epoch(day) + 36_000, int(self.now.timestamp()) - 7_200)
                late.append((added + entry.key % 7_000, plex, listed))
        if bulk:
            for piece in _pieces(bulk):
                self._run(entry, piece, self.filled)
                self.filled += len(piece)
        elif late:
            entry.added = late[0][0]
        for added, plex, listed in late:
            self._run(entry, [(plex, listed)], added)
            entry.updated = max(entry.updated, added + 600)
        self.filled += self._gap_s

    def _run(self, entry: ShowEntry, piece: Sequence[tuple[Number, Number | None]], added: int) -> None:
        (season, first), listed = piece[0]
        self.library.add_run(entry, season, first, listed, len(piece), added)

    def _mark_odd(self, entry: ShowEntry, odd: Mapping[Number, Odd]) -> None:
        places = {
            Number(run.listed.season, run.listed.number + place): run.key + place
            for run in entry.runs
            if run.listed is not None
            for place in range(run.count)
        }
        self.library.odd.update({places[number]: replace(what) for number, what in odd.items() if number in places})

    def _watch(self, entry: ShowEntry) -> None:
        """Marks the first third, two thirds or none of it as seen, by the show's number."""
        left = entry.leaf_count * (entry.key % 4) // 4
        for run in entry.in_order():
            run.watched = min(run.count, left)
            left -= run.watched

    def _state(self, case: ShowCase, listed: ListedShow, entries: Sequence[ShowEntry]) -> ShowTruth:
        """The truth with a TVDB key, and without one where that is another."""
        truth = ShowTruth(
            tags=frozenset(case.tags.split()),
            title=entries[0].title,
            year=entries[0].year,
            rating_keys=tuple(str(key) for key in sorted(entry.key for entry in entries)),
            libraries=tuple(sorted({entry.section.title for entry in entries})),
            tmdb_id=None,
            state=case.state or (State.GAPS if case.missing else State.COMPLETE),
            group=Group.ONGOING,
            status="",
            held=0,
            listed=0,
            missing=_plain(case.missing) if case.truth_missing is None else case.truth_missing,
            just_aired=_plain(case.just_aired),
            upcoming=_plain(case.upcoming),
            undated=_plain(case.undated),
            missing_specials=_plain(case.missing_specials),
            extra=_plain(number for item in case.items for number in item.unlisted),
            reason_hint=case.reason,
            provider=case.provider,
            order=case.order,
            by_policy=dict(case.by_policy),
        )
        without = case.without_tvdb
        if without is None:
            return _decided(truth, case, listed)
        other = replace(
            truth,
            state=without.state or truth.state,
            missing=_plain(case.missing) if without.missing is None else without.missing,
            reason_hint=without.reason,
            provider="tmdb",
            order=without.order,
        )
        return replace(_decided(truth, case, listed), without_tvdb=_decided(other, case, listed))

    def _epoch(self, day: date) -> int:
        return int(datetime.combine(day, time(), UTC).timestamp())


def _decided(truth: ShowTruth, case: ShowCase, listed: ListedShow) -> ShowTruth:
    """With what follows from its state and from the catalogue that decides."""
    mapped, judged = truth.state is not State.NEEDS_MAPPING, truth.state in (State.GAPS, State.COMPLETE)
    at_tvdb = truth.provider == "tvdb"
    only = frozenset(() if at_tvdb else case.tvdb_only)
    missing = [number for number in case.missing if number not in only]
    regular = sum(season.count for season in case.seasons if season.number) - len(only)
    aired = regular - len(case.upcoming) - len(case.early) - len([n for n in case.undated if n.season])
    status = (status_at_tvdb(case.status)[1] if at_tvdb else case.status) if mapped else ""
    return replace(
        truth,
        tmdb_id=listed.tmdb_id if mapped and case.listed_by_tmdb else None,
        tvdb_id=listed.tvdb_id if mapped else None,
        group=Group.ARCHIVED if status in _ARCHIVED else Group.ONGOING,
        status=status,
        held=aired - len(missing) - len(case.just_aired) if judged else 0,
        listed=aired if judged else 0,
        extra=tuple(sorted((*truth.extra, *(() if at_tvdb else _plain(case.extra_at_tmdb))))),
    )


def _plain(numbers: Iterable[Number]) -> Numbers:
    return tuple(sorted((n.season, n.number) for n in numbers))


def _starts(case: ShowCase, today: date) -> dict[int, date | None]:
    """The first day of each season: the last one by its anchor, those before it a year and more apart."""
    starts: dict[int, date | None] = {}
    following: date | None = None
    for season in sorted((s for s in case.seasons if s.number), key=lambda s: s.number, reverse=True):
        if not season.dated:
            starts[season.number] = None
            continue
        if season.starts_in is not None:
            start = today + timedelta(days=season.starts_in)
        elif following is None:
            number, days = case.anchor
            start = today + timedelta(days=days - season.step * (number - season.first))
        else:
            start = following - timedelta(days=max(364, season.step * season.count + 28))
        starts[season.number] = following = start
    opening = min((start for start in starts.values() if start), default=today - timedelta(days=900))
    for season in case.seasons:
        if season.number == 0:
            starts[0] = opening + timedelta(days=95) if season.dated else None
    return starts


def _held_pairs(case: ShowCase, item: Item) -> list[tuple[Number, Number]]:
    """What the item holds: its own number and the listed one, in its own order."""
    if item.numbered is not None:
        held = frozenset(case.held)
        return [(plex, listed) for plex, listed in item.numbered.pairs if listed in held]
    only = None if item.only is None else frozenset(item.only)
    return [(number, number) for number in case.held if only is None or number in only]


def _pieces(pairs: Sequence[tuple[Number, Number | None]]) -> Iterator[list[tuple[Number, Number | None]]]:
    """Stretches that count up by one in both numberings."""
    piece: list[tuple[Number, Number | None]] = []
    for plex, listed in pairs:
        if piece and not (_follows(piece[-1][0], plex) and _follows(piece[-1][1], listed)):
            yield piece
            piece = []
        piece.append((plex, listed))
    if piece:
        yield piece


def _follows(before: Number | None, after: Number | None) -> bool:
    return (
        before is not None and after is not None and (before.season, before.number + 1) == (after.season, after.number)
    )


def _guid(seed: int, item: Item, show: ListedShow, key: int) -> str:
    if item.guid == "plex":
        return f"plex://show/{hex_id(seed, 'show', show.tmdb_id)}"
    if item.guid == "local":
        return f"local://{key}"
    return _LEGACY[item.guid].format(tmdb=show.tmdb_id, tvdb=show.tvdb_id, imdb=show.imdb_id)


def _outside(item: Item, show: ListedShow) -> tuple[str, ...]:
    """The ids beside the guid, in the order that Plex gives them. Old agents and unmatched items have none."""
    if item.guid != "plex":
        return ()
    known = {"imdb": show.imdb_id, "tmdb": show.tmdb_id, "tvdb": show.tvdb_id}
    return (*item.wrong_ids, *(f"{name}://{known[name]}" for name in item.ids if known[name] is not None))


def _day(raw: str | None) -> date | None:
    """The day a raw air date names; None for "", null and nonsense."""
    try:
        return date.fromisoformat(raw or "")
    except ValueError:
        return None
