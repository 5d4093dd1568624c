"""What plex.tv answers, as bodies for a scripted server: pages of a watchlist, single items, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.scripted import Answer, Asked

LIST = "/library/sections/watchlist/all"
REFUSED = {"errors": [{"code": 1001, "message": "User could not be authenticated", "status": 401}]}
NOT_FOUND = b'<?xml version="1.0"?><Error error="Not Found" message="Metadata item not found" statusCode="404"/>'
XML = "application/xml;charset=utf-8"


def row(number: int, title: str = "", year: int | None = 2019, kind: str = "show", guids: Sequence[str] = ()) -> Any:
    """An item of the list with more than is read of it."""
    key = f"{number:024x}"
    found: dict[str, Any] = {
        "ratingKey": key,
        "guid": f"plex://{kind}/{key}",
        "key": f"/library/metadata/{key}/children",
        "type": kind,
        "title": title or f"Title {number}",
        "slug": "a-slug",
        "summary": "long " * 50,
        "Image": [{"alt": "", "type": "coverPoster", "url": "https://example.invalid/poster"}],
    }
    if year is not None:
        found["year"] = year
    if guids:
        found["Guid"] = [{"id": guid} for guid in guids]
    return found


def container(rows: Sequence[Any], total: int | None = None, start: int = 0) -> dict[str, Any]:
    """A page; an empty one has no Metadata at all."""
    inside: dict[str, Any] = {"identifier": "tv.plex.provider.discover", "offset": start, "size": len(rows)}
    if total is not None:
        inside["totalSize"] = total
    if rows:
        inside["Metadata"] = list(rows)
    return {"MediaContainer": inside}


def page(rows: Sequence[Any], total: int | None = None, etag: str = "") -> Answer:
    return Answer(json=container(rows, len(rows) if total is None else total), etag=etag)


def window(asked: Asked) -> tuple[int, int]:
    """Which part of a list was asked for."""
    return int(asked.query["X-Plex-Container-Start"]), int(asked.query["X-Plex-Container-Size"])
