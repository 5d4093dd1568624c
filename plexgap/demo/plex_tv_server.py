"""The invented plex.tv: the watchlist, what its items are elsewhere, and the account (plex_tv_account).

Source: reference/plex-tv.md 6 and 7. The list gives no outside ids, whatever is asked: only an item's own page does.
Changes when a client asks plex.tv something new.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from hashlib import md5
from http import HTTPStatus

from plexgap.demo import names
from plexgap.demo.listed import ListedFilm, ListedShow
from plexgap.demo.placing import hex_id
from plexgap.demo.plex_tv_account import AccountPages
from plexgap.demo.plex_wire import to_json, to_xml
from plexgap.demo.plex_words import Row
from plexgap.demo.serving import JSON, Answer, Request, as_json
from plexgap.demo.watchlist import Watchlisted
from plexgap.demo.world import World

A_PAGE, LARGEST_PAGE = 20, 100
_XML = "application/xml;charset=utf-8"
_IDENTIFIER = "tv.plex.provider.discover"
_KINDS = {"": ("show", "movie"), "1": ("movie",), "2": ("show",)}


class _Refused(Exception):
    """Another status than 200."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class PlexTvServer:
    """Answers for one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._account = AccountPages(world)
        shows, films = world.catalogue.shows.values(), world.catalogue.films.values()
        self._known: dict[str, ListedShow | ListedFilm] = {
            **{hex_id(world.seed, "show", show.tmdb_id): show for show in shows},
            **{hex_id(world.seed, "movie", film.tmdb_id): film for film in films},
        }
        self._routes: tuple[tuple[re.Pattern[str], Callable[..., Answer]], ...] = (
            (re.compile(r"/library/sections/watchlist/all"), self._watchlist),
            (re.compile(r"/library/metadata/([0-9a-f]{24})"), self._item),
        )

    def answer(self, request: Request) -> Answer:
        """The answer to any request."""
        found_here = self._account.answer(request)
        if found_here is not None:
            return found_here
        try:
            self._check(request)
            for pattern, answer in self._routes:
                found = pattern.fullmatch(request.path)
                if found and request.method in ("GET", "HEAD"):
                    return answer(request, *found.groups())
            raise _Refused(404, "Not found!")
        except _Refused as refused:
            return _error(refused.status, str(refused))

    def problem(self, status: int) -> Answer:
        """JSON where the account is refused, else XML, whatever was accepted."""
        return _error(status, HTTPStatus(status).phrase)

    def _check(self, request: Request) -> None:
        """The token of the account is that of its server; without the client's name nothing is answered."""
        told = {**{name.lower(): value for name, value in request.query.items()}, **request.headers}
        if told.get("x-plex-token") != self._world.plex_token:
            raise _Refused(401, "User could not be authenticated")
        if not told.get("x-plex-client-identifier"):
            raise _Refused(422, "X-Plex-Client-Identifier is missing")

    def _watchlist(self, request: Request) -> Answer:
        """A page of the list, newest first; 304 where the client has it already."""
        kinds = _KINDS.get(request.query.get("type", ""))
        if kinds is None:
            raise _Refused(400, "Invalid type")
        start, size = _number(request, "X-Plex-Container-Start", 0), _number(request, "X-Plex-Container-Size", A_PAGE)
        with self._world.lock:
            listed = [item for item in self._world.watchlist if item.kind in kinds]
            rows = [self._row(item) for item in _sorted(listed, request)[start : start + min(size, LARGEST_PAGE)]]
        container: Row = {
            "librarySectionID": "watchlist",
            "librarySectionTitle": "Watchlist",
            "offset": start,
            "totalSize": len(listed),
            "identifier": _IDENTIFIER,
            "size": len(rows),
        }
        answer = _container(request, container, rows)
        tag = f'W/"{md5(answer.body, usedforsecurity=False).hexdigest()}"'
        headers = (("ETag", tag), ("Cache-Control", "no-cache"))
        if tag in request.headers.get("if-none-match", ""):
            return Answer(304, b"", answer.content_type, headers)
        return Answer(200, answer.body, answer.content_type, headers)

    def _item(self, request: Request, key: str) -> Answer:
        known = self._known.get(key)
        if known is None:
            raise _Refused(404, "Metadata item not found")
        with self._world.lock:
            row = self._details(key, known)
        container: Row = {"offset": 0, "totalSize": 1, "identifier": _IDENTIFIER, "size": 1}
        return _container(request, container, [row])

    def _row(self, item: Watchlisted) -> Row:
        known = self._known.get(item.key)
        number = known.tmdb_id if known is not None else 0
        row: Row = {
            "ratingKey": item.key,
            "guid": f"plex://{item.kind}/{item.key}",
            "key": f"/library/metadata/{item.key}{'/children' if item.kind == 'show' else ''}",
            "type": item.kind,
            "title": item.title,
            "slug": names.slug(item.title),
            "summary": names.overview(number),
            "addedAt": int(item.added_at.timestamp()),
            "userState": False,
            "source": f"provider://{_IDENTIFIER}",
        }
        if item.year is not None:
            row["year"] = item.year
        return row

    def _details(self, key: str, known: ListedShow | ListedFilm) -> Row:
        """With ids elsewhere."""
        kind, title = ("show", known.name) if isinstance(known, ListedShow) else ("movie", known.title)
        row = self._row(Watchlisted(kind, key, title, known.year, self._world.made_at))
        ids = {"imdb": known.imdb_id, "tmdb": known.tmdb_id if known.on_tmdb else None, "tvdb": known.tvdb_id}
        row["Guid"] = [{"id": f"{name}://{value}"} for name, value in ids.items() if value is not None]
        return row


def _sorted(items: Sequence[Watchlisted], request: Request) -> list[Watchlisted]:
    by, _, direction = (request.query.get("sort") or "watchlistedAt:desc").partition(":")
    if by == "titleSort":
        return sorted(items, key=lambda item: names.sort_key(item.title).casefold(), reverse=direction == "desc")
    return sorted(items, key=lambda item: item.added_at, reverse=direction == "desc")


def _container(request: Request, container: Row, rows: Sequence[Row]) -> Answer:
    if JSON in request.headers.get("accept", ""):
        return Answer(200, to_json(container, rows), f"{JSON};charset=utf-8")
    return Answer(200, to_xml(container, rows), _XML)


def _number(request: Request, name: str, usual: int) -> int:
    raw = request.headers.get(name.lower()) or request.query.get(name, "")
    return int(raw) if raw.isdecimal() else usual


def _error(status: int, message: str) -> Answer:
    """JSON for what concerns the account, XML for the rest."""
    if status in (401, 403, 422, 498):
        return as_json({"errors": [{"code": 1001, "message": message, "status": status}]}, status)
    phrase = HTTPStatus(status).phrase
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error error="{phrase}" message="{message}" statusCode="{status}"/>\n'
    )
    return Answer(status, body.encode(), _XML)
