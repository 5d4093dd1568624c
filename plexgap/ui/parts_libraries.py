"""Which libraries count: a form of the settings. Changes when libraries are chosen otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from plexgap.domain.errors import PlexgapError
from plexgap.domain.library import Kind, Section
from plexgap.jobs import selection
from plexgap.ui import actions, state
from plexgap.ui import parts_form as form
from plexgap.ui.parts import html, md
from plexgap.ui.resources import Place
from plexgap.views import words

_SECTIONS = "tab:sections"


@dataclass(frozen=True, slots=True)
class Library:
    """A library of the server, as the form offers it."""

    key: str
    uuid: str
    title: str
    kind: Kind


def libraries(place: Place, label: str) -> None:
    """The choice among those of the server; it needs a connection to Plex."""
    by = next((key for key in ("libraries", "library_name") if form.locked(place, key)), "")
    found = known(place)
    if by:
        html(f'<p class="locked">{escape(form.locked_words(place, by))}</p>')
    elif not found:
        html('<p class="soft">Test the connection to Plex above; then the libraries of your server stand here.</p>')
        return
    with st.form("form-libraries", border=False):
        chosen = () if by else _choice(place, found)
        with st.container(key="go-libraries"):
            pressed = st.form_submit_button(
                label, type="primary", key="save-libraries", disabled=bool(by) and place.ready and not state.choosing()
            )
    if pressed:
        _save(place, found, chosen, locked=bool(by))


def _choice(place: Place, found: Sequence[Library]) -> Sequence[str]:
    known = place.house.settings
    before = [library.key for library in selection.within(known, found)]
    names = {
        library.key: f"{library.title} ({'films' if library.kind is Kind.MOVIE else 'shows'})" for library in found
    }
    chosen = st.pills(
        "Libraries that count",
        [library.key for library in found],
        selection_mode="multi",
        default=before,
        format_func=lambda key: md(names[key]),
        key=form.field("libraries", place),
    )
    html('<p class="locked">All of them: libraries that you add to Plex later count too.</p>')
    return chosen


def _save(place: Place, found: Sequence[Library], chosen: Sequence[str], *, locked: bool) -> None:
    if not locked:
        if not chosen:
            form.say("libraries", "Choose at least one library.", good=False)
            st.rerun()
        try:
            opened = form.open_changes(place, {"library_name": " "})
            form.keep(place, {"libraries": names_to_keep(found, chosen), **opened})
        except PlexgapError as error:
            form.say("libraries", words.sentence(error.advice), good=False)
            st.rerun()
    if state.choosing():
        state.set_choosing(False)
        actions.start(None)
        state.go_to_first_page()
    else:
        form.say("libraries", "Saved. The next check reads them.", good=True)
    st.rerun()


def names_to_keep(found: Sequence[Library], chosen: Sequence[str]) -> list[str]:
    """What is kept of the choice: nothing when it is all of them, else titles, or keys where two share a title."""
    if len(chosen) == len(found):
        return []
    titles = [library.title.strip().casefold() for library in found]
    return [
        library.key if titles.count(library.title.strip().casefold()) > 1 else library.title
        for library in found
        if library.key in chosen
    ]


def known(place: Place) -> list[Library]:
    """Those the last test found, else those of the mirror."""
    tested = st.session_state.get(_SECTIONS)
    if isinstance(tested, list):
        return [library for library in tested if isinstance(library, Library)]
    return [Library(each.key, each.uuid, each.title, each.kind) for each in place.house.index.sections()]


def remember(sections: Sequence[Section]) -> list[Library]:
    """Keeps what a test of Plex found, for this tab."""
    offered = [_offered(section) for section in sections]
    st.session_state[_SECTIONS] = offered
    return offered


def _offered(section: Section) -> Library:
    return Library(section.key, section.uuid, section.title, section.kind)
