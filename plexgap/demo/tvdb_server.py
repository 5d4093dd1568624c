"""The invented TheTVDB v4: paths and their answers. Changes when a client asks TheTVDB something new.

Source: reference/tvdb.md and the recorded samples. What that page marks as unsure is kept plain here: no validators,
no limit on requests, an order that a series doesn't have is an empty list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from plexgap.demo import names, posters, tvdb_tokens
from plexgap.demo import tvdb_bodies as bodies
from plexgap.demo.kept import Kept
from plexgap.demo.listed import CatalogueEpisode, ListedFilm, ListedShow, TvdbChange
from plexgap.demo.listed_tvdb import in_order, type_called
from plexgap.demo.serving import HTML, JSON, Answer, Request, as_json
from plexgap.demo.world import World

A_PAGE, MOST_RESULTS = 500, 5_000
_TYPE = f"{JSON};charset=utf-8"
_GATEWAY = b"<html><head><title>Bad Gateway</title></head><body><center><h1>Bad Gateway</h1></center></body></html>"
_LANGUAGE = r"([a-z]{2,3})"


class _Problem(Exception):
    """Another status than 200, in TheTVDB's form."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class TvdbServer:
    """Answers for one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: Kept[bytes] = Kept(lambda: (world.revision, self._today))
        self._routes: tuple[tuple[re.Pattern[str], Callable[..., object]], ...] = tuple(
            (re.compile(pattern), answer)
            for pattern, answer in (
                (r"/v4/seasons/types", self._season_types),
                (r"/v4/series/([^/]+)", self._series),
                (r"/v4/series/([^/]+)/extended", self._extended),
                (r"/v4/series/([^/]+)/episodes/([\w-]+)", self._episodes),
                (rf"/v4/series/([^/]+)/episodes/([\w-]+)/{_LANGUAGE}", self._translated),
                (r"/v4/search", self._search),
                (r"/v4/search/remoteid/([^/]+)", self._remote),
                (r"/v4/updates", self._updates),
            )
        )

    def answer(self, request: Request) -> Answer:
        """The answer to any request. Pictures need no token."""
        if request.path.startswith("/banners/"):
            return self._picture(request.path)
        try:
            if request.path == "/v4/login":
                return self._login(request)
            if not tvdb_tokens.holds(self._world, request.headers.get("authorization", "").removeprefix("Bearer ")):
                raise _Problem(401, "Unauthorized")
            for pattern, answer in self._routes:
                found = pattern.fullmatch(request.path)
                if found and request.method in ("GET", "HEAD"):
                    return Answer(200, self._body(request, answer, found.groups()), _TYPE)
            raise _Problem(404, "Not Found")
        except _Problem as problem:
            return _failure(problem.status, str(problem))

    def problem(self, status: int) -> Answer:
        """JSON; a failure of the gateway before it is a page."""
        return Answer(status, _GATEWAY, HTML) if status >= 500 else _failure(status, _PHRASES.get(status, "Failure"))

    def _login(self, request: Request) -> Answer:
        if request.method != "POST":
            raise _Problem(405, "Method Not Allowed")
        try:
            body = json.loads(request.body)
        except ValueError:
            raise _Problem(400, "The body is not JSON") from None
        with self._world.lock:
            if not tvdb_tokens.may_sign_in(self._world, body):
                raise _Problem(401, "Unauthorized")
            token = tvdb_tokens.new_token(self._world)
        return as_json({"status": "success", "data": {"token": token}})

    def _body(self, request: Request, answer: Callable[..., object], parts: Sequence[str]) -> bytes:
        question = (request.path, request.headers.get("host", ""), *sorted(request.query.items()))
        with self._world.lock:
            kept = self._kept.get(question)
            if kept is None:
                said = answer(request, *parts)
                whole = said if isinstance(said, _Paged) else _Paged(said)
                links = {"links": whole.links} if whole.links is not None else {}
                body = {"status": "success", "data": whole.data, **links}
                kept = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
                self._kept.put(question, kept, len(kept))
        return kept

    # series

    def _listed(self, number: str) -> ListedShow:
        if not number.isdecimal():
            raise _Problem(400, "Invalid id")
        show = self._world.catalogue.series(int(number))
        if show is None:
            raise _Problem(404, "Series not found")
        return show

    def _season_types(self, _: Request) -> object:
        return bodies.season_types()

    def _series(self, request: Request, number: str) -> object:
        return self._base(self._listed(number), request)

    def _extended(self, request: Request, number: str) -> object:
        listed = self._listed(number)
        return bodies.extended(listed, self._base(listed, request), short=request.query.get("short") == "true")

    def _episodes(self, request: Request, number: str, slug: str) -> object:
        """`{series, episodes}`, a page of them."""
        listed = self._listed(number)
        rows = self._page(request, listed, slug)
        return _Paged(
            {"series": self._base(listed, request), "episodes": self._rows(listed, rows, request)}, rows.links
        )

    def _translated(self, request: Request, number: str, slug: str, language: str) -> object:
        """Another shape: the series itself, with a page of episodes inside."""
        listed = self._listed(number)
        rows = self._page(request, listed, slug)
        found = self._rows(listed, rows, request, language)
        return _Paged(self._base(listed, request) | {"episodes": found}, rows.links)

    def _page(self, request: Request, listed: ListedShow, slug: str) -> _Paged:
        kind = type_called(listed, slug)
        if kind is None:
            raise _Problem(400, "Invalid season type")
        query = request.query
        season, number, day = query.get("season"), query.get("episodeNumber"), query.get("airDate")
        if number is not None and season is None:
            raise _Problem(400, "episodeNumber is not null then season must be present")
        rows = [
            row
            for row in in_order(listed, kind.order)
            if season in (None, str(row.number.season))
            and number in (None, str(row.number.number))
            and day in (None, row.air_date)
        ]
        return _paged(request, rows, {"season": season, "episodeNumber": number, "airDate": day})

    def _rows(self, listed: ListedShow, page: _Paged, request: Request, language: str | None = None) -> list[Any]:
        rows: list[CatalogueEpisode] = page.data
        return bodies.episodes(listed, rows, language, _host(request), self._updated(listed))

    def _base(self, listed: ListedShow, request: Request) -> dict[str, Any]:
        return bodies.series(listed, _host(request), self._updated(listed), self._today)

    def _updated(self, listed: ListedShow) -> datetime:
        """When the series was last changed; long ago where nothing changed since the world was made."""
        before = self._world.made_at - timedelta(days=40 + listed.tmdb_id % 300)
        return max((row.at for row in self._changes if row.series == listed.tvdb_id), default=before)

    # finding

    def _search(self, request: Request) -> object:
        query, year, kind = (request.query.get(name, "") for name in ("query", "year", "type"))
        offset, limit = _number(request, "offset", 0), _number(request, "limit", 50)
        if offset + limit > MOST_RESULTS:
            raise _Problem(400, "Max results overflow")
        found = [
            show
            for show in self._all_series()
            if show.searchable
            and kind in ("", "series")
            and year in ("", str(show.year))
            and names.is_found(show.name, query)
        ]
        found.sort(key=lambda show: (names.key(show.name) != names.key(query), show.tmdb_id))
        rows = [bodies.found_series(show, self._base(show, request)) for show in found[offset : offset + limit]]
        return _Paged(rows, {"prev": None, "self": None, "next": None, "total_items": len(found), "page_size": limit})

    def _remote(self, request: Request, value: str) -> object:
        """Everything that has this number elsewhere, from whichever source; null where nothing has."""
        found: list[dict[str, Any]] = [
            {"series": self._base(show, request)}
            for show in self._all_series()
            if value in [remote["id"] for remote in bodies.remote_ids(show) or ()]
        ]
        found += [{"movie": bodies.film(film)} for film in self._films() if value in (film.imdb_id, str(film.tmdb_id))]
        return found or None

    def _all_series(self) -> list[ListedShow]:
        return [show for show in self._world.catalogue.shows.values() if show.tvdb_id is not None and show.on_tvdb]

    def _films(self) -> list[ListedFilm]:
        return [film for film in self._world.catalogue.films.values() if film.on_tmdb]

    # changes

    def _updates(self, request: Request) -> object:
        """What changed since a moment, oldest first."""
        since = request.query.get("since", "")
        if not since.isdecimal():
            raise _Problem(400, "since is required")
        kind, action = request.query.get("type", ""), request.query.get("action", "")
        rows = [
            row
            for row in self._changes
            if row.at.timestamp() >= int(since) and kind in ("", row.entity) and action in ("", row.method)
        ]
        # As seen: these links drop every other parameter.
        page = _paged(request, rows, {})
        return _Paged([bodies.change(row) for row in page.data], page.links)

    @property
    def _changes(self) -> Sequence[TvdbChange]:
        return self._world.catalogue.changed_at_tvdb

    # pictures

    def _picture(self, path: str) -> Answer:
        found = re.fullmatch(r"/banners/(posters|episodes)/(\d+)\.jpg", path)
        if found is None:
            return Answer(404, b"<html><body><h1>404 Not Found</h1></body></html>", HTML)
        number, is_poster = int(found[2]), found[1] == "posters"
        with self._world.lock:
            show = self._world.catalogue.series(number) if is_poster else None
        width, height = (680, 1_000) if is_poster else (640, 360)
        title = show.name if show is not None else ""
        body = posters.draw(title, number * 1_009 + self._world.seed, width, height)
        return Answer(200, body, "image/jpeg", (("Cache-Control", "public, max-age=31536000"),))

    @property
    def _today(self) -> date:
        return self._world.now().astimezone(UTC).date()


class _Paged:
    """Data with the links to the pages beside it; None: an answer that is not paged."""

    def __init__(self, data: Any, links: Mapping[str, object] | None = None) -> None:
        self.data = data
        self.links = links


_PHRASES = {401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


def _failure(status: int, message: str) -> Answer:
    return as_json({"status": "failure", "message": message, "data": None}, status)


def _paged(request: Request, rows: Sequence[object], kept: Mapping[str, str | None]) -> _Paged:
    """One page of the rows. `kept`: the parameters that stay in the links."""
    page = _number(request, "page", 0)
    known = {name: value for name, value in kept.items() if value is not None}

    def link(number: int) -> str:
        return f"http://{_host(request)}{request.path}?{urlencode({**known, 'page': number})}"

    links = {
        "prev": link(page - 1) if page else None,
        "self": link(page),
        "next": link(page + 1) if (page + 1) * A_PAGE < len(rows) else None,
        "total_items": len(rows),
        "page_size": A_PAGE,
    }
    return _Paged(rows[page * A_PAGE : (page + 1) * A_PAGE], links)


def _number(request: Request, name: str, usual: int) -> int:
    raw = request.query.get(name, "")
    if raw and not raw.isdecimal():
        raise _Problem(400, f"Invalid {name}")
    return int(raw) if raw else usual


def _host(request: Request) -> str:
    return request.headers.get("host", "")
