"""The time that a scan's requests need by themselves: computed, and sent again by plain sessions that do nothing else.

What no scan can avoid comes one after another: who the server is, its libraries, the first page of a library's shows.
From then on the catalogue can be asked beside the rest of Plex; the libraries are looked at once more after that.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import requests
from requests.adapters import HTTPAdapter

from tests.benchmarks.bed import LATENCY_S, Bed

PLEX_AT_ONCE = 4
_PAGE_SIZES = {"1": 500, "2": 500, "3": 1_000, "4": 1_000}
_SECTIONS = "/library/sections"
_LISTING = re.compile(r"/library/sections/\d+/all\?type=(\d)")


@dataclass(frozen=True, slots=True)
class _Request:
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A scan's requests by when they can be sent: `first` and `last` one by one, Plex's rest beside the catalogue's."""

    first: tuple[_Request, ...]
    plex: tuple[_Request, ...]
    tmdb: tuple[_Request, ...]
    last: tuple[_Request, ...]

    @property
    def by_service(self) -> tuple[int, int]:
        """How many Plex and how many TMDB got."""
        return len(self.first) + len(self.plex) + len(self.last), len(self.tmdb)


SHOWS, FILMS = "2", "1"


def asked_of(bed: Bed, kind: str = SHOWS) -> Asked:
    """What the demo was asked since its logs were emptied, by a scan of that kind."""
    paths = bed.asked("plex")
    shows = next(path for path in paths if (listing := _LISTING.match(path)) and listing[1] == kind)
    opening = ["/", _SECTIONS, shows]
    rest, last = list(paths), []
    for path in opening:
        rest.remove(path)
    while _SECTIONS in rest:
        rest.remove(_SECTIONS)
        last.append(_SECTIONS)
    number = Counter[str]()

    def request(path: str) -> _Request:
        number[path] += 1
        return _Request(f"{bed.origin('plex')}{path}", _plex_headers(bed, path, number[path] - 1))

    tmdb = {"Authorization": f"Bearer {bed.settings['TMDB_API_KEY']}", "Accept": "application/json"}
    return Asked(
        first=tuple(map(request, opening)),
        plex=tuple(map(request, rest)),
        tmdb=tuple(_Request(f"{bed.origin('tmdb')}{path}", tmdb) for path in bed.asked("tmdb")),
        last=tuple(map(request, last)),
    )


def computed(asked: Asked, workers: int) -> float:
    """Requests times latency by how many are in flight; seconds."""
    plex = (len(asked.plex) / PLEX_AT_ONCE + len(asked.last)) * LATENCY_S["plex"]
    return len(asked.first) * LATENCY_S["plex"] + max(plex, len(asked.tmdb) / workers * LATENCY_S["tmdb"])


def replayed(asked: Asked, workers: int) -> float:
    """Every request sent again in that order, its body thrown away; seconds. The servers' own time is in it."""
    with _session(PLEX_AT_ONCE) as plex, _session(workers) as tmdb:
        began = time.perf_counter()
        _all(asked.first, plex, 1)()
        ended = [_all(asked.plex, plex, PLEX_AT_ONCE), _all(asked.tmdb, tmdb, workers)]
        ended[0]()
        _all(asked.last, plex, 1)()
        ended[1]()
        return time.perf_counter() - began


def _plex_headers(bed: Bed, path: str, number: int) -> dict[str, str]:
    """The window of a listing travels as headers, which no log holds: the n-th request for it is for the n-th page."""
    headers = {"X-Plex-Token": bed.settings["PLEX_TOKEN"]}
    listing = _LISTING.match(path)
    if listing is not None:
        size = _PAGE_SIZES[listing[1]]
        headers |= {"X-Plex-Container-Start": str(number * size), "X-Plex-Container-Size": str(size)}
    return headers


def _session(at_once: int) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", HTTPAdapter(pool_maxsize=at_once))
    return session


def _all(wanted: Sequence[_Request], session: requests.Session, at_once: int) -> Callable[[], None]:
    """Begins them; what comes back waits for the last."""
    waiting: SimpleQueue[_Request] = SimpleQueue()
    for request in wanted:
        waiting.put(request)

    def work() -> None:
        while True:
            try:
                request = waiting.get_nowait()
            except Empty:
                return
            session.get(request.url, headers=request.headers, timeout=60, allow_redirects=False)

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()

    def wait() -> None:
        for thread in threads:
            thread.join()

    return wait
