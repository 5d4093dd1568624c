"""The invented TMDB v3: paths and their answers. Changes when a client asks TMDB something new.

Source: reference/tmdb.md and the recorded samples. Every 200 carries an ETag and a max-age; If-None-Match gets 304.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, timedelta
from hashlib import md5
from typing import Any

from plexgap.demo import names, posters
from plexgap.demo import tmdb_bodies as bodies
from plexgap.demo.kept import Kept
from plexgap.demo.listed import ListedFilm, ListedShow
from plexgap.demo.serving import JSON, Answer, Request, as_json
from plexgap.demo.world import World

MOST_APPENDED, A_PAGE, CHANGES_A_PAGE, MOST_DAYS = 20, 20, 100, 14
_TYPE = f"{JSON};charset=utf-8"
_SEASON = re.compile(r"season/(\d+)")
_SIZE = re.compile(r"w(\d+)|h(\d+)|original")


_PROBLEMS = {
    401: (7, "Invalid API key: You must be granted a valid key."),
    404: (34, "The resource you requested could not be found."),
    429: (25, "Your request count (41) is over the allowed limit of (40)."),
    502: (43, "Couldn't connect to the backend server."),
    503: (9, "Service offline: This service is temporarily offline, try again later."),
    504: (24, "Your request to the backend server timed out. Try again."),
}


class _Problem(Exception):
    """Another status than 200, in TMDB's own words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"status_code": code, "status_message": message, "success": False}


def _not_found() -> _Problem:
    return _Problem(404, 34, "The resource you requested could not be found.")


class TmdbServer:
    """Answers for one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: Kept[tuple[bytes, str]] = Kept(lambda: (world.revision, self._today))
        self._routes: tuple[tuple[re.Pattern[str], Callable[..., object]], ...] = tuple(
            (re.compile(pattern), answer)
            for pattern, answer in (
                (r"/3/authentication", self._authentication),
                (r"/3/configuration", self._configuration),
                (r"/3/tv/changes", self._tv_changes),
                (r"/3/movie/changes", self._movie_changes),
                (r"/3/tv/episode_group/([0-9a-f]{24})", self._episode_group),
                (r"/3/tv/(\d+)", self._show),
                (r"/3/tv/(\d+)/season/(\d+)", self._season),
                (r"/3/tv/(\d+)/external_ids", self._external_ids),
                (r"/3/tv/(\d+)/episode_groups", self._episode_groups),
                (r"/3/find/([^/]+)", self._find),
                (r"/3/search/tv", self._search_tv),
                (r"/3/search/movie", self._search_movie),
                (r"/3/movie/(\d+)", self._movie),
                (r"/3/collection/(\d+)", self._collection),
            )
        )

    def answer(self, request: Request) -> Answer:
        """The answer to any request. Pictures need no key."""
        if request.path.startswith("/t/p/"):
            return self._picture(request.path)
        try:
            self._check_key(request)
            for pattern, answer in self._routes:
                found = pattern.fullmatch(request.path)
                if found:
                    return self._validated(request, self._body(request, answer, found.groups()))
            raise _not_found()
        except _Problem as problem:
            age = (("Cache-Control", "public, max-age=300"),) if problem.status == 401 else ()
            return as_json(problem.body, problem.status, age)

    def problem(self, status: int) -> Answer:
        """JSON with TMDB's own number for the failure."""
        code, message = _PROBLEMS.get(status, (11, "Internal error: Something went wrong, contact TMDb."))
        return as_json({"status_code": code, "status_message": message, "success": False}, status)

    def _check_key(self, request: Request) -> None:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if bearer != self._world.tmdb_read_token and request.query.get("api_key") != self._world.tmdb_key:
            raise _Problem(401, 7, "Invalid API key: You must be granted a valid key.")

    def _body(self, request: Request, answer: Callable[..., object], parts: Sequence[str]) -> tuple[bytes, str]:
        """The body and its validator."""
        question = (request.path, *(pair for pair in sorted(request.query.items()) if pair[0] != "api_key"))
        with self._world.lock:
            kept = self._kept.get(question)
            if kept is None:
                data = json.dumps(answer(request, *parts), ensure_ascii=False, separators=(",", ":")).encode()
                kept = (data, f'W/"{md5(data, usedforsecurity=False).hexdigest()}"')
                self._kept.put(question, kept, len(data))
        return kept

    def _validated(self, request: Request, body: tuple[bytes, str]) -> Answer:
        """200 with a validator, or 304 where the client has it already."""
        data, tag = body
        headers = (
            ("Cache-Control", f"public, max-age={10_000 + len(data) % 9_000}"),
            ("ETag", tag),
            ("Vary", "Accept-Encoding,accept-encoding"),
            ("X-Cache", "Miss from cloudfront"),
        )
        if tag in request.headers.get("if-none-match", ""):
            return Answer(304, b"", _TYPE, headers)
        return Answer(200, data, _TYPE, headers)

    # shows

    def _authentication(self, _: Request) -> object:
        return {"success": True, "status_code": 1, "status_message": "Success."}

    def _configuration(self, _: Request) -> object:
        sizes = {
            "backdrop": ("w300", "w780", "w1280"),
            "logo": ("w92", "w185"),
            "poster": ("w92", "w185", "w342", "w500"),
        }
        return {
            "images": {
                "base_url": "http://image.tmdb.org/t/p/",
                "secure_base_url": "https://image.tmdb.org/t/p/",
                **{f"{name}_sizes": [*widths, "original"] for name, widths in sizes.items()},
            },
            "change_keys": ["episode", "season", "overview", "name"],
        }

    def _listed(self, number: str) -> ListedShow:
        show = self._world.catalogue.shows.get(int(number))
        if show is None or not show.on_tmdb:
            raise _not_found()
        return show

    def _show(self, request: Request, number: str) -> object:
        """Details; appended answers under their own names, seasons that don't exist left out."""
        listed = self._listed(number)
        appended = _appended(request)
        body = bodies.show(listed, self._today)
        seasons = listed.by_season()
        for name in appended:
            season = _SEASON.fullmatch(name)
            if season and int(season[1]) in seasons:
                body[name] = bodies.season(listed, int(season[1]), seasons[int(season[1])])
            elif name == "external_ids":
                body[name] = bodies.external_ids(listed)
            elif name == "episode_groups":
                body[name] = bodies.episode_groups(listed)
        return body

    def _season(self, _: Request, number: str, season: str) -> object:
        listed = self._listed(number)
        seasons = listed.by_season()
        if int(season) not in seasons:
            raise _not_found()
        return bodies.season(listed, int(season), seasons[int(season)])

    def _external_ids(self, _: Request, number: str) -> object:
        listed = self._listed(number)
        return {"id": listed.tmdb_id, **bodies.external_ids(listed)}

    def _episode_groups(self, _: Request, number: str) -> object:
        listed = self._listed(number)
        return {**bodies.episode_groups(listed), "id": listed.tmdb_id}

    def _episode_group(self, _: Request, group: str) -> object:
        for listed in self._world.catalogue.shows.values():
            for order in listed.orders:
                if order.on_tmdb and listed.on_tmdb and bodies.group_id(listed, order) == group:
                    return bodies.episode_group(listed, order)
        raise _not_found()

    # finding

    def _find(self, request: Request, value: str) -> object:
        source = request.query.get("external_source", "")
        catalogue = self._world.catalogue
        shows = catalogue.shows_by(source, value)
        film = catalogue.film_by_imdb(value) if source == "imdb_id" else None
        episode = catalogue.episode_by(source, value) if source in ("imdb_id", "tvdb_id") else None
        return {
            "movie_results": [bodies.film_row(film)] if film else [],
            "person_results": [],
            "tv_results": [{**bodies.show_row(show), "media_type": "tv"} for show in shows],
            "tv_episode_results": [bodies.found_episode(*episode)] if episode else [],
            "tv_season_results": [],
        }

    def _search_tv(self, request: Request) -> object:
        year = request.query.get("first_air_date_year") or request.query.get("year", "")
        found = [
            show
            for show in self._world.catalogue.shows.values()
            if show.on_tmdb and show.searchable and year in ("", str(show.year)) and _fits(show.name, request)
        ]
        found.sort(key=lambda show: (names.key(show.name) != names.key(request.query["query"]), show.tmdb_id))
        return _paged(request, [bodies.show_row(show) for show in found])

    def _search_movie(self, request: Request) -> object:
        year = request.query.get("primary_release_year") or request.query.get("year", "")
        found: list[ListedFilm] = [
            film
            for film in self._world.catalogue.films.values()
            if film.on_tmdb and film.searchable and year in ("", str(film.year)) and _fits(film.title, request)
        ]
        found.sort(key=lambda film: (names.key(film.title) != names.key(request.query["query"]), film.tmdb_id))
        rows = [bodies.film_row(film) for film in found]
        for row in rows:
            del row["media_type"]
        return _paged(request, rows)

    # films

    def _movie(self, request: Request, number: str) -> object:
        film = self._world.catalogue.films.get(int(number))
        if film is None or not film.on_tmdb:
            raise _not_found()
        collection = self._world.catalogue.collections.get(film.collection or 0)
        body = bodies.film(film, collection)
        if "external_ids" in _appended(request):
            body["external_ids"] = bodies.film_ids(film)
        return body

    def _collection(self, _: Request, number: str) -> object:
        listed = self._world.catalogue.collections.get(int(number))
        if listed is None or not listed.on_tmdb:
            raise _not_found()
        return bodies.collection(listed, [self._world.catalogue.films[part] for part in listed.parts])

    # changes

    def _tv_changes(self, request: Request) -> object:
        return self._changes(request, "tv")

    def _movie_changes(self, request: Request) -> object:
        return self._changes(request, "movie")

    def _changes(self, request: Request, kind: str) -> object:
        """Ids changed in whole days of UTC, at most 14; without dates the last 24 hours."""
        start, end = (_day(request.query.get(name)) for name in ("start_date", "end_date"))
        first = start or (end or self._today) - timedelta(days=1)
        last = end or max(first, min(self._today, first + timedelta(days=MOST_DAYS)))
        if (last - first).days > MOST_DAYS:
            raise _Problem(422, 20, "Invalid date range: Should be a range no longer than 14 days.")
        ids = {
            number
            for at, what, number in self._world.catalogue.changed
            if what == kind and first <= at.astimezone(UTC).date() <= last
        }
        return _paged(request, [{"id": number, "adult": False} for number in sorted(ids)], CHANGES_A_PAGE)

    # pictures

    def _picture(self, path: str) -> Answer:
        found = re.fullmatch(r"/t/p/([a-z0-9]+)/([a-z])(\d+)x[0-9a-f]{8}\.jpg", path)
        size = _SIZE.fullmatch(found[1]) if found else None
        if found is None or size is None:
            return Answer(404, b"<html><body><h1>404 Not Found</h1></body></html>", "text/html")
        width = int(size[1] or 0) or (int(size[2]) * 2 // 3 if size[2] else 1_000)
        height = width * 9 // 16 if found[2] in "be" else width * 3 // 2
        number = int(found[3])
        with self._world.lock:
            title = self._drawn_for(found[2], number)
        body = posters.draw(title, number * 1_009 + self._world.seed, width, height)
        return Answer(200, body, "image/jpeg", (("Cache-Control", "public, max-age=31536000"),))

    def _drawn_for(self, kind: str, number: int) -> str:
        catalogue = self._world.catalogue
        if kind == "m" and number in catalogue.films:
            return catalogue.films[number].title
        if kind == "c" and number in catalogue.collections:
            return catalogue.collections[number].name
        number = number // 100 if kind == "s" else number
        return catalogue.shows[number].name if kind in "ps" and number in catalogue.shows else ""

    @property
    def _today(self) -> date:
        return self._world.now().astimezone(UTC).date()


def _appended(request: Request) -> tuple[str, ...]:
    """What is to be appended; more than twenty are refused."""
    appended = tuple(name for name in request.query.get("append_to_response", "").split(",") if name)
    if len(appended) > MOST_APPENDED:
        raise _Problem(400, 27, "Too many append to response objects: The maximum number of remote calls is 20.")
    return appended


def _fits(title: str, request: Request) -> bool:
    return names.is_found(title, request.query.get("query", ""))


def _paged(request: Request, rows: Sequence[Any], size: int = A_PAGE) -> object:
    raw = request.query.get("page", "1")
    page = int(raw) if raw.isdecimal() else 0
    if not 1 <= page <= 500:
        raise _Problem(400, 22, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.")
    return {
        "page": page,
        "results": list(rows[(page - 1) * size : page * size]),
        "total_pages": max(1, -(-len(rows) // size)),
        "total_results": len(rows),
    }


def _day(raw: str | None) -> date | None:
    if not raw:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise _Problem(422, 23, "Invalid date: It should be in the format YYYY-MM-DD.") from None
