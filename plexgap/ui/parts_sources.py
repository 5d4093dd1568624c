"""Who lists what exists: a form of the settings for each catalogue. Changes when one asks otherwise.

Nothing is saved before it was tested. `says`, everywhere: what the last test found stands below the form.
"""

from __future__ import annotations

import streamlit as st

from plexgap import wiring
from plexgap.domain.errors import PlexgapError
from plexgap.ui import parts_form as form
from plexgap.ui import state
from plexgap.ui.resources import Place
from plexgap.views import words
from plexgap.views.settings import KEY_WORKS, REFUSED_BY_TMDB

TMDB_WHERE = (
    'Where to get it: <a href="https://www.themoviedb.org/settings/api" target="_blank" rel="noopener noreferrer">'
    "themoviedb.org, Settings, API</a>. It is free. Either the API key or the read token will do."
)
TVDB_WHERE = (
    'Where to get it: <a href="https://thetvdb.com/dashboard/account/apikey" target="_blank" rel="noopener noreferrer">'
    "thetvdb.com, Dashboard, Account, API Keys</a>. A key that belongs to a subscription needs the subscriber's PIN; "
    "any other key none."
)


def tmdb(place: Place, label: str, *, says: bool) -> None:
    with st.form("form-tmdb", border=False):
        key = form.secret(place, "API key or read token", "tmdb_api_key")
        form.where(place, "tmdb_api_key", TMDB_WHERE)
        with st.container(key="go-tmdb"):
            named = form.label_of(place, label, "tmdb_api_key")
            pressed = st.form_submit_button(named, type="primary", key="save-tmdb")
    answer = st.empty()
    if pressed:
        with answer, st.spinner("Asking TMDB"):
            _save_tmdb(place, key)
        st.rerun()
    if says:
        with answer:
            form.said("tmdb")


def _save_tmdb(place: Place, key: str) -> None:
    if not key and not place.house.settings.tmdb_api_key:
        form.say("tmdb", "The key is missing.", good=False)
        return
    changes = form.open_changes(place, {"tmdb_api_key": key})
    try:
        wiring.try_tmdb(place.house, form.after(place, changes, "tmdb_api_key"))
        _keep(place, changes)
    except PlexgapError as error:
        form.say("tmdb", form.refusal(error, REFUSED_BY_TMDB), good=False)
        return
    form.say("tmdb", KEY_WORKS, good=True, brief="the key works")


def tvdb(place: Place, label: str, *, says: bool) -> None:
    with st.form("form-tvdb", border=False):
        key = form.secret(place, "API key", "tvdb_api_key")
        form.where(place, "tvdb_api_key", TVDB_WHERE)
        pin = form.secret(place, "PIN (only for a subscriber's key)", "tvdb_pin")
        if form.locked(place, "tvdb_pin"):
            form.where(place, "tvdb_pin", "")
        with st.container(key="go-tvdb"):
            named = form.label_of(place, label, "tvdb_api_key", "tvdb_pin")
            pressed = st.form_submit_button(named, type="primary", key="save-tvdb")
    answer = st.empty()
    if pressed:
        with answer, st.spinner("Asking TheTVDB"):
            _save_tvdb(place, key, pin)
        st.rerun()
    if says:
        with answer:
            form.said("tvdb")


def _save_tvdb(place: Place, key: str, pin: str) -> None:
    if not key and not place.house.settings.tvdb_api_key:
        form.say("tvdb", "The key is missing.", good=False)
        return
    changes = form.open_changes(place, {"tvdb_api_key": key, "tvdb_pin": pin})
    if "tvdb_api_key" in changes and not form.locked(place, "tvdb_pin"):
        changes["tvdb_pin"] = pin  # a PIN belongs to its key: the one kept is no other key's
    try:
        wiring.try_tvdb(place.house, *(form.after(place, changes, each) for each in ("tvdb_api_key", "tvdb_pin")))
        _keep(place, changes)
    except PlexgapError as error:
        form.say("tvdb", form.refusal(error, words.sentence(error.advice)), good=False)
        return
    form.say("tvdb", KEY_WORKS, good=True, brief="the key works")


def _keep(place: Place, changes: dict[str, str]) -> None:
    """Saves what was tested. On the first start the libraries are still to be chosen then."""
    state.set_choosing(not place.ready or state.choosing())
    form.keep(place, changes)
