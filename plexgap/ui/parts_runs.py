"""The page Activity: its table of earlier checks. Changes with its look."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from plexgap.jobs.history import last_runs, run
from plexgap.store.runs import RunRecord
from plexgap.ui import parts, state
from plexgap.ui.parts import html
from plexgap.ui.resources import Place
from plexgap.views.activity import RunLine, ToldLine

_PAGE, _AT = 25, "page-runs"
_COLUMNS = ("When", "What", "Took", "Ended", "What changed")


def last(place: Place) -> RunRecord | None:
    """The run that began last, with all that is on record of it."""
    house = place.house
    begun = house.index.last_run(finished=False)
    return run(house.index, house.scan_lock, begun.run_id) if begun is not None else None


def recorded(place: Place) -> tuple[RunRecord, ...]:
    """The runs of the page the person is at, newest first, those of the command line among them."""
    house = place.house
    at = min(state.page_of(_AT), _pages(place))
    return last_runs(house.index, house.scan_lock, _PAGE, (at - 1) * _PAGE)


def _pages(place: Place) -> int:
    return max(1, -(-place.house.index.run_count() // _PAGE))


def earlier(place: Place, rows: Sequence[RunLine]) -> None:
    """A row a check of this page; opened, what it did. Two lines a row on a narrow screen."""
    if not rows:
        return
    parts.lane_head("Earlier checks", "")
    with st.container(key="earlier"):
        html(f'<div class="runs">{_heads()}{"".join(map(_row, rows))}</div>')
    pages = _pages(place)
    if pages > 1:
        st.pagination(pages, key=_AT)


def _heads() -> str:
    return f'<div class="heads" aria-hidden="true">{"".join(f"<span>{name}</span>" for name in _COLUMNS)}</div>'


def _row(row: RunLine) -> str:
    """The words that a screen reader needs between the cells are hidden from sight."""
    cells = (
        f'<span class="when">{escape(row.when)}</span> <span class="what">{escape(row.what)}</span>',
        f'<span class="took">{_after(", took ", row.took)}</span>',
        f'<span class="ended {row.tone}">{_after(", ", row.ended)}</span>',
        f'<span class="changed{" none" if row.is_quiet else ""}" title="{escape(row.changed)}">',
        f"{_after('. ', row.changed)}</span>",
    )
    return f'<details><summary>{"".join(cells)}</summary><div class="did">{_did(row)}</div></details>'


def _after(unseen: str, cell: str) -> str:
    return f'<span class="hide">{unseen}</span>{escape(cell)}' if cell else ""


def _did(row: RunLine) -> str:
    facts = "".join(f"<p>{escape(fact)}</p>" for fact in row.facts) or "<p>Nothing else is known of it.</p>"
    lines = f"<ul>{''.join(map(_line, row.told))}</ul>" if row.told else ""
    more = f"<p>{escape(row.more)}</p>" if row.more else ""
    return f"{facts}{lines}{more}"


def _line(line: ToldLine) -> str:
    warns = '<span class="hide">Warning: </span>' if line.warns else ""
    tone = ' class="warns"' if line.warns else ""
    return f"<li{tone}><span>{escape(line.at)}</span> <span>{warns}{escape(line.text)}</span></li>"
