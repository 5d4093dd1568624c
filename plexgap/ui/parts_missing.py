"""The page Missing: what its list can be asked for, and the list. Changes with what can be asked there."""

from __future__ import annotations

from datetime import datetime, tzinfo
from html import escape

import streamlit as st

from plexgap.ui import parts, parts_export, parts_lists, parts_show, state
from plexgap.ui.parts import html
from plexgap.ui.resources import Place
from plexgap.views import words
from plexgap.views.missing import Quiet
from plexgap.views.shows import GROUPS, SORTS, Asked, Counts, ListView, Narrowed, Offered, Sort


def asked(place: Place, offered: Offered) -> Asked:
    """The pills, the search, what stands in the popover, and [Export]; none where there is nothing to choose."""
    if not offered.picks:
        return Asked()
    with st.container(key="asked", horizontal=True, vertical_alignment="center"):
        pick, search = parts_lists.asked(state.SHOWS, offered.picks, "Which shows", "Search titles")
        with st.popover("Filter and sort", key="filter-and-sort"):
            sort, narrowed, ignored = _filter(offered)
        parts_export.export_shows(place)
    return Asked(pick, search, sort, narrowed, ignored)


def _filter(offered: Offered) -> tuple[Sort, Narrowed, bool]:
    sort = parts_lists.ordered(state.SHOWS, SORTS, "visible")
    libraries = parts_lists.some("Libraries", state.LIBRARIES, offered.libraries, str, state.to_page_one)
    groups = parts_lists.some("Ongoing or archived", state.GROUPS, tuple(GROUPS), GROUPS.__getitem__, state.to_page_one)
    providers = parts_lists.some(
        "Judged by", state.PROVIDERS, offered.providers, lambda source: source.label, state.to_page_one
    )
    ignored = st.checkbox("Also list ignored", key=state.ALSO_IGNORED, on_change=state.to_page_one, bind="query-params")
    return sort, Narrowed(libraries, groups, providers), ignored


def shows(place: Place, seen: ListView, quiet: Quiet | None, new: Counts, now: datetime, zone: tzinfo) -> None:
    """What needs the person, then the cards, fifty a page; the page stands in the address."""
    parts_lists.need_you(seen.need, seen.need_left, lambda show: parts_show.show_need(place, show, now, zone))
    if quiet is not None and seen.is_bare:
        parts.quiet(quiet)
    if seen.nothing:
        parts_lists.nothing(state.SHOWS, seen.nothing, seen.elsewhere)
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
