"""What moved in a section, told from as little of it as will do. Asks Plex for that little, and decides; jobs/reading
reads the rest and writes.

Source: design/mirror.md 1 (which signal can be trusted) and 2 (probe, parents, leaves). Changes when another signal is
found to be needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING

from plexgap.domain.library import MARKS, ItemRow, Kind, KnownLeaves, Page, Probe, Section, show_mark

if TYPE_CHECKING:
    from plexgap.sources.plex import Plex

# So many of the newest rows are looked at: one would tell that something moved, these tell in which shows.
WINDOW = 50
_FEW = 50
_SHARE = 0.2
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Windows:
    """What a section says of itself before it is read: its probe, and the leaves that were added, changed and seen
    last. None: not asked for."""

    probe: Probe
    added: Page
    updated: Page
    viewed: Page | None

    @property
    def rows(self) -> tuple[ItemRow, ...]:
        """The leaves that were added or changed last, each once."""
        return tuple({row.rating_key: row for row in (*self.added.rows, *self.updated.rows)}.values())


@dataclass(frozen=True, slots=True)
class Signal:
    """Why a show's leaves are read: what of it moved, from what to what, or another reason in words. `explains`: it
    may be why the counter of the section moved; watching isn't."""

    name: str
    old: str = ""
    new: str = ""
    explains: bool = True

    def __str__(self) -> str:
        if not self.old and not self.new:
            return self.name
        return f"{self.name} was {self._said(self.old)}, is {self._said(self.new)}"

    def _said(self, value: str) -> str:
        if self.name == "updatedAt" and value.isdecimal():
            return f"{datetime.fromtimestamp(int(value), UTC):%Y-%m-%d %H:%M:%S}"
        return value or "unknown"


def look(plex: Plex, section: Section, before: Probe | None) -> Windows:
    """Two or three requests. Where the counter moved, who watched what can wait for the next look."""
    kind = Kind.EPISODE if section.kind is Kind.SHOW else section.kind
    added = plex.newest(section, kind, "addedAt", WINDOW)
    updated = plex.newest(section, kind, "updatedAt", WINDOW)
    counter = section.content_changed_at
    moved = before is not None and counter is not None and counter != before.counter
    viewed = None if moved else plex.newest(section, kind, "lastViewedAt", WINDOW)
    seen_at = viewed.rows[0].last_viewed_at if viewed is not None and viewed.rows else None
    return Windows(
        Probe(
            counter=counter,
            total=added.total,
            added_at=added.rows[0].added_at if added.rows else None,
            updated_at=updated.rows[0].updated_at if updated.rows else None,
            viewed_at=before.viewed_at if viewed is None and before is not None else seen_at,
        ),
        added,
        updated,
        viewed,
    )


def is_still(before: Probe, now: Probe) -> bool:
    """Whether nothing says that the section's content moved. Without a counter nothing proves that it didn't."""
    return now.counter is not None and before.content == now.content


def went_back(before: Probe, now: Probe) -> bool:
    """Whether the counter is lower than it was: an older state of the server was restored."""
    return before.counter is not None and now.counter is not None and now.counter < before.counter


def tells_all(windows: Windows, before: Probe) -> bool:
    """Whether what was added or changed since `before` stands in the windows; else there is more behind them."""
    return _ends(windows.added, "added_at", before.added_at) and _ends(windows.updated, "updated_at", before.updated_at)


def tells_all_seen(viewed: Page, before: Probe) -> bool:
    """Whether all that was watched since `before` stands in this window."""
    return _ends(viewed, "last_viewed_at", before.viewed_at)


def _ends(window: Page, field: str, since: int | None) -> bool:
    if len(window.rows) < WINDOW:
        return True
    oldest: int | None = getattr(window.rows[-1], field)
    return oldest is None or (since is not None and oldest <= since)


def moved_shows(shows: Iterable[ItemRow], known: Mapping[str, KnownLeaves]) -> dict[str, Signal]:
    """The shows whose leaves must be read, by rating key, each with what says so."""
    found = ((row.rating_key, _signal(row, known.get(row.rating_key))) for row in shows)
    return {key: signal for key, signal in found if signal is not None}


def _signal(show: ItemRow, known: KnownLeaves | None) -> Signal | None:
    if known is None or not known.mark:
        return Signal("the show is new" if known is None else "they were not read to their end yet")
    mark = show_mark(show.updated_at, show.leaf_count, show.child_count, show.guid)
    if mark != known.mark:
        was, now = known.mark.split(" ", len(MARKS) - 1), mark.split(" ", len(MARKS) - 1)
        moved = [name for name, old, new in zip(MARKS, was, now, strict=True) if old != new]
        which = MARKS.index(moved[0])
        return Signal(moved[0], was[which], now[which])
    if show.leaf_count is not None and known.episodes not in (show.leaf_count, known.counted):
        return Signal("the number of its episodes", str(known.episodes), str(show.leaf_count))
    if show.viewed_leaf_count is not None and show.viewed_leaf_count != known.watched:
        return Signal("viewedLeafCount", str(known.watched), str(show.viewed_leaf_count), explains=False)
    return None


def shows_of_leaves(rows: Iterable[ItemRow], known: Mapping[str, KnownLeaves]) -> dict[str, Signal] | None:
    """The shows that these leaves belong to, which the mirror lacks or has otherwise; None where one names no show
    that is known."""
    of_seasons = {season: key for key, leaves in known.items() for season in leaves.seasons}
    found: dict[str, Signal] = {}
    for row in rows:
        key = row.grandparent_key or of_seasons.get(row.parent_key or "")
        if key is None:
            return None
        found.setdefault(key, Signal(f'the episode "{row.title}" is new or another one'))
    return found


def shows_that_lost(lost: Mapping[str, str], shows: Iterable[ItemRow]) -> dict[str, Signal]:
    """The shows that are there still and lost an episode. Their number may be the same, and of a server that was
    restored the date and the counter too."""
    there = {row.rating_key for row in shows}
    return {show: Signal(f"the episode {key}", "there", "gone") for show, key in lost.items() if show in there}


def is_few(shows: Mapping[str, Signal], windows: Windows, all_shows: int) -> bool:
    """Whether reading these shows one by one costs less than reading the leaves of all."""
    pages = ceil(windows.probe.total / _PAGE) + 1 if windows.probe.total is not None else 1
    return len(shows) <= _FEW and (len(shows) <= _SHARE * all_shows or len(shows) <= pages)


def needs_seasons(show: ItemRow, leaves: Sequence[ItemRow], known: KnownLeaves | None) -> bool:
    """Whether the show's seasons are others than those that are known."""
    there = known.seasons if known is not None else frozenset()
    named = {row.parent_key for row in leaves if row.parent_key is not None}
    return (bool(named) and named != there) or (show.child_count is not None and show.child_count != len(there))
