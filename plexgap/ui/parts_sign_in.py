"""Signing in at plex.tv: the button, the wait for the person, the choice of a server. Changes with how that looks.

What moves is a fragment of its own, so that nothing else is drawn anew while plex.tv is waited for.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from plexgap import wiring
from plexgap.domain.account import Connected
from plexgap.domain.errors import PlexgapError
from plexgap.jobs.sign_in import Phase, SignIn, Standing
from plexgap.ui import parts_form as form
from plexgap.ui import parts_libraries, state
from plexgap.ui.parts import html, md
from plexgap.ui.resources import Place
from plexgap.ui.sign_in import SIGN_IN
from plexgap.views.settings import REFUSED_BY_PLEX, connected, server_name

_KEYS = ("plex_base_url", "plex_token")
_ABOUT = (
    "plex.tv opens in a new tab. Your password stays there: plexgap gets a token for your server, and nothing else."
)


def possible(place: Place) -> bool:
    """Whether what a sign-in finds could be saved here."""
    return not any(form.locked(place, key) for key in _KEYS)


def sign_in(place: Place, label: str, *, first: bool) -> None:
    """The button, or what became of pressing it. `first`: it is what the page is about."""
    if SIGN_IN.present is not None:
        _follow(place)
        return
    with st.container(key="go-sign-in" if first else "sign-in"):
        st.button(
            label,
            key="plex-sign-in",
            type="primary" if first else "secondary",
            on_click=_begin,
            args=(place,),
        )
    if first:
        html(f'<p class="locked">{_ABOUT}</p>')


def _begin(place: Place) -> None:
    form.forget("plex")
    SIGN_IN.begin(place)


@st.fragment(run_every="1s")
def _follow(place: Place) -> None:
    """What the attempt is at. Where another tab ended it, or it is done, the page is drawn anew."""
    attempt = SIGN_IN.present
    if attempt is None:
        st.rerun()
    found = attempt.take()
    if found is not None:
        try:
            with st.spinner("Asking your server which libraries it has"):
                _keep(place, attempt.standing, found)
        finally:  # a click elsewhere meanwhile breaks this drawing off
            SIGN_IN.end()
        st.rerun()
    _draw(place, attempt)


def _draw(place: Place, attempt: SignIn) -> None:
    standing = attempt.standing
    if standing.phase is Phase.WAITING:
        with st.container(key="go-plex-tv"):
            st.link_button("Open plex.tv and sign in", standing.page, type="primary", icon=":material/open_in_new:")
        _waits("Waiting for you to confirm it there. This page then goes on by itself.")
        if standing.problem:
            html(f'<p class="locked" role="status">{escape(standing.problem)} plexgap keeps asking.</p>')
    elif standing.phase is Phase.CHOOSING:
        _choose(attempt, standing)
    elif standing.phase is Phase.FAILED:
        st.error(md(standing.problem), icon=":material/error:")
        st.button("Begin again", key="plex-sign-in-again", on_click=_begin, args=(place,))
    else:
        _waits("Asking plex.tv" if standing.phase is Phase.ASKING else "Looking for the best address of your server")
    st.button("Cancel", key="plex-sign-in-cancel", type="tertiary", on_click=_cancel)


def _waits(words: str) -> None:
    html(f'<p class="locked" role="status">{words}</p>')


def _cancel() -> None:
    SIGN_IN.end()
    st.rerun("app")


def _choose(attempt: SignIn, standing: Standing) -> None:
    account = standing.account
    if account is None:
        return
    names = {server.machine_id: md(server_name(server)) for server in account.servers}
    chosen = st.radio(f"Servers of {md(account.name)}", list(names), format_func=names.__getitem__, key="plex-server")
    if standing.problem:
        st.error(md(standing.problem), icon=":material/error:")
    with st.container(key="go-plex-server"):
        st.button(
            "Use this server", key="plex-server-use", type="primary", on_click=attempt.choose, args=(chosen or "",)
        )


def _keep(place: Place, standing: Standing, found: Connected) -> None:
    """Tests what the sign-in found as a token that was typed is, and saves it before a drawing can be broken off."""
    name = standing.account.name if standing.account else ""
    try:
        shown = wiring.try_plex(place.house, found.url, found.token)
        form.keep(place, dict(zip(_KEYS, (found.url, found.token), strict=True)))
        parts_libraries.remember(shown.sections)
        state.set_choosing(not place.ready or state.choosing())
    except PlexgapError as error:
        form.say("plex", form.refusal(error, REFUSED_BY_PLEX), good=False)
        return
    said = f"Signed in as {name}. {connected(shown)}"
    form.say("plex", said, good=True, brief=f"signed in as {name}, server {shown.server}")
