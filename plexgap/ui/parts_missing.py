"""The page Missing: what its list can be asked for, and the list. Changes with what can be asked there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from html import escape
from typing import TypeVar

import streamlit as st

from plexgap.ui import parts, parts_export, parts_lists, parts_show, state
from plexgap.ui.parts import html, md
from plexgap.ui.resources import Place
from plexgap.views import words
from plexgap.views.missing import Quiet
from plexgap.views.shows import GROUPS, SORTS, Asked, Counts, ListView, Narrowed, Offered, Sort

T = TypeVar("T")


def asked(place: Place, offered: Offered) -> Asked:
    """The pills, the search, what stands in the popover, and [Export]; none where there is nothing to choose."""
    if not offered.picks:
        return Asked()
    labels = dict(offered.picks)
    with st.container(key="asked", horizontal=True, vertical_alignment="center"):
        pick = st.pills(
            "Which shows",
            tuple(labels),
            default=state.picked_shows(),
            format_func=labels.__getitem__,
            key=state.WHICH,
            on_change=state.note_shows,
            label_visibility="collapsed",
            wrap=True,
        )
        search = st.text_input(
            "Search titles",
            key=state.FIND,
            type="search",
            icon=":material/search:",
            placeholder="Search titles",
            on_change=state.to_page_one,
            live="300ms",
            label_visibility="collapsed",
            bind="query-params",
        )
        with st.popover("Filter and sort", key="filter-and-sort"):
            sort, narrowed, ignored = _filter(offered)
        parts_export.export_shows(place)
    return Asked(pick, search or "", sort, narrowed, ignored)


def _filter(offered: Offered) -> tuple[Sort, Narrowed, bool]:
    sort = st.selectbox(
        "Order",
        tuple(SORTS),
        index=tuple(SORTS).index(state.shows_sorted_by()),
        format_func=SORTS.__getitem__,
        key=state.BY,
        on_change=state.note_shows,
    )
    libraries = _some("Libraries", state.LIBRARIES, offered.libraries, str) if offered.libraries else ()
    groups = _some("Ongoing or archived", state.GROUPS, tuple(GROUPS), GROUPS.__getitem__)
    providers = (
        _some("Judged by", state.PROVIDERS, offered.providers, lambda source: source.label) if offered.providers else ()
    )
    ignored = st.checkbox("Also list ignored", key=state.ALSO_IGNORED, on_change=state.to_page_one, bind="query-params")
    return sort or Sort.NEWEST, Narrowed(libraries, groups, providers), ignored


def _some(label: str, key: str, options: tuple[T, ...], named: Callable[[T], str]) -> tuple[T, ...]:
    chosen = st.pills(
        label,
        options,
        selection_mode="multi",
        format_func=lambda option: md(named(option)),
        key=key,
        on_change=state.to_page_one,
        wrap=True,
        bind="query-params",
    )
    return tuple(chosen or ())


def shows(place: Place, seen: ListView, quiet: Quiet | None, new: Counts, now: datetime, zone: tzinfo) -> None:
    """What needs the person, then the cards, fifty a page; the page stands in the address."""
    parts_lists.need_you(seen.need, seen.need_left, lambda show: parts_show.show_need(place, show, now, zone))
    if quiet is not None and seen.is_bare:
        parts.quiet(quiet)
    if seen.nothing:
        _nothing(seen)
    parts_lists.lanes(seen.lanes, lambda show: parts_show.show_card(place, show, now, zone, new.get(show.title_id, 0)))


def narrowed(asked: Asked) -> None:
    """What the list leaves out, and the way back: it stands in a popover that is closed."""
    left = asked.narrowed
    if not left.chosen:
        return
    chosen = [*left.libraries, *(GROUPS[group].lower() for group in left.groups)]
    chosen += [f"judged by {source.label}" for source in left.providers]
    with st.container(key="narrowed", horizontal=True, vertical_alignment="center"):
        html(f'<p class="judged" role="status">Only {escape(words.listed(chosen))}.</p>', width="content")
        st.button("List all", key="clear-filter", type="tertiary", on_click=state.clear_filter)


def _nothing(seen: ListView) -> None:
    """Why nothing is listed, and the way to what would be."""
    with st.container(key="nothing", horizontal=True, vertical_alignment="center"):
        html(f'<p role="status">{escape(seen.nothing)}</p>')
        if seen.elsewhere:
            label = f"Show {words.count(seen.elsewhere, 'other')} that {'does' if seen.elsewhere == 1 else 'do'}"
            st.button(label, key="find-all", on_click=state.list_shows, args=(None,))
        if state.finding():
            st.button("Clear the search", key="clear-find", type="tertiary", on_click=state.clear_find)
