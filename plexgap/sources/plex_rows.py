"""The XML of a Plex Media Server, read into rows. Changes when Plex names or writes an attribute otherwise.

Nothing here fails: what Plex leaves out or writes oddly counts as not said. Source: reference/plex.md 3.1, 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from xml.etree.ElementTree import Element

from plexgap.domain.library import ItemRow, Kind, MediaRow, PartRow, Section

_KINDS = {str(kind): kind for kind in Kind}
_MOST = 2**63 - 1
_PATH = "/library/metadata/"


def item_row(node: Element, kind: Kind | None = None) -> ItemRow | None:
    """A `Video` or `Directory` as a row.

    None without a rating key (the "All episodes" that Plex puts before seasons), or when it says that it is of
    another kind than the listing (clips, extras).
    """
    given = node.attrib
    rating_key = given.get("ratingKey")
    own = _KINDS.get(given["type"]) if "type" in given else kind
    if not rating_key or own is None or (kind is not None and own is not kind):
        return None
    numbered = own in (Kind.SEASON, Kind.EPISODE)
    return ItemRow(
        rating_key=rating_key,
        kind=own,
        title=_line(given, "title"),
        guid=given.get("guid", ""),
        guids=tuple(guid for child in node.iterfind("Guid") if (guid := child.attrib.get("id"))),
        year=_int(given, "year"),
        index=_int(given, "index") if numbered else None,
        parent_index=_int(given, "parentIndex") if own is Kind.EPISODE else None,
        parent_key=_key(given, "parentRatingKey", "parentKey") if numbered else None,
        grandparent_key=_key(given, "grandparentRatingKey", "grandparentKey") if own is Kind.EPISODE else None,
        air_date=_day(given, "originallyAvailableAt"),
        duration_ms=_int(given, "duration"),
        added_at=_int(given, "addedAt"),
        updated_at=_int(given, "updatedAt"),
        leaf_count=_int(given, "leafCount"),
        child_count=_int(given, "childCount"),
        title_sort=_line(given, "titleSort"),
        original_title=_line(given, "originalTitle"),
        edition=_line(given, "editionTitle"),
        summary=given.get("summary", ""),
        studio=given.get("studio", ""),
        content_rating=given.get("contentRating", ""),
        thumb=given.get("thumb", ""),
        view_count=_int(given, "viewCount"),
        last_viewed_at=_int(given, "lastViewedAt"),
        media=tuple(_media(media) for media in node.iterfind("Media")),
    )


def section(node: Element) -> Section | None:
    """A library of movies or shows; None for music, photos and what has no key.

    Without a uuid (very old servers) its key stands for its identity.
    """
    given = node.attrib
    key, kind = given.get("key"), _KINDS.get(given.get("type", ""))
    if not key or kind not in (Kind.MOVIE, Kind.SHOW):
        return None
    return Section(
        key=key,
        uuid=given.get("uuid") or f"section-{key}",
        title=_line(given, "title") or f"Library {key}",
        kind=kind,
        agent=given.get("agent", ""),
        refreshing=given.get("refreshing", "").casefold() in ("1", "true"),
        content_changed_at=_int(given, "contentChangedAt"),
    )


def announced(container: Element) -> int | None:
    """How many rows the whole listing has, if the answer says so."""
    return _int(container.attrib, "totalSize")


def _media(node: Element) -> MediaRow:
    given = node.attrib
    return MediaRow(
        media_id=_int(given, "id") or 0,
        parts=tuple(_part(part.attrib) for part in node.iterfind("Part")),
        duration_ms=_int(given, "duration"),
        container=given.get("container", ""),
        video_codec=given.get("videoCodec", ""),
        audio_codec=given.get("audioCodec", ""),
        resolution=given.get("videoResolution", ""),
    )


def _part(given: Mapping[str, str]) -> PartRow:
    return PartRow(
        part_id=_int(given, "id") or 0,
        file=given.get("file", ""),
        size=_int(given, "size") or 0,
        duration_ms=_int(given, "duration"),
        container=given.get("container", ""),
    )


def _line(given: Mapping[str, str], name: str) -> str:
    """Text on one line: titles with line breaks in them have been seen."""
    return " ".join(given.get(name, "").split())


def _int(given: Mapping[str, str], name: str) -> int | None:
    """A whole number that a database can hold, else None."""
    text = given.get(name)
    if text is None:
        return None
    try:
        number = int(text)
    except ValueError:
        return None
    return number if -_MOST <= number <= _MOST else None


def _day(given: Mapping[str, str], name: str) -> date | None:
    """The day of "2009-04-05" and of "2009-04-05 00:00:00"."""
    text = given.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _key(given: Mapping[str, str], name: str, path: str) -> str | None:
    """The rating key of a parent, from its path (`/library/metadata/20`) where only that is given."""
    key = given.get(name)
    if key:
        return key
    rest = given.get(path, "")
    return rest.removeprefix(_PATH).partition("/")[0] or None if rest.startswith(_PATH) else None
