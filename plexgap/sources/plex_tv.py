"""plex.tv: the watchlist of the account that a token belongs to. Changes when plex.tv does.

Source: reference/plex-tv.md 6 and 7. Nothing here is documented by Plex itself; what is asked, and in which form, is
what python-plexapi and other clients ask. The token travels in a header, to the one address that is set and no other.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from plexgap.domain.catalogue import Ask
from plexgap.domain.errors import BadAnswer, NotListed
from plexgap.domain.events import Event
from plexgap.domain.ids import ExternalId, parse_guids
from plexgap.domain.library import Kind
from plexgap.domain.watchlist import PLEX_TV, WatchlistItem
from plexgap.sources.http import Transport
from plexgap.sources.plex_tv_account import REFUSALS, headers, read

log = logging.getLogger(__name__)

NAME = PLEX_TV
# Nobody published a limit; details that were asked for faster have been answered with 429.
REQUESTS_PER_SECOND = 2.5

_LIST = "/library/sections/watchlist/all"
# More than 100 is an error.
_PAGE_SIZE = 100
_LOOKS = 3
_REFUSED = (
    "plex.tv refused the Plex token, so it does not give your watchlist. Copy the token once more; it must be that of "
    "your own account."
)
_NOT_WHOLE = "plex.tv did not give the whole of your watchlist. Try again later."


class _Wire(BaseModel):
    """What we read of an answer. Pictures and descriptions are most of it, and are dropped."""

    model_config = ConfigDict(extra="ignore")


class _Guid(_Wire):
    id: str


class _Row(_Wire):
    """An item. `guid` says which title it is, `guids` the same in other sources."""

    rating_key: str = Field(alias="ratingKey")
    guid: str = ""
    type: str = ""
    title: str = ""
    year: int | None = None
    guids: list[_Guid] = Field(default_factory=list, alias="Guid")


class _Container(_Wire):
    """A page of a list, or one item. There are no `rows` where nothing is."""

    total: int | None = Field(default=None, alias="totalSize")
    rows: list[_Row] = Field(default_factory=list, alias="Metadata")


class _Answer(_Wire):
    container: _Container = Field(alias="MediaContainer")


_ANSWER = TypeAdapter(_Answer)


class PlexTv:
    """What plex.tv says of one account."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def watchlist(self, kind: Kind = Kind.SHOW, ask: Ask = Ask.REVALIDATE) -> tuple[WatchlistItem, ...]:
        """The titles of that kind on the list, newest first, each once. A request for each hundred.

        A list that changes between its pages is read again. Raises SourceError; BadAnswer also when it can't be had
        whole: one that is cut short would silently leave shows out.
        """
        before: tuple[_Row, ...] | None = None
        for _ in range(_LOOKS):
            rows, total, has_ended = self._look(kind, ask)
            # A list may announce titles that were withdrawn since and are not given: twice the same is the whole.
            if has_ended and (len(rows) == total or rows == before):
                return tuple(_to_item(row, kind) for row in rows if row.type == kind)
            log.info("The watchlist announces %d titles and gives %d", total, len(rows))
            before = rows if has_ended else None
        raise BadAnswer(NAME, f"{_LIST}: it was not given whole", _NOT_WHOLE)

    def ids(self, item: WatchlistItem) -> frozenset[ExternalId]:
        """The ids of a title in other sources; NotListed: plex.tv has withdrawn it. One request."""
        path = f"/library/metadata/{quote(item.rating_key, safe='')}"
        answer = read(self._transport.get(path, {"includeGuids": "1"}, what=item.title), _ANSWER, path).container
        return frozenset().union(*(_ids(row) for row in answer.rows))

    def _look(self, kind: Kind, ask: Ask) -> tuple[tuple[_Row, ...], int, bool]:
        """The rows of one reading, each once; how many were announced; and whether it came to the end: all that was
        announced is there, or a page had nothing more. One whose announcement changes on the way has no end."""
        found: dict[str, _Row] = {}
        announced: set[int | None] = set()
        start = 0
        while True:
            page = self._page(kind, start, ask)
            known = len(found)
            for row in page.rows:
                found.setdefault(row.rating_key, row)
            start += len(page.rows)
            announced.add(page.total)
            total = start if page.total is None else page.total
            has_ended = not page.rows or (page.total is not None and start >= total)
            if has_ended or len(found) == known or len(announced) > 1:
                return tuple(found.values()), total, has_ended and len(announced) == 1

    def _page(self, kind: Kind, start: int, ask: Ask) -> _Container:
        params = {
            "type": str(kind.plex_type),
            "sort": "watchlistedAt:desc",
            "includeCollections": "1",
            "includeExternalMedia": "1",
            "includeGuids": "1",
            "X-Plex-Container-Start": str(start),
            "X-Plex-Container-Size": str(_PAGE_SIZE),
        }
        try:
            return read(self._transport.get(_LIST, params, ask=ask), _ANSWER, _LIST).container
        except NotListed:
            raise BadAnswer(
                NAME,
                f"{_LIST}: it is not there",
                "plex.tv has no watchlist at this address. The public one is https://discover.provider.plex.tv; if it "
                "is set, look for a newer plexgap.",
            ) from None


def plex_tv_transport(
    token: str,
    base_url: str,
    *,
    client_id: str,
    cache_path: Path | None,
    stop: threading.Event,
    on_event: Callable[[Event], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], bool] | None = None,
) -> Transport:
    """The transport for the watchlist's host. `client_id` is how this installation is known to Plex."""
    return Transport(
        service=NAME,
        base_url=base_url,
        secret_headers=headers(client_id) | {"X-Plex-Token": token},
        cache_path=cache_path,
        trim=_trim,
        form=_FORM,
        requests_per_second=REQUESTS_PER_SECOND,
        workers=1,
        stop=stop,
        on_event=on_event,
        now=now,
        # A title that was withdrawn is answered with a 404 in either form, or without a word.
        is_absence=lambda body: True,
        refusals=REFUSALS,
        errors_in_xml=True,
        refused_advice=_REFUSED,
        clock=clock,
        wait=wait,
    )


# Changes by itself with the forms above, so that no body trimmed by another version is ever read.
_FORM = hashlib.sha256(json.dumps(_Answer.model_json_schema(), sort_keys=True).encode()).hexdigest()[:12]


def _trim(body: bytes) -> bytes:
    """The body with nothing but what we read. One of an unknown form stays as it is, for `read` to complain of."""
    try:
        kept = _Answer.model_validate_json(body)
    except ValidationError as error:
        if any(each["type"] == "json_invalid" for each in error.errors(include_input=False)):
            raise
        return body
    return kept.model_dump_json(by_alias=True, exclude_unset=True).encode()


def _to_item(row: _Row, kind: Kind) -> WatchlistItem:
    return WatchlistItem(row.rating_key, row.guid, kind, row.title, row.year, _ids(row))


def _ids(row: _Row) -> frozenset[ExternalId]:
    return parse_guids(guid.id for guid in row.guids)
