"""Posters: asked from Plex once, kept as WebP, drawn where there is none. Changes when pictures are kept otherwise.

Source: design/mirror.md 5. The file is `tv_image/{rating key}.thumb.webp`; the path it was made from stands in its own
EXIF description, so that a changed path is noticed without another file.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose picture: `thumb` is the path Plex gives for it, "" where it has none."""

    rating_key: str
    title: str
    thumb: str


@dataclass(frozen=True, slots=True)
class Picture:
    """WebP bytes. `drawn`: ours, because there is none or Plex is away, so worth asking for again soon."""

    webp: bytes
    drawn: bool


@dataclass(frozen=True, slots=True)
class _Pause:
    until: float
    length_s: float


class Thumbs:
    """Pictures of one server. Thread-safe; at most `WORKERS` are asked for at once, and each only once at a time."""

    def __init__(self, folder: Path, fetch: Fetch | None, clock: Callable[[], float]) -> None:
        """`fetch` (thumb path, width, height) gives a picture of any form; None: only kept and drawn ones."""
        self._folder = folder / "tv_image"
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="poster")
        self._asked: dict[str, Future[Picture]] = {}
        self._pauses: dict[str, _Pause] = {}

    def poster(self, wanted: Wanted) -> Future[Picture]:
        """The picture, when it is there. Never fails: what can't be had is drawn."""
        with self._lock:
            known = self._asked.get(wanted.rating_key)
            if known is not None:
                return known
            asked = self._pool.submit(self._picture, wanted)
            self._asked[wanted.rating_key] = asked
        asked.add_done_callback(lambda _: self._forget(wanted.rating_key))
        return asked

    def close(self) -> None:
        """Takes no more questions; those under way are not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget(self, rating_key: str) -> None:
        with self._lock:
            self._asked.pop(rating_key, None)

    def _picture(self, wanted: Wanted) -> Picture:
        path = self._folder / f"{wanted.rating_key}.thumb.webp"
        kept = _kept(path)
        if kept is not None and kept[0] == wanted.thumb:
            return Picture(kept[1], drawn=False)
        made = self._ask_plex(wanted) if wanted.thumb and self._may_ask(wanted) else None
        if made is not None:
            self._keep(path, made)
            return Picture(made, drawn=False)
        if kept is not None and wanted.thumb:
            return Picture(kept[1], drawn=False)
        return Picture(drawn(wanted.rating_key, wanted.title), drawn=True)

    def _ask_plex(self, wanted: Wanted) -> bytes | None:
        if self._fetch is None:
            return None
        try:
            made = _webp(self._fetch(wanted.thumb, WIDTH, HEIGHT), wanted.thumb)
        except Cancelled:
            return None
        except (PlexgapError, UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
            log.info("no poster of %s for now: %s", wanted.rating_key, error)
            self._pause(wanted.rating_key)
            if not isinstance(error, NotListed) and isinstance(error, PlexgapError):
                self._pause("")
            return None
        with self._lock:
            self._pauses.pop(wanted.rating_key, None)
            self._pauses.pop("", None)
        return made

    def _may_ask(self, wanted: Wanted) -> bool:
        """Whether neither this picture nor the whole server ("") waits after a failure."""
        now = self._clock()
        with self._lock:
            return all(pause.until <= now for key in (wanted.rating_key, "") if (pause := self._pauses.get(key)))

    def _pause(self, key: str) -> None:
        """Twice as long as the last time, up to an hour; the whole server never longer than the first pause."""
        with self._lock:
            last = self._pauses.get(key)
            doubled = min(last.length_s * 2, _LONGEST_PAUSE_S) if last and key else _FIRST_PAUSE_S
            self._pauses[key] = _Pause(self._clock() + doubled, doubled)

    def _keep(self, path: Path, webp: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, webp)
        except (OSError, StoreError) as error:
            log.warning("a poster could not be kept: %s", error)


@lru_cache(maxsize=512)
def drawn(rating_key: str, title: str) -> bytes:
    """The drawn poster as WebP; the same for the same key and title."""
    return _encoded(draw_poster(rating_key, title, WIDTH, HEIGHT), "")


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
