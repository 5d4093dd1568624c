"""What is missing as a feed that other programs read: RSS 2.0. Changes when that form does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape

from plexgap.domain.episodes import numbers_label
from plexgap.domain.verdicts import State
from plexgap.gaps.rules import air_moment
from plexgap.views import words
from plexgap.views.coming import episode_key, film_key
from plexgap.views.lines import Names
from plexgap.views.report import Report

MEDIA_TYPE = "application/rss+xml"
HOME = "http://127.0.0.1:8501"
_MINUTES = 360
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# XML 1.0, 2.2: what no document may hold, not even escaped; and the control characters it advises against.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Item:
    key: str
    title: str
    link: str
    text: str
    day: date | None


def missing_rss(report: Report, address: str = HOME) -> str:
    """An item a missing episode of the shows with gaps and a missing film of the collections with gaps, the newest
    first. `address`: of the dashboard, where items without a link of their own lead. The same report gives the same
    text, and an item keeps its guid."""
    items = sorted((*_episodes(report), *_films(report)), key=lambda item: item.title.casefold())
    items.sort(key=lambda item: item.day or date.min, reverse=True)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
            "<channel>",
            "<title>Missing, says plexgap</title>",
            f"<link>{_xml(address)}/</link>",
            f'<atom:link href="{_xml(address)}/missing.rss" rel="self" type="{MEDIA_TYPE}"/>',
            "<description>Aired episodes and released films that your Plex library lacks.</description>",
            "<language>en</language>",
            f"<lastBuildDate>{_moment(report.as_of)}</lastBuildDate>",
            f"<ttl>{_MINUTES}</ttl>",
            *(_written(item, address) for item in items),
            "</channel>",
            "</rss>",
            "",
        ]
    )


def _episodes(report: Report) -> Iterator[_Item]:
    names = Names(report.shows)
    for show in report.shows:
        if show.state is not State.GAPS:
            continue
        for season in show.all_seasons:
            for line in season.missing:
                link = line.link or season.link
                code = numbers_label(line.number.season, (line.number.number,))
                name = f": {line.title}" if line.title.strip() else ""
                lacks = f"Missing from {', '.join(show.libraries)}."
                text = f"{lacks} {line.why}".strip()
                title = f"{names.of(show)} {code}{name}"
                yield _Item(episode_key(show, line), title, link.url if link else "", text, line.air_date)


def _films(report: Report) -> Iterator[_Item]:
    for collection in report.collections:
        if collection.state is State.GAPS:
            for line in collection.missing:
                title = words.titled(line.title, line.year)
                text = f"Missing from {collection.name}. {line.why}".strip()
                link = line.links[0].url if line.links else ""
                yield _Item(film_key(line), title, link, text, line.release_date)


def _written(item: _Item, address: str) -> str:
    """A reader takes a description for html, so that its text is escaped twice: as html, and as XML."""
    dated = f"<pubDate>{_moment(air_moment(item.day))}</pubDate>" if item.day is not None else ""
    return (
        f"<item><title>{_xml(' '.join(item.title.split()))}</title><link>{_xml(item.link or f'{address}/')}</link>"
        f'<guid isPermaLink="false">{_xml(item.key)}@plexgap</guid>{dated}'
        f"<description>{_xml(escape(item.text, quote=False))}</description></item>"
    )


def _xml(text: str) -> str:
    return escape(_NO_XML.sub("", text))


def _moment(moment: datetime) -> str:
    """RFC 822 with four digits of the year: "Sat, 21 Nov 2026 14:00:00 GMT"."""
    utc = moment.astimezone(UTC)
    return f"{_WEEKDAYS[utc.weekday()]}, {utc.day:02d} {words.MONTHS[utc.month - 1]} {utc:%Y %H:%M:%S} GMT"
