"""Where the library is: signing in, or an address and a token. Changes when Plex is asked for otherwise.

Nothing is saved before it was tested. `says`: what the last test found stands below the form.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from plexgap import wiring
from plexgap.domain.errors import PlexgapError
from plexgap.ui import parts_form as form
from plexgap.ui import parts_libraries, parts_sign_in, state
from plexgap.ui.resources import Place
from plexgap.ui.sign_in import SIGN_IN
from plexgap.views.settings import REFUSED_BY_PLEX, connected

_INSTEAD = "tab:token-instead"
_WHERE = (
    "The address of the server on your network, with its port, usually 32400.",
    "Where to get it: open Plex Web, press F12, choose Network and play or open anything. The token stands behind "
    "X-Plex-Token in the addresses listed there.",
)


def plex(place: Place) -> None:
    """On the page Settings: the form, and the way to sign in again below it."""
    by_token(place, "Test and save", says=False)
    if parts_sign_in.possible(place):
        again = "Sign in again" if place.house.settings.plex_token else "Sign in with Plex"
        parts_sign_in.sign_in(place, again, first=False)


def first_plex(place: Place) -> None:
    """On the first start: sign in, or else the form."""
    if not parts_sign_in.possible(place):
        by_token(place, "Test and go on", says=True)
        return
    parts_sign_in.sign_in(place, "Sign in with Plex", first=True)
    form.said("plex")
    if not st.session_state.get(_INSTEAD):
        st.button("Use an address and a token instead", key="use-token", type="tertiary", on_click=_use_token)
        return
    by_token(place, "Test and go on", says=False)


def _use_token() -> None:
    SIGN_IN.end()
    st.session_state[_INSTEAD] = True


def by_token(place: Place, label: str, *, says: bool) -> None:
    with st.form("form-plex", border=False):
        address = st.text_input(
            "Address",
            place.house.settings.plex_base_url,
            key=form.field("plex-address", place),
            disabled=form.locked(place, "plex_base_url"),
        )
        form.where(place, "plex_base_url", escape(_WHERE[0]))
        token = form.secret(place, "Token", "plex_token")
        form.where(place, "plex_token", escape(_WHERE[1]))
        with st.container(key="go-plex"):
            named = form.label_of(place, label, "plex_base_url", "plex_token")
            pressed = st.form_submit_button(named, type="primary", key="save-plex")
    answer = st.empty()
    if pressed:
        with answer, st.spinner("Asking Plex"):
            _save_plex(place, with_scheme(address or ""), token)
        st.rerun()
    if says:
        with answer:
            form.said("plex")


def with_scheme(address: str) -> str:
    """The address as a web address: people type 192.168.1.20:32400, and Plex speaks http there."""
    address = address.strip()
    return address if not address or "://" in address else f"http://{address}"


def ask_libraries(place: Place) -> None:
    """What the server has, where the token is known already: set in the environment, or at an earlier visit."""
    known = place.house.settings
    try:
        with st.spinner("Asking Plex which libraries it has"):
            found = wiring.try_plex(place.house, known.plex_base_url, known.plex_token)
    except PlexgapError as error:
        form.say("plex", form.refusal(error, REFUSED_BY_PLEX), good=False)
    else:
        if not parts_libraries.remember(found.sections):
            form.say("plex", "Plex answers, but this token sees no library there.", good=False)


def _save_plex(place: Place, address: str, token: str) -> None:
    if not token and not place.house.settings.plex_token:
        form.say("plex", "The token is missing.", good=False)
        return
    changes = form.open_changes(place, {"plex_base_url": address, "plex_token": token})
    try:
        tried = form.after(place, changes, "plex_base_url"), form.after(place, changes, "plex_token")
        found = wiring.try_plex(place.house, *tried)
        parts_libraries.remember(found.sections)
        state.set_choosing(not place.ready or state.choosing())
        form.keep(place, changes)
    except PlexgapError as error:
        form.say("plex", form.refusal(error, REFUSED_BY_PLEX), good=False)
        return
    form.say("plex", connected(found), good=True, brief=f"server {found.server}")
