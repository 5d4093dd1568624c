"""Posters: asked for once, kept as WebP, drawn where there is none. Changes when pictures are kept otherwise.

Source: design/mirror.md 5. The file is `tv_image/{rating key}.thumb.webp`, and likewise on the other shelves; the path
it was made from stands in its own EXIF description, so that a changed path is noticed without another file.
"""

from __future__ import annotations

import contextlib
import io
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from plexgap.domain.errors import Cancelled, NotListed, PlexgapError, StoreError
from plexgap.jobs.drawn import draw_poster
from plexgap.store.files import write_atomically

log = logging.getLogger(__name__)

WIDTH, HEIGHT = 240, 360
WORKERS = 6
_QUALITY = 80
_DESCRIPTION = 0x010E  # EXIF ImageDescription
_FIRST_PAUSE_S = 30.0
_LONGEST_PAUSE_S = 3600.0
_MOST_PIXELS = 40_000_000

Fetch = Callable[[str, int, int], bytes]


class Shelf(StrEnum):
    """The folder that a picture is kept in. Those of LISTED are asked of TMDB, all others of Plex."""

    SHOWS = "tv_image"
    FILMS = "movie_image"
    LISTED = "tmdb_image"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose picture. `key`: Plex's rating key, digits; on the shelf LISTED the number of a film at TMDB. `thumb`: the
    path that the server which is asked gives for it, "" where it has none."""

    key: str
    title: str
    thumb: str
    shelf: Shelf = Shelf.SHOWS


@dataclass(frozen=True, slots=True)
class Picture:
    """WebP bytes. `drawn`: ours, because there is none or its server is away, so worth asking for again soon."""

    webp: bytes
    drawn: bool


@dataclass(frozen=True, slots=True)
class _Pause:
    until: float
    length_s: float


class Thumbs:
    """Pictures of one library. Thread-safe; at most `WORKERS` are asked for at once, and each only once at a time."""

    def __init__(
        self, folder: Path, plex: Fetch | None, clock: Callable[[], float], *, tmdb: Fetch | None = None
    ) -> None:
        """`plex`, `tmdb` (path, width, height) give a picture of any form; None: only kept and drawn ones."""
        self._folder = folder
        self._fetches = {shelf: tmdb if shelf is Shelf.LISTED else plex for shelf in Shelf}
        self._clock = clock
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="poster")
        self._asked: dict[tuple[Shelf, str], Future[Picture]] = {}
        self._pauses: dict[tuple[Fetch | None, str], _Pause] = {}
        self._closed = False

    def poster(self, wanted: Wanted) -> Future[Picture]:
        """The picture, when it is there. Never fails: what can't be had is drawn, and so is what is asked too late."""
        place = (wanted.shelf, wanted.key)
        with self._lock:
            known = self._asked.get(place)
            if known is not None:
                return known
            if self._closed:
                return _at_once(Picture(drawn(wanted.key, wanted.title), drawn=True))
            asked = self._pool.submit(self._picture, wanted)
            self._asked[place] = asked
        asked.add_done_callback(lambda _: self._forget(place))
        return asked

    def drop_listed(self, before: datetime) -> None:
        """Deletes what TMDB gave before that moment: its terms let nothing be kept longer than that."""
        for path in sorted((self._folder / Shelf.LISTED).glob("*.webp")):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()

    def close(self) -> None:
        """Asks no server any more; what is under way is not waited for, and whoever waits for a picture gets one."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=False)

    def _forget(self, place: tuple[Shelf, str]) -> None:
        with self._lock:
            self._asked.pop(place, None)

    def _picture(self, wanted: Wanted) -> Picture:
        path = self._folder / wanted.shelf / f"{wanted.key}.thumb.webp"
        kept = _kept(path)
        if kept is not None and kept[0] == wanted.thumb:
            return Picture(kept[1], drawn=False)
        made = self._ask(wanted) if wanted.thumb and self._may_ask(wanted) else None
        if made is not None:
            self._keep(path, made)
            return Picture(made, drawn=False)
        if kept is not None and wanted.thumb:
            return Picture(kept[1], drawn=False)
        return Picture(drawn(wanted.key, wanted.title), drawn=True)

    def _ask(self, wanted: Wanted) -> bytes | None:
        fetch = self._fetches[wanted.shelf]
        if fetch is None:
            return None
        try:
            made = _webp(fetch(wanted.thumb, WIDTH, HEIGHT), wanted.thumb)
        except Cancelled:
            return None
        except (PlexgapError, UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
            log.info("no poster of %s for now: %s", wanted.key, error)
            self._pause(fetch, wanted.key)
            if not isinstance(error, NotListed) and isinstance(error, PlexgapError):
                self._pause(fetch, "")
            return None
        with self._lock:
            self._pauses.pop((fetch, wanted.key), None)
            self._pauses.pop((fetch, ""), None)
        return made

    def _may_ask(self, wanted: Wanted) -> bool:
        """Whether it is not closed, and neither this picture nor the whole server ("") waits after a failure."""
        now, fetch = self._clock(), self._fetches[wanted.shelf]
        with self._lock:
            pauses = (self._pauses.get((fetch, key)) for key in (wanted.key, ""))
            return not self._closed and all(pause.until <= now for pause in pauses if pause is not None)

    def _pause(self, fetch: Fetch, key: str) -> None:
        """Twice as long as the last time, up to an hour; the whole server never longer than the first pause."""
        with self._lock:
            last = self._pauses.get((fetch, key))
            doubled = min(last.length_s * 2, _LONGEST_PAUSE_S) if last and key else _FIRST_PAUSE_S
            self._pauses[fetch, key] = _Pause(self._clock() + doubled, doubled)

    def _keep(self, path: Path, webp: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, webp)
        except (OSError, StoreError) as error:
            log.warning("a poster could not be kept: %s", error)


def _at_once(picture: Picture) -> Future[Picture]:
    done: Future[Picture] = Future()
    done.set_result(picture)
    return done


@lru_cache(maxsize=512)
def drawn(key: str, title: str) -> bytes:
    """The drawn poster as WebP; the same for the same key and title."""
    return _encoded(draw_poster(key, title, WIDTH, HEIGHT), "")


def _kept(path: Path) -> tuple[str, bytes] | None:
    """The path a kept picture was made from, and its bytes; None where there is none that can be read."""
    try:
        webp = path.read_bytes()
        with Image.open(io.BytesIO(webp), formats=("WEBP",)) as image:
            return str(image.getexif().get(_DESCRIPTION, "")), webp
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
        return None


def _webp(picture: bytes, thumb: str) -> bytes:
    """The picture as WebP in our size, remembering the path it came from. Plex answers with JPEG, PNG or WebP."""
    with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG", "WEBP", "GIF")) as image:
        if image.width * image.height > _MOST_PIXELS:
            raise ValueError(f"a picture of {image.width} by {image.height} is no poster")
        image.thumbnail((WIDTH, HEIGHT))
        return _encoded(image.convert("RGB"), thumb)


def _encoded(image: Image.Image, thumb: str) -> bytes:
    exif = Image.Exif()
    if thumb:
        exif[_DESCRIPTION] = thumb
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, exif=exif.tobytes() if thumb else b"")
    return out.getvalue()
