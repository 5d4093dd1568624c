"""The lists of the page Missing: lanes of cards, and the folded ones below them. Changes with how they are paged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import TypeVar

import streamlit as st

from plexgap.ui import actions, parts, parts_show, state
from plexgap.ui.parts import html, md
from plexgap.ui.resources import Place
from plexgap.views import words
from plexgap.views.missing import NEED_FIRST, IgnoredRow, Lane, Row, complete_rows
from plexgap.views.report import ShowReport

PAGE = 50
_ROWS_PAGE = 100
T = TypeVar("T")


def need_you(waiting: Sequence[T], draw: Callable[[T], None]) -> None:
    """The first three, or all once the person asked for them, fifty a page; then the way back to three."""
    if not waiting:
        return
    parts.lane_head("Need you", "not in any total until you decide")
    box = st.container(key="cards-need")
    is_all = state.all_needs()
    shown = paged(waiting, PAGE, "page-need") if is_all else waiting[:NEED_FIRST]
    with box:
        for one in shown:
            draw(one)
    if len(waiting) <= NEED_FIRST:
        return
    if not is_all:
        label, icon, more = f"Show {words.number(len(waiting) - len(shown))} more", "expand_more", True
    else:
        label, icon, more = f"Show the first {NEED_FIRST} only", "expand_less", False
    st.button(label, key="all-needs-show", icon=f":material/{icon}:", on_click=state.show_all_needs, args=(more,))


def lanes(drawn: Sequence[Lane], draw: Callable[[ShowReport], None]) -> None:
    """Ongoing, then archived, fifty cards a page over both; the page stands in the address."""
    together = [(lane, show) for lane in drawn for show in lane.shows]
    box = st.container(key="lanes")
    page = paged(together, PAGE, "page", bind=True)
    with box:
        for lane in drawn:
            shown = [show for own, show in page if own is lane]
            if shown:
                parts.lane(lane)
                with st.container(key=f"cards-{lane.title.lower()}"):
                    for show in shown:
                        draw(show)


def upcoming(title: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    opener = st.expander(title, key="fold-upcoming", on_change="rerun")
    with opener:
        if opener.open:
            parts.rows(rows)


def complete(place: Place, shows: Sequence[ShowReport], now: datetime, zone: tzinfo) -> None:
    """Complete shows as one table, and one of them opened where the person asks for it."""
    if not shows:
        return
    opener = st.expander(f"Complete, {words.number(len(shows))}", key="fold-complete", on_change="rerun")
    with opener:
        if not opener.open:
            return
        box = st.container()
        with box:
            rows = st.container()
            page = paged(shows, _ROWS_PAGE, "page-complete")
        with rows:
            parts.rows(complete_rows(tuple(page), now, zone))
        by_id = {show.title_id: show for show in shows}
        chosen = st.selectbox(
            "Open one of them",
            tuple(by_id),
            index=None,
            format_func=lambda title_id: _titled(by_id.get(title_id)),
            key="open-complete-show",
            placeholder="Choose a show",
        )
        if chosen in by_id:
            parts_show.show_body(place, by_id[chosen], now, zone)


def _titled(show: ShowReport | None) -> str:
    if show is None:
        return ""
    return f"{show.title} ({show.year})" if show.year else show.title


def ignored(place: Place, rows: Sequence[IgnoredRow]) -> None:
    """Each with what it covers, since when and why, and the way back."""
    if not rows:
        return
    opener = st.expander(f"Ignored, {words.number(len(rows))}", key="fold-ignored", on_change="rerun")
    with opener:
        if not opener.open:
            return
        box = st.container(gap="small")
        page = paged(rows, PAGE, "page-ignored")
        with box:
            for row in page:
                ignored_row(place, row)


def ignored_row(place: Place, row: IgnoredRow) -> None:
    key = state.slug(row.key)
    with st.container(key=f"ignored-{key}", horizontal=True, vertical_alignment="center"):
        html(f'<b>{escape(row.title)}</b> {escape(row.what)}<div class="judged">{escape(row.detail)}</div>')
        st.button(
            "Undo",
            key=f"unignore-{key}",
            on_click=actions.unignore,
            args=(place, row.key, row.name),
            help=md(f"Take {row.name} back into the list"),
        )


def paged(rows: Sequence[T], size: int, key: str, *, bind: bool = False) -> Sequence[T]:
    """The rows of the page the person is at; the pages' numbers are drawn only where there is more than one."""
    pages = -(-len(rows) // size)
    if pages <= 1:
        return rows
    page = st.pagination(pages, key=key, bind="query-params" if bind else None)
    return rows[(page - 1) * size : page * size]
