"""Which shows count, all of them or those on the Plex watchlist: a form of the settings. Changes when that is asked for
otherwise.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from plexgap import wiring
from plexgap.domain.errors import PlexgapError
from plexgap.ui import parts_form, resources
from plexgap.ui.parts import html
from plexgap.ui.resources import PLACES, Place
from plexgap.views.scope import line

_KEY = "scan_scope"
_ALL, _WATCHLIST = "all_library", "watchlist_only"
_NAMES = {_ALL: "All shows in these libraries", _WATCHLIST: "Only those on my Plex watchlist"}


def scope(place: Place) -> None:
    """Takes effect at once: the list is read before it is saved, and nothing is deleted by it."""
    locked = parts_form.locked(place, _KEY)
    with st.form("form-scope", border=False):
        chosen = st.radio(
            "Which shows count",
            tuple(_NAMES),
            tuple(_NAMES).index(place.house.settings.scan_scope),
            format_func=_NAMES.__getitem__,
            key=parts_form.field(_KEY, place),
            disabled=locked,
        )
        about = "The watchlist is read from plex.tv at each check. What is not on it is only hidden."
        html(f'<p class="locked">{escape(parts_form.locked_words(place, _KEY) if locked else about)}</p>')
        with st.container(key="go-scope"):
            pressed = st.form_submit_button("Save", type="primary", key="save-scope", disabled=locked)
    answer = st.empty()
    if pressed:
        with answer, st.spinner("Reading your watchlist" if chosen == _WATCHLIST else "Saving"):
            _save(place, chosen or _ALL)
        st.rerun()


def _save(place: Place, chosen: str) -> None:
    try:
        if chosen == _WATCHLIST:
            wiring.read_watchlist(place.house)
        parts_form.keep(place, {_KEY: chosen})
    except PlexgapError as error:
        parts_form.say("scope", error.advice, good=False)
        return
    listed = resources.report(PLACES.present()).watchlist
    parts_form.say("scope", line(listed) if listed is not None else "All shows in these libraries count.", good=True)
