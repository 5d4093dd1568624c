"""TheTVDB's API, version 4: what is asked, page by page. Changes when it is asked otherwise.

Source: reference/tvdb.md, whose section numbers are named below. What the answers mean: tvdb_listing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from urllib.parse import quote

from plexgap.domain.catalogue import AIRED, Ask, Candidate, Hits, KnownOrder, Listing
from plexgap.domain.errors import BadAnswer, NotListed
from plexgap.domain.events import Event
from plexgap.domain.ids import ExternalId, Source
from plexgap.sources import tvdb_listing as listing
from plexgap.sources import tvdb_wire as wire
from plexgap.sources.http import Transport
from plexgap.sources.tvdb_login import REFUSED, Login

# What stands on a full page (2), and how many pages are walked before something must be wrong: 50,000 episodes.
_A_PAGE = 500
_MOST_PAGES = 100
# How far back /updates is relied upon (4), and how much earlier it is asked for.
_FURTHEST_BACK, _OVERLAP = timedelta(days=7), timedelta(hours=1)
_HITS = 25


@dataclass(frozen=True, slots=True)
class _Walked:
    """Every row of a listing, each once, in TheTVDB's order; `series` and `name`: of what, where the pages say so."""

    rows: tuple[wire.Episode, ...]
    series: wire.Base | None
    name: str | None


class Tvdb:
    """TheTVDB as a catalogue. Usable from several threads, for one run: what it said of a series once is not asked
    again only to look something up."""

    provider = Source.TVDB
    name = wire.NAME

    def __init__(self, login: Login, now: Callable[[], datetime]) -> None:
        self._login = login
        self._now = now
        self._records: dict[int, wire.Series] = {}
        self._just_found: dict[int, wire.Series] = {}

    def show(self, show_id: int, ask: Ask = Ask.REVALIDATE, order: str = AIRED) -> Listing:
        """The whole listing, specials included, 500 episodes a request. Aired order: one request more, for the series,
        unless `find` has just made it. Names are English where at least half of the episodes have one; a series in
        another language is asked for twice then.

        NotListed: TheTVDB has no such series, or it has no such order.
        """
        fetched_at = self._now()
        what = f"the show with number {show_id}"
        if order == AIRED:
            series = self._just_found.pop(show_id, None) or self._record(show_id, ask)
            walked = self._named(show_id, order, ask, what)
            series = series.model_copy(update={"name": walked.name or series.name})
            return listing.to_listing(show_id, order, series, walked.rows, fetched_at)
        what = f"{what} in the order {order}"
        if not self._may_have(show_id, order):
            raise NotListed(wire.NAME, what)
        walked = self._named(show_id, order, ask, what)
        if not walked.rows:
            raise NotListed(wire.NAME, what)
        return listing.to_listing(show_id, order, walked.series, walked.rows, fetched_at)

    def orders(self, show_id: int, ask: Ask = Ask.REVALIDATE) -> tuple[KnownOrder, ...]:
        """DVD, absolute, alternate and regional order, those that the series has. One request, or none where the series
        was asked for in this run."""
        try:
            series = self._records.get(show_id) or self._record(show_id, ask)
        except NotListed:
            return ()
        return listing.known_orders(series) or ()

    def find(self, outside: ExternalId, ask: Ask = Ask.REVALIDATE) -> tuple[int, ...]:
        """The shows behind an IMDb or TMDB id, in TheTVDB's order; empty when it knows none. Its own id is itself. One
        request, and one for each series that comes back.

        Only series whose own record holds that id under that source's name: 1438 is another series at TV Maze.
        """
        if outside.source is Source.TVDB:
            return (int(outside.value),)
        path = f"/search/remoteid/{quote(outside.value, safe='')}"
        try:
            body = self._login.get(path, {}, ask)
        except NotListed:
            return ()
        hits = wire.read(wire.RemoteAnswer, body, path).data or ()
        shows = dict.fromkeys(hit.series.id for hit in hits if hit.series is not None)
        return tuple(show_id for show_id in shows if self._holds(show_id, outside, ask))

    def search(self, title: str, year: int | None = None, ask: Ask = Ask.REVALIDATE) -> Hits:
        """The first 25 series of such a name, in any language. One request. A year is a hard filter."""
        path = "/search"
        params = {"query": title, "type": "series", "limit": str(_HITS)} | ({} if year is None else {"year": str(year)})
        found = wire.read(wire.SearchAnswer, self._always_there(path, params, ask, "a search by title"), path)
        rows = [row for row in found.data if row.type in (None, "series")]
        return Hits(tuple(_candidates(rows, title)), more=_has_more(found))

    def check(self) -> None:
        """Signs in, which proves key, PIN and address. Rejected when one of the first two is refused."""
        self._login.sign_in()

    def changed(self, since: datetime, most_pages: int) -> frozenset[int] | None:
        """The shows that were changed, merged or deleted since then, by their numbers. An hour before it is asked for
        too: clocks differ.

        None when there are more pages, it is longer ago than the list surely reaches, or the list does not come whole.
        Not every deletion is told of: a listing is to be read anew now and then all the same (4).
        """
        path = "/updates"
        if self._now() - since > _FURTHEST_BACK:
            return None
        shows: set[int] = set()
        pages = 0
        for page in range(most_pages):
            params = {"since": str(int((since - _OVERLAP).timestamp())), "type": "series", "page": str(page)}
            body = self._always_there(path, params, Ask.FRESH, "the question what has changed")
            answer = wire.read(wire.UpdatesAnswer, body, path)
            for row in answer.data:
                shows.update(_shows_of(row))
            pages = max(pages, _pages(answer.links))
            if not answer.data or not _goes_on(answer.links, len(answer.data)):
                filled = page + 1 if answer.data else page
                return frozenset(shows) if filled >= pages else None
            if pages > most_pages:
                return None
        return None

    def _always_there(self, path: str, params: Mapping[str, str], ask: Ask, sought: str) -> bytes:
        """A question that has an answer always: a 404 is none."""
        try:
            return self._login.get(path, params, ask)
        except NotListed:
            advice = f"TheTVDB did not answer {sought}. Try again later."
            raise BadAnswer(wire.NAME, f"{path}: not there", advice) from None

    def _record(self, show_id: int, ask: Ask) -> wire.Series:
        """The extended record, without people and pictures, which would be the most of it (4)."""
        path = f"/series/{show_id}/extended"
        body = self._login.get(path, {"short": "true"}, ask, f"the show with number {show_id}")
        series = wire.read(wire.SeriesAnswer, body, path).data
        self._demand(show_id, series.id, path)
        self._records[show_id] = series
        return series

    def _holds(self, show_id: int, outside: ExternalId, ask: Ask) -> bool:
        """Whether the series' own record holds this id."""
        series = self._records.get(show_id)
        if series is None:
            try:
                series = self._just_found[show_id] = self._record(show_id, ask)
            except NotListed:
                return False
        return outside in listing.outside_ids(series)

    def _may_have(self, show_id: int, order: str) -> bool:
        """Whether that order is one of TheTVDB's, and nothing that we know of the series says that it has it not."""
        series = self._records.get(show_id)
        known = listing.known_orders(series) if series is not None else None
        return order in listing.SEASON_TYPES and (known is None or any(each.order == order for each in known))

    def _named(self, show_id: int, order: str, ask: Ask, what: str) -> _Walked:
        """The episodes in that order, with their English names where most have one."""
        path = f"/series/{show_id}/episodes/{listing.SEASON_TYPES[order]}"
        plain = self._walk(show_id, path, ask, what)
        series = plain.series or self._records.get(show_id)
        if not listing.is_foreign(series) or not listing.is_translated(plain.rows):
            return plain
        try:
            english = self._walk(show_id, f"{path}/{listing.ENGLISH}", ask, what)
        except NotListed:
            return plain
        names = {row.id: row.name for row in english.rows}
        rows = tuple(row.model_copy(update={"name": names.get(row.id) or row.name}) for row in plain.rows)
        return _Walked(rows, plain.series, english.name)

    def _walk(self, show_id: int, path: str, ask: Ask, what: str) -> _Walked:
        """Every page of a listing. BadAnswer when they end before the number of rows that was told, or never (2)."""
        rows: dict[int, wire.Episode] = {}
        first: wire.Listed | None = None
        for page in range(_MOST_PAGES):
            answer = self._page(show_id, path, page, ask, what)
            first = first or answer.data
            known = len(rows)
            for row in answer.data.episodes:
                rows.setdefault(row.id, row)
            is_new = len(rows) > known
            if is_new and _goes_on(answer.links, len(answer.data.episodes)):
                continue
            filled = page + 1 if is_new else page
            if filled < _pages(answer.links):
                raise _incomplete(path, f"{len(rows)} episodes on {filled} pages are not all")
            return _Walked(tuple(rows.values()), first.series, first.name)
        raise _incomplete(path, f"more than {_MOST_PAGES} pages")

    def _page(self, show_id: int, path: str, page: int, ask: Ask, what: str) -> wire.EpisodesAnswer:
        try:
            body = self._login.get(path, {"page": str(page)}, ask, what)
        except NotListed:
            if page == 0:
                raise
            raise _incomplete(path, f"page {page} is not there") from None
        answer = wire.read(wire.EpisodesAnswer, body, path)
        self._demand(show_id, answer.data.series_id, path)
        return answer

    def _demand(self, show_id: int, told: int | None, path: str) -> None:
        if told not in (show_id, None):
            raise BadAnswer(
                wire.NAME, f"{path}: it is show {told}", "TheTVDB answered with another show. Try again later."
            )


def tvdb_transport(
    base_url: str,
    *,
    cache_path: Path | None,
    requests_per_second: float,
    workers: int,
    stop: threading.Event,
    on_event: Callable[[Event], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], bool] | None = None,
) -> Transport:
    """The transport for TheTVDB; a `Login` puts the token on it. `base_url` ends in the API's version:
    https://api4.thetvdb.com/v4."""
    return Transport(
        service=wire.NAME,
        base_url=base_url,
        cache_path=cache_path,
        trim=wire.trim,
        form=wire.form_mark(),
        requests_per_second=requests_per_second,
        workers=workers,
        stop=stop,
        on_event=on_event,
        now=now,
        is_absence=wire.is_absence,
        refused_advice=REFUSED,
        clock=clock,
        wait=wait,
    )


def _candidates(rows: list[wire.SearchRow], sought: str) -> Iterator[Candidate]:
    for row in rows:
        found = listing.to_candidate(row, sought)
        if found is not None:
            yield found


def _has_more(found: wire.SearchAnswer) -> bool:
    links = found.links or wire.Links()
    return links.total_items > len(found.data) if links.total_items is not None else len(found.data) >= _HITS


def _shows_of(row: wire.Update) -> Iterator[int]:
    """The series that a change is about, and the one that it was merged into."""
    if row.entity_type == "series":
        yield row.record_id
    if row.merge_to_id and row.merge_to_entity_type in (None, "", "series"):
        yield row.merge_to_id
    if row.series_id:
        yield row.series_id


def _goes_on(links: wire.Links | None, rows: int) -> bool:
    """Whether another page is worth asking for; where nothing is said of it, after a full one."""
    return bool(links.next) if links is not None else rows >= _A_PAGE


def _pages(links: wire.Links | None) -> int:
    """How many pages there are at least, by what is told; 0 when nothing is."""
    links = links or wire.Links()
    return ceil((links.total_items or 0) / max(1, links.page_size or _A_PAGE))


def _incomplete(path: str, problem: str) -> BadAnswer:
    return BadAnswer(
        wire.NAME, f"{path}: {problem}", "TheTVDB did not give all episodes of this show. Try again later."
    )
