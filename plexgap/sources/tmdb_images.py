"""TMDB's pictures: what is asked of its image server, which wants no key. Changes when that server does.

Source: developer.themoviedb.org, "Image Basics"; reference/tmdb.md 1.
"""

from __future__ import annotations

import re
import threading

from plexgap.domain.errors import NotListed
from plexgap.sources.http import Transport
from plexgap.sources.tmdb_wire import NAME

# The narrowest of the poster sizes that is no narrower than what is kept (w92, w154, w185, w342, w500, w780).
_SIZE = "w342"
_PATH = re.compile(r"/[0-9A-Za-z_-]{1,100}\.(?:jpg|jpeg|png|webp)")


class TmdbImages:
    """Pictures by the path that TMDB's answers give. Usable from several threads; asks with no secret."""

    def __init__(self, base_url: str, *, requests_per_second: float, workers: int, stop: threading.Event) -> None:
        self._transport = Transport(
            service=NAME,
            base_url=base_url,
            cache_path=None,
            requests_per_second=requests_per_second,
            workers=workers,
            stop=stop,
            pictures=True,
        )

    def picture(self, path: str, width: int, height: int) -> bytes:
        """The poster of that path ("/abc.jpg"), as its server has it and larger than asked for; NotListed when there is
        none, and for a path of another form."""
        if not _PATH.fullmatch(path):
            raise NotListed(NAME, "such a picture")
        return self._transport.get(f"/{_SIZE}{path}", what="the picture")

    def close(self) -> None:
        self._transport.close()
