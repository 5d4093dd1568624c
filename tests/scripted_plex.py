"""A Plex Media Server of a few lines on loopback: a list of rows, cut into pages as Plex does, and its oddities.

For what the demo world does not do on its own: pages that come short, totals that move, answers that break.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from tests.scripted import Answer, Asked, ScriptedServer

XML = "text/xml;charset=utf-8"
TOKEN = "a-token"


def element(tag: str, inner: str = "", /, **attributes: object) -> str:
    """<tag name="value">inner</tag>; attributes that are None are left out."""
    given = "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items() if value is not None)
    return f"<{tag}{given}>{inner}</{tag}>"


def container(inner: str = "", /, **attributes: object) -> Answer:
    body = '<?xml version="1.0" encoding="UTF-8"?>\n' + element("MediaContainer", inner, **attributes)
    return Answer(body=body.encode(), kind=XML)


def show(key: str, title: str = "", **attributes: object) -> str:
    given: dict[str, object] = {"guid": f"plex://show/{key}", "leafCount": 0, "index": 1}
    guid = element("Guid", id=f"tmdb://{key}")
    return element("Directory", guid, ratingKey=key, type="show", title=title or f"Show {key}", **(given | attributes))


def season(key: str, show_key: str, number: int) -> str:
    return element(
        "Directory", ratingKey=key, type="season", title=f"Season {number}", index=number, parentRatingKey=show_key
    )


def episode(key: str, show_key: str, code: tuple[int, int], resolution: str = "1080", **attributes: object) -> str:
    file = attributes.pop("file", f"/tv/{show_key}/{key}.mkv")
    part = element("Part", id=key, file=file, size=1000, duration=1500000)
    media = element("Media", part, id=key, videoResolution=resolution, duration=1500000)
    given: dict[str, object] = {
        "type": "episode",
        "title": f"Episode {key}",
        "guid": f"plex://episode/{key}",
        "parentIndex": code[0],
        "index": code[1],
        "grandparentRatingKey": show_key,
        "originallyAvailableAt": "2020-01-05",
        "addedAt": 1700000000,
    }
    return element("Video", media + element("Guid", id=f"tmdb://{key}"), ratingKey=key, **(given | attributes))


def movie(key: str) -> str:
    return element("Video", ratingKey=key, type="movie", title=f"Film {key}", guid=f"plex://movie/{key}", year=1999)


@dataclass
class Library:
    """A section with its rows by Plex's `type=`: 1 movies, 2 shows, 3 seasons, 4 episodes."""

    key: str
    kind: str = "show"
    rows: dict[int, list[str]] = field(default_factory=dict)
    refreshing: int = 0
    changed: int = 100
    says_changes: bool = True
    title: str = "TV Shows"

    @property
    def directory(self) -> str:
        return element(
            "Directory",
            key=self.key,
            type=self.kind,
            title=self.title,
            uuid=f"uuid-{self.key}",
            refreshing=self.refreshing,
            contentChangedAt=self.changed if self.says_changes else None,
            agent="tv.plex.agents.series",
        )


class ScriptedPlex(ScriptedServer):
    """Answers for its libraries. `cap`: the most rows it gives at once. `before`: called with each request first.

    A path that was given answers with `on` gives those.
    """

    def __init__(self, *libraries: Library) -> None:
        super().__init__(
            Answer(body=b"<html><head><title>Not Found</title></head></html>", status=404, kind="text/html")
        )
        self.libraries = list(libraries)
        self.cap = 10_000
        self.before: Callable[[Asked], Answer | None] = lambda asked: None

    def __enter__(self) -> ScriptedPlex:
        super().__enter__()
        return self

    def answer(self, asked: Asked) -> Answer:
        special = self.before(asked)
        if special is not None or asked.path in self._answers:
            given = super().answer(asked)
            return special or given
        self.asked.append(asked)
        if asked.headers.get("x-plex-token") != TOKEN:
            return Answer(body=b"<html><head><title>Unauthorized</title></head></html>", status=401, kind="text/html")
        if asked.path == "/":
            return container(machineIdentifier="m" * 40, friendlyName="Küche & Keller", version="1.43.3")
        if asked.path == "/library/sections":
            return container("".join(library.directory for library in self.libraries), size=len(self.libraries))
        return self._listing(asked)

    def _listing(self, asked: Asked) -> Answer:
        words = asked.path.split("/")
        if words[-1] == "all":
            library = next((library for library in self.libraries if library.key == words[3]), None)
            if library is not None:
                rows = library.rows.get(int(asked.query["type"]), [])
                return self.window(asked, _sorted(rows, asked.query.get("sort", "")))
        if words[-1] in ("allLeaves", "children"):
            kind, parent = (4, "grandparentRatingKey") if words[-1] == "allLeaves" else (3, "parentRatingKey")
            every = [row for library in self.libraries for row in library.rows.get(kind, [])]
            return self.window(asked, [row for row in every if attribute(row, parent) == words[3]])
        return self.otherwise

    def window(self, asked: Asked, rows: list[str]) -> Answer:
        start = int(asked.headers["x-plex-container-start"])
        size = min(int(asked.headers["x-plex-container-size"]), self.cap)
        page = rows[start : start + size]
        return container("".join(page), size=len(page), totalSize=len(rows), offset=start)


def attribute(row: str, name: str) -> str | None:
    """What a row says of itself first under this name."""
    found = re.search(rf'\b{name}="([^"]*)"', row)
    return found.group(1) if found else None


def _sorted(rows: list[str], sort: str) -> list[str]:
    """Latest first where that is asked for; in the order they were given otherwise."""
    field, _, direction = sort.partition(":")
    if direction != "desc":
        return rows
    return sorted(rows, key=lambda row: int(attribute(row, field) or 0), reverse=True)
