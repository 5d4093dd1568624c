"""A show's card and its opened body as html. Changes with their look (design/screens.md 5 and 11)."""

from __future__ import annotations

from html import escape
from itertools import groupby

from plexgap.gaps.links import Link
from plexgap.views.card import Card, Chip, NeedCard
from plexgap.views.opened import Line, Season

# A letter of the bar: its colour and how high its block stands, so that states differ without colour too.
_KINDS = (
    ("m", "--miss-fill", "100%"),
    ("a", "--aired", "72%"),
    ("h", "--held", "46%"),
    ("i", "--up", "46%"),
    ("u", "--up", "2px"),
)
_BETWEEN = 0.45
_LEAST = 0.4


def card_html(card: Card) -> str:
    title = escape(card.title)
    chips = "".join(_chip(chip) for chip in card.chips)
    total = "sum whole-show" if card.is_whole else "sum"
    more = f'<span class="soft">{escape(card.more)}</span>' if card.more else ""
    new = f' <span class="fresh">{escape(card.new)}</span>' if card.new else ""
    return (
        f'<div class="card">{poster(card.poster)}'
        f'<div class="what"><h3 title="{title}">{title}{_year(card.year)}{new}</h3>'
        f'<div class="about">{escape(card.about)}</div></div>'
        f'<div class="{total}"><b>{escape(card.missing)}</b><span class="soft">{escape(card.held)}</span></div>'
        f"{gap_bar(card.bar, card.bar_spoken)}"
        f'<div class="chips">{chips}{more}</div></div>'
    )


def need_html(card: NeedCard) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in card.lines)
    return (
        f'<div class="ask">{poster(card.poster)}<div>'
        f'<div class="named"><h3>{escape(card.title)}{_year(card.year)}</h3>'
        f'<span class="mark">? {escape(card.badge)}</span></div>{lines}</div></div>'
    )


def season_html(season: Season) -> str:
    return f'<div class="season"><h4>{escape(season.name)}</h4><span class="soft">{escape(season.note)}</span></div>'


def lines_html(season: Season) -> str:
    lines = "".join(_line(line) for line in season.lines)
    if season.folded:
        lines = f'<details class="fold"><summary>{escape(season.folded)}</summary><div>{lines}</div></details>'
    return f'<div class="lines">{lines}</div>'


def gap_bar(seasons: tuple[str, ...], spoken: str) -> str:
    """One block an episode in order, runs merged, spaces between seasons; nothing narrower than 0.4 % of it."""
    total = sum(map(len, seasons)) + _BETWEEN * (len(seasons) - 1)
    if total <= 0:
        return f'<div class="bar" role="img" aria-label="{escape(spoken)}"></div>'
    runs, at = [], 0.0
    for season in seasons:
        for kind, group in groupby(season):
            end = at + len(tuple(group))
            runs.append((kind, 100 * at / total, 100 * end / total))
            at = end
        at += _BETWEEN
    layers = []
    for kind, colour, height in _KINDS:
        stops = "".join(
            f"#0000 0 {start:.2f}%,var({colour}) 0 {max(end, start + _LEAST):.2f}%,"
            for letter, start, end in runs
            if letter == kind
        )
        if stops:
            layers.append(f"linear-gradient(90deg,{stops}#0000 0) 0 100%/100% {height} no-repeat")
    return f'<div class="bar" role="img" aria-label="{escape(spoken)}" style="background:{",".join(layers)}"></div>'


def poster(rating_key: str) -> str:
    """The picture of our own route; a plain field where the key is no number."""
    if not rating_key.isdigit():
        return '<div class="poster"></div>'
    return f'<img class="poster" src="/poster/{rating_key}.webp" loading="lazy" width="56" height="84" alt="">'


def _year(year: int | None) -> str:
    return f' <span class="soft">{year}</span>' if year else ""


def _chip(chip: Chip) -> str:
    kind = "chip aired" if chip.aired else "chip"
    if not chip.url:
        return f'<span class="{kind}">{escape(chip.text)}</span>'
    note = f' title="{escape(chip.note)}"' if chip.note else ""
    return (
        f'<a class="{kind}" href="{escape(chip.url)}" target="_blank" rel="noopener noreferrer"'
        f' aria-label="{escape(chip.spoken)}"{note}>{escape(chip.text)}</a>'
    )


def _line(line: Line) -> str:
    badge = f'<span class="badge">{escape(line.badge)}</span>' if line.badge else ""
    return (
        f'<details class="{line.tone}"><summary><span class="code">{escape(line.code)}</span>'
        f'<span class="name">{escape(line.title)}{badge}</span><span class="when">{escape(line.date)}</span></summary>'
        f'<div class="why">{escape(line.why)}{further(line.links)}</div></details>'
    )


def further(links: tuple[Link, ...]) -> str:
    """Addresses that a person may open, in one line; "" for none."""
    if not links:
        return ""
    return f'<p class="further">Look for it: {", ".join(map(_further, links))}</p>'


def _further(link: Link) -> str:
    note = f' title="{escape(link.note)}"' if link.note else ""
    return f'<a href="{escape(link.url)}" target="_blank" rel="noopener noreferrer"{note}>{escape(link.label)}</a>'
