"""Which pages there are and what frames them. Changes when a page comes, goes or is called otherwise."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from plexgap.domain.errors import PlexgapError
from plexgap.ui import actions, parts, state
from plexgap.ui.resources import PLACES, Place
from plexgap.views import maintenance, upcoming
from plexgap.views.activity import TITLE
from plexgap.views.collections import collections_title
from plexgap.views.library import library_title
from plexgap.views.missing import missing_title


def run() -> None:
    """Draws the page that is asked for. Before the settings suffice there is only the form for them."""
    st.set_page_config(page_title="plexgap", page_icon=str(parts.ICON), layout="centered")
    parts.style()
    st.logo(str(parts.LOGO), size="large")
    try:
        place = _opened()
    except PlexgapError as error:
        _only(_closed(error))
        return
    if place.ready and (place.demo or not state.choosing()):
        pages = [
            st.Page(
                "pages/missing.py",
                title=missing_title(state.report(place)),
                icon=":material/search_check:",
                default=True,
            ),
            st.Page("pages/upcoming.py", title=upcoming.TITLE, icon=":material/event_upcoming:", url_path="upcoming"),
            st.Page(
                "pages/collections.py",
                title=collections_title(state.report(place)),
                icon=":material/video_library:",
                url_path="collections",
            ),
            st.Page(
                "pages/library.py",
                title=library_title(state.report(place)),
                icon=":material/fact_check:",
                url_path="library",
            ),
            st.Page(
                "pages/activity.py",
                title=TITLE,
                icon="spinner" if state.checking() else ":material/timeline:",
                url_path="activity",
            ),
            st.Page("pages/maintenance.py", title=maintenance.TITLE, icon=":material/build:", url_path="maintenance"),
            st.Page("pages/settings.py", title="Settings", icon=":material/tune:", url_path="settings"),
        ]
        page = st.navigation(pages, position="top")
        if state.take_to_first_page():
            st.switch_page(pages[0])
        state.turn_to(page.url_path)
        page.run()
    else:
        _only("pages/settings.py")


def _only(drawn: str | Callable[[], None]) -> None:
    """This page alone, also at the addresses of the others, which somebody may have kept. Without a navigation of ours
    Streamlit would look for pages by itself."""
    addresses = ("only", *parts.ADDRESSES)
    pages = [st.Page(drawn, title="plexgap", url_path=address, default=address == "only") for address in addresses]
    st.navigation(pages, position="hidden").run()


def _opened() -> Place:
    if PLACES.number:
        return PLACES.present()
    with st.spinner("Opening your library"):
        return PLACES.present()


def _closed(error: PlexgapError) -> Callable[[], None]:
    """The page that stands where the library can't be opened."""

    def closed() -> None:
        parts.heading("Your library can't be opened", error.advice, "amber")
        with st.container(horizontal=True):
            st.button("Try again", key="open-again")
            st.button(
                "Try the invented library", key="open-demo", type="tertiary", on_click=actions.switch, args=(True,)
            )
        trouble = state.trouble()
        if trouble:
            parts.notice(parts.Notice("trouble", "", trouble, "red"))

    return closed
