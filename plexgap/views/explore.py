"""The words of the page Explore: what titles can be picked by, and one of them opened. Changes when it says otherwise.

Plain text throughout: whoever draws it escapes it. Source: design/screens.md 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plexgap.domain.library import Kind
from plexgap.domain.verdicts import State
from plexgap.store.explore import HeldDetail, HeldSeason, HeldTitle, HeldTitles, Sought, Version
from plexgap.store.index import StoredSection
from plexgap.views import words
from plexgap.views.report import Report, ShowReport

_RESOLUTIONS = {"4k": "4K", "sd": "SD"}
_CODECS = {"h264": "H.264", "hevc": "HEVC", "av1": "AV1", "mpeg4": "MPEG-4", "mpeg2video": "MPEG-2", "vc1": "VC-1"}
_HIGHEST = ("8k", "4k", "1440", "1080", "720", "576", "480", "sd")


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A row of the table. `seasons`, `episodes` None: of a film. `size`: bytes, None where nothing is known of it."""

    key: str
    title: str
    year: int | None
    library: str
    seasons: int | None
    episodes: int | None
    size: int | None
    quality: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the table. `said`: how many there are in all, or why there is none."""

    rows: tuple[TitleRow, ...]
    total: int
    said: str


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A season of a show, or a version of a film, in the opened title."""

    name: str
    held: str
    quality: str
    codec: str
    size: int | None


@dataclass(frozen=True, slots=True)
class OpenedTitle:
    """One title. `about`: library and size; `verdict`: what is missing of it, a sentence or ""; `what`: what `pieces`
    are, "Season" or "File"."""

    title: str
    year: int | None
    poster: str
    about: str
    verdict: str
    what: str
    pieces: tuple[PieceRow, ...]


def sections_of_titles(sections: Iterable[StoredSection]) -> tuple[StoredSection, ...]:
    """The libraries that hold shows or films, by name."""
    found = (section for section in sections if section.kind in (Kind.SHOW, Kind.MOVIE))
    return tuple(sorted(found, key=lambda section: (section.title.casefold(), section.uuid)))


def found(page: HeldTitles, sought: Sought) -> Found:
    """The page of titles as the table shows it."""
    return Found(tuple(_row(title) for title in page.titles), page.total, _said(page.total, sought))


def opened_title(detail: HeldDetail, report: Report) -> OpenedTitle:
    """One title with what it consists of, and what the report says of it."""
    title = detail.title
    size = f", {words.size(title.size)}" if title.size else ""
    if title.kind is Kind.SHOW:
        held = f"{words.count(title.seasons, 'season')}, {words.count(title.episodes, 'episode')}"
        about = f"{title.library} · {held}{size}"
    else:
        about = f"{title.library} · {words.count(len(detail.versions), 'version')}{size}"
    return OpenedTitle(
        title=title.title,
        year=title.year,
        poster=title.rating_key,
        about=about,
        verdict=_verdict(show) if (show := show_of(report, title.rating_key)) is not None else "",
        what="Season" if title.kind is Kind.SHOW else "File",
        pieces=tuple(map(_season, detail.seasons)) + tuple(map(_version, detail.versions)),
    )


def show_of(report: Report, rating_key: str) -> ShowReport | None:
    """The show that this item of Plex is of; None for a film, and for a show out of scope."""
    return next((show for show in report.shows if rating_key in show.rating_keys), None)


def decade_label(decade: int) -> str:
    """ "1990s"."""
    return f"{decade}s"


def resolution_label(resolution: str) -> str:
    """ "1080p", "4K", "SD"."""
    known = _RESOLUTIONS.get(resolution.lower())
    return known or (f"{resolution}p" if resolution.isdecimal() else resolution.upper())


def codec_label(codec: str) -> str:
    """ "H.264", "HEVC"."""
    return _CODECS.get(codec.lower(), codec.upper())


def by_height(resolutions: Iterable[str]) -> tuple[str, ...]:
    """Resolutions, the highest first, unknown ones last."""
    order = {name: place for place, name in enumerate(_HIGHEST)}
    return tuple(sorted(resolutions, key=lambda name: (order.get(name.lower(), len(order)), name)))


def _row(title: HeldTitle) -> TitleRow:
    is_show = title.kind is Kind.SHOW
    return TitleRow(
        key=title.rating_key,
        title=title.title,
        year=title.year,
        library=title.library,
        seasons=title.seasons if is_show else None,
        episodes=title.episodes if is_show else None,
        size=title.size or None,
        quality=_qualities(title.resolutions),
    )


def _said(total: int, sought: Sought) -> str:
    if total:
        return words.count(total, "title")
    if sought == Sought():
        return "Nothing of your library is known yet. A check reads it."
    search = sought.search.strip()
    return f'No title matches "{search}".' if search else "No title is of all that is picked."


def _verdict(show: ShowReport) -> str:
    """ "3 of 45 aired episodes are missing.", or that it is complete, or why it was not judged."""
    if show.state is State.COMPLETE:
        return "Nothing of it is missing."
    if show.state is State.GAPS:
        missing = show.missing_regular
        if not missing:
            return "Only specials of it are missing."
        return f"{words.number(missing)} of {words.count(show.listed, 'aired episode')} {words.be(missing)} missing."
    return words.sentence(show.reason or "It was not judged")


def _season(season: HeldSeason) -> PieceRow:
    return PieceRow(
        name=words.season_name(season.number) if season.number is not None else "Without a season",
        held=words.count(season.episodes, "episode"),
        quality=_qualities(season.resolutions),
        codec=", ".join(codec_label(codec) for codec in season.codecs),
        size=season.size or None,
    )


def _version(version: Version) -> PieceRow:
    return PieceRow(
        name=_names(version.files),
        held=version.container.upper(),
        quality=resolution_label(version.resolution) if version.resolution else "",
        codec=codec_label(version.codec) if version.codec else "",
        size=version.size or None,
    )


def _names(files: Sequence[str]) -> str:
    """The files' own names, without their folders."""
    names = [file.replace("\\", "/").rpartition("/")[2] for file in files]
    return ", ".join(names) or "No file"


def _qualities(resolutions: Iterable[str]) -> str:
    return ", ".join(resolution_label(name) for name in by_height(resolutions))
