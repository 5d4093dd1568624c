"""TMDB's API, version 3: what is asked, and what the answers mean in our words. Changes when either does.

Source: developer.themoviedb.org; reference/tmdb.md, whose section numbers are named below.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from plexgap.domain.catalogue import AIRED, GROUP, Ask, Candidate, Hits, KnownOrder, ListedEpisode, Listing
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import BadAnswer, NotListed
from plexgap.domain.events import Event
from plexgap.domain.ids import ExternalId, Source, external_id
from plexgap.sources import tmdb_orders
from plexgap.sources import tmdb_wire as wire
from plexgap.sources.http import Transport

log = logging.getLogger(__name__)

# At most 20 things may be appended to a request (3): with `external_ids`, seasons 0 to 18 come along unseen.
_MOST_APPENDED = 20
_UNSEEN_SEASONS = range(_MOST_APPENDED - 1)

# What a list of changes may span (7).
_A_DAY, _MOST_DAYS = timedelta(days=1), timedelta(days=14)

_GROUP = re.compile(f"{GROUP}(?P<id>[0-9A-Za-z]+)")
_READ_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
_FIND_SOURCES = {Source.IMDB: "imdb_id", Source.TVDB: "tvdb_id"}

_REFUSED = "TMDB refused this key. Copy it once more; it has 32 characters, or starts with eyJ."


class Tmdb:
    """TMDB as a catalogue. Usable from several threads."""

    provider = Source.TMDB
    name = wire.NAME

    def __init__(self, transport: Transport, now: Callable[[], datetime]) -> None:
        self._transport = transport
        self._now = now
        self._proven = False

    def show(self, show_id: int, ask: Ask = Ask.REVALIDATE, order: str = AIRED) -> Listing:
        """The whole listing, specials included. Aired order: one request for most shows; one more for each 20 seasons
        beyond number 18, and one for a season that did not come along. An episode group ("group:" and its id): one
        request, and nothing but the episodes.

        NotListed: TMDB deleted it or never had it; it does not redirect merged shows (2).
        """
        fetched_at = self._now()
        what = f"the show with number {show_id}"
        if order != AIRED:
            return tmdb_orders.to_listing(show_id, order, self._group(order, ask, what), fetched_at)
        show = self._show(show_id, ("external_ids", *map(_season_key, _UNSEEN_SEASONS)), ask, what)
        bodies = show.bodies()
        listed = {row.season_number: row for row in show.seasons}
        beyond = sorted(number for number in listed if number not in _UNSEEN_SEASONS)
        for batch in _batches(beyond, _MOST_APPENDED):
            bodies |= self._show(show_id, tuple(map(_season_key, batch)), ask, what).bodies()
        for number, row in listed.items():
            if number not in bodies or (row.episode_count and not bodies[number].episodes):
                bodies[number] = self._season(show_id, row, ask)
        return _to_listing(show, bodies, fetched_at)

    def orders(self, show_id: int, ask: Ask = Ask.REVALIDATE) -> tuple[KnownOrder, ...]:
        """Its episode groups that number episodes, none where TMDB knows no such show. One request."""
        path = f"/tv/{show_id}/episode_groups"
        try:
            body = self.get(path, {}, ask)
        except NotListed:
            return ()
        return tmdb_orders.known_orders(wire.read(wire.Groups, body, path))

    def find(self, outside: ExternalId, ask: Ask = Ask.REVALIDATE) -> tuple[int, ...]:
        """The shows behind an IMDb or TVDB id, in TMDB's order; empty when it knows none. TMDB's own id is itself.

        Only shows: the same number may also be a film, a season or an episode (6).
        """
        if outside.source is Source.TMDB:
            return (int(outside.value),)
        path = f"/find/{quote(outside.value, safe='')}"
        try:
            body = self.get(path, {"external_source": _FIND_SOURCES[outside.source]}, ask)
        except NotListed:
            return ()
        hits = wire.read(wire.Found, body, path).tv_results
        return tuple(dict.fromkeys(hit.id for hit in hits))

    def search(self, title: str, year: int | None = None, ask: Ask = Ask.REVALIDATE) -> Hits:
        """The first page, at most 20 shows, by name, translated names included. One request.

        A year is a hard filter on the first air date (6): a show that TMDB dates a year off is not among them.
        """
        path = "/search/tv"
        params = {"query": title} if year is None else {"query": title, "first_air_date_year": str(year)}
        try:
            body = self.get(path, params, ask)
        except NotListed:
            raise BadAnswer(
                wire.NAME, f"{path}: not there", "TMDB did not answer a search by title. Try again later."
            ) from None
        found = wire.read(wire.Search, body, path)
        return Hits(tuple(map(_to_candidate, found.results)), more=found.total_pages > 1)

    def changed(self, since: datetime, most_pages: int) -> frozenset[int] | None:
        """The shows that TMDB changed since then. Its list is of whole days in UTC, 14 at most, 100 shows a page (7):
        the day before is asked for too, and tomorrow, whichever way it counts the last one.

        None when the list is too long, reaches too far back, or does not come whole because it moved meanwhile.
        """
        path = "/tv/changes"
        first, last = since.astimezone(UTC).date() - _A_DAY, self._now().astimezone(UTC).date() + _A_DAY
        if last - first > _MOST_DAYS or most_pages < 1:
            return None
        shows: set[int] = set()
        page, pages = 0, 1
        while page < pages:
            page += 1
            params = {"start_date": first.isoformat(), "end_date": last.isoformat(), "page": str(page)}
            try:
                body = self.get(path, params, Ask.FRESH)
            except NotListed:
                advice = "TMDB did not answer the question what has changed. Try again later."
                raise BadAnswer(wire.NAME, f"{path}: not there", advice) from None
            answer = wire.read(wire.Changes, body, path)
            shows.update(row.id for row in answer.results)
            pages = answer.total_pages
            if pages > most_pages:
                return None
        return frozenset(shows) if len(shows) >= answer.total_results else None

    def check(self) -> None:
        """One cheap question that proves the key and the address. Rejected when the key is refused."""
        path = "/authentication"
        try:
            answer = wire.read(wire.Success, self._transport.get(path, ask=Ask.FRESH), path)
        except NotListed:
            answer = wire.Success(success=False)
        if not answer.success:
            raise BadAnswer(
                wire.NAME,
                f"{path}: no such address",
                "TMDB was not found at this address. The public one is https://api.themoviedb.org/3.",
            )
        self._proven = True

    def get(self, path: str, params: Mapping[str, str], ask: Ask, what: str = "") -> bytes:
        """As Transport.get. The first 404 is believed only once TMDB has shown that it is at this address: where the
        "/3" is forgotten, every show would seem to be gone."""
        try:
            body = self._transport.get(path, params, ask=ask, what=what)
        except NotListed:
            if not self._proven:
                self.check()
            raise
        self._proven = True
        return body

    def _show(self, show_id: int, appended: tuple[str, ...], ask: Ask, what: str) -> wire.Show:
        path = f"/tv/{show_id}"
        body = self.get(path, {"append_to_response": ",".join(appended)}, ask, what)
        show = wire.read(wire.Show, body, path)
        if show.id != show_id:
            raise BadAnswer(
                wire.NAME, f"{path}: it is show {show.id}", "TMDB answered with another show. Try again later."
            )
        return show

    def _group(self, order: str, ask: Ask, what: str) -> wire.Group:
        found = _GROUP.fullmatch(order)
        what = f"{what} in the order {order}"
        if found is None:
            raise NotListed(wire.NAME, what)
        path = f"/tv/episode_group/{found['id']}"
        return wire.read(wire.Group, self.get(path, {}, ask, what), path)

    def _season(self, show_id: int, row: wire.SeasonRow, ask: Ask) -> wire.Season:
        """A season that is listed but did not come along, or came empty. It holds nothing only if its own row says so:
        a season that is taken for empty would hide all its gaps."""
        path = f"/tv/{show_id}/season/{row.season_number}"
        try:
            season = wire.read(wire.Season, self.get(path, {}, ask), path)
        except NotListed:
            season = wire.Season(episodes=[])
            is_told_empty = row.episode_count == 0
        else:
            is_told_empty = not row.episode_count
        if season.episodes or is_told_empty:
            return season
        raise BadAnswer(
            wire.NAME,
            f"{path}: it is listed, but not there",
            f"TMDB lists season {row.season_number}, but does not give its episodes. Try again later.",
        )


def tmdb_transport(
    key: str,
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
    """The transport for TMDB. A read token (v4) travels as a header; a key (v3), and whatever else was typed, can
    only be a parameter. `base_url` ends in the API's version: https://api.themoviedb.org/3."""
    key = key.strip()
    is_token = _READ_TOKEN.fullmatch(key) is not None
    return Transport(
        service=wire.NAME,
        base_url=base_url,
        secret_headers={"Authorization": f"Bearer {key}"} if is_token else {},
        secret_params={} if is_token else {"api_key": key},
        cache_path=cache_path,
        trim=wire.trim,
        form=wire.form_mark(),
        requests_per_second=requests_per_second,
        workers=workers,
        stop=stop,
        on_event=on_event,
        now=now,
        is_absence=wire.is_absence,
        refused_advice=_REFUSED,
        clock=clock,
        wait=wait,
    )


def _to_listing(show: wire.Show, bodies: dict[int, wire.Season], fetched_at: datetime) -> Listing:
    episodes = tuple(_episodes(show.id, bodies))
    first = wire.day(show.first_air_date, show.id, "its start")
    return Listing(
        provider=Source.TMDB,
        show_id=show.id,
        order=AIRED,
        title=show.name or show.original_name or "",
        year=first.year if first is not None else None,
        status=show.status or "",
        ids=_ids(show),
        episodes=episodes,
        fetched_at=fetched_at,
        next_air_date=_next_air_date(show, episodes, fetched_at.astimezone(UTC).date()),
    )


def _to_candidate(row: wire.SearchRow) -> Candidate:
    title, original = row.name or row.original_name or "", row.original_name or ""
    first = wire.day(row.first_air_date, row.id, "its start")
    return Candidate(
        provider=Source.TMDB,
        show_id=row.id,
        title=title,
        year=first.year if first is not None else None,
        original_title=original if original != title else "",
    )


def _episodes(show_id: int, bodies: dict[int, wire.Season]) -> Iterator[ListedEpisode]:
    """In number order. The season's number is that under which it was asked for."""
    for season in sorted(bodies):
        seen: set[int] = set()
        for episode in sorted(bodies[season].episodes, key=lambda episode: episode.episode_number):
            number = EpisodeNumber(season, episode.episode_number)
            if number.number in seen:
                log.warning("show %s: TMDB lists %s twice, the first one counts", show_id, number)
                continue
            seen.add(number.number)
            yield ListedEpisode(
                number=number,
                title=episode.name or "",
                air_date=wire.day(episode.air_date, show_id, number),
                runtime_min=episode.runtime or None,
                episode_id=episode.id,
            )


def _ids(show: wire.Show) -> frozenset[ExternalId]:
    outside = show.external_ids or wire.ExternalIds()
    found = (
        external_id(Source.TMDB, show.id),
        external_id(Source.TVDB, outside.tvdb_id),
        external_id(Source.IMDB, outside.imdb_id),
    )
    return frozenset(each for each in found if each is not None)


def _next_air_date(show: wire.Show, episodes: Iterable[ListedEpisode], today: date) -> date | None:
    """When the next episode airs: TMDB's word (null means nothing scheduled, not "ended"), else the first dated one
    from today on."""
    coming = show.next_episode_to_air
    said = wire.day(coming.air_date, show.id, "its next episode") if coming else None
    return said or min(
        (episode.air_date for episode in episodes if episode.air_date is not None and episode.air_date >= today),
        default=None,
    )


def _season_key(number: int) -> str:
    return f"season/{number}"


def _batches(numbers: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]
