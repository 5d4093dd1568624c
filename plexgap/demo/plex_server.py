"""The invented Plex Media Server: paths and their answers. Changes when a client asks Plex something new.

Source: reference/plex.md and the recorded samples. Errors are HTML whatever was accepted, as from a real server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus

from plexgap.demo import plex_parts as parts
from plexgap.demo import posters
from plexgap.demo.kept import Kept
from plexgap.demo.library import Found, MusicEntry, SeasonEntry, Section, ShowEntry
from plexgap.demo.plex_listing import BadListing, Listings, read_asked
from plexgap.demo.plex_rows import Rows
from plexgap.demo.plex_wire import to_json, to_xml
from plexgap.demo.plex_words import Row, Wanted
from plexgap.demo.serving import JSON, Answer, Request
from plexgap.demo.world import World

VERSION, API_VERSION = "1.43.3.10896-cb3ebc72d", "1.2.2"
_XML = "text/xml;charset=utf-8"
_VIEW = {1: "movie", 2: "show", 3: "season", 4: "episode", 8: "artist", 9: "album", 10: "track"}


class _Refused(Exception):
    """Another status than 200: Plex says it as HTML."""

    def __init__(self, status: int, phrase: str) -> None:
        super().__init__(phrase)
        self.status = status
        self.phrase = phrase


class PlexServer:
    """Answers for one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows = Rows(world.seed, world.library)
        self._listings = Listings(self._rows, lambda: world.revision)
        self._kept: Kept[Answer] = Kept(lambda: world.revision)
        self._routes: tuple[tuple[re.Pattern[str], Callable[..., Answer]], ...] = tuple(
            (re.compile(pattern), answer)
            for pattern, answer in (
                (r"/", self._root),
                (r"/library/?", self._library),
                (r"/library/sections(?:/all)?/?", self._sections),
                (r"/library/sections/(\d+)", self._section_detail),
                (r"/library/sections/(\d+)/all", self._section_all),
                (r"/library/sections/(\d+)/allLeaves", self._section_leaves),
                (r"/library/sections/(\d+)/prefs", self._section_prefs),
                (r"/library/sections/(\d+)/collections", self._section_collections),
                (r"/library/metadata/([\d,]+)", self._metadata),
                (r"/library/metadata/(\d+)/children", self._children),
                (r"/library/metadata/(\d+)/(?:allLeaves|grandchildren)", self._leaves),
                (r"/library/metadata/(\d+)/(?:thumb|art)/\d+", self._picture),
                (r"/photo/:/transcode", self._transcode),
                (r"/accounts", self._accounts),
            )
        )

    def answer(self, request: Request) -> Answer:
        """The answer to any request."""
        if request.path == "/identity":
            return self._container(request, self._identity(), [])
        token = request.headers.get("x-plex-token") or request.query.get("X-Plex-Token")
        if token != self._world.plex_token:
            return parts.problem(401, "Unauthorized")
        if request.method not in ("GET", "HEAD"):
            return parts.problem(404, "Not Found")
        for pattern, answer in self._routes:
            found = pattern.fullmatch(request.path)
            if found:
                try:
                    return answer(request, *found.groups())
                except _Refused as refused:
                    return parts.problem(refused.status, refused.phrase)
                except BadListing:
                    return parts.problem(400, "Bad Request")
        return parts.problem(404, "Not Found")

    def problem(self, status: int) -> Answer:
        """HTML, also for a client that asked for JSON."""
        return parts.problem(status, HTTPStatus(status).phrase)

    # the server

    def _identity(self) -> Row:
        return {
            "size": 0,
            "apiVersion": API_VERSION,
            "claimed": True,
            "machineIdentifier": self._world.machine_id,
            "version": VERSION,
        }

    def _root(self, request: Request) -> Answer:
        return self._container(
            request,
            {
                **self._identity(),
                "size": 3,
                "allowSync": True,
                "friendlyName": self._world.name,
                "myPlex": True,
                "myPlexSubscription": True,
                "myPlexUsername": "demo@example.invalid",
                "platform": "Linux",
                "platformVersion": "6.1",
                "updatedAt": int(self._world.made_at.timestamp()),
                "Directory": [{"count": 1, "key": name, "title": name} for name in ("identity", "library", "photo")],
            },
            [],
        )

    def _library(self, request: Request) -> Answer:
        container: Row = {
            "size": 1,
            "allowSync": False,
            "identifier": "com.plexapp.plugins.library",
            "title1": "Plex Library",
        }
        return self._container(request, container, [{"key": "sections", "title": "Library Sections"}], "Directory")

    def _accounts(self, request: Request) -> Answer:
        container: Row = {"size": 1, "totalSize": 1, "offset": 0, "identifier": "com.plexapp.system.accounts"}
        return self._container(request, container, [{"id": 1, "key": "/accounts/1", "name": "demo"}], "Account")

    # sections

    def _sections(self, request: Request) -> Answer:
        with self._world.lock:
            rows = [parts.section_row(section) for section in self._world.library.sections]
        container: Row = {"size": len(rows), "allowSync": False, "title1": "Plex Library"}
        return self._container(request, container, rows, "Directory")

    def _section_detail(self, request: Request, key: str) -> Answer:
        section = self._section(key)
        rows: list[Row] = [
            {"key": "all", "title": f"All {section.title}"},
            {"key": "unwatched", "title": "Unwatched"},
            {"key": "newest", "title": "Recently Released"},
            {"key": "recentlyAdded", "title": "Recently Added"},
            {"key": "folder", "title": "By Folder"},
        ]
        return self._container(
            request, {**parts.of_listing(section, len(rows), "secondary"), "content": "secondary"}, rows, "Directory"
        )

    def _section_all(self, request: Request, key: str, leaves: bool = False) -> Answer:
        section, query = self._section(key), dict(request.query)
        query.pop("X-Plex-Token", None)
        if leaves:
            query |= {"type": "4"}
        window, form = parts.window(request), JSON in request.headers.get("accept", "")
        question = (key, window, form, *sorted(query.items()))
        with self._world.lock:
            answer = self._kept.get(question)
            if answer is None:
                answer = self._listing(request, section, query, window)
                self._kept.put(question, answer, len(answer.body))
        return answer

    def _listing(
        self, request: Request, section: Section, query: dict[str, str], window: tuple[int, int, bool]
    ) -> Answer:
        wanted, (start, size, paged) = parts.wanted(query), window
        asked = read_asked(section, query)
        total = self._listings.total(section, asked)
        given = max(0, min(size, total - section.short - start))
        rows = [self._rows.of(found, wanted) for found in self._listings.page(section, asked, start, given)]
        container = parts.of_listing(section, len(rows), _VIEW.get(asked.kind, "secondary"))
        headers: tuple[tuple[str, str], ...] = ()
        if paged:
            container = {"size": len(rows), "totalSize": total, "offset": start, **container}
            headers = (("X-Plex-Container-Start", str(start)), ("X-Plex-Container-Total-Size", str(total)))
        if query.get("includeMeta") == "1":
            container["Meta"] = [parts.meta(section, asked.kind)]
        return self._container(request, container, rows, headers=headers)

    def _section_leaves(self, request: Request, key: str) -> Answer:
        return self._section_all(request, key, leaves=True)

    def _section_prefs(self, request: Request, key: str) -> Answer:
        section = self._section(key)
        settings: list[Row] = []
        if section.kind == "show":
            settings = [
                parts.ordering(section.ordering),
                parts.setting("flattenSeasons", "Seasons", "0", "int"),
                parts.setting("episodeSort", "Episode sorting", "0", "int"),
            ]
        return self._container(request, {"size": len(settings)}, settings, "Setting")

    def _section_collections(self, request: Request, key: str) -> Answer:
        """None were made in this Plex."""
        section = self._section(key)
        return self._container(request, parts.of_listing(section, 0, section.kind), [])

    # items

    def _metadata(self, request: Request, keys: str) -> Answer:
        preferences = request.query.get("includePreferences") == "1"
        wanted = parts.wanted(request.query, detail=True, preferences=preferences)
        with self._world.lock:
            found = [item for key in keys.split(",") if (item := self._world.library.find(key)) is not None]
            if not found:
                raise _Refused(404, "Not Found")
            rows = [self._rows.of(item, wanted) for item in found]
            container: Row = {"size": len(rows), "allowSync": True, "identifier": "com.plexapp.plugins.library"}
            sections = {parts.section_of(item).key: parts.section_of(item) for item in found}
        if len(sections) == 1:
            container |= parts.of_section(next(iter(sections.values())))
        return self._container(request, container, rows)

    def _children(self, request: Request, key: str) -> Answer:
        wanted = parts.wanted(request.query)
        with self._world.lock:
            item = self._item(key)
            if isinstance(item, SeasonEntry):
                return self._episodes(request, item.entry, item.number, wanted, "episode")
            if isinstance(item, MusicEntry):
                return self._music_children(request, item, wanted)
            if not isinstance(item, ShowEntry):
                raise _Refused(404, "Not Found")
            seasons = [self._world.library.find(str(k)) for _, k in sorted(item.season_keys.items())]
            rows = [self._rows.of(season, wanted) for season in seasons if season is not None]
            container: Row = {"size": len(rows), **parts.of_section(item.section), "key": key, "parentIndex": 1}
            container |= {"nocache": True, "parentTitle": item.title, "title2": item.title, "viewGroup": "season"}
            if request.query.get("excludeAllLeaves") != "1" and rows:
                container["size"] = len(rows) + 1
                container["Directory"] = [
                    {
                        "leafCount": item.leaf_count,
                        "thumb": f"/library/metadata/{key}/thumb/{item.updated}",
                        "viewedLeafCount": self._rows.seen(item.runs),
                        "key": f"/library/metadata/{key}/allLeaves",
                        "title": "All episodes",
                    }
                ]
        return self._container(request, container, rows)

    def _leaves(self, request: Request, key: str) -> Answer:
        with self._world.lock:
            item = self._item(key)
            if isinstance(item, ShowEntry):
                return self._episodes(request, item, None, parts.wanted(request.query), "episode")
            if isinstance(item, SeasonEntry):
                return self._episodes(request, item.entry, item.number, parts.wanted(request.query), "episode")
        raise _Refused(404, "Not Found")

    def _episodes(self, request: Request, entry: ShowEntry, season: int | None, wanted: Wanted, view: str) -> Answer:
        """Episodes of a show or season in season and episode order, paged when that was asked."""
        start, size, paged = parts.window(request)
        everything = [(run, place) for run in entry.in_order(season) for place in range(run.count)]
        total = len(everything)
        given = everything[start : min(start + size, max(0, total - entry.section.short))]
        rows = [self._rows.episode(run, place, wanted) for run, place in given]
        container: Row = {"size": len(rows), **parts.of_section(entry.section), "key": str(entry.key), "nocache": True}
        container |= {"parentIndex": 1, "parentTitle": "", "grandparentTitle": entry.title, "viewGroup": view}
        headers: tuple[tuple[str, str], ...] = ()
        if paged:
            container |= {"totalSize": total, "offset": start}
            headers = (("X-Plex-Container-Start", str(start)), ("X-Plex-Container-Total-Size", str(total)))
        return self._container(request, container, rows, headers=headers)

    def _music_children(self, request: Request, thing: MusicEntry, wanted: Wanted) -> Answer:
        rows = [self._rows.of(other, wanted) for other in thing.section.music if other.parent is thing]
        return self._container(request, {"size": len(rows), **parts.of_section(thing.section)}, rows)

    # pictures

    def _picture(self, request: Request, key: str) -> Answer:
        return self._drawn(key, 400, 600)

    def _transcode(self, request: Request) -> Answer:
        found = re.match(r"/library/metadata/(\d+)/(?:thumb|art)/", request.query.get("url", ""))
        width, height = request.query.get("width", ""), request.query.get("height", "")
        if not found or not (width.isdecimal() and height.isdecimal()):
            raise _Refused(400, "Bad Request")
        return self._drawn(found[1], int(width), int(height))

    def _drawn(self, key: str, width: int, height: int) -> Answer:
        with self._world.lock:
            title, number = parts.drawn_for(self._item(key))
        body = posters.draw(title, number * 1_009 + self._world.seed, width, height)
        return Answer(200, body, "image/jpeg", (("Cache-Control", "public, max-age=31536000"),))

    # parts of answers

    def _section(self, key: str) -> Section:
        section = self._world.library.section(key)
        if section is None:
            raise _Refused(404, "Not Found")
        return section

    def _item(self, key: str) -> Found:
        item = self._world.library.find(key)
        if item is None:
            raise _Refused(404, "Not Found")
        return item

    def _container(
        self,
        request: Request,
        container: Row,
        rows: Sequence[Row],
        element: str = "Metadata",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Answer:
        common = (("X-Plex-Protocol", "1.0"), ("Cache-Control", "no-cache"), *headers)
        if JSON in request.headers.get("accept", ""):
            return Answer(200, to_json(container, rows, element), JSON, common)
        return Answer(200, to_xml(container, rows, element), _XML, common)
