"""Parts of Plex's answers that are no items: sections, settings, errors, and how a question is read.

Source: reference/plex.md 3 and 4, the recorded samples. Changes when containers do.
"""

from __future__ import annotations

from collections.abc import Mapping

from plexgap.demo.library import EpisodeAt, FilmEntry, Found, MusicEntry, SeasonEntry, Section, ShowEntry
from plexgap.demo.plex_words import Row, Wanted
from plexgap.demo.serving import HTML, Answer, Request

_NO_SIZE = 1_000_000_000
_IDENTIFIER = "com.plexapp.plugins.library"
_TYPES = {"movie": (1,), "show": (2, 3, 4), "artist": (8, 9, 10)}
_TYPE_NAMES = {1: "movie", 2: "show", 3: "season", 4: "episode", 8: "artist", 9: "album", 10: "track"}
# field, type, title: what a listing can be sorted and filtered by
_FIELDS = (
    ("titleSort", "string", "Title"),
    ("year", "integer", "Year"),
    ("addedAt", "date", "Date Added"),
    ("updatedAt", "date", "Date Updated"),
    ("lastViewedAt", "date", "Date Viewed"),
    ("originallyAvailableAt", "date", "Release Date"),
)
_OPERATORS = {
    "string": (("=", "contains"), ("==", "is"), ("!=", "does not contain")),
    "integer": (("=", "is"), ("!=", "is not"), (">>=", "is greater than"), ("<<=", "is less than")),
    "date": ((">>=", "is after"), ("<<=", "is before")),
    "boolean": (("=", "is"), ("!=", "is not")),
}


def problem(status: int, phrase: str) -> Answer:
    """An error as Plex sends it: HTML."""
    body = f"<html><head><title>{phrase}</title></head><body><h1>{status} {phrase}</h1></body></html>"
    return Answer(status, body.encode(), HTML, (("X-Plex-Protocol", "1.0"), ("Cache-Control", "no-cache")))


def wanted(query: Mapping[str, str], *, detail: bool = False, preferences: bool = False) -> Wanted:
    """What the question asks of each row."""
    out = f"{query.get('excludeElements', '')},{query.get('excludeFields', '')}"
    return Wanted(
        guids=query.get("includeGuids") == "1",
        detail=detail,
        preferences=preferences,
        without=frozenset(name for name in out.split(",") if name),
    )


def window(request: Request) -> tuple[int, int, bool]:
    """Start and size of the page, from headers or query, and whether a page was asked for at all."""

    def number(name: str) -> int | None:
        raw = request.headers.get(name.lower()) or request.query.get(name, "")
        return int(raw) if raw.isdecimal() else None

    start, size = number("X-Plex-Container-Start"), number("X-Plex-Container-Size")
    return start or 0, _NO_SIZE if size is None else size, start is not None or size is not None


def section_row(section: Section) -> Row:
    """A library in the list of libraries."""
    return {
        "allowSync": True,
        "filters": True,
        "refreshing": section.refreshing,
        "key": section.key,
        "type": section.kind,
        "title": section.title,
        "agent": section.agent,
        "scanner": section.scanner,
        "language": section.language,
        "uuid": section.uuid,
        "updatedAt": section.scanned + 55,
        "createdAt": section.created,
        "scannedAt": section.scanned,
        "content": True,
        "directory": True,
        "contentChangedAt": section.counter,
        "hidden": section.hidden,
        "Location": [{"id": int(section.key), "path": section.path}],
    }


def of_section(section: Section) -> Row:
    """What a container says of the section its rows are from."""
    return {
        "allowSync": True,
        "identifier": _IDENTIFIER,
        "librarySectionID": int(section.key),
        "librarySectionTitle": section.title,
        "librarySectionUUID": section.uuid,
    }


def of_listing(section: Section, size: int, view: str) -> Row:
    """The container of a listing."""
    return {
        "size": size,
        **of_section(section),
        "nocache": True,
        "title1": section.title,
        "title2": f"All {section.title}",
        "viewGroup": view,
        "viewMode": 65_592,
    }


def setting(name: str, label: str, value: str, kind: str) -> Row:
    """One of a library's settings."""
    return {
        "id": name,
        "label": label,
        "summary": "",
        "type": kind,
        "default": "",
        "value": value,
        "hidden": False,
        "advanced": False,
        "group": "",
    }


_ORDERINGS = (
    "tmdbAiring:The Movie Database (Aired)",
    "aired:TheTVDB (Aired)",
    "dvd:TheTVDB (DVD)",
    "absolute:TheTVDB (Absolute)",
)


def ordering(value: str, *, of_show: bool = False) -> Row:
    """The order in which episodes are numbered, among a library's settings, or a show's: there "" is its library's."""
    choices = "|".join((":Library default", *_ORDERINGS) if of_show else _ORDERINGS)
    row = setting("showOrdering", "Episode ordering", value, "text")
    return row | {"default": "" if of_show else "tmdbAiring", "enumValues": choices}


def meta(section: Section, kind: int) -> Row:
    """What listings of the section can be sorted and filtered by, for each of its types, `kind` being the one asked."""
    types: list[Row] = [_type(section, other, active=other == kind) for other in _TYPES[section.kind]]
    fields: list[Row] = [
        {"type": name, "Operator": [{"key": key, "title": title} for key, title in operators]}
        for name, operators in _OPERATORS.items()
    ]
    return {"Type": types, "FieldType": fields}


def _type(section: Section, kind: int, *, active: bool) -> Row:
    name, path = _TYPE_NAMES[kind], f"/library/sections/{section.key}"
    unseen = "unwatchedLeaves" if name == "show" else "unwatched"
    filters = ((unseen, "boolean", "Unwatched"), ("year", "integer", "Year"))
    fields = ((unseen, "boolean", "Unwatched"), *_FIELDS)
    return {
        "key": f"{path}/all?type={kind}",
        "type": name,
        "title": name.title(),
        "active": active,
        "Filter": [
            {"filter": field, "filterType": type_, "key": f"{path}/{field}", "title": title, "type": "filter"}
            for field, type_, title in filters
        ],
        "Sort": [
            {"defaultDirection": "asc", "descKey": f"{field}:desc", "key": field, "title": title}
            for field, _, title in _FIELDS
        ],
        "Field": [{"key": f"{name}.{field}", "title": title, "type": type_} for field, type_, title in fields],
    }


def section_of(found: Found) -> Section:
    """The library an item belongs to."""
    if isinstance(found, EpisodeAt):
        return found.run.entry.section
    if isinstance(found, SeasonEntry):
        return found.entry.section
    return found.section


def drawn_for(found: Found) -> tuple[str, int]:
    """The title that stands in an item's picture, and the number it is drawn by."""
    if isinstance(found, EpisodeAt):
        return found.run.entry.title, found.run.entry.show.tmdb_id
    if isinstance(found, SeasonEntry):
        return found.entry.title, found.entry.show.tmdb_id + found.number
    if isinstance(found, ShowEntry):
        return found.title, found.show.tmdb_id
    if isinstance(found, FilmEntry):
        return found.title, found.film.tmdb_id
    assert isinstance(found, MusicEntry)
    return found.title, found.key
