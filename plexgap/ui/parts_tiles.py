"""A collection on a page as html: its head, its films as tiles, why each is listed. Changes with their look
(design/screens.md 7)."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from plexgap.ui.parts_card import further, gap_bar
from plexgap.views.collection_card import CollectionCard, Tile
from plexgap.views.collections_said import Glance

_STEP_PX = 16
_KINDS = {"h": "held", "i": "ignored", "m": "missing", "?": "unknown"}


def head_html(card: CollectionCard) -> str:
    """Name, what is missing, how much is held, and a small bar, a step a film."""
    name = escape(card.name)
    missing = f'<b class="miss">{escape(card.missing)}</b>' if card.missing else ""
    mark = f'<span class="mark">? {escape(card.mark)}</span>' if card.mark else ""
    bar = ""
    if len(card.bar) > 1:
        width = _STEP_PX * len(card.bar)
        bar = f'<span class="steps" style="width:{width}px">{gap_bar(card.bar, card.bar_spoken)}</span>'
    lines = "".join(f"<p>{escape(line)}</p>" for line in card.lines)
    return (
        f'<div class="over"><h2 title="{name}">{name}</h2>{mark}{missing}<span class="soft">{escape(card.held)}</span>'
        f"{bar}{lines}</div>"
    )


def tiles_html(card: CollectionCard) -> str:
    """Every film in order of release, then the folded reasons."""
    return f'<ul class="tiles">{"".join(map(_tile, card.tiles))}</ul>{_details(card)}'


def glance_html(glance: Glance) -> str:
    words = "".join(f"<b>{escape(text)}</b>" if strong else escape(text) for text, strong in glance.words)
    return f'<div class="glance"><p>{words}</p>{whole_html(glance.bar)}</div>'


def whole_html(bar: Iterable[tuple[str, int]]) -> str:
    """One bar of as many parts, the unjudged one hatched. What it says stands in words beside it."""
    parts = "".join(f'<span class="{_KINDS[letter]}" style="flex:{count} 0 0"></span>' for letter, count in bar)
    return f'<div class="whole" aria-hidden="true">{parts}</div>'


def _tile(tile: Tile) -> str:
    named, title = escape(tile.named), escape(tile.title)
    under = f'<span class="under">{escape(tile.under)}</span>'
    if tile.url:
        under = (
            f'<a class="under" href="{escape(tile.url)}" target="_blank" rel="noopener noreferrer"'
            f' aria-label="{escape(tile.spoken)}">{escape(tile.under)}</a>'
        )
    return (
        f'<li class="tile {tile.tone}"><span class="frame"><img src="/poster/{escape(tile.picture)}.webp"'
        f' loading="lazy" width="96" height="144" alt="{named}"></span>{under}'
        f'<span class="name" title="{named}">{title}</span></li>'
    )


def _details(card: CollectionCard) -> str:
    """Why each film that is not held stands there; nothing where all are held."""
    if not card.told:
        return ""
    films = "".join(
        f"<li><b>{escape(one.named)}</b>{_badge(one.badge)}<br>{escape(one.why)}{further(one.links)}</li>"
        for one in card.told
    )
    return (
        f'<details class="reasons"><summary>Details<span class="hide"> of {escape(card.name)}</span></summary>'
        f'<ul>{films}</ul><p class="judged">{escape(card.foot)}</p></details>'
    )


def _badge(badge: str) -> str:
    return f'<span class="badge">{escape(badge)}</span>' if badge else ""
