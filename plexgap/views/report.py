"""The one view model everything counts with: every title's verdict at one moment, for one person's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from plexgap.domain.catalogue import Candidate
from plexgap.domain.decisions import Ignore, IgnoredEpisode, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.events import RunStatus, Stats
from plexgap.domain.ids import ExternalId, Source, external_id
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Duplicate, Extra, Fit, Misnumbered, Standing, State
from plexgap.gaps.links import Link as Link
from plexgap.views.films import NO_FILMS, CollectionReport, Films
from plexgap.views.why import Why

NOT_CHECKED = "Not checked yet."  # the reason of a title that no check has looked at


class Group(StrEnum):
    ONGOING = "ongoing"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """An absent episode as it stands now. `ids`, `aired`: as in `Absent`. `why`: whole sentences, for the opened row.
    `link`: where sites count it to another season than the one it is shown in; else that of its season. `further`: of a
    missing one, by the person's own templates."""

    number: EpisodeNumber
    title: str
    air_date: date | None
    standing: Standing
    episode_id: int | None
    ids: frozenset[ExternalId] = frozenset()
    aired: EpisodeNumber | None = None
    removed: bool = False
    not_rechecked: bool = False
    ignore: Ignore | None = None
    why: str | Why = field(default="", compare=False)
    link: Link | None = None
    further: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class SeasonReport:
    """One season. `row`: a letter an episode in order: h held, m missing, a just aired, u upcoming or undated,
    i ignored or not wanted. `aired`, `held`: wanted episodes aired or just aired by now, and those of them that are
    held. `lines`: its absent episodes, of every standing, in number order. `further`: links by the person's templates.
    """

    season: int
    row: str
    aired: int
    held: int
    lines: tuple[EpisodeLine, ...]
    link: Link | None = None
    further: tuple[Link, ...] = ()

    def of(self, standing: Standing) -> tuple[EpisodeLine, ...]:
        return tuple([line for line in self.lines if line.standing is standing]) if self.lines else ()

    @property
    def missing(self) -> tuple[EpisodeLine, ...]:
        return self.of(Standing.MISSING)

    @property
    def wholly_missing(self) -> bool:
        return bool(self.row) and set(self.row) == {"m"}


@dataclass(frozen=True, slots=True)
class ShowReport:
    """One title. `title_id` is a slug ("tmdb-1396"), stable, fit for keys and addresses.

    `held`, `listed`: regular episodes only, aired or just aired by now. `specials` is season 0 when wanted.
    `ref`: what Plex alone says of it, for a decision to keep. `poster_key`: the rating key whose picture
    stands for it. `stale`: the lookup failed, lists are those of `checked_at`. `reason`: one sentence
    for SUSPECT, UNKNOWN and NEEDS_MAPPING. `chosen`: what the person said of it. `last_aired`: when the newest of its
    regular episodes was broadcast, held or not.
    """

    title_id: str
    ref: TitleRef
    title: str
    year: int | None
    rating_keys: tuple[str, ...]
    libraries: tuple[str, ...]
    ids: frozenset[ExternalId]
    state: State
    reason: str | None
    status: str
    group: Group
    provider: Source | None
    show_id: int | None
    order: str | None
    order_source: str | None
    checked_at: datetime | None
    held: int
    listed: int
    seasons: tuple[SeasonReport, ...]
    specials: SeasonReport | None = None
    extra: tuple[Extra, ...] = ()
    misnumbered: tuple[Misnumbered, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    fit: Fit | None = None
    candidates: tuple[Candidate, ...] = ()
    poster_key: str = ""
    stale: bool = False
    chosen: Override | None = None
    last_aired: date | None = None

    @property
    def is_judged(self) -> bool:
        """Whether it counts: it is known which of its episodes are missing."""
        return self.state in (State.COMPLETE, State.GAPS)

    @property
    def overridden(self) -> bool:
        """Whether the person said which show it is."""
        return self.chosen is not None and self.chosen.names_show

    @property
    def all_seasons(self) -> tuple[SeasonReport, ...]:
        """Regular seasons, then the specials if they are wanted."""
        return (*self.seasons, self.specials) if self.specials else self.seasons

    def of(self, standing: Standing) -> tuple[EpisodeLine, ...]:
        return tuple(line for season in self.all_seasons for line in season.of(standing))

    @property
    def missing(self) -> tuple[EpisodeLine, ...]:
        return self.of(Standing.MISSING)

    @property
    def absent(self) -> Mapping[EpisodeNumber, IgnoredEpisode]:
        """Its absent episodes as a decision keeps them."""
        return {line.number: self._known(line) for season in self.all_seasons for line in season.lines}

    def _known(self, line: EpisodeLine) -> IgnoredEpisode:
        own = external_id(self.provider, line.episode_id) if self.provider is not None else None
        ids = line.ids if own is None else line.ids | {own}
        return IgnoredEpisode(line.number.number, ids, line.aired, line.title, line.air_date)

    @property
    def missing_regular(self) -> int:
        return sum(len(season.missing) for season in self.seasons)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts that every page shows alike: shows = complete + with_gaps + need_you. Missing: regular episodes of
    shows with gaps; specials apart. `unknown` is a part of `need_you`."""

    shows: int
    complete: int
    with_gaps: int
    need_you: int
    unknown: int
    missing_ongoing: int
    shows_ongoing: int
    missing_archived: int
    shows_archived: int
    missing_specials: int
    just_aired: int
    upcoming: int
    upcoming_week: int
    ignored: int
    not_checked_yet: int


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The last run that ended. `finished_at` UTC; `advice` a sentence when it was not ok; `refused_by`: services that
    refused their key where others were asked on. `before`: of one that was cut short, of when that is which was known
    before it; None where nothing was."""

    mode: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime
    stats: Stats
    advice: str = ""
    refused_by: tuple[str, ...] = ()
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A removal that waits for the person: `count` titles of `section` that Plex no longer lists."""

    section: str
    count: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A library in scope that the mirror doesn't hold whole, and a sentence why. `section` "": none was read yet."""

    section: str
    reason: str


@dataclass(frozen=True, slots=True)
class WatchlistReport:
    """The Plex watchlist, where only the shows on it count. `shows`: how many it has; `found`: how many of those are in
    `libraries`, the chosen ones that hold shows. `read_at` (UTC) None: it was never read, so no show is in scope.
    `problem`: what went wrong at the last try to read it; `is_old`: this is the list of before that try. `unasked`:
    how many of its shows are still to be looked for by id."""

    libraries: tuple[str, ...]
    shows: int = 0
    found: int = 0
    read_at: datetime | None = None
    problem: str = ""
    is_old: bool = False
    unasked: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether it says for sure which shows are in scope."""
        return self.read_at is not None and not self.is_old and not self.unasked


@dataclass(frozen=True, slots=True)
class Report:
    """Everything, in a fixed order (title, year, id; no article skipped). `shows` has every show in scope,
    those that need mapping included (state NEEDS_MAPPING). `watchlist` None: every show of the libraries counts.
    `kinds`: what it is about."""

    as_of: datetime
    shows: tuple[ShowReport, ...]
    tally: Tally
    last_run: RunSummary | None
    held_back: tuple[HeldBack, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    library_seen_at: datetime | None = None
    unread: tuple[Unread, ...] = ()
    watchlist: WatchlistReport | None = None
    films: Films = NO_FILMS
    kinds: tuple[Kind, ...] = (Kind.SHOW, Kind.MOVIE)

    @property
    def collections(self) -> tuple[CollectionReport, ...]:
        return self.films.collections

    @property
    def complete(self) -> bool:
        """Whether it is the whole truth: every library in scope read, every show and film of it judged, no removal
        waiting, and no doubt about which shows are in scope."""
        return self.shows_complete and not self.films.tally.need_you

    @property
    def shows_complete(self) -> bool:
        """The same of shows alone."""
        return not (self.tally.need_you or self.held_back or self.unread or self.scope_unsure)

    @property
    def scope_unsure(self) -> bool:
        """Whether shows may count, or not count, that plexgap doesn't know of: the watchlist could not be read."""
        return self.watchlist is not None and not self.watchlist.is_whole
