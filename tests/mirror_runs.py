"""Runs of the mirror over a scripted Plex: what each told and gave. Changes when a run is asked for in another way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from plexgap.domain import events
from plexgap.domain.events import Event
from plexgap.domain.library import Kind, Section
from plexgap.jobs.mirror import MirrorResult, mirror
from plexgap.sources.plex import Plex
from plexgap.sources.plex_rows import item_row
from plexgap.store.index import Index
from tests.scripted_plex import TOKEN, Library, episode, movie, season, show
from tests.support import NOW


@dataclass(frozen=True)
class Ran(MirrorResult):
    """What a run gave, and how much is held after it."""

    shows: int = 0
    episodes: int = 0
    movies: int = 0


class Runs:
    """Runs of the mirror over one index and one server; what each told and gave."""

    def __init__(self, path: Path, url: str, token: str = TOKEN) -> None:
        self.index = Index(path)
        self.stop = threading.Event()
        self.url, self.token = url, token
        self.told: list[Event] = []
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def run(
        self,
        *,
        accept: bool = False,
        kinds: Sequence[Kind] = (Kind.SHOW, Kind.MOVIE),
        chosen: Callable[[Sequence[Section]], Sequence[Section]] = tuple,
        heard: Callable[[Event], None] = lambda event: None,
        everything: bool = True,
    ) -> Ran:
        plex = Plex(self.url, self.token, client_id="tests", stop=self.stop, timeout_s=(2.0, 2.0), pause_s=0.001)
        run_id = self.index.begin_run("full", NOW)
        self.told = []
        flow = mirror(
            plex,
            self.index,
            run_id,
            chosen,
            accept_removals=accept,
            stop=self.stop,
            now=self.now,
            kinds=kinds,
            everything=everything,
        )
        try:
            while True:
                self.told.append(next(flow))
                heard(self.told[-1])
        except StopIteration as end:
            return Ran(**asdict(end.value), **asdict(self.index.counts()))
        finally:
            plex.close()

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.told if isinstance(event, kind)]

    def looked_at(self, row: str, leaves: Sequence[str], at: datetime) -> None:
        """A look at one show alone: its row and those of its episodes, as Plex gives them."""
        show_row, *rows = (item_row(ElementTree.fromstring(each)) for each in (row, *leaves))
        assert show_row is not None
        self.index.write_leaves(show_row, [each for each in rows if each is not None], at)

    def light(self, *, accept: bool = False) -> Ran:
        """A run that reads what moved."""
        return self.run(everything=False, accept=accept)

    @property
    def warnings(self) -> dict[str, str]:
        return {event.title: event.reason for event in self.told if isinstance(event, events.Warning)}


def shows() -> Library:
    rows = [episode("101", "7", (1, 1)), episode("102", "7", (1, 2)), episode("201", "8", (1, 1))]
    seasons = [season("70", "7", 1), season("80", "8", 1)]
    return Library("1", rows={2: [show("7", leafCount=2), show("8", leafCount=1)], 3: seasons, 4: rows})


def films() -> Library:
    return Library("2", "movie", rows={1: [movie("5"), movie("6")]}, title="Films")
