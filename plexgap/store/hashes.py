"""What of a Plex row counts as a difference, and how an upgrade is worded. Changes when that does.

Source: design/mirror.md 3. A hash stays the same in every process and on every Python: built-in ones do not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from plexgap.domain.library import ItemRow, Kind, MediaRow

# Lines of those that Plex gives a name; all others are numbers of lines.
_LINES = {"sd": 480, "2k": 1440, "4k": 2160, "8k": 4320}


def meta_hash(row: ItemRow) -> bytes:
    """Of the display fields, numbers, links and guids; without times, counts, watch state and the picture's token."""
    return _digest(
        (
            row.kind.value,
            row.title,
            row.guid,
            sorted(row.guids),
            row.year,
            row.index,
            row.parent_index,
            row.parent_key,
            row.grandparent_key,
            row.air_date and row.air_date.toordinal(),
            row.duration_ms,
            row.title_sort,
            row.original_title,
            row.edition,
            row.summary,
            row.studio,
            row.content_rating,
        )
    )


def media_hash(row: ItemRow) -> bytes:
    """Of all versions and all their files."""
    return _digest(tuple([_media_values(media) for media in row.media]))


def _media_values(m: MediaRow) -> tuple[object, ...]:
    parts = tuple([(p.part_id, p.file, p.size, p.duration_ms, p.container) for p in m.parts])
    return (m.media_id, m.duration_ms, m.container, m.video_codec, m.audio_codec, m.resolution, parts)


def _digest(values: object) -> bytes:
    return hashlib.blake2b(repr(values).encode(), digest_size=12).digest()


def best_resolution(resolutions: Iterable[str]) -> str:
    """The best of them as Plex spells it; "" when there is none."""
    return max(resolutions, key=_rank, default="")


def _rank(resolution: str) -> int:
    name = resolution.casefold()
    return int(name) if name.isdecimal() else _LINES.get(name, 0)


def _label(resolution: str) -> str:
    return f"{resolution}p" if resolution.isdigit() else resolution.upper()


def resolution_change(before: str, after: str) -> tuple[str, str]:
    """("upgraded", "720p to 1080p"), ("updated", "1080p to 720p"); ("", "") where nothing can be said."""
    if before == after or not before or not after:
        return "", ""
    kind = "upgraded" if _rank(after) > _rank(before) else "updated"
    return kind, f"{_label(before)} to {_label(after)}"


def came_as(row: ItemRow) -> str:
    """What is told beside the title of what is new: an episode's own name, the year of a film or show."""
    if row.kind is Kind.EPISODE:
        return row.title
    return str(row.year) if row.year and row.kind in (Kind.MOVIE, Kind.SHOW) else ""
