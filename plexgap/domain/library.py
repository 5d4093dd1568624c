"""What Plex holds, as values: rows on their way into the mirror, and titles on their way out of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from plexgap.domain.ids import ExternalId


class Kind(StrEnum):
    """Kinds of Plex item that are mirrored. The number is Plex's own `type=`."""

    MOVIE = "movie"
    SHOW = "show"
    SEASON = "season"
    EPISODE = "episode"

    @property
    def plex_type(self) -> int:
        return _PLEX_TYPES[self]


_PLEX_TYPES = {Kind.MOVIE: 1, Kind.SHOW: 2, Kind.SEASON: 3, Kind.EPISODE: 4}


@dataclass(frozen=True, slots=True)
class Server:
    """A Plex Media Server. `machine_id` never changes; name and version may."""

    machine_id: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Section:
    """A library of the server. `uuid` is its identity, `key` the number in paths, `kind` movie or show.

    `refreshing`: Plex is scanning it now, so a listing may be short.
    """

    key: str
    uuid: str
    title: str
    kind: Kind
    agent: str = ""
    refreshing: bool = False
    content_changed_at: int | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """What tells cheaply whether a section moved. None: Plex did not say.

    `counter` is Plex's own of the section's content: another one, lower ones too, means a change. The others are of its
    leaves, movies or episodes: how many there are, and the latest time of each kind, in epoch seconds.
    """

    counter: int | None = None
    total: int | None = None
    added_at: int | None = None
    updated_at: int | None = None
    viewed_at: int | None = None

    @property
    def content(self) -> Probe:
        """The same without what tells of watching alone."""
        return replace(self, viewed_at=None)


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a reading of a whole section was cut off. `stamp`: the run that began it, which its rows bear; `probe`:
    as it was then; `kind` and `start`: the next page; `begun_at`: epoch seconds."""

    stamp: int
    probe: Probe
    kind: Kind
    start: int
    begun_at: float


@dataclass(frozen=True, slots=True)
class KnownLeaves:
    """What the mirror knows of a show's leaves. `mark`: `show_mark` when they were last read whole, "" before that;
    `counted`: how many they were then. `episodes`: how many there are; `watched`: how many of them were seen;
    `seasons`: their rating keys."""

    mark: str
    counted: int | None
    episodes: int
    watched: int
    seasons: frozenset[str]


@dataclass(frozen=True, slots=True)
class PartRow:
    """One file."""

    part_id: int
    file: str
    size: int
    duration_ms: int | None = None
    container: str = ""


@dataclass(frozen=True, slots=True)
class MediaRow:
    """One version of a movie or episode; several parts are one film in several files."""

    media_id: int
    parts: tuple[PartRow, ...]
    duration_ms: int | None = None
    container: str = ""
    video_codec: str = ""
    audio_codec: str = ""
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One row of a Plex listing, as read. None and "" mean that Plex did not say.

    `index` is the season's or episode's number, `parent_index` an episode's season number.
    `guid` is the item's own guid, `guids` those Plex gives beside it (`tmdb://62085`).
    Times are epoch seconds, durations milliseconds. `ordering`: a show's own `showOrdering`, only where the row was
    read by itself.
    """

    rating_key: str
    kind: Kind
    title: str
    guid: str = ""
    guids: tuple[str, ...] = ()
    year: int | None = None
    index: int | None = None
    parent_index: int | None = None
    parent_key: str | None = None
    grandparent_key: str | None = None
    air_date: date | None = None
    duration_ms: int | None = None
    added_at: int | None = None
    updated_at: int | None = None
    leaf_count: int | None = None
    child_count: int | None = None
    title_sort: str = ""
    original_title: str = ""
    edition: str = ""
    summary: str = ""
    studio: str = ""
    content_rating: str = ""
    thumb: str = ""
    view_count: int | None = None
    last_viewed_at: int | None = None
    viewed_leaf_count: int | None = None
    media: tuple[MediaRow, ...] = ()
    ordering: str = ""


MARKS = ("updatedAt", "leafCount", "childCount", "guid")


def show_mark(updated_at: int | None, leaf_count: int | None, child_count: int | None, guid: str) -> str:
    """What of a show's own row moves when its leaves do, most of the time, in the order of MARKS; one text, made to be
    compared for equality (design/mirror.md 1)."""
    said = ("" if value is None else str(value) for value in (updated_at, leaf_count, child_count, guid))
    return " ".join(said)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows `start`.. of a listing that announced `total` rows."""

    start: int
    total: int
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file as far as judging needs it."""

    path: str
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True)
class HeldEpisode:
    """An episode in Plex. `season`, `number`: as Plex numbers it, None where it has none (date-based shows)."""

    rating_key: str
    season: int | None
    number: int | None
    title: str = ""
    air_date: date | None = None
    ids: frozenset[ExternalId] = frozenset()
    files: tuple[HeldFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowItem:
    """One show item of one section: what Plex calls a show. One title may be several items.

    `revision` counts the changes of its episodes: equal means that what is held is unchanged.
    `readable`: its episodes were read whole at least once and Plex's own count agrees; else nothing may be
    concluded from what is absent. `held_back`: Plex no longer lists it, but the removal waits for the person.
    """

    rating_key: str
    section_uuid: str
    section_title: str
    title: str
    year: int | None
    guid: str
    ids: frozenset[ExternalId]
    revision: int
    readable: bool = True
    held_back: bool = False
    thumb: str = ""
    added_at: int | None = None


@dataclass(frozen=True, slots=True)
class HeldShow:
    """A show item with its available episodes, in season and number order."""

    item: ShowItem
    episodes: tuple[HeldEpisode, ...] = field(default=())
