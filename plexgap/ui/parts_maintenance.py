"""The page Maintenance: its head, the lists of decisions, and what plexgap remembers. Changes with its look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape

import streamlit as st

from plexgap.jobs.keeping import remembered
from plexgap.jobs.runner import RUNNER
from plexgap.ui import keeping_actions, parts, parts_lists, state
from plexgap.ui.parts import html, md
from plexgap.ui.resources import Place
from plexgap.views import maintenance
from plexgap.views.maintenance import CorrectedRow, MaintenanceView, found
from plexgap.views.missing import IgnoredRow

_EXPORTED = "plexgap-decisions.json"
_MOST_MB = 20
_SEARCH = "kept-search"
_UPLOADS = "tab:uploads"
_CLEAR: Mapping[str, Callable[[Place], None]] = {
    "listings": keeping_actions.clear_listings,
    "pictures": keeping_actions.clear_pictures,
}


def head(place: Place, view: MaintenanceView) -> None:
    with st.container(key="head", horizontal=True, vertical_alignment="bottom"):
        parts.heading(view.heading, view.status)
        st.download_button(
            "Export",
            place.house.decisions.exported,
            file_name=_EXPORTED,
            mime="application/json",
            key="export-decisions",
            icon=":material/download:",
            on_click="ignore",
            help="All of them as a file, for another installation or to keep",
        )
        with st.popover("Import", key="import-decisions", icon=":material/upload:"):
            _import(place)


def _import(place: Place) -> None:
    """A file that was taken is gone from the field; one that was not stays there, with the reason below it."""
    html(
        '<h4>Decisions of another installation</h4><p class="judged">They are added to those here. Of two about the '
        "same the newer one stands.</p>"
    )
    many = st.session_state.get(_UPLOADS, 0)
    handed = st.file_uploader(
        "A file made by Export",
        type=["json"],
        key=f"import-{many}",
        max_upload_size=_MOST_MB,
    )
    if handed is None:
        return
    refused = keeping_actions.take_in(place, handed.getvalue(), handed.name)
    if refused:
        st.error(md(refused), icon=":material/error:")
    else:
        st.session_state[_UPLOADS] = many + 1
        st.rerun()


def ignored(place: Place, rows: Sequence[IgnoredRow], note: str) -> None:
    """All ignores, fifty a page, and the search over all of them."""
    with st.container(key="kept-asked", horizontal=True, vertical_alignment="center"):
        parts.lane_head("Ignored", note)
        if rows:
            asked = st.text_input(
                "Search what you ignored",
                key=_SEARCH,
                label_visibility="collapsed",
                placeholder="Search",
                icon=":material/search:",
            )
    with st.container(key="box-ignored"):
        if not rows:
            html('<p class="soft">Nothing is ignored. What you ignore on the other pages stands here.</p>')
            return
        shown = found(rows, asked or "")
        if not shown:
            html(f'<p class="soft">Nothing that you ignored matches "{escape((asked or "").strip())}".</p>')
            st.button("Clear the search", key="clear-ignored-search", on_click=_clear_search)
            return
        box = st.container(gap="small")
        page = parts_lists.paged(shown, parts_lists.PAGE, f"page-kept-{state.slug(asked or '')}")
        with box:
            for row in page:
                parts_lists.ignored_row(place, row)


def _clear_search() -> None:
    st.session_state[_SEARCH] = ""


def corrected(place: Place, rows: Sequence[CorrectedRow], note: str) -> None:
    """What was said of titles. Taking it back asks the services again where a show is judged otherwise by it."""
    parts.lane_head("Corrected", note)
    with st.container(key="box-corrected"):
        if not rows:
            html('<p class="soft">Every title goes by Plex and your settings.</p>')
            return
        box = st.container(gap="small")
        page = parts_lists.paged(rows, parts_lists.PAGE, "page-corrected")
        with box:
            for row in page:
                _corrected(place, row)


def _corrected(place: Place, row: CorrectedRow) -> None:
    with st.container(key=f"ignored-said-{row.key}", horizontal=True, vertical_alignment="center"):
        html(f'<b>{escape(row.title)}</b> {escape(row.what)}<div class="judged">{escape(row.detail)}</div>')
        pressed = st.button("Undo", key=f"forget-{row.key}", help=md(f"{row.title}: go by Plex and your settings"))
    if pressed:
        with st.spinner(f"Asking about {md(row.title)}"):
            keeping_actions.forget(place, row.said)
        st.rerun()


def remembers(place: Place, seen_at: datetime | None, zone: tzinfo) -> None:
    """`seen_at`: when Plex was last read."""
    house = place.house
    kept = remembered(house.listings, house.paths)
    rows = maintenance.remembers(kept, house.index.counts(), seen_at, house.now(), zone)
    parts.lane_head("What plexgap remembers", "can be cleared at any time, it is asked again")
    runs = RUNNER.snapshot.running
    with st.container(key="box-remembered", gap="small"):
        for row in rows:
            with st.container(key=f"ignored-{row.key}", horizontal=True, vertical_alignment="center"):
                html(f'<b>{escape(row.name)}</b> <span class="judged">{escape(row.detail)}</span>')
                if row.key in _CLEAR:
                    st.button(
                        "Clear",
                        key=f"clear-{row.key}",
                        on_click=_CLEAR[row.key],
                        args=(place,),
                        disabled=runs or not row.clearable,
                        help=parts.CHECK_RUNS if runs else f"Clear: {row.name}",
                    )
