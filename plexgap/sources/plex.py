"""Plex Media Server: connecting, sections, listings, single items, pictures. Changes when Plex or plexapi does.

The only reader of a server's content; nothing of plexapi leaves it. Source: reference/plex.md, dependencies.md 2.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import plexapi
import requests
from plexapi.exceptions import BadRequest, NotFound, Unauthorized
from plexapi.server import PlexServer
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception_type, sleep_using_event, stop_after_attempt
from tenacity.wait import wait_exponential, wait_random

from plexgap import __version__
from plexgap.domain.errors import BadAnswer, NotListed, Rejected, SourceError, Unreachable
from plexgap.domain.library import ItemRow, Kind, Page, Section, Server
from plexgap.sources import ahead, plex_rows
from plexgap.sources.brake import pass_by
from plexgap.sources.plex_pages import Pages, Piece

log = logging.getLogger(__name__)

_NAME = "Plex"
_TIMEOUT_S = (5.0, 30.0)
_TRIES = 3
_MOST_KEYS = 400
_SETTINGS = "includePreferences=1&"
_PAGE_SIZES = {Kind.MOVIE: 500, Kind.SHOW: 500, Kind.SEASON: 1000, Kind.EPISODE: 1000}
# What nobody reads costs Plex the writing, the network the carrying and us the parsing: a quarter of a page.
_LEAN = (
    "includeGuids=1"
    "&excludeElements=Role,Genre,Country,Director,Writer,Producer,Similar,Rating,Image,UltraBlurColors,Chapter,Marker"
    "&excludeFields=summary,tagline,art,theme,slug,parentGuid,parentSlug,parentTitle,parentThumb,parentTheme,"
    "grandparentGuid,grandparentSlug,grandparentTitle,grandparentThumb,grandparentArt,grandparentTheme"
)
_WHERE_TOKENS_ARE = (
    "Plex refuses the token. Sign in to Plex Web, open the browser's network inspector, and copy the value of "
    "X-Plex-Token from any request to your server."
)
_NO_PLEX = "What answers at the address in the settings is no Plex Media Server. Check the address and its port."
_WHERE_PLEX_IS = "Plex can't be reached: {}. Check that it runs and that its address in the settings is right."

T = TypeVar("T")

# An object of plexapi asks the server again when an attribute is empty: never from here.
plexapi.CONFIG.data.setdefault("plexapi", {})["autoreload"] = "false"


class Plex:
    """One server, seen with one token. Used from several threads. Makes no request before it is asked something.

    Every question takes up to three tries on a time-out, a broken connection, a broken answer and a fault of the
    server, with growing pauses between them. It raises Rejected (token), Unreachable, BadAnswer, NotListed where said,
    and Cancelled as soon as `stop` is set. No error holds the address or the token.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        client_id: str,
        stop: threading.Event,
        in_flight: int = 4,
        timeout_s: tuple[float, float] = _TIMEOUT_S,
        pause_s: float = 0.5,
    ) -> None:
        """`client_id` is how this installation is known to Plex; `pause_s` the pause before the second try."""
        self._base_url, self._token = base_url.strip(), token.strip()
        self._stop, self._in_flight, self._timeout_s, self._pause_s = stop, in_flight, timeout_s, pause_s
        self._session = _Session(in_flight, stop)
        self._connecting, self._counting = threading.Lock(), threading.Lock()
        self._server: _Server | None = None
        self._retries = 0
        plexapi.BASE_HEADERS.update(
            {
                "X-Plex-Client-Identifier": client_id,
                "X-Plex-Product": "plexgap",
                "X-Plex-Version": __version__,
                "X-Plex-Device-Name": "plexgap",
            }
        )

    @property
    def requests(self) -> int:
        """Requests sent so far, every try counted."""
        return self._session.sent

    @property
    def retries(self) -> int:
        return self._retries

    def close(self) -> None:
        self._session.close()

    def server(self) -> Server:
        """Who it is: one request the first time, none later."""
        server = self._connected()
        return Server(server.machineIdentifier, server.friendlyName or "Plex", server.version or "")

    def sections(self) -> tuple[Section, ...]:
        """The libraries of movies and shows that the token may see, as they are now: one request."""
        root = self._question(partial(self._query, "/library/sections"), "its libraries", must_be_there=True)
        return tuple(found for node in root.iterfind("Directory") if (found := plex_rows.section(node)) is not None)

    def pages(self, section: Section, kind: Kind, size: int | None = None, *, start: int = 0) -> Iterator[Page]:
        """All rows of one kind of a section, or those from `start` on, oldest first, a page at a time.

        The first page is asked alone and says how many there are, the others up to `in_flight` at once. Raises
        IncompleteListing where Plex gives fewer rows than it announced, one twice, or another total on the way:
        what came before is true, but nothing may be concluded from what is absent. NotListed: the section is gone.
        """
        return self._listing(
            Pages(_all(section, kind, "addedAt:asc"), section.title, kind), size or _PAGE_SIZES[kind], start
        )

    def newest(self, section: Section, kind: Kind, field: str, size: int) -> Page:
        """The rows of one kind of a section whose `field` (addedAt, updatedAt, lastViewedAt) is the latest, latest
        first; how many rows of the kind there are, as the page's total. One request."""
        listing = Pages(_all(section, kind, f"{field}:desc"), section.title, kind)
        piece = self._ahead(partial(self._piece, listing, 0, size))
        return Page(0, piece.count if piece.announced is None else piece.announced, piece.rows)

    def leaves(self, rating_key: str) -> tuple[ItemRow, ...]:
        """All episodes of a show, specials included: one request for each thousand. NotListed; IncompleteListing."""
        key = f"/library/metadata/{quote(rating_key, safe='')}/allLeaves?{_LEAN}"
        pages = self._listing(Pages(key, "this show", Kind.EPISODE), _PAGE_SIZES[Kind.EPISODE])
        return tuple(row for page in pages for row in page.rows)

    def seasons(self, rating_key: str) -> tuple[ItemRow, ...]:
        """The seasons of a show: one request. NotListed; IncompleteListing."""
        key = f"/library/metadata/{quote(rating_key, safe='')}/children?excludeAllLeaves=1&{_LEAN}"
        pages = self._listing(Pages(key, "this show", Kind.SEASON), _PAGE_SIZES[Kind.SEASON])
        return tuple(row for page in pages for row in page.rows)

    def item(self, rating_key: str) -> ItemRow:
        """One item: one request. NotListed when there is none."""
        return self.items([rating_key])[0]

    def items(self, rating_keys: Sequence[str]) -> tuple[ItemRow, ...]:
        """Those of the items that there are, with their own settings: one request for each 400. NotListed when there is
        none of them."""
        found: list[ItemRow] = []
        for start in range(0, len(rating_keys), _MOST_KEYS):
            keys = ",".join(quote(key, safe="") for key in rating_keys[start : start + _MOST_KEYS])
            path = f"/library/metadata/{keys}?skipRefresh=1&{_SETTINGS}{_LEAN}"
            try:
                root = self._question(partial(self._query, path), "item")
            except NotListed:
                continue
            found += (row for node in root if (row := plex_rows.item_row(node)) is not None)
        if rating_keys and not found:
            raise NotListed(_NAME, f"item {', '.join(rating_keys)}")
        return tuple(found)

    def ordering(self, section_key: str) -> str:
        """The library's `showOrdering`, the default of its shows: one request. "" where it has none."""
        path = f"/library/sections/{quote(section_key, safe='')}/prefs"
        return plex_rows.ordering(self._question(partial(self._query, path), "the settings of a library"))

    def picture(self, thumb: str, width: int, height: int) -> bytes:
        """A picture of Plex (JPEG, as it mostly is), scaled to cover that size. NotListed when it has none."""
        if not thumb.startswith("/"):
            raise NotListed(_NAME, "such a picture")
        query = urlencode({"url": thumb, "width": width, "height": height, "minSize": 1, "upscale": 0})
        return self._question(partial(self._picture, f"/photo/:/transcode?{query}"), "the picture")

    def _listing(self, listing: Pages, size: int, begin: int = 0) -> Iterator[Page]:
        first = self._ahead(partial(self._piece, listing, begin, size))
        total = listing.total(first, size, begin)
        starts = range(begin + first.count, total, size)
        seen: set[str] = set()
        yield listing.page(begin, total, first.rows, seen)
        windows = (partial(self._window, listing, start, min(size, total - start), total) for start in starts)
        for start, rows in zip(starts, ahead.in_order(windows, self._in_flight, self._stop), strict=True):
            yield listing.page(start, total, rows, seen)

    def _window(self, listing: Pages, start: int, size: int, total: int) -> tuple[ItemRow, ...]:
        """Exactly `size` rows from `start`, in as many requests as Plex makes of it."""
        rows: list[ItemRow] = []
        got = 0
        while got < size:
            piece = self._piece(listing, start + got, size - got)
            listing.check(piece, start + got, size - got, total)
            rows += piece.rows
            got += piece.count
        return tuple(rows)

    def _piece(self, listing: Pages, start: int, size: int) -> Piece:
        window = {"X-Plex-Container-Start": str(start), "X-Plex-Container-Size": str(size)}
        root = self._ask(partial(self._query, listing.key, window), listing.name)
        rows = tuple(row for node in root if (row := plex_rows.item_row(node, listing.kind)) is not None)
        return Piece(rows, len(root), plex_rows.announced(root))

    def _query(self, key: str, window: dict[str, str] | None = None) -> ElementTree.Element:
        server = self._server or self._connect()
        root: ElementTree.Element | None = server.query(  # type: ignore[no-untyped-call]
            key, headers=window, allow_redirects=False
        )
        if root is None or root.tag != "MediaContainer":
            raise _NoContainer
        return root

    def _picture(self, path: str) -> bytes:
        headers = {**plexapi.BASE_HEADERS, "X-Plex-Token": self._token, "Accept": "image/*"}
        url = f"{self._base_url.rstrip('/')}{path}"
        response = self._session.get(url, headers=headers, timeout=self._timeout_s, allow_redirects=False)
        if response.status_code == 401:
            raise Unauthorized
        if response.status_code == 404:
            raise NotFound
        if not response.headers.get("Content-Type", "").startswith("image/"):
            raise _NoContainer
        return response.content

    def _connected(self) -> _Server:
        return self._server or self._question(self._connect, "the server", must_be_there=True)

    def _connect(self) -> _Server:
        """Connects once, however many threads ask for it. An empty token would make plexapi take one of its own."""
        with self._connecting:
            if self._server is None:
                if not self._token or not self._token.isascii() or not self._token.isprintable():
                    raise Unauthorized
                server = _Server(  # type: ignore[no-untyped-call]
                    self._base_url, self._token, session=self._session, timeout=self._timeout_s
                )
                if not server.machineIdentifier:
                    raise _NoContainer
                self._server = server
            return self._server

    def _question(self, call: Callable[[], T], what: str, must_be_there: bool = False) -> T:
        """The answer, waited for so that `stop` is heard; `must_be_there`: a 404 means that this is no Plex."""
        try:
            return self._ahead(partial(self._ask, call, what))
        except NotListed:
            if must_be_there:
                raise BadAnswer(_NAME, "there is no Plex Media Server at this address", _NO_PLEX) from None
            raise

    def _ahead(self, call: Callable[[], T]) -> T:
        return ahead.result_of(call, self._stop)

    def _ask(self, call: Callable[[], T], what: str) -> T:
        """The call with its tries; what then goes wrong as an error of ours, alone: the original holds the address."""
        tries = Retrying(
            stop=stop_after_attempt(_TRIES),
            wait=wait_exponential(multiplier=self._pause_s) + wait_random(0, self._pause_s),
            retry=retry_if_exception_type(_PASSING),
            sleep=sleep_using_event(self._stop),
            before_sleep=partial(self._count_retry, what),
            reraise=True,
        )
        try:
            answer: T = tries(call)
        except Unauthorized:
            raise Rejected(_NAME, "it refuses the token", _WHERE_TOKENS_ARE) from None
        except NotFound:
            raise NotListed(_NAME, what) from None
        except (_OddStatus, _NoContainer, BadRequest, ElementTree.ParseError, requests.RequestException) as error:
            raise _worded(error) from None
        return answer

    def _count_retry(self, what: str, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        log.debug("Plex did not give %s (%s), try %d", what, type(error).__name__, state.attempt_number)
        with self._counting:
            self._retries += 1


def _all(section: Section, kind: Kind, sort: str) -> str:
    return f"/library/sections/{quote(section.key, safe='')}/all?type={kind.plex_type}&sort={sort}&{_LEAN}"


class _Server(PlexServer):
    """plexapi's server with the few attributes that are used: an odd value in the forty others must stop nothing."""

    def _loadData(self, data: ElementTree.Element) -> None:  # noqa: N802 - plexapi's name
        self.machineIdentifier = data.attrib.get("machineIdentifier")
        self.friendlyName = data.attrib.get("friendlyName")
        self.version = data.attrib.get("version")

    def url(self, key: str, includeToken: bool | None = None) -> str:  # noqa: N803 - plexapi's name
        """Never with the token, whatever a plexapi configuration on this machine says."""
        return f"{self._baseurl}{key}"


class _Session(requests.Session):
    """Counts what it sends, follows no redirect (the token would travel along), and tells answers from faults. Each
    request, every further try included, waits out a pause before it is sent; none is once `stop` is set."""

    def __init__(self, in_flight: int, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop
        for scheme in ("http://", "https://"):
            self.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=in_flight + 1))
        self._counting = threading.Lock()
        self.sent = 0

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        pass_by(self._stop)
        with self._counting:
            self.sent += 1
        response = super().send(request, **kwargs)
        # Plex speaks UTF-8; without a charset in the header requests would read Latin-1, or guess.
        response.encoding = "utf-8"
        if response.status_code == 403:
            raise Unauthorized
        if response.status_code not in (200, 401, 404):
            raise _Fault(response.status_code) if response.status_code >= 500 else _OddStatus(response.status_code)
        return response


class _OddStatus(Exception):
    """A status that is no answer to our questions."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class _Fault(_OddStatus):
    """A fault of the server: 503 while it starts, 500 when its database is busy."""


class _NoContainer(Exception):
    """An answer that isn't what Plex gives: empty, or of another program."""


_PASSING = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    ElementTree.ParseError,
    _Fault,
    _NoContainer,
)


def _worded(error: Exception) -> SourceError:
    """The error as a person can use it; never with the text of the original, which holds the address."""
    if isinstance(error, _Fault):
        return Unreachable(
            _NAME, f"it answers with status {error.status}", _WHERE_PLEX_IS.format("it is starting or busy")
        )
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable(_NAME, "the secure connection failed", _WHERE_PLEX_IS.format("its certificate does not fit"))
    if isinstance(error, requests.Timeout):
        return Unreachable(_NAME, "it took too long", _WHERE_PLEX_IS.format("it took too long to answer"))
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return Unreachable(_NAME, "no connection", _WHERE_PLEX_IS.format("no connection"))
    if isinstance(error, ValueError):
        return Unreachable(_NAME, "the address is none", _WHERE_PLEX_IS.format("its address is no web address"))
    if isinstance(error, _OddStatus):
        return BadAnswer(_NAME, f"it answers with status {error.status}", _NO_PLEX)
    return BadAnswer(_NAME, "its answer can't be read", _NO_PLEX)
