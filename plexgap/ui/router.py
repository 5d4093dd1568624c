"""Which pages there are and what frames them. Changes when a page comes, goes or is called otherwise."""

from __future__ import annotations

import streamlit as st

from plexgap.domain.errors import PlexgapError
from plexgap.ui import actions, parts, state
from plexgap.ui.resources import PLACES, Place
from plexgap.views.missing import missing_title


def run() -> None:
    """Draws the page that is asked for. Before the settings suffice there is only the form for them."""
    st.set_page_config(page_title="plexgap", page_icon=str(parts.ICON), layout="centered")
    parts.style()
    st.logo(str(parts.LOGO), size="large")
    place = _opened()
    if place is None:
        return
    if place.ready and not state.choosing():
        pages = [
            st.Page(
                "pages/missing.py",
                title=missing_title(state.report(place)),
                icon=":material/search_check:",
                default=True,
            ),
            st.Page("pages/settings.py", title="Settings", icon=":material/tune:", url_path="settings"),
        ]
        page = st.navigation(pages, position="top")
        if state.take_to_first_page():
            st.switch_page(pages[0])
        page.run()
    else:
        start = st.Page("pages/settings.py", title="plexgap", icon=":material/tune:", default=True)
        st.navigation([start], position="hidden").run()


def _opened() -> Place | None:
    """The open library; None, and a sentence on the page, where it can't be opened."""
    try:
        if PLACES.number:
            return PLACES.present()
        with st.spinner("Opening your library"):
            return PLACES.present()
    except PlexgapError as error:
        parts.heading("Your library can't be opened", error.advice, "amber")
        with st.container(horizontal=True):
            st.button("Try again", key="open-again")
            st.button(
                "Try the invented library", key="open-demo", type="tertiary", on_click=actions.switch, args=(True,)
            )
        trouble = state.trouble()
        if trouble:
            parts.notice(parts.Notice("trouble", "", trouble, "red"))
        return None
