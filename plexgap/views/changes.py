"""What a check changed, as lines. Changes when a change is told in other words.

Plain text; a title may hold anything and stays as it is. The terminal, `runs` and the page Activity use the same lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from plexgap.domain.episodes import numbers_label
from plexgap.domain.events import Change
from plexgap.views.words import count, titled

_DONE = {
    "added": "Added",
    "removed": "Removed",
    "restored": "Restored",
    "moved": "Moved",
    "upgraded": "Upgraded",
    "updated": "Changed",
}
_NOUNS = {"movie": "film", "show": "show", "episode": "episode", "collection": "collection"}
_IN_SUM = {"removed": "removed", "restored": "restored", "moved": "moved", "added": "added"}
# What came or went carries its name or its year beside its title, all else what became of it.
_NAMED = ("added", "removed", "restored")
# A show whose seasons came at once, more of them than this, has one line for all.
_SEASONS_EACH = 3


@dataclass(slots=True)
class _Group:
    """Changes that one line tells: of one kind, and of one title."""

    first: Change
    numbers: dict[int, list[int]] = field(default_factory=dict)
    loose: int = 0

    def take(self, change: Change) -> None:
        if change.season is None or change.episode is None:
            self.loose += 1
        else:
            self.numbers.setdefault(change.season, []).append(change.episode)

    @property
    def episodes(self) -> int:
        return sum(map(len, self.numbers.values())) + self.loose


def change_lines(changes: Iterable[Change]) -> tuple[str, ...]:
    """A line a change, in the order they came; but episodes of one season that share their fate have one together:
    "Added 24 episodes: The Lantern Keepers S01 E01-E24". Seasons come and go with their episodes and have none."""
    groups: dict[tuple[object, ...], _Group] = {}
    for change in changes:
        if change.what != "season":
            groups.setdefault(_alike(change), _Group(change)).take(change)
    return tuple(line for group in groups.values() for line in _lines(group))


def in_all(changes: Sequence[Change]) -> str:
    """One line for all: "Nothing changed", the one line there is, or "24 episodes added, 1 film removed"."""
    lines = change_lines(changes)
    if len(lines) <= 1:
        return lines[0] if lines else "Nothing changed"
    counted = Counter(_sort(change) for change in changes if change.what != "season")
    return ", ".join(count(many, f"{noun}{fate}", f"{noun}s{fate}") for (noun, fate), many in counted.items())


def _sort(change: Change) -> tuple[str, str]:
    """What it counts among: a noun, and what became of it."""
    noun = _NOUNS.get(change.what, change.what)
    if _is_of_gaps(change):
        return noun, " with other gaps"
    if change.kind == "upgraded":
        return "better file", ""
    return noun, f" {_IN_SUM.get(change.kind, 'changed')}"


def _is_of_gaps(change: Change) -> bool:
    """Whether it tells of what is absent rather than of what Plex holds."""
    return change.what in ("show", "collection") and change.kind == "updated" and bool(change.detail)


def _alike(change: Change) -> tuple[object, ...]:
    if change.what != "episode":
        return (change.kind, change.what, change.title, change.detail)
    return (change.kind, change.what, change.title, "" if change.kind in _NAMED else change.detail)


def _lines(group: _Group) -> Iterable[str]:
    change = group.first
    if _is_of_gaps(change):
        yield f"{change.title}: {change.detail}"
    elif change.what == "episode":
        yield from _of_episodes(group)
    else:
        yield _of_title(change)


def _of_title(change: Change) -> str:
    noun = _NOUNS.get(change.what, change.what)
    if change.kind in _NAMED:
        year = int(change.detail) if change.detail.isdecimal() else None
        if change.kind == "added":
            return f"Added {noun}: {titled(change.title, year)}"
        return f"{_done(change)}: {titled(change.title, year)}{', the whole show' if change.what == 'show' else ''}"
    return f"{_done(change)}: {change.title}{_became(change)}"


def _of_episodes(group: _Group) -> Iterable[str]:
    change, became = group.first, "" if group.first.kind in _NAMED else _became(group.first)
    if not group.numbers or len(group.numbers) > _SEASONS_EACH:
        where = f" {_seasons(group.numbers)}" if group.numbers else ""
        yield f"{_counted(change, group.episodes)}: {change.title}{where}{became}"
        return
    for place, (season, numbers) in enumerate(sorted(group.numbers.items())):
        many = len(set(numbers)) + (group.loose if place == 0 else 0)
        yield f"{_counted(change, many)}: {change.title} {numbers_label(season, numbers)}{became}"


def _seasons(numbers: Iterable[int]) -> str:
    """ "S01-S12", "S01-S03, S07"."""
    return numbers_label(0, numbers, most=4).removeprefix("S00 ").replace("E", "S")


def _counted(change: Change, many: int) -> str:
    """ "Added episode", "Added 24 episodes", "Upgraded", "Upgraded 24 episodes"."""
    if many > 1:
        return f"{_done(change)} {count(many, 'episode')}"
    return "Added episode" if change.kind == "added" else _done(change)


def _done(change: Change) -> str:
    return _DONE.get(change.kind, change.kind.capitalize())


def _became(change: Change) -> str:
    """ ", 720p to 1080p", " from TV Shows to Archive"."""
    if not change.detail:
        return ""
    return f" from {change.detail}" if change.kind == "moved" else f", {change.detail}"
