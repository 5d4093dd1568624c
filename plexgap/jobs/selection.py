"""What is in scope: which sections the settings choose, and which titles of them count.

Source: design/interface.md 2 (library_name, libraries), design/gaps.md 5 (scope, exclusions). A view filter: deletes
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, TypeVar

from plexgap.config import Settings
from plexgap.domain.errors import ConfigError
from plexgap.domain.library import Kind
from plexgap.gaps import match
from plexgap.gaps.collections import Filters
from plexgap.gaps.film_titles import FilmTitle, group_films
from plexgap.gaps.rules import Rules
from plexgap.gaps.watchlist import Narrowed
from plexgap.jobs import watchlist
from plexgap.jobs.parts import Parts
from plexgap.store.index import Index, StoredSection

# Gap scans are about these; music they pass over.
GAP_KINDS = (Kind.SHOW, Kind.MOVIE)


class AnySection(Protocol):
    """A section as Plex lists it or as the index keeps it."""

    @property
    def key(self) -> str: ...
    @property
    def uuid(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> Kind: ...


SectionT = TypeVar("SectionT", bound=AnySection)


def chosen(settings: Settings, sections: Sequence[SectionT], libraries: Sequence[str] = ()) -> tuple[SectionT, ...]:
    """The sections that the settings, or `libraries` for one run, choose.

    Raises ConfigError, naming those that exist, for a library that the server doesn't have.
    """
    narrowed = within(settings, sections, libraries)
    field, wanted = _wanted(settings, libraries)
    for name in wanted:
        if not any(_is_named(section, name) and _may_be(section, field) for section in sections):
            raise ConfigError(field, _no_such(name, sections, field))
    return narrowed


def within(settings: Settings, sections: Sequence[SectionT], libraries: Sequence[str] = ()) -> tuple[SectionT, ...]:
    """The chosen ones among these sections; a name that fits none is passed over."""
    field, wanted = _wanted(settings, libraries)
    if not wanted:
        return tuple(sections)
    named = tuple(s for s in sections if any(_is_named(s, name) for name in wanted))
    if field == "library_name":
        return tuple(s for s in sections if s.kind is not Kind.SHOW or s in named)
    return named


def counted(
    settings: Settings, sections: Sequence[SectionT], kind: Kind, libraries: Sequence[str] = ()
) -> tuple[SectionT, ...]:
    """The sections of that kind whose items count as held: those that the settings choose, whatever a run is narrowed
    to, and those it is narrowed to."""
    own, narrowed = within(settings, sections), within(settings, sections, libraries)
    return tuple(section for section in sections if section.kind is kind and (section in own or section in narrowed))


def unread(
    settings: Settings, index: Index, libraries: Sequence[str] = (), kinds: Collection[Kind] = GAP_KINDS
) -> tuple[tuple[str, str], ...]:
    """Libraries of these kinds in scope of which the mirror doesn't hold the whole, by title, each with a sentence why.

    Nothing may be called complete while there is one: not read yet, cut off, or of a name that the mirror doesn't know.
    """
    known = index.sections()
    if not any(section.last_complete_at for section in known):
        return (("", "No library has been read yet."),)
    field, wanted = _wanted(settings, libraries)
    absent = (
        name for name in wanted if not any(_is_named(section, name) and _may_be(section, field) for section in known)
    )
    chosen_ones = (section for section in within(settings, known, libraries) if section.kind in kinds)
    return (
        *((name, "No library of that name has been read.") for name in absent),
        *(
            (section.title, section.incomplete_reason or "It has not been read yet.")
            for section in chosen_ones
            if section.incomplete_reason or section.last_complete_at is None
        ),
    )


def titles(parts: Parts, libraries: Sequence[str] = ()) -> tuple[match.Title, ...]:
    """The titles in scope, from the mirror: those with an item in the chosen sections, as far as the watchlist names
    them where that is the scope. A title is there with all its items that count, also where `libraries` narrows the
    choice for one run, and one that is excluded by the name of an item is left out whole: without an item it would seem
    to lack what that holds."""
    return scoped(parts, libraries).titles


def scoped(parts: Parts, libraries: Sequence[str] = ()) -> Narrowed:
    """The same, and how many shows of the watchlist are in the chosen sections, excluded ones too."""
    uuids = [section.uuid for section in counted(parts.settings, parts.index.sections(), Kind.SHOW, libraries)]
    titles = match.group_titles(parts.index.shows(uuids))
    found = watchlist.scoped(
        parts, _with_item_in(show_sections(parts, libraries), titles, parts) if libraries else titles
    )
    excluded = {title.strip().casefold() for title in parts.settings.exclusions.shows}
    return Narrowed(
        tuple(
            title
            for title in found.titles
            if not any(item.title.strip().casefold() in excluded for item in title.items)
        ),
        found.found,
    )


def _with_item_in(
    sections: Collection[StoredSection], titles: Sequence[match.Title], parts: Parts
) -> tuple[match.Title, ...]:
    """Titles of which an item is in these sections, and those that an earlier check took for the same show."""
    uuids, show_of = {section.uuid for section in sections}, parts.index.shows_of()
    shows = {show_of.get(i.rating_key) for title in titles for i in title.items if i.section_uuid in uuids} - {None}
    return tuple(
        title
        for title in titles
        if any(item.section_uuid in uuids or show_of.get(item.rating_key) in shows for item in title.items)
    )


def show_sections(parts: Parts, libraries: Sequence[str] = ()) -> tuple[StoredSection, ...]:
    """The chosen sections of the mirror that hold shows."""
    sections = within(parts.settings, parts.index.sections(), libraries)
    return tuple(section for section in sections if section.kind is Kind.SHOW)


def films(parts: Parts, libraries: Sequence[str] = ()) -> tuple[FilmTitle, ...]:
    """The films in scope, from the mirror: of every chosen section that holds films, each once."""
    uuids = [section.uuid for section in film_sections(parts, libraries)]
    return group_films(parts.index.films(uuids)) if uuids else ()


def film_sections(parts: Parts, libraries: Sequence[str] = ()) -> tuple[StoredSection, ...]:
    """The chosen sections of the mirror that hold films."""
    sections = within(parts.settings, parts.index.sections(), libraries)
    return tuple(section for section in sections if section.kind is Kind.MOVIE)


def standing_rules(settings: Settings) -> Rules:
    """The settings that decide a standing."""
    options = settings.options
    return Rules(
        options.recent_threshold_hours, options.exclude_future, options.exclude_specials, options.missing_policy
    )


def film_filters(settings: Settings) -> Filters:
    """The settings that decide which collections, and which parts of them, count."""
    options = settings.options
    return Filters(
        min_size=options.min_collection_size,
        min_owned=options.min_owned,
        adult=options.include_adult,
        video=options.include_video,
        min_runtime_min=options.min_runtime_minutes,
    )


def _wanted(settings: Settings, libraries: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    if libraries:
        return "--library", tuple(libraries)
    if settings.libraries:
        return "libraries", tuple(settings.libraries)
    return "library_name", (settings.library_name,) if settings.library_name else ()


def _is_named(section: AnySection, name: str) -> bool:
    return name.strip() == section.key or name.strip().casefold() == section.title.strip().casefold()


def _may_be(section: AnySection, field: str) -> bool:
    return field != "library_name" or section.kind is Kind.SHOW


def _no_such(name: str, sections: Sequence[AnySection], field: str) -> str:
    having = [f'"{section.title}"' for section in sections if _may_be(section, field)]
    there = f"It has {', '.join(having)}." if having else "It has none of that kind."
    return f'there is no library "{name}" on the Plex server. {there}'
