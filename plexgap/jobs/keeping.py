"""What plexgap keeps on disk: how much of it there is, clearing what can be had again, and taking back what a file of
decisions brought. Changes when something else is kept. A decision is never cleared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from plexgap.config import Paths
from plexgap.domain.decisions import Decisions
from plexgap.store.cache import Listings
from plexgap.store.decision_file import is_same_ignore, is_same_override
from plexgap.store.decisions import DecisionStore, Imported
from plexgap.store.files import could_not
from plexgap.store.locks import scan_lock
from plexgap.store.watchlist import WatchlistStore

_CLEARING = "a clean-up"
_BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Kept:
    """`many`: files, or titles of the listings. `oldest`, `newest`: when a file was last written; None where there is
    none."""

    many: int
    bytes: int
    oldest: datetime | None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """All that may be deleted at any time. `answers`: what TMDB and TheTVDB said, kept to ask whether it changed."""

    listings: Kept
    pictures: Kept
    mirror: Kept
    answers: Kept


def remembered(listings: Listings, paths: Paths) -> Remembered:
    """Measured now, from the files alone."""
    stats = listings.stats()
    return Remembered(
        Kept(stats.titles, stats.bytes, stats.oldest),
        _measured(_pictures(paths.images)),
        _measured(_database(paths.library_db)),
        _measured(_database(paths.http_cache)),
    )


def clear_listings(listings: Listings, lock: Path) -> int:
    """Deletes them; how many files that were. ScanRunning, and nothing is deleted, while a check is at them."""
    with scan_lock(lock, _CLEARING):
        return listings.clear()


def clear_all(paths: Paths) -> int:
    """Deletes all that is kept of the catalogues and of plex.tv, validators included; how many files of it there were.
    ScanRunning, and nothing is deleted, while a check is at them."""
    with scan_lock(paths.scan_lock, _CLEARING):
        removed = Listings(paths.cache).clear() + WatchlistStore(paths.watchlist).drop()
        for path in _database(paths.http_cache):
            _remove(path)
    return removed


def clear_pictures(images: Path, lock: Path) -> int:
    """The same for posters."""
    with scan_lock(lock, _CLEARING):
        return sum(_remove(path) for path in _pictures(images))


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file of decisions brought, and what stood before and after it."""

    imported: Imported
    before: Decisions
    after: Decisions

    @property
    def changed(self) -> bool:
        """Whether anything is otherwise by it, even if only what this version can't read."""
        return self.before != self.after or len(self.imported.unread) > 0


def take_in(decisions: DecisionStore, data: bytes, name: str) -> TakenIn:
    """Joins the decisions of that file, whole or not at all; StoreError as the store raises it."""
    before = decisions.load()
    imported = decisions.take_in(data, name)
    return TakenIn(imported, before, decisions.load())


def give_back(decisions: DecisionStore, taken: TakenIn) -> None:
    """Takes back what the file brought, where it still stands, and restores what that replaced; what this version
    can't read is taken back, too. What was decided since then stays."""
    before, now = taken.before, decisions.load()
    ignores = [each for each in taken.after.ignores if each not in before.ignores and each in now.ignores]
    overrides = [each for each in taken.after.overrides if each not in before.overrides and each in now.overrides]
    for ignore in ignores:
        decisions.remove_ignore(ignore.key)
    for override in overrides:
        decisions.clear_override(override.title, override.kind)
    for ignore in before.ignores:
        if ignore not in taken.after.ignores and any(is_same_ignore(ignore, each) for each in ignores):
            decisions.add_ignore(ignore)
    for override in before.overrides:
        if override not in taken.after.overrides and any(is_same_override(override, each) for each in overrides):
            decisions.set_override(override)
    decisions.drop_unread(taken.imported.unread)


def _pictures(images: Path) -> list[Path]:
    return sorted(images.glob("*/*.webp"))


def _database(path: Path) -> list[Path]:
    """The file and what SQLite keeps beside it."""
    return [path.with_name(path.name + suffix) for suffix in _BESIDE]


def _measured(files: Iterable[Path]) -> Kept:
    many, size, times = 0, 0, []
    for path in files:
        try:
            stat = path.stat()
        except OSError:
            continue
        many, size = many + 1, size + stat.st_size
        times.append(datetime.fromtimestamp(stat.st_mtime, UTC))
    return Kept(many, size, min(times, default=None), max(times, default=None))


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise could_not("deleted", path, error) from error
    return True
