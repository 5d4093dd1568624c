"""The web server around the pages: our own routes, and who may ask. Changes when a route comes or the guard changes.

Only this machine may ask, by the names it has for itself, and only our own pages: any web page a person has open can
send requests to 127.0.0.1 too (research/dependencies.md 4).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import logging
import re
import threading
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from plexgap.config import ROOT
from plexgap.domain.errors import PlexgapError
from plexgap.jobs.collecting import rare_collections
from plexgap.jobs.thumbs import Wanted, drawn
from plexgap.ui import document, faults, first_sight, resources, sockets
from plexgap.ui.document import Shell
from plexgap.ui.parts import ADDRESSES
from plexgap.ui.resources import PLACES, POSTERS, Place
from plexgap.ui.state import zone_named
from plexgap.views import ics, rss
from plexgap.views.report import Report

log = logging.getLogger(__name__)

HOSTS = ("127.0.0.1", "localhost")
_POSTER = re.compile(r"(tmdb-)?([0-9]{1,18})\.webp")
_KEPT_S = 3600
_DRAWN_S = 60
_FIRST_WITHIN_S = 10
_OURS_ALONE = {"Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}


def make_app() -> st.App:
    """The app that `streamlit run app.py` and the launcher serve.

    Streamlit takes a folder named pages for its old way of finding pages until a script calls `st.navigation`: the
    first visitor of a fresh process who asks for /settings would get that file alone, without its frame.
    """
    PagesManager.uses_pages_directory = False
    threading.Thread(target=_make_ready, name="plexgap-ready", daemon=True).start()
    shell = document.shell()
    home = Home(shell).serve if shell is not None else None
    return st.App(
        str(ROOT / "app.py"),
        routes=[
            *(Route(f"/{page}", home) for page in ("", *ADDRESSES) if home is not None),
            Route("/poster/{name}", poster),
            Route("/upcoming.ics", calendar),
            Route("/missing.rss", feed),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS)), Middleware(OwnPagesOnly)],
        lifespan=_served,
        on_script_error=faults.show,
    )


@contextlib.asynccontextmanager
async def _served(app: st.App) -> AsyncIterator[None]:
    sockets.send_at_once()
    yield


def _make_ready() -> None:
    """Reads the library before the first visitor asks for it: of a huge one that takes seconds, as the browser's own
    start does. What goes wrong here goes wrong again, and is told, when the page is drawn.

    What was read stays for good, so Python need not look through it for cycles again and again: that held up every
    page for half a second. Then comes what Streamlit itself imports with its first drawing, a second of anyone's time.
    """
    try:
        place = PLACES.present()
        if place.ready:
            with rare_collections():
                resources.report(place)
                gc.freeze()
    except PlexgapError as error:
        log.info("The library could not be read ahead: %s", error)
    importlib.import_module("pandas")


class OwnPagesOnly:
    """Refuses a WebSocket that a page of another origin opens, before Streamlit looks at it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not is_own_origin(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)


def is_own_origin(headers: Headers) -> bool:
    """Whether the request's page is ours: its origin is the very host that is asked, one of our two names.

    A request without an origin doesn't come from a page.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.hostname in HOSTS and parts.netloc == headers.get("host", "")


async def poster(request: Request) -> Response:
    """The picture of a show or film by rating key ("12.webp"), or of a film that Plex lacks by its number at TMDB
    ("tmdb-603.webp"). Kept by the browser for an hour, a drawn one for a minute."""
    name = _POSTER.fullmatch(request.path_params["name"])
    if name is None:
        return Response(status_code=404)
    place, wanted = await run_in_threadpool(_wanted, name[2], bool(name[1]))
    if place is None:
        return _picture(await run_in_threadpool(drawn, wanted.key, wanted.title), _DRAWN_S)
    found = await asyncio.wrap_future(place.thumbs.poster(wanted))
    return _picture(found.webp, _DRAWN_S if found.drawn else _KEPT_S)


class Home:
    """The first document of each page. Its head leaves at once, so that the browser loads what it names while the list
    is made."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    async def serve(self, request: Request) -> Response:
        return StreamingResponse(
            self._parts(request), headers={**_OURS_ALONE, "Cache-Control": "no-cache"}, media_type="text/html"
        )

    async def _parts(self, request: Request) -> AsyncIterator[str]:
        """Another page than Missing, and an address that asks its list for something, get the page alone."""
        yield self._shell.before
        if request.url.path == "/" and not request.url.query:
            made = asyncio.ensure_future(run_in_threadpool(_first))
            done, _ = await asyncio.wait([made], timeout=_FIRST_WITHIN_S)
            fault = made.exception() if done else None
            if fault is not None:
                log.error("What is seen first could not be drawn", exc_info=fault)
            yield first_sight.placed(made.result()) if done and fault is None else ""
        yield self._shell.after


def _first() -> str:
    """Nothing where something is wrong: the page itself will say what. It is drawn on this machine, for its zone."""
    try:
        place = PLACES.present()
        return first_sight.first_sight(place, resources.report(place), zone_named(None)) if place.ready else ""
    except PlexgapError:
        return ""


def _wanted(key: str, is_listed: bool) -> tuple[Place | None, Wanted]:
    try:
        place = PLACES.present()
        return place, POSTERS.of_film(place, int(key)) if is_listed else POSTERS.of_item(place, key)
    except PlexgapError:
        return None, Wanted(key, "", "")


def _picture(webp: bytes, seconds: int) -> Response:
    headers = {**_OURS_ALONE, "Cache-Control": f"private, max-age={seconds}"}
    return Response(webp, media_type="image/webp", headers=headers)


async def calendar(request: Request) -> Response:
    """What is ahead at this moment, for a calendar program of this machine that comes again by itself."""
    return await _written(request, ics.upcoming_ics, ics.MEDIA_TYPE)


async def feed(request: Request) -> Response:
    """What is missing at this moment, for a feed reader of this machine."""
    own = str(request.base_url).rstrip("/")
    return await _written(request, lambda report: rss.missing_rss(report, own), rss.MEDIA_TYPE)


async def _written(request: Request, write: Callable[[Report], str], media_type: str) -> Response:
    """The report in that form. Such programs send no origin; a page of another one is refused."""
    if not is_own_origin(request.headers):
        return Response(status_code=403)
    try:
        text, status = await run_in_threadpool(lambda: write(resources.report(PLACES.present()))), 200
    except PlexgapError as error:
        text, status, media_type = error.advice, 503, "text/plain"
    headers = {**_OURS_ALONE, "Cache-Control": "private, no-cache"}
    return Response(text.encode(), status, headers, f"{media_type}; charset=utf-8")
