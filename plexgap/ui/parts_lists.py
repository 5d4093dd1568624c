"""The lists of the pages Missing and Collections: what they are asked for, what needs the person, lanes of cards, what
is ignored. Changes with how they are asked and paged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Literal, TypeVar

import streamlit as st

from plexgap.ui import actions, parts, state
from plexgap.ui.parts import html, md
from plexgap.ui.resources import Place
from plexgap.ui.state import Listing, P, S
from plexgap.views import words
from plexgap.views.missing import IgnoredRow, Lane
from plexgap.views.report import ShowReport

PAGE = 50
_NEED_PAGE = "page-need"
T = TypeVar("T")


def asked(listing: Listing[P, S], picks: Sequence[tuple[P, str]], which: str, search: str) -> tuple[P | None, str]:
    """The pills and the search, by these names; what is picked, None for all of it, and what is searched for."""
    labels = dict(picks)
    pick = st.pills(
        which,
        tuple(labels),
        default=listing.picked(),
        format_func=labels.__getitem__,
        key=listing.pick_key,
        on_change=listing.note,
        label_visibility="collapsed",
        wrap=True,
    )
    typed = st.text_input(
        search,
        key=listing.search_key,
        type="search",
        icon=":material/search:",
        placeholder=search,
        on_change=state.to_page_one,
        live="300ms",
        label_visibility="collapsed",
        bind="query-params",
    )
    return pick, typed or ""


def ordered(listing: Listing[P, S], sorts: Mapping[S, str], label: Literal["visible", "collapsed"]) -> S:
    """What the list is sorted by."""
    sort = st.selectbox(
        "Order",
        tuple(sorts),
        index=tuple(sorts).index(listing.sorted_by()),
        format_func=sorts.__getitem__,
        key=listing.sort_key,
        on_change=listing.note,
        label_visibility=label,
    )
    return sort or listing.first_sort


def some(
    label: str, key: str, options: Sequence[T], named: Callable[[T], str], on_change: Callable[[], None]
) -> tuple[T, ...]:
    """Which of these are picked; nothing can be where there is no choice."""
    if len(options) < 2:
        return ()
    chosen = st.pills(
        label,
        options,
        selection_mode="multi",
        format_func=lambda option: md(named(option)),
        key=key,
        on_change=on_change,
        wrap=True,
        bind="query-params",
    )
    return tuple(chosen or ())


def nothing(listing: Listing[P, S], why: str, elsewhere: int) -> None:
    """Why nothing is listed, and the way to what would be. `elsewhere`: how many a search would find among all."""
    with st.container(key="nothing", horizontal=True, vertical_alignment="center"):
        html(f'<p role="status">{escape(why)}</p>')
        if elsewhere:
            label = f"Show {words.count(elsewhere, 'other')} that {'does' if elsewhere == 1 else 'do'}"
            st.button(label, key="search-all", on_click=listing.show_only, args=(None,))
        if listing.searched():
            st.button("Clear the search", key="clear-search", type="tertiary", on_click=listing.clear_search)


def need_you(shown: Sequence[T], left: int, draw: Callable[[T], None]) -> None:
    """Fifty a page; `left`: how many more stand on the page Library."""
    if not shown:
        return
    parts.lane_head("Need you", "not in any total until you decide")
    box = st.container(key="cards-need")
    page = paged(shown, PAGE, _NEED_PAGE)
    with box:
        for one in page:
            draw(one)
    if left and st.button(
        f"and {words.number(left)} more in Library", key="more-needs", type="tertiary", icon=":material/fact_check:"
    ):
        st.switch_page(parts.LIBRARY_PAGE)


def needs_drawn(shown: Sequence[T]) -> Sequence[T]:
    """Those of them that `need_you` draws: the ones of the page the person is at, before its numbers are drawn."""
    page = min(state.page_of(_NEED_PAGE), max(1, -(-len(shown) // PAGE)))
    return shown[(page - 1) * PAGE : page * PAGE]


def lanes(drawn: Sequence[Lane], draw: Callable[[ShowReport], None]) -> None:
    """Ongoing, then archived, fifty cards a page over both; the page stands in the address."""
    together = [(lane, show) for lane in drawn for show in lane.shows]
    box = st.container(key="lanes")
    page = paged(together, PAGE, "page", bind=True)
    with box:
        for lane in drawn:
            shown = [show for own, show in page if own is lane]
            if shown:
                parts.lane_head(lane.title, lane.note)
                with st.container(key=f"cards-{lane.title.lower()}"):
                    for show in shown:
                        draw(show)


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
