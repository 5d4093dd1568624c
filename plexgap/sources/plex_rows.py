"""The XML of a Plex Media Server, read into rows. Changes when Plex names or writes an attribute otherwise.

Nothing here fails: what Plex leaves out or writes oddly counts as not said. Source: reference/plex.md 3.1, 5.
"""

from __future__ import annotations

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
    said = node.attrib.get
    rating_key = said("ratingKey")
    named = said("type")
    own = kind if named is None else _KINDS.get(named)
    if not rating_key or own is None or (kind is not None and own is not kind):
        return None
    is_episode = own is Kind.EPISODE
    numbered = is_episode or own is Kind.SEASON
    guids: list[str] = []
    media: list[MediaRow] = []
    for child in node:
        if child.tag == "Guid":
            if guid := child.get("id"):
                guids.append(guid)
        elif child.tag == "Media":
            media.append(_media(child))
    return ItemRow(
        rating_key=rating_key,
        kind=own,
        title=_line(said("title")),
        guid=said("guid", ""),
        guids=tuple(guids),
        year=_int(said("year")),
        index=_int(said("index")) if numbered else None,
        parent_index=_int(said("parentIndex")) if is_episode else None,
        parent_key=said("parentRatingKey") or _key(said("parentKey")) if numbered else None,
        grandparent_key=said("grandparentRatingKey") or _key(said("grandparentKey")) if is_episode else None,
        air_date=_day(said("originallyAvailableAt")),
        duration_ms=_int(said("duration")),
        added_at=_int(said("addedAt")),
        updated_at=_int(said("updatedAt")),
        leaf_count=_int(said("leafCount")),
        child_count=_int(said("childCount")),
        title_sort=_line(said("titleSort")),
        original_title=_line(said("originalTitle")),
        edition=_line(said("editionTitle")),
        summary=said("summary", ""),
        studio=said("studio", ""),
        content_rating=said("contentRating", ""),
        thumb=said("thumb", ""),
        view_count=_int(said("viewCount")),
        last_viewed_at=_int(said("lastViewedAt")),
        viewed_leaf_count=_int(said("viewedLeafCount")),
        media=tuple(media),
        ordering=_ordering(node) if own is Kind.SHOW else "",
    )


def ordering(root: Element) -> str:
    """The `showOrdering` among settings: of a library, or of a show read by itself; "" where there is none."""
    values = (each.get("value", "") for each in root.iter("Setting") if each.get("id") == "showOrdering")
    return next(values, "").strip()


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
        title=_line(given.get("title")) or f"Library {key}",
        kind=kind,
        agent=given.get("agent", ""),
        refreshing=given.get("refreshing", "").casefold() in ("1", "true"),
        content_changed_at=_int(given.get("contentChangedAt")),
    )


def announced(container: Element) -> int | None:
    """How many rows the whole listing has, if the answer says so."""
    return _int(container.get("totalSize"))


def _media(node: Element) -> MediaRow:
    said = node.attrib.get
    return MediaRow(
        media_id=_int(said("id")) or 0,
        parts=tuple([_part(child) for child in node if child.tag == "Part"]),
        duration_ms=_int(said("duration")),
        container=said("container", ""),
        video_codec=said("videoCodec", ""),
        audio_codec=said("audioCodec", ""),
        resolution=said("videoResolution", ""),
    )


def _part(node: Element) -> PartRow:
    said = node.attrib.get
    return PartRow(
        part_id=_int(said("id")) or 0,
        file=said("file", ""),
        size=_int(said("size")) or 0,
        duration_ms=_int(said("duration")),
        container=said("container", ""),
    )


def _ordering(node: Element) -> str:
    """A show's own: an attribute where it isn't the library's, and a setting beside it (reference/plex.md 5)."""
    return (node.get("showOrdering") or ordering(node)).strip()


def _line(text: str | None) -> str:
    """Text on one line: titles with line breaks in them have been seen."""
    return " ".join(text.split()) if text else ""


def _int(text: str | None) -> int | None:
    """A whole number that a database can hold, else None."""
    if text is None:
        return None
    try:
        number = int(text)
    except ValueError:
        return None
    return number if -_MOST <= number <= _MOST else None


def _day(text: str | None) -> date | None:
    """The day of "2009-04-05" and of "2009-04-05 00:00:00"."""
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _key(path: str | None) -> str | None:
    """The rating key of a parent from its path (`/library/metadata/20`), where only that is given."""
    if path is None or not path.startswith(_PATH):
        return None
    return path.removeprefix(_PATH).partition("/")[0] or None
